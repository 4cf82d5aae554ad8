// The ErasureBook keeps erasures from their order to their last certificate, in
// the record store's table `erasure`. What it keeps outlives its consumer: each
// entry is sealed under the evidence key of a year (src/vault/evidence_keys.h)
// and ends with it, once it is over: what is not moves into a later year, and
// until then the year's key stays. Whoever knows the account id finds its
// entry; nobody goes from an entry to an id without that key.
//
// Thread-compatible. Errors are those of Connection and KeyStore, besides what
// is said below; DATA_LOSS if an entry does not open at its place.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_BOOK_H_
#define SUBROSA_SRC_ERASURE_ERASURE_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  // Nothing for a run to do: a part that waits for a second officer
  // (part_officers.h), or a final certificate that is to be handed out.
  kForOfficer = 0,
  kOpen = 1,     // Keys to destroy, or a party that is not over.
  kInterim = 2,  // Backups may hold the keys.
  kFinal = 3,
  // 4 was a part, in older stores.
};

// Of one whose keys are destroyed. While a request is to be told of it, it is
// looked at again.
ErasureState StateOf(const v1::StoredErasure& erasure);

struct ErasureEntry {
  std::string ref;   // 16 bytes.
  int32_t year = 0;  // Whose key seals it.
  ErasureState state = ErasureState::kOpen;
  v1::StoredErasure erasure;
  // As it is kept: its row, and the bytes that it was read from. None of a new
  // one.
  int64_t row = 0;
  std::string sealed;
};

class ErasureBook {
 public:
  // Both must outlive it.
  ErasureBook(Vault& vault, const Clock& clock)
      : vault_(vault), clock_(clock), evidence_keys_(vault.keys().Tables()) {}

  // Makes the key of entries that last until the end of the year after
  // `until_day`, if there is none. Not within a transaction.
  absl::Status MakeKeyFor(int32_t until_day);

  // What there is of `consumer`, and a new entry, not yet kept, that lasts
  // until the end of the year after `until_day`: MakeKeyFor has to have made
  // its key.
  struct Places {
    std::optional<ErasureEntry> newest;
    ErasureEntry next;
  };
  absl::StatusOr<Places> FindPlaces(absl::string_view consumer,
                                    int32_t until_day);

  // The part that waits for a second officer; where none does, a new entry for
  // one, not yet kept, that lasts as in FindPlaces.
  absl::StatusOr<Places> FindPart(absl::string_view consumer,
                                  int32_t until_day);
  // Drops `entry`; harmless if it is not there.
  absl::Status Remove(const ErasureEntry& entry);

  // Keeps a new entry; false, and nothing is kept, if another process has one
  // of its reference since. Within a transaction of the record store, as Put.
  absl::StatusOr<bool> Insert(const ErasureEntry& entry);
  // Keeps `entry` in the place of what it was read from; false, and nothing is
  // kept, if that is not what is there any more: then it has to be read again,
  // or what another process kept meanwhile would be lost. Not so if it was read
  // within the same transaction.
  absl::StatusOr<bool> Put(ErasureEntry* entry);

  // The newest entry of `consumer`. NOT_FOUND if there is none.
  absl::StatusOr<ErasureEntry> Find(absl::string_view consumer);

  // The rule by which an erasure of `consumer` is held for legal claims; empty
  // if none is. What is held back from an erasure goes in no other way either.
  absl::StatusOr<std::string> FindHold(absl::string_view consumer);

  // The entry of that reference. NOT_FOUND if there is none.
  absl::StatusOr<ErasureEntry> Read(absl::string_view ref);

  // Hands over entries in `state`, in the order in which they were kept first,
  // after the row `*at` and at most `limit` of them; `*at` is then the last
  // one's. 0 begins. Returns how many there were.
  using EntryVisitor = absl::FunctionRef<absl::Status(ErasureEntry entry)>;
  absl::StatusOr<int64_t> VisitSome(ErasureState state, int64_t limit,
                                    int64_t* at, EntryVisitor visit);

  // Hands over each that is not final, each part that waits and each final
  // certificate that is to be handed out.
  absl::Status VisitUnfinished(EntryVisitor visit);

  // Reads those of `entries`, which are what VisitSome handed over, again that
  // are kept otherwise since, and drops those that are gone. One look through
  // the book for all that are as they were.
  absl::Status ReadChanges(ErasureState state,
                           std::vector<ErasureEntry>* entries);

  // How many are in `state`, which is not kFinal.
  absl::StatusOr<int64_t> Count(ErasureState state);

  // Moves those that are not over, and whose year is, to the end of the next
  // year, so that the keys of years that are over can go. Returns how many.
  // Stays where it is what does not open, and what has no account id any more:
  // it waits for backups, or for its certificate to be handed out.
  absl::StatusOr<int64_t> KeepOpen();

  // Deletes those whose year is over, but for years in which one is not final
  // that has its key.
  absl::Status DeleteExpired();

 private:
  // The keys of a year. NOT_FOUND as EvidenceKeys::Find.
  struct YearKeys {
    SecretKey seal;
    SecretKey ref;
  };
  absl::StatusOr<const YearKeys*> KeysOf(int32_t year);
  absl::StatusOr<ErasureEntry> Open(Statement& row);
  // The newest entry of `consumer` that ends with `year`, if any; `*times` is
  // how many there are. None where the year's key is gone.
  absl::StatusOr<std::optional<ErasureEntry>> FindIn(int32_t year,
                                                     absl::string_view consumer,
                                                     int* times);
  absl::StatusOr<std::string> Seal(const ErasureEntry& entry);
  absl::StatusOr<bool> Move(const ErasureEntry& entry, int32_t today);

  Vault& vault_;
  const Clock& clock_;
  EvidenceKeys evidence_keys_;
  std::map<int32_t, std::unique_ptr<YearKeys>> keys_;
  std::unique_ptr<Statement> insert_;
  std::unique_ptr<Statement> put_;
  std::unique_ptr<Statement> read_;
  std::unique_ptr<Statement> visit_;
  std::unique_ptr<Statement> read_changes_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_BOOK_H_
