// What the log tells of what happened after copies of the stores were made, and
// that it is the log that was signed: for restore.h.
//
// Thread-safe as far as its arguments are: no state.
#ifndef SUBROSA_SRC_VAULT_TOLD_SINCE_H_
#define SUBROSA_SRC_VAULT_TOLD_SINCE_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_reader.h"
#include "src/audit/merkle.h"
#include "src/vault/tombstones.h"

namespace subrosa {

// How many leaves of the log each copy knew.
struct CopySizes {
  uint64_t keys = 0;
  uint64_t records = 0;
};

struct ToldSince {
  int64_t rows = 0;  // That all of the log accounts for.
  // Since the key store's copy.
  int64_t erasures = 0;
  TombstoneSet consumers;                    // Who were erased.
  absl::flat_hash_set<uint64_t> years_over;  // Whose evidence was destroyed.
  // Since the older of the two.
  TombstoneSet versions;  // Of keys.
  TombstoneSet rows_erased;
  absl::flat_hash_set<MerkleHash> entries;  // Of those that were asked about.
  // Since the record store's copy, but for `entries`: what an entry that waits
  // in it tells of, the copy holds.
  int64_t answers = 0;  // About groups, that were given.
  int32_t last_answer_day = 0;
};

// OK once every entry and tile of the log in `folder` was hashed up to the root
// of `checkpoint`, whose signature the caller has verified; else DATA_LOSS that
// names the first that differs. A reader of leaves looks at one tile at a time:
// that its tiles lead to what was signed, it cannot tell.
absl::Status CheckWholeLog(const std::string& folder,
                           const Checkpoint& checkpoint);

// Reads all leaves of `reader`'s checkpoint. `entries` are the leaf hashes that
// the caller wants to know of whether the log has them since.
//
// DATA_LOSS if an entry is damaged; else errors of LogReader.
absl::StatusOr<ToldSince> ReadToldSince(
    LogReader& reader, const CopySizes& copies,
    const absl::flat_hash_set<MerkleHash>& entries);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_TOLD_SINCE_H_
