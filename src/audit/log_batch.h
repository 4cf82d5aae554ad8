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

class LogBatch {
 public:
  size_t size() const { return ends_.size(); }
  absl::string_view entry(size_t i) const {
    const size_t start = i == 0 ? 0 : ends_[i - 1];
    return absl::string_view(bytes_).substr(start, ends_[i] - start);
  }
  // How far the outboxes are taken once the batch is in the log.
  const OutboxPosition& through() const { return through_; }

  void Append(absl::string_view entry) {
    bytes_.append(entry.data(), entry.size());
    ends_.push_back(bytes_.size());
  }
  void set_through(const OutboxPosition& through) { through_ = through; }

 private:
  std::string bytes_;
  std::vector<size_t> ends_;
  OutboxPosition through_;
};

// Bounds of what ReadBatch takes from each outbox. The last entry may go over
// the bytes.
inline constexpr size_t kMaxBatchEntries = 65536;
inline constexpr size_t kMaxBatchBytes = size_t{16} << 20;

// Merges what stands in the outboxes after `after`, as far as the bounds allow.
// Empty if nothing does. Memory: four times kMaxBatchBytes at most.
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
