// ChoiceTags number the choices of each consumer, and give the n-th one a tag
// for its leaf. Nobody else can compute a tag, or tell whose it is; but whoever
// restores an older copy of the record store sees by the tags in the log which
// consumers chose since (choice_restore.h). Those are denied everything until
// they were asked again: so a restored store revives no withdrawn consent.
//
// What the choices are, and what they allow, is the consent room's; this room
// only counts them. That room records a choice in one transaction of the record
// store:
//
//   SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
//   SUBROSA_ASSIGN_OR_RETURN(const NumberedChoice next,
//                            tags.CountNext(consumer));
//   leaf.commitments = {to_consumer, to_content, next.tag};
//   …  // The choice's own row.
//   SUBROSA_RETURN_IF_ERROR(records.AppendEntries({entry}, keys_seen));
//   return transaction.Commit();
//
// A choice is safe from a restore once the log's checkpoint has its leaf. One
// that was lost with the disk before that is lost to the log as well.
//
// Thread-compatible, as its RecordStore. Errors are those of Connection,
// besides what is said below.
//
// Security: a tag is a PRF of the number under the consumer's stable secret
// (stable_secret.h), so two tags of one consumer have nothing in common, and
// once the consumer is erased nobody can compute one. How many choices somebody
// made rests in clear beside their consumer_ref.
#ifndef SUBROSA_SRC_VAULT_CHOICE_TAGS_H_
#define SUBROSA_SRC_VAULT_CHOICE_TAGS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/record_store.h"

namespace subrosa {

// Which of a choice's commitments in its leaf (LeafKind::kChoice) is the tag.
inline constexpr size_t kChoiceTagPlace = 2;

// The tag of a consumer's choice `number`, from 1, under their stable secret.
Commitment ChoiceTagOf(const SecretKey& stable_secret, uint64_t number);

struct NumberedChoice {
  uint64_t number = 0;  // From 1.
  Commitment tag = {};
};

// What is known of a consumer's choices.
struct ChoiceState {
  uint64_t choices = 0;  // How many were made.
  // More were made than this store knows: they may have withdrawn.
  bool ask_again = false;
};

class ChoiceTags {
 public:
  // `records` is the record store of `entity`, and must outlive this.
  ChoiceTags(absl::string_view entity, RecordStore& records)
      : entity_(entity), records_(records) {}

  // Counts one more choice of `consumer`, within the transaction that records
  // it, and says which number and tag it has. DATA_LOSS if the consumer's
  // stable secret does not open.
  absl::StatusOr<NumberedChoice> CountNext(const ConsumerHandle& consumer);

  // Whether what is known of `consumer_ref`'s choices (16 bytes) is behind what
  // they chose. Whoever decides must deny then, whatever the known choices say.
  absl::StatusOr<bool> MustAskAgain(absl::string_view consumer_ref);

  // Notes that `consumer_ref` was asked again and has answered, within the
  // transaction that records the answers: all of them, since nobody knows which
  // of their choices is out of date.
  absl::Status Answered(absl::string_view consumer_ref);

 private:
  const absl::string_view entity_;
  RecordStore& records_;
};

// The state of `consumer_ref`; zeros if no choice of theirs is known. Writing
// it is for a transaction.
absl::StatusOr<ChoiceState> ReadChoiceState(Connection& records,
                                            int64_t entity_number,
                                            absl::string_view consumer_ref);
absl::Status WriteChoiceState(Connection& records, int64_t entity_number,
                              absl::string_view consumer_ref,
                              const ChoiceState& state);

// Forgets `consumer_ref`, who was erased.
absl::Status ForgetChoices(Connection& records, int64_t entity_number,
                           absl::string_view consumer_ref);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CHOICE_TAGS_H_
