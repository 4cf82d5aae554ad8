#include "src/vault/row_pipeline.h"

#include <algorithm>

namespace subrosa {
namespace {

// Fewer than these are not worth a thread.
constexpr size_t kLeastForThread = 64;
// Rows that are made and not taken yet, at most.
constexpr size_t kSlots = 256;
// The two threads tell each other of so many rows at a time.
constexpr size_t kRowsAtOnce = 32;

}  // namespace

RowPipeline::RowPipeline(absl::string_view entity,
                         absl::Span<const NewPut> puts)
    : entity_(entity), puts_(puts) {
  if (puts.size() < kLeastForThread ||
      std::thread::hardware_concurrency() < 2) {
    slots_.resize(1);
    return;
  }
  slots_.resize(kSlots);
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

void RowPipeline::MakeAll() {
  for (size_t start = 0; start < puts_.size(); start += kRowsAtOnce) {
    const size_t end = std::min(puts_.size(), start + kRowsAtOnce);
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || end <= taken_ + kSlots; });
      if (stopping_) return;
    }
    for (size_t i = start; i < end; ++i) Make(i, &slots_[i % kSlots]);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      made_ = end;
    }
    changed_.notify_all();
  }
}

absl::StatusOr<NewRow*> RowPipeline::Next() {
  const size_t i = next_++;
  Slot* slot = &slots_.front();
  if (!thread_.joinable()) {
    Make(i, slot);
  } else {
    slot = &slots_[i % kSlots];
    // The row before was the caller's until now.
    if (i % kRowsAtOnce == 0 || i == seen_) {
      std::unique_lock<std::mutex> lock(mutex_);
      taken_ = i;
      changed_.notify_all();
      changed_.wait(lock, [&] { return made_ > i; });
      seen_ = made_;
    }
  }
  if (!slot->status.ok()) return slot->status;
  return &slot->made;
}

}  // namespace subrosa
