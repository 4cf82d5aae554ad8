#include "src/crypto/key_cache.h"

#include <algorithm>
#include <iterator>
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
    Drop(entry);
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
  if (found != by_name_.end()) Drop(found->second);
  if (entries_.size() >= capacity_) ExpireLocked(now);
  if (entries_.size() >= capacity_) Drop(std::prev(entries_.end()));
  by_age_.emplace_back(name);
  entries_.push_front({std::string(name), shared, now + time_to_live_,
                       std::prev(by_age_.end())});
  by_name_.emplace(entries_.front().name, entries_.begin());
  return shared;
}

void KeyCache::Erase(absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) Drop(found->second);
}

void KeyCache::Expire(absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ExpireLocked(now);
}

void KeyCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  by_name_.clear();
  entries_.clear();
  by_age_.clear();
}

size_t KeyCache::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

void KeyCache::ExpireLocked(absl::Time now) {
  // All live equally long, so that whoever came first goes first; unless the
  // clock was set back, when some stay until those before them go.
  while (!by_age_.empty()) {
    const auto oldest = by_name_.at(by_age_.front());
    if (oldest->expires_at > now) return;
    Drop(oldest);
  }
}

void KeyCache::Drop(std::list<Entry>::iterator entry) {
  by_name_.erase(entry->name);
  by_age_.erase(entry->age);
  entries_.erase(entry);
}

}  // namespace subrosa
