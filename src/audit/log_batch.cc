#include "src/audit/log_batch.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();

}  // namespace

class OutboxQueue {
 public:
  // Reads the entries after number `after`, up to `through` and the bounds.
  static absl::StatusOr<OutboxQueue> Read(Outbox& outbox,
                                          absl::string_view name, int64_t after,
                                          int64_t through) {
    OutboxQueue queue;
    queue.taken_ = after;
    const absl::Status read = outbox.Visit(
        after, [&](const OutboxEntry& entry) -> absl::StatusOr<bool> {
          if (entry.sequence > through) return false;
          const int64_t expected =
              after + static_cast<int64_t>(queue.entries_.size()) + 1;
          if (entry.sequence != expected) {
            return absl::DataLossError(
                absl::StrCat(name, ".outbox: want entry ", expected, ", got ",
                             entry.sequence));
          }
          // Pages that are not written to cost nothing; growing would copy.
          if (queue.bytes_.empty()) queue.bytes_.reserve(kMaxBatchBytes);
          queue.entries_.push_back({entry.seen, entry.bytes.size()});
          queue.bytes_.insert(queue.bytes_.end(), entry.bytes.begin(),
                              entry.bytes.end());
          return queue.entries_.size() < kMaxBatchEntries &&
                 queue.bytes_.size() < kMaxBatchBytes;
        });
    SUBROSA_RETURN_IF_ERROR(read);
    return queue;
  }

  size_t size() const { return entries_.size(); }
  bool empty() const { return next_ == entries_.size(); }
  int64_t taken() const { return taken_; }
  int64_t seen() const { return entries_[next_].seen; }
  // Whether all that the next entry has seen of `other` was taken.
  bool CanFollow(const OutboxQueue& other) const {
    return !empty() && seen() <= other.taken();
  }

  // The next entry, which stands in what TakeBytes gives.
  absl::string_view TakeNext() {
    const size_t size = entries_[next_++].size;
    const absl::string_view entry(bytes_.data() + offset_, size);
    offset_ += size;
    ++taken_;
    return entry;
  }
  std::vector<char> TakeBytes() { return std::move(bytes_); }

 private:
  struct Entry {
    int64_t seen;
    size_t size;
  };

  std::vector<Entry> entries_;
  std::vector<char> bytes_;
  size_t next_ = 0;
  size_t offset_ = 0;
  int64_t taken_ = 0;  // Number of the last entry taken.
};

LogBatch MergeQueues(OutboxQueue keys, OutboxQueue records) {
  LogBatch batch;
  batch.entries_.reserve(keys.size() + records.size());
  for (;;) {
    if (records.CanFollow(keys)) {
      batch.entries_.push_back(records.TakeNext());
    } else if (keys.CanFollow(records)) {
      batch.entries_.push_back(keys.TakeNext());
    } else {
      batch.through_ = {keys.taken(), records.taken()};
      batch.key_bytes_ = keys.TakeBytes();
      batch.record_bytes_ = records.TakeBytes();
      return batch;
    }
  }
}

namespace {

// Nothing could be merged: either what the first entry waits for was committed
// after it was looked for, and the next call takes it, or it never was.
absl::Status CheckSeen(const OutboxQueue& queue, absl::string_view name,
                       Outbox& other, absl::string_view other_name) {
  if (queue.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t issued, other.ReadIssued());
  if (queue.seen() <= issued) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      other_name, ".outbox: want ", queue.seen(), " entries, which the ", name,
      " has seen, got ", issued, "; the ", other_name, " is an older copy"));
}

}  // namespace

absl::StatusOr<LogBatch> ReadBatch(Outbox& keys, Outbox& records,
                                   const OutboxPosition& after) {
  SUBROSA_ASSIGN_OR_RETURN(
      OutboxQueue key_queue,
      OutboxQueue::Read(keys, "key store", after.keys, kNoBound));
  SUBROSA_ASSIGN_OR_RETURN(
      OutboxQueue record_queue,
      OutboxQueue::Read(records, "record store", after.records, kNoBound));
  if (!record_queue.CanFollow(key_queue) &&
      !key_queue.CanFollow(record_queue)) {
    SUBROSA_RETURN_IF_ERROR(
        CheckSeen(record_queue, "record store", keys, "key store"));
    SUBROSA_RETURN_IF_ERROR(
        CheckSeen(key_queue, "key store", records, "record store"));
  }
  return MergeQueues(std::move(key_queue), std::move(record_queue));
}

absl::StatusOr<LogBatch> ReadAssignedBatch(Outbox& keys, Outbox& records,
                                           const OutboxPosition& after,
                                           const OutboxPosition& through) {
  SUBROSA_ASSIGN_OR_RETURN(
      OutboxQueue key_queue,
      OutboxQueue::Read(keys, "key store", after.keys, through.keys));
  SUBROSA_ASSIGN_OR_RETURN(OutboxQueue record_queue,
                           OutboxQueue::Read(records, "record store",
                                             after.records, through.records));
  LogBatch batch = MergeQueues(std::move(key_queue), std::move(record_queue));
  if (batch.through() != through) {
    return absl::DataLossError(
        absl::StrCat("outboxes: want the entries up to ", through.keys,
                     " of the key store "
                     "and ",
                     through.records,
                     " of the record store, whose places in the "
                     "log are settled, got those up to ",
                     batch.through().keys, " and ", batch.through().records,
                     "; one of the stores is an older copy"));
  }
  return batch;
}

}  // namespace subrosa
