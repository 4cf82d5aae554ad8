#include "src/vault/group_writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

absl::Status CheckBound(const char* name, size_t bound) {
  if (bound >= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("writer.", name, ": want at least 1, got ", bound));
}

absl::Status CheckOptions(const GroupWriterOptions& options) {
  SUBROSA_RETURN_IF_ERROR(
      CheckBound("max_held_records", options.max_held_records));
  SUBROSA_RETURN_IF_ERROR(CheckBound("max_held_bytes", options.max_held_bytes));
  SUBROSA_RETURN_IF_ERROR(
      CheckBound("max_batch_records", options.max_batch_records));
  SUBROSA_RETURN_IF_ERROR(
      CheckBound("max_batch_bytes", options.max_batch_bytes));
  if (options.patience >= absl::ZeroDuration() &&
      options.patience <= kMaxWriterPatience) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "writer.patience: want 0 to ", absl::FormatDuration(kMaxWriterPatience),
      ", got ", absl::FormatDuration(options.patience)));
}

// Whether one record, or one consumer, may be why a whole batch failed.
bool MayBeOfOne(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsDataLoss(status);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GroupWriter>> GroupWriter::Create(
    std::unique_ptr<Vault> vault, const GroupWriterOptions& options) {
  SUBROSA_RETURN_IF_ERROR(CheckOptions(options));
  auto writer =
      std::unique_ptr<GroupWriter>(new GroupWriter(std::move(vault), options));
  writer->thread_ = std::thread([raw = writer.get()] { raw->Run(); });
  return writer;
}

GroupWriter::~GroupWriter() {
  Close();
  thread_.join();
}

bool GroupWriter::HasRoomFor(size_t bytes) const {
  return held_records_ < options_.max_held_records &&
         bytes <= options_.max_held_bytes - held_bytes_;
}

absl::Status GroupWriter::Put(v1::HealthRecord&& record,
                              const RecordKinds& kinds, Done done) {
  const size_t bytes = record.SpaceUsedLong();
  if (bytes > options_.max_held_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("record: want at most ", options_.max_held_bytes,
                     " bytes in memory, got ", bytes));
  }
  std::unique_lock<std::mutex> lock(mutex_);
  const bool is_decided =
      settled_.wait_for(lock, absl::ToChronoMilliseconds(options_.patience),
                        [&] { return closed_ || HasRoomFor(bytes); });
  if (closed_) {
    return absl::FailedPreconditionError(
        "writer: want one that is open, got one that is closed");
  }
  if (!is_decided) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "writer: want room within ", absl::FormatDuration(options_.patience),
        ", got ", held_records_, " records and ", held_bytes_,
        " bytes that wait; put fewer at a time, or later"));
  }
  waiting_.push_back({std::move(record), kinds, bytes, std::move(done)});
  ++held_records_;
  held_bytes_ += bytes;
  ++taken_count_;
  work_.notify_one();
  return absl::OkStatus();
}

void GroupWriter::Flush() {
  std::unique_lock<std::mutex> lock(mutex_);
  // Batches are settled whole, and in the order in which they were taken.
  settled_.wait(
      lock, [this, taken = taken_count_] { return settled_count_ >= taken; });
}

void GroupWriter::Close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  work_.notify_one();
  settled_.notify_all();
  Flush();
}

void GroupWriter::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::vector<Waiting> batch = TakeBatch();
    lock.unlock();
    PutOrdered(batch);
    const size_t records = batch.size();
    size_t bytes = 0;
    for (const Waiting& waiting : batch) bytes += waiting.bytes;
    // Freed before others are given the room.
    batch.clear();
    lock.lock();
    held_records_ -= records;
    held_bytes_ -= bytes;
    settled_count_ += records;
    settled_.notify_all();
  }
}

std::vector<GroupWriter::Waiting> GroupWriter::TakeBatch() {
  std::vector<Waiting> batch;
  size_t bytes = 0;
  while (!waiting_.empty() && batch.size() < options_.max_batch_records) {
    bytes += waiting_.front().bytes;
    if (!batch.empty() && bytes > options_.max_batch_bytes) break;
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

void GroupWriter::PutOrdered(std::vector<Waiting>& batch) {
  std::vector<Waiting*> order;
  order.reserve(batch.size());
  for (Waiting& waiting : batch) order.push_back(&waiting);
  // Stable: revisions of a record must come in the order of their arrival.
  std::stable_sort(order.begin(), order.end(),
                   [](const Waiting* a, const Waiting* b) {
                     return a->record.consumer() < b->record.consumer();
                   });
  std::vector<PutItem> items;
  items.reserve(order.size());
  for (const Waiting* waiting : order) {
    items.push_back({&waiting->record, waiting->kinds});
  }
  PutHalving(items, order);
}

void GroupWriter::PutHalving(absl::Span<const PutItem> items,
                             absl::Span<Waiting* const> waiting) {
  const absl::StatusOr<std::vector<PutOutcome>> outcomes =
      vault_->PutBatch(items);
  if (!outcomes.ok() && MayBeOfOne(outcomes.status()) && items.size() > 1) {
    const size_t half = items.size() / 2;
    PutHalving(items.first(half), waiting.first(half));
    PutHalving(items.subspan(half), waiting.subspan(half));
    return;
  }
  for (size_t i = 0; i < waiting.size(); ++i) {
    if (outcomes.ok()) {
      waiting[i]->done((*outcomes)[i]);
    } else {
      waiting[i]->done(outcomes.status());
    }
  }
}

}  // namespace subrosa
