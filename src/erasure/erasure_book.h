// The ErasureBook keeps erasures from their order to their last certificate, in
// the record store's table `erasure`. What it keeps outlives its consumer: each
// entry is sealed under the evidence key of a year (src/vault/evidence_keys.h)
// and ends with it. Whoever knows the account id finds its entry; nobody goes
// from an entry to an id without that key.
//
// Thread-compatible. Errors are those of Connection and KeyStore, besides what
// is said below; DATA_LOSS if an entry does not open at its place.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_BOOK_H_
#define SUBROSA_SRC_ERASURE_ERASURE_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

// Rests in clear, so that what is open is found.
enum class ErasureState {
  kOpen = 1,     // Keys to destroy, or a party that is not over.
  kInterim = 2,  // Backups may hold the keys.
  kFinal = 3,
};

struct ErasureEntry {
  std::string ref;   // 16 bytes.
  int32_t year = 0;  // Whose key seals it.
  ErasureState state = ErasureState::kOpen;
  v1::StoredErasure erasure;
};

class ErasureBook {
 public:
  // Both must outlive it.
  ErasureBook(Vault& vault, const Clock& clock)
      : vault_(vault), clock_(clock), evidence_keys_(vault.keys().Tables()) {}

  // A new entry for `consumer`, not yet kept, that lasts until the end of the
  // year after `until_day`. Not within a transaction.
  absl::StatusOr<ErasureEntry> NewEntry(absl::string_view consumer,
                                        int32_t until_day);

  // Keeps `entry`, in place of an earlier one of its reference. Within a
  // transaction of the record store.
  absl::Status Put(const ErasureEntry& entry);

  // The newest entry of `consumer`. NOT_FOUND if there is none.
  absl::StatusOr<ErasureEntry> Find(absl::string_view consumer);

  // The rule by which an erasure of `consumer` is held for legal claims; empty
  // if none is. What is held back from an erasure goes in no other way either.
  absl::StatusOr<std::string> FindHold(absl::string_view consumer);

  // The entry of that reference. NOT_FOUND if there is none.
  absl::StatusOr<ErasureEntry> Read(absl::string_view ref);

  // Hands over entries in `state`, in an order that tells nothing, after `*at`
  // and at most `limit` of them; `*at` is then the last one's reference. Empty
  // begins. Returns how many there were.
  using EntryVisitor = absl::FunctionRef<absl::Status(ErasureEntry entry)>;
  absl::StatusOr<int64_t> VisitSome(ErasureState state, int64_t limit,
                                    std::string* at, EntryVisitor visit);

  // Deletes those whose year is over. Returns how many were not final.
  absl::StatusOr<int64_t> DeleteExpired();

 private:
  // The keys of a year. NOT_FOUND as EvidenceKeys::Find.
  struct YearKeys {
    SecretKey seal;
    SecretKey ref;
  };
  absl::StatusOr<const YearKeys*> KeysOf(int32_t year);
  absl::StatusOr<ErasureEntry> Open(Statement& row);

  Vault& vault_;
  const Clock& clock_;
  EvidenceKeys evidence_keys_;
  std::map<int32_t, std::unique_ptr<YearKeys>> keys_;
  std::unique_ptr<Statement> put_;
  std::unique_ptr<Statement> read_;
  std::unique_ptr<Statement> visit_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_BOOK_H_
