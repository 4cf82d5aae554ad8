// The DisclosureLedger keeps who was given which consumer's data, when, what
// for and on which ground: entry after entry, never changed. A revocation is
// one more. An entry and its leaf are one transaction of the record store.
//
// It answers the two questions that statutes ask: of a consumer, who has their
// data, and how each is reached; of a recipient, whose data it has.
//
// The ledger takes what it is given, but for its shape (disclosure_check.h).
// Whether data may be given is decided before, by who calls; it is complete for
// what passes it, and for nothing else.
//
// Thread-compatible. Any number of processes may have the same ledger open.
// Errors are those of Connection and KeyStore, besides what is said below; none
// holds anything of an entry.
//
// Security: entries are sealed under a key of the consumer's
// (disclosure_seal.h) and end with them. In clear beside a consumer_ref, which
// leads to nobody by itself, rest the recipient's slug and the day
// (docs/threat_model.md).
//
// Source: RCW 19.373.040(1)(a) (the list of recipients), (1)(c)(i)(B) (whom to
// tell of a deletion); NRS 603A.505, .515.
#ifndef SUBROSA_SRC_DISCLOSURE_DISCLOSURE_LEDGER_H_
#define SUBROSA_SRC_DISCLOSURE_DISCLOSURE_LEDGER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/vault.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {

// What became of one entry. Where `status` is not OK nothing of it is held:
// INVALID_ARGUMENT as CheckDisclosure; FAILED_PRECONDITION if its consumer was
// erased; ALREADY_EXISTS for a declaration that is on record: the same of the
// same instant.
struct DisclosureResult {
  absl::Status status;
  uint64_t number = 0;  // Among the consumer's entries, from 1.
};

// All that one recipient was given of one consumer.
struct ReceivedByOne {
  std::string recipient;
  // As they were at the last disclosure.
  std::string name;
  std::string contact;
  int32_t first_day = 0;  // Since 1970-01-01, in UTC.
  int32_t last_day = 0;
  int64_t disclosures = 0;
  int64_t records = 0;       // Where that is known.
  bool sold = false;         // At least once.
  std::set<int> categories;  // HealthCategory.
  std::set<std::string> purposes;
  std::set<std::string> pseudonyms;
  bool has_unnamed = false;  // One under no pseudonym that is known.
  // Revoked since the last disclosure, for all purposes.
  bool is_revoked = false;
};

class DisclosureLedger {
 public:
  // Both must outlive it.
  static absl::StatusOr<std::unique_ptr<DisclosureLedger>> Open(
      Vault& vault, const Clock& clock);

  // Appends `entries` in one durable transaction: one result each, in order. A
  // refused entry does not stop the others. A consumer who is new is made, for
  // data may be given out that was never kept. On error none was appended;
  // consumers may have been made.
  absl::StatusOr<std::vector<DisclosureResult>> Append(
      absl::Span<const v1::Disclosure* const> entries);

  // Whether Append would not take `entry` because it is on record. NOT_FOUND
  // never.
  absl::StatusOr<bool> IsOnRecord(const v1::Disclosure& entry);

  // Hands each entry of `consumer`, with its number, to `visit`, the newest
  // last; stops at its first error and returns it. `visit` must not write to
  // the record store. NOT_FOUND if there is no such consumer; DATA_LOSS if an
  // entry does not open. Constant memory.
  using EntryVisitor = absl::FunctionRef<absl::Status(
      uint64_t number, const v1::Disclosure& entry)>;
  absl::Status Visit(absl::string_view consumer, EntryVisitor visit);

  // Who was given data of `consumer`, in the order of first disclosures. Errors
  // as Visit. Memory grows with the number of recipients.
  absl::StatusOr<std::vector<ReceivedByOne>> ReadRecipients(
      absl::string_view consumer);
  // Of one who was found already, which costs no look into the key store.
  absl::StatusOr<std::vector<ReceivedByOne>> ReadRecipients(
      const ConsumerHandle& consumer);

  // Hands each consumer of whom `recipient` was given data to `visit`, by
  // account id, with what it was given: in an order that tells nothing. One
  // walk over all consumers (consumer_walk.h) with a look-up each; constant
  // memory. Errors as Visit.
  using ConsumerVisitor = absl::FunctionRef<absl::Status(
      absl::string_view consumer, const ReceivedByOne& received)>;
  absl::Status VisitConsumersOf(absl::string_view recipient,
                                ConsumerVisitor visit);

  // The last day, since 1970-01-01, on which anything was entered of each
  // recipient, whoever the consumer. From what rests in clear: no key is used.
  absl::StatusOr<std::map<std::string, int32_t>> ReadLastDays();

 private:
  // A consumer of one batch.
  struct Writer;
  using Writers = absl::flat_hash_map<absl::string_view, Writer>;

  DisclosureLedger(Vault& vault, const Clock& clock)
      : vault_(vault), clock_(clock) {}

  absl::Status PrepareStatements();
  absl::Status ReadWriter(Writer* writer);
  absl::Status AppendOne(const v1::Disclosure& entry, Writer* writer,
                         std::vector<std::string>* leaves,
                         DisclosureResult* result);
  // Whether a declaration like `entry` is among the consumer's entries.
  absl::StatusOr<bool> HasDeclared(const v1::Disclosure& entry,
                                   absl::string_view consumer_ref,
                                   const SecretKey& key);
  absl::Status Recheck(int64_t erasures, const Writers& writers,
                       absl::Span<const v1::Disclosure* const> entries,
                       std::vector<DisclosureResult>* results);

  // Visit, of one recipient alone unless `recipient` is empty.
  absl::Status VisitOf(const ConsumerHandle& consumer,
                       absl::string_view recipient, EntryVisitor visit);
  absl::StatusOr<bool> HasEntries(absl::string_view consumer_ref,
                                  absl::string_view recipient);

  Vault& vault_;
  const Clock& clock_;
  std::unique_ptr<Statement> insert_;
  std::unique_ptr<Statement> last_number_;
  std::unique_ptr<Statement> visit_;
  std::unique_ptr<Statement> visit_recipient_;
  std::unique_ptr<Statement> visit_day_;
  std::unique_ptr<Statement> has_entries_;
};

// Adds `entry` to `received`, which is that recipient's. Entries come in their
// order.
void AddToReceived(const v1::Disclosure& entry, ReceivedByOne* received);

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_DISCLOSURE_LEDGER_H_
