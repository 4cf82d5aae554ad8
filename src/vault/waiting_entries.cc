#include "src/vault/waiting_entries.h"

#include <algorithm>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<WaitingEntries> ReadWaitingEntries(Outbox& outbox) {
  MerkleHasher hasher;
  WaitingEntries waiting;
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState state, outbox.ReadState());
  SUBROSA_RETURN_IF_ERROR(outbox.Visit(
      state.sequenced, [&](const OutboxEntry& entry) -> absl::StatusOr<bool> {
        waiting.emplace_back(hasher.Leaf(entry.bytes),
                             std::string(entry.bytes));
        return true;
      }));
  return waiting;
}

absl::StatusOr<int64_t> MostSeen(Outbox& outbox) {
  int64_t most = 0;
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState state, outbox.ReadState());
  SUBROSA_RETURN_IF_ERROR(outbox.Visit(
      state.sequenced, [&](const OutboxEntry& entry) -> absl::StatusOr<bool> {
        most = std::max(most, entry.seen);
        return true;
      }));
  return most;
}

}  // namespace subrosa
