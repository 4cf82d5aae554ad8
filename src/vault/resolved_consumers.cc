#include "src/vault/resolved_consumers.h"

#include <utility>

namespace subrosa {

std::shared_ptr<const ConsumerHandle> ResolvedConsumers::Find(
    absl::string_view inner_token, int64_t erasures, absl::Time now) {
  if (erasures != erasures_) return nullptr;
  const auto found = consumers_.find(inner_token);
  if (found == consumers_.end()) return nullptr;
  if (found->second.expires_at <= now) {
    consumers_.erase(found);
    return nullptr;
  }
  return found->second.consumer;
}

void ResolvedConsumers::Insert(absl::string_view inner_token,
                               std::shared_ptr<const ConsumerHandle> consumer,
                               int64_t erasures, absl::Time now) {
  if (erasures != erasures_) {
    Clear();
    erasures_ = erasures;
  }
  // Whoever is used much is back soon.
  if (consumers_.size() >= capacity_) Clear();
  consumers_.insert_or_assign(
      inner_token, Remembered{std::move(consumer), now + time_to_live_});
}

}  // namespace subrosa
