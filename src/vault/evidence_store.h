// The EvidenceStore keeps what a statute makes us keep although its consumer is
// erased: proof of a consent or an authorization, a request's own record, the
// opening of a certificate. Each item has its kind, the clause that asks for
// it, and a day of expiry; an erasure does not touch it.
//
// An item is sealed under the key of the year that it expires in
// (evidence_keys.h), and stands under a reference that is a PRF of the
// consumer's id under that key. So without the key nobody can read it or find
// out whose it is, not even with a list of all ids; with it, who knows the id
// finds what is kept of them, and nobody can go from an item to an id. Items of
// one consumer that expire in different years have nothing in common.
//
// It is kept until the end of its year: then the year's key is destroyed, and
// every copy of the item with it, in backups of the record store too. (A backup
// of the key store has that key until its epoch is destroyed: key_rotation.h.)
//
// Kind and clause rest in clear, so that an officer sees what is kept and why.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
//
// Security: an item is bound to its entity, year, references, kind, clause and
// day: one that was moved, copied or changed does not open. It does not know of
// others: whoever can write to the record store can delete one. Items keep no
// order, in which the log's leaves would have told them apart.
#ifndef SUBROSA_SRC_VAULT_EVIDENCE_STORE_H_
#define SUBROSA_SRC_VAULT_EVIDENCE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/secret_key.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {

// The furthest year of expiry, counted from the present one. Longer than the
// statutes that we know of ask for; each year is a key more to be kept.
inline constexpr int32_t kMaxEvidenceYears = 10;
inline constexpr size_t kMaxEvidenceBytes = size_t{256} << 10;
inline constexpr size_t kMaxEvidenceClauseBytes = 64;

// What is in clear of an item.
struct EvidenceLabel {
  std::string kind;         // A slug: "authorization".
  std::string clause;       // A rule's id: 1 to 64 bytes of [a-z0-9-./].
  int32_t expires_day = 0;  // Since 1970-01-01, in UTC.
};

struct EvidenceItem {
  EvidenceLabel label;
  std::string content;  // At most kMaxEvidenceBytes; may be empty.
};

// An item that is sealed and not kept yet: what EvidenceStore::Insert writes.
struct SealedEvidence {
  EvidenceLabel label;
  int32_t year = 0;
  std::string evidence_ref;
  std::string item_ref;
  std::string sealed;
  std::string leaf;  // Goes into the log with it.
};

// A year whose key is gone, and how many items it had.
struct DestroyedEvidence {
  int32_t year = 0;
  int64_t items = 0;
};

class EvidenceStore {
 public:
  // All must outlive it.
  EvidenceStore(KeyStore& keys, RecordStore& records, const Clock& clock)
      : keys_(keys),
        records_(records),
        clock_(clock),
        evidence_keys_(keys.Tables()) {}

  // Keeps `item` of `consumer` (an account id of 1 to 256 bytes, whether or not
  // anything else is held of them) until the end of the year that it expires
  // in. OK means durable; the log is told that something is kept, and on which
  // clause.
  //
  // INVALID_ARGUMENT if a field is malformed, the content too large, or the
  // day of expiry past or more than kMaxEvidenceYears years ahead.
  // FAILED_PRECONDITION if the year's key was destroyed meanwhile. On error
  // nothing is kept, except that after UNAVAILABLE it may be.
  absl::Status Keep(absl::string_view consumer, const EvidenceItem& item);

  // The same in three steps, for an item that is to be kept in one transaction
  // with what it is the evidence of. Seals it, under the key of its year, which
  // is made if there is none yet. Errors as Keep; nothing is kept yet. No
  // transaction is open.
  absl::StatusOr<SealedEvidence> Seal(absl::string_view consumer,
                                      const EvidenceItem& item);

  // Writes it, within a transaction of the record store that also appends
  // `item.leaf`.
  absl::Status Insert(const SealedEvidence& item);

  // After the commit: FAILED_PRECONDITION if the year's key was destroyed
  // meanwhile; then the item is gone too.
  absl::Status Settle(const SealedEvidence& item);

  // Deletes it: what it was to prove has not come about after all.
  absl::Status TakeBack(const SealedEvidence& item);

  // Opens each item of `consumer`, of all years that have their key, in the
  // order of years and, within one, in none. Stops at the first error of
  // `visit` and returns it; `visit` must not write to the record store. One
  // item is in memory at a time. DATA_LOSS if one does not open at its place.
  using ItemVisitor = absl::FunctionRef<absl::Status(const EvidenceItem&)>;
  absl::Status Visit(absl::string_view consumer, ItemVisitor visit);

  // What is kept of `consumer`, in the same order, without opening any: as it
  // rests in clear, which only Visit would find changed.
  absl::StatusOr<std::vector<EvidenceLabel>> ListKinds(
      absl::string_view consumer);

  // The years that are over and have a key still, upwards; but for those in
  // which something is open (open_items.h), whose keys stay.
  absl::StatusOr<std::vector<int32_t>> ListDue();

  // Destroys the keys of years that ListDue names, for good, and leaves that in
  // the log; then deletes the items of all years that are over. Also deletes
  // what an earlier call that was stopped left, or an older copy of the record
  // store brought back.
  //
  // UNAVAILABLE after the keys are gone if the key store's journal could not be
  // emptied for ten seconds, because someone reads: calling again goes on.
  absl::StatusOr<std::vector<DestroyedEvidence>> DestroyDue();

 private:
  // Hands over each item of `consumer` as it stands, with the year's key and
  // the place that it is sealed for.
  using SealedVisitor = absl::FunctionRef<absl::Status(
      const SecretKey& key, absl::string_view place, EvidenceItem& item)>;
  absl::Status VisitSealed(absl::string_view consumer, absl::string_view sql,
                           SealedVisitor visit);

  absl::StatusOr<int64_t> CountItems(int32_t year);
  absl::StatusOr<bool> HasItemsBefore(int32_t year);
  absl::StatusOr<std::vector<DestroyedEvidence>> DestroyKeys(
      const std::vector<int32_t>& years, int32_t today);
  absl::Status DeleteItemsBefore(int32_t year);

  KeyStore& keys_;
  RecordStore& records_;
  const Clock& clock_;
  EvidenceKeys evidence_keys_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_EVIDENCE_STORE_H_
