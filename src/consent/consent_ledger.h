// The ConsentLedger keeps what consumers chose, entry after entry, and what
// stands of it. An entry is never changed; a withdrawal is one more. Where a
// consumer lives and when they were born, which decisions need as well, are
// entries too.
//
// An entry, what stands after it and its leaf are one transaction of the record
// store. A consumer who is new is made by their first entry: who asks before
// collecting has nothing of theirs yet.
//
// The ledger takes what it is given, but for its shape: what is no consent is
// refused by the check that the caller brings (choice_check.h).
//
// Thread-compatible. Any number of processes may have the same ledger open.
// Errors are those of Connection and KeyStore, besides what is said below; none
// holds anything of an entry.
#ifndef SUBROSA_SRC_CONSENT_CONSENT_LEDGER_H_
#define SUBROSA_SRC_CONSENT_CONSENT_LEDGER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/base/work_ahead.h"
#include "src/consent/choice_rows.h"
#include "src/consent/ledger_entry.h"
#include "src/vault/choice_states.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// What became of one entry. Where `status` is not OK nothing of it is held:
// what the check said; INVALID_ARGUMENT for what has not the shape of an entry;
// FAILED_PRECONDITION if its consumer was erased; RESOURCE_EXHAUSTED as
// FoldChoice.
struct EntryResult {
  absl::Status status;
  uint64_t number = 0;  // Among the consumer's entries, from 1.
  // Of a consent: what records that are held on it name it by (ConsentRefOf).
  std::string consent_ref;
};

// A consent that stands, and what records name it by.
struct StandingConsent {
  std::string consent_ref;
  v1::StandingChoice choice;
};

// What stands of a consumer's choices, and whether to believe it.
struct StandingState {
  v1::Standing standing;
  uint64_t choices = 0;
  // See ChoiceState: everything is denied.
  bool ask_again = false;
  // Names the consumer in this installation; empty if there is none such.
  std::string consumer_ref;
};

class ConsentLedger {
 public:
  // Both must outlive it.
  static absl::StatusOr<std::unique_ptr<ConsentLedger>> Open(
      Vault& vault, const Clock& clock);

  // Whether an entry may be taken, given what stands before it. Thread-safe: it
  // may be called for several consumers at the same time.
  using EntryCheck = absl::FunctionRef<absl::Status(
      const v1::LedgerEntry& entry, const v1::Standing& standing)>;

  // Writes to the record store what goes with the entry that was taken at
  // `place`, within its transaction, and adds its leaves.
  using StoreBeside = absl::FunctionRef<absl::Status(
      size_t place, std::vector<std::string>* leaves)>;
  static absl::Status StoreNothing(size_t /*place*/,
                                   std::vector<std::string>* /*leaves*/) {
    return absl::OkStatus();
  }

  // Appends `entries` in one durable transaction: one result each, in order,
  // after what the ones before it came to. A refused entry does not stop the
  // others; of somebody who is not known, and all of whose entries are refused,
  // nothing is made. On error none was appended; consumers may have been made.
  absl::StatusOr<std::vector<EntryResult>> Append(
      absl::Span<const v1::LedgerEntry* const> entries, EntryCheck check,
      StoreBeside beside = StoreNothing);

  // NOT_FOUND never: of somebody who is not known, nothing stands. DATA_LOSS if
  // what stands does not open.
  absl::StatusOr<StandingState> ReadStanding(absl::string_view consumer);
  // Of one who was found already, which costs no look into the key store.
  absl::StatusOr<StandingState> ReadStanding(const ConsumerHandle& consumer);

  // The consents that stand of `consumer`: none of somebody who is not known,
  // or who has to be asked again. DATA_LOSS as ReadStanding.
  absl::StatusOr<std::vector<StandingConsent>> ReadConsents(
      absl::string_view consumer);

  // Hands each entry of `consumer`, with its number, to `visit`, the oldest
  // first; stops at its first error and returns it. `visit` must not write to
  // the record store. NOT_FOUND if there is no such consumer; DATA_LOSS if an
  // entry does not open.
  using EntryVisitor = absl::FunctionRef<absl::Status(
      uint64_t number, const v1::LedgerEntry& entry)>;
  absl::Status Visit(absl::string_view consumer, EntryVisitor visit);

  // Hands over who has chosen since the last call, or since Open, as
  // consumer_refs; may repeat some, and may leave out those whose entries were
  // appended here. Costs one small read while nobody else has.
  absl::Status VisitChanged(
      absl::FunctionRef<void(absl::string_view consumer_ref)> visit);

 private:
  // A consumer of one batch, and what is known of them as it goes on.
  struct Writer;
  // An entry as it is stored, with its leaf.
  struct Written;
  // Who a consumer is, and what stands of them.
  struct Known;
  // What one call appends, and when.
  struct Batch;
  struct Moment;

  ConsentLedger(Vault& vault, const Clock& clock, ChoiceStates states,
                ChoiceRows rows, int64_t seen_row)
      : vault_(vault),
        clock_(clock),
        states_(std::move(states)),
        rows_(std::move(rows)),
        seen_row_(seen_row) {}

  // Null if there is no such consumer.
  absl::StatusOr<std::unique_ptr<Known>> ReadKnown(absl::string_view consumer);
  absl::StatusOr<std::unique_ptr<Known>> ReadKnown(
      const ConsumerHandle& consumer);
  // Takes what stands out of `known`.
  static StandingState StateOf(Known* known);
  // Finds or makes the consumers of the batch.
  absl::Status Resolve(EntryCheck check, Batch* batch);
  // Whether any entry of `writer`, who is new, may be taken. If none, the
  // results say why.
  bool MayMake(const Writer& writer, EntryCheck check, Batch* batch) const;
  // Checks, seals and stores the batch in one transaction.
  absl::Status Write(EntryCheck check, StoreBeside beside, Batch* batch);
  // Stores the entries in their order, and what stands after them, as `sealing`
  // has them ready.
  absl::Status Store(WorkAhead& sealing, StoreBeside beside, Batch* batch);
  // Checks and seals what one writer has, in its order.
  absl::Status SealOf(Writer* writer, EntryCheck check, Batch* batch) const;
  absl::Status SealEntry(const v1::LedgerEntry& entry, EntryCheck check,
                         const Moment& moment, Writer* writer,
                         EntryResult* result, Written* written) const;
  // After a commit: takes back what was appended for who was erased meanwhile.
  absl::Status Recheck(Batch* batch);

  Vault& vault_;
  const Clock& clock_;
  ChoiceStates states_;
  ChoiceRows rows_;
  // Up to here VisitChanged has told, or we have appended.
  int64_t seen_row_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CONSENT_LEDGER_H_
