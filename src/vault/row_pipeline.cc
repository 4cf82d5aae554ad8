#include "src/vault/row_pipeline.h"

#include <algorithm>

#include "src/base/on_all_processors.h"

namespace subrosa {
namespace {

// Fewer than these are not worth a thread.
constexpr size_t kLeastForThread = 64;
// Rows that are made and not taken yet, at most.
constexpr size_t kSlots = 256;
// Rows that are made by one thread, one after the other.
constexpr size_t kGroupRows = 32;

}  // namespace

RowPipeline::RowPipeline(absl::string_view entity,
                         absl::Span<const NewPut> puts)
    : entity_(entity), puts_(puts) {
  if (puts.size() < kLeastForThread || ProcessorCount() < 2) {
    slots_.resize(1);
    return;
  }
  slots_.resize(kSlots);
  is_made_.resize((puts.size() + kGroupRows - 1) / kGroupRows);
  thread_ = std::thread([this] { MakeAll(); });
}

RowPipeline::~RowPipeline() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool RowPipeline::HasNextGroup() const {
  return begun_groups_ < is_made_.size() &&
         (begun_groups_ + 1) * kGroupRows <= taken_ + kSlots;
}

void RowPipeline::MakeNextGroup(std::unique_lock<std::mutex>& lock) {
  const size_t group = begun_groups_++;
  lock.unlock();
  const size_t end = std::min(puts_.size(), (group + 1) * kGroupRows);
  for (size_t i = group * kGroupRows; i < end; ++i) {
    Make(i, &slots_[i % kSlots]);
  }
  lock.lock();
  is_made_[group] = true;
  changed_.notify_all();
}

void RowPipeline::MakeAll() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (begun_groups_ < is_made_.size()) {
    changed_.wait(lock, [this] { return stopping_ || HasNextGroup(); });
    if (stopping_) return;
    MakeNextGroup(lock);
  }
}

absl::StatusOr<NewRow*> RowPipeline::Next() {
  const size_t i = next_++;
  Slot* slot = &slots_.front();
  if (!thread_.joinable()) {
    Make(i, slot);
  } else {
    slot = &slots_[i % kSlots];
    if (i % kGroupRows == 0) {
      std::unique_lock<std::mutex> lock(mutex_);
      // The row before was the caller's until now.
      taken_ = i;
      changed_.notify_all();
      while (!is_made_[i / kGroupRows]) {
        if (HasNextGroup()) {
          MakeNextGroup(lock);
        } else {
          changed_.wait(lock);
        }
      }
    }
  }
  if (!slot->status.ok()) return slot->status;
  return &slot->made;
}

}  // namespace subrosa
