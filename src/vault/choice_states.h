// ChoiceStates hold, for each consumer, how many choices they made and what
// stands of them, in the record store; and ChoiceTagOf gives each choice a tag
// for its leaf. Nobody else can compute a tag, or tell whose it is; but whoever
// restores an older copy of the record store sees by the tags in the log which
// consumers chose since (choice_restore.h). Those are denied everything until
// they were asked again: so a restored store revives no withdrawn consent.
//
// What the choices are, and what they allow, is the consent room's
// (src/consent/consent_ledger.h); this room counts them, and forgets them with
// their consumer.
//
// A choice is safe from a restore once the log's checkpoint has its leaf. One
// that was lost with the disk before that is lost to the log as well.
//
// Thread-compatible, as its RecordStore. Errors are those of Connection.
//
// Security: a tag is a PRF of the number under the consumer's stable secret
// (stable_secret.h), so two tags of one consumer have nothing in common, and
// once the consumer is erased nobody can compute one. How many choices somebody
// made rests in clear beside their consumer_ref.
#ifndef SUBROSA_SRC_VAULT_CHOICE_STATES_H_
#define SUBROSA_SRC_VAULT_CHOICE_STATES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"

namespace subrosa {

// Which of a choice's commitments in its leaf (LeafKind::kChoice) is the tag.
inline constexpr size_t kChoiceTagPlace = 2;

// The tag of a consumer's choice `number`, from 1, under their stable secret.
Commitment ChoiceTagOf(const SecretKey& stable_secret, uint64_t number);

// What a record names the consent by that it is held on (consent_ref): the
// first bytes of that choice's tag. So it leads to the leaf in the log; nobody
// but the vault can tell whose it is; and it means nothing once its consumer is
// erased.
inline constexpr size_t kConsentRefBytes = 16;
std::string ConsentRefOf(const Commitment& tag);

// What is known of a consumer's choices.
struct ChoiceState {
  uint64_t choices = 0;  // How many were made.
  // More were made than this store knows: they may have withdrawn. Whoever
  // decides must deny then, whatever the known choices say.
  bool ask_again = false;
  // What stands of them, sealed; empty before the first.
  std::string standing;
  // The row of the newest that this store has; 0 before the first.
  int64_t last_row = 0;
};

class ChoiceStates {
 public:
  // `records` must outlive this.
  static absl::StatusOr<ChoiceStates> Open(RecordStore& records);

  // The state of `consumer_ref` (16 bytes); empty if no choice of theirs is
  // known.
  absl::StatusOr<ChoiceState> Read(absl::string_view consumer_ref);

  // Within a transaction.
  absl::Status Write(absl::string_view consumer_ref, const ChoiceState& state);

 private:
  explicit ChoiceStates(int64_t entity) : entity_(entity) {}

  int64_t entity_;
  std::unique_ptr<Statement> read_;
  std::unique_ptr<Statement> write_;
};

// A query of the rows of a consumer's choices, each of which names the one
// before it: from the one on that the query `last` gives. $1 is the entity's
// number, $2 the consumer_ref.
std::string ChoiceRowsSql(absl::string_view last);

// Forgets the choices of each of `consumer_refs`, who were erased, and what was
// disclosed of them. Within a transaction where they are many: it writes for
// each.
absl::Status ForgetChoices(RecordStore& records,
                           absl::Span<const std::string> consumer_refs);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CHOICE_STATES_H_
