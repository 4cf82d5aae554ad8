// What a store has still to tell the log, as restore.h looks at it.
//
// Thread-safe as far as its arguments are: no state.
#ifndef SUBROSA_SRC_VAULT_WAITING_ENTRIES_H_
#define SUBROSA_SRC_VAULT_WAITING_ENTRIES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "src/audit/merkle.h"
#include "src/store/outbox.h"

namespace subrosa {

// In their order, each with the hash that it has as a leaf.
using WaitingEntries = std::vector<std::pair<MerkleHash, std::string>>;

// Errors, here and below, are those of Outbox.
absl::StatusOr<WaitingEntries> ReadWaitingEntries(Outbox& outbox);

// The highest number of the other store's outbox that any of them has seen.
absl::StatusOr<int64_t> MostSeen(Outbox& outbox);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_WAITING_ENTRIES_H_
