#include "src/crypto/key_cache.h"

#include <algorithm>
#include <utility>

namespace subrosa {

KeyCache::KeyCache(size_t capacity, absl::Duration time_to_live)
    : capacity_(std::max<size_t>(capacity, 1)), time_to_live_(time_to_live) {}

std::shared_ptr<const SecretKey> KeyCache::Find(absl::string_view name,
                                                absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  const auto entry = found->second;
  if (entry->expires_at <= now) {
    by_name_.erase(found);
    entries_.erase(entry);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->key;
}

std::shared_ptr<const SecretKey> KeyCache::Insert(absl::string_view name,
                                                  SecretKey key,
                                                  absl::Time now) {
  auto shared = std::make_shared<const SecretKey>(std::move(key));
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) {
    entries_.erase(found->second);
    by_name_.erase(found);
  }
  if (entries_.size() >= capacity_) ExpireLocked(now);
  if (entries_.size() >= capacity_) {
    by_name_.erase(entries_.back().name);
    entries_.pop_back();
  }
  entries_.push_front({std::string(name), shared, now + time_to_live_});
  by_name_.emplace(entries_.front().name, entries_.begin());
  return shared;
}

void KeyCache::Erase(absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  entries_.erase(found->second);
  by_name_.erase(found);
}

void KeyCache::Expire(absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ExpireLocked(now);
}

void KeyCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  by_name_.clear();
  entries_.clear();
}

size_t KeyCache::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

void KeyCache::ExpireLocked(absl::Time now) {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->expires_at <= now) {
      by_name_.erase(entry->name);
      entry = entries_.erase(entry);
    } else {
      ++entry;
    }
  }
}

}  // namespace subrosa
