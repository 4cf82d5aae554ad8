// A LogBatch is what the sequencer appends to the log at one time: entries of
// the key store's outbox and of the record store's, in one order.
//
// The order keeps each outbox's own, and puts an entry after everything that
// its writer had seen of the other outbox (OutboxEntry::seen). So a consumer's
// key is made before their first record, and destroyed after the last one that
// was acknowledged before. Where neither was seen by the other, records come
// first. The same entries give the same order, whoever merges them: that is why
// a second sequencer writes the same bytes as one that was stopped midway.
#ifndef SUBROSA_SRC_AUDIT_LOG_BATCH_H_
#define SUBROSA_SRC_AUDIT_LOG_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/outbox.h"

namespace subrosa {

// How far two outboxes have been taken into the log.
struct OutboxPosition {
  int64_t keys = 0;
  int64_t records = 0;

  bool operator==(const OutboxPosition& other) const {
    return keys == other.keys && records == other.records;
  }
  bool operator!=(const OutboxPosition& other) const {
    return !(*this == other);
  }
};

// Some of an outbox's entries, on their way into a batch.
class OutboxQueue;

class LogBatch {
 public:
  size_t size() const { return entries_.size(); }
  absl::string_view entry(size_t i) const { return entries_[i]; }
  // How far the outboxes are taken once the batch is in the log.
  const OutboxPosition& through() const { return through_; }

 private:
  friend LogBatch MergeQueues(OutboxQueue keys, OutboxQueue records);

  // What was read of each outbox, of which the merge may leave some out.
  std::vector<char> key_bytes_;
  std::vector<char> record_bytes_;
  std::vector<absl::string_view> entries_;
  OutboxPosition through_;
};

// Bounds of what ReadBatch takes from each outbox. The last entry may go over
// the bytes.
inline constexpr size_t kMaxBatchEntries = 65536;
inline constexpr size_t kMaxBatchBytes = size_t{16} << 20;

// Merges what stands in the outboxes after `after`, as far as the bounds allow.
// Empty if nothing does. Memory: twice kMaxBatchBytes and what
// describes the entries, at most.
//
// FAILED_PRECONDITION if an entry has seen more of the other outbox than was
// ever written there: the other database is an older copy. DATA_LOSS if an
// entry is missing.
absl::StatusOr<LogBatch> ReadBatch(Outbox& keys, Outbox& records,
                                   const OutboxPosition& after);

// Merges exactly the entries after `after` up to `through`, which a call of the
// other function gave before. DATA_LOSS if they are not there any more.
absl::StatusOr<LogBatch> ReadAssignedBatch(Outbox& keys, Outbox& records,
                                           const OutboxPosition& after,
                                           const OutboxPosition& through);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_BATCH_H_
