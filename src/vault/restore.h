// Restore makes copies of the key store and the record store, put back from
// backups, agree with the log, which is never restored: it is the one part that
// only grows.
//
// What the log says happened after a copy was made is done again, as far as it
// can be: every consumer whose key was destroyed since is erased again, before
// anything opens. They are recognised by their tombstones, which only a key
// that came back can match. So is every row that was erased by itself
// (part_replay.h). Keys of evidence whose year was over are destroyed again.
// Whoever made a choice since is marked, to be asked again before anything of
// theirs is allowed. A record store that lacks answers about groups which were
// given since is marked too (lost_answers.h). What a copy has not told the log
// yet is kept; what it has told it twice is dropped. The log gets a leaf that
// says what was put back.
//
// Blind indexes of an older key store lack what was put since: they count as
// half built, and nobody is found by them until they are added again.
//
// Where the record store alone is an older copy, rows of those who were erased
// since are deleted (orphans.h).
//
// Nothing else may have the stores open, and nothing may open them until it has
// returned OK: what the two stores say is changed in two transactions. A kill
// at any moment, or an error, leaves stores that a second call, which is told
// that it is one, takes up where the first was stopped.
//
// Security: the log is checked whole against a checkpoint that a key of the
// provider's signed before anything is taken from it.
//
// Cost: reads all of the log twice, and opens every consumer's key. Memory: 32
// bytes for each erasure since the copy and for each entry that waits, and what
// one bundle holds.
#ifndef SUBROSA_SRC_VAULT_RESTORE_H_
#define SUBROSA_SRC_VAULT_RESTORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/store/connection.h"

namespace subrosa {

struct RestoreParts {
  std::unique_ptr<Connection> keys;
  std::unique_ptr<Connection> records;
  KeyProvider* provider = nullptr;
  const Clock* clock = nullptr;
  std::string log_folder;
  // Another call may have been stopped between its transactions: that the parts
  // seem to agree then proves nothing.
  bool is_resumed = false;
};

// A call that is resumed tells what it did itself.
struct RestoreReport {
  uint64_t log_size = 0;
  // How long a log each copy knew; log_size if it is no older copy.
  uint64_t keys_log_size = 0;
  uint64_t records_log_size = 0;
  int64_t erasures_since =
      0;  // That the log tells of since the key store's copy.
  int64_t erased_again = 0;  // Of those, whose key had come back.
  // Years of evidence whose key had come back, and was destroyed again.
  int64_t evidence_years_again = 0;
  // Consumers whose choices the record store knows not all of
  // (choice_states.h).
  int64_t must_ask_again = 0;
  // Answers about groups that the log tells of since the record store's copy,
  // which does not hold them (lost_answers.h).
  int64_t answers_lost = 0;
  int64_t rows_erased_again = 0;  // Of erased parts.
  int64_t rows_back = 0;          // Rows more than the log accounts for,
  int64_t rows_lost = 0;          // or fewer.
  int64_t rows_swept = 0;         // That led to nobody, and were deleted.
};

// Reconciles. With `dry_run` nothing is changed and the report says what would
// be; rows are then counted as if nothing were erased again.
//
// FAILED_PRECONDITION if there is nothing to reconcile with: the log's folder
// or the keyring is the older copy, the two databases are no pair, the log is
// another one's, or the key store is closed for good, its epoch being
// destroyed. DATA_LOSS if the log is damaged anywhere.
absl::StatusOr<RestoreReport> ReconcileWithLog(RestoreParts parts,
                                               bool dry_run);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RESTORE_H_
