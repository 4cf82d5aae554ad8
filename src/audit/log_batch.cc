#include "src/audit/log_batch.h"

#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();

// Some of an outbox's entries, taken from the front.
class Queue {
 public:
  // Reads the entries after number `after`, up to `through` and the bounds.
  static absl::StatusOr<Queue> Read(Outbox& outbox, absl::string_view name,
                                    int64_t after, int64_t through) {
    Queue queue;
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
          queue.entries_.push_back({entry.seen, entry.bytes.size()});
          queue.bytes_.append(entry.bytes.data(), entry.bytes.size());
          return queue.entries_.size() < kMaxBatchEntries &&
                 queue.bytes_.size() < kMaxBatchBytes;
        });
    SUBROSA_RETURN_IF_ERROR(read);
    return queue;
  }

  bool empty() const { return next_ == entries_.size(); }
  int64_t taken() const { return taken_; }
  int64_t seen() const { return entries_[next_].seen; }

  void MoveTo(LogBatch& batch) {
    const size_t size = entries_[next_].size;
    batch.Append(absl::string_view(bytes_).substr(offset_, size));
    offset_ += size;
    ++next_;
    ++taken_;
  }

 private:
  struct Entry {
    int64_t seen;
    size_t size;
  };

  std::vector<Entry> entries_;
  std::string bytes_;
  size_t next_ = 0;
  size_t offset_ = 0;
  int64_t taken_ = 0;  // Number of the last entry moved.
};

LogBatch Merge(Queue& keys, Queue& records) {
  LogBatch batch;
  for (;;) {
    if (!records.empty() && records.seen() <= keys.taken()) {
      records.MoveTo(batch);
    } else if (!keys.empty() && keys.seen() <= records.taken()) {
      keys.MoveTo(batch);
    } else {
      batch.set_through({keys.taken(), records.taken()});
      return batch;
    }
  }
}

// Nothing could be merged: either what the first entry waits for was committed
// after it was looked for, and the next call takes it, or it never was.
absl::Status CheckSeen(const Queue& queue, absl::string_view name,
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
      Queue key_queue, Queue::Read(keys, "key store", after.keys, kNoBound));
  SUBROSA_ASSIGN_OR_RETURN(
      Queue record_queue,
      Queue::Read(records, "record store", after.records, kNoBound));
  LogBatch batch = Merge(key_queue, record_queue);
  if (batch.size() == 0) {
    SUBROSA_RETURN_IF_ERROR(
        CheckSeen(record_queue, "record store", keys, "key store"));
    SUBROSA_RETURN_IF_ERROR(
        CheckSeen(key_queue, "key store", records, "record store"));
  }
  return batch;
}

absl::StatusOr<LogBatch> ReadAssignedBatch(Outbox& keys, Outbox& records,
                                           const OutboxPosition& after,
                                           const OutboxPosition& through) {
  SUBROSA_ASSIGN_OR_RETURN(
      Queue key_queue,
      Queue::Read(keys, "key store", after.keys, through.keys));
  SUBROSA_ASSIGN_OR_RETURN(
      Queue record_queue,
      Queue::Read(records, "record store", after.records, through.records));
  LogBatch batch = Merge(key_queue, record_queue);
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
