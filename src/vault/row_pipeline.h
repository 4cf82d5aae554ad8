// A RowPipeline makes the rows of a batch ahead of whoever stores them, in a
// thread of its own: sealing a record costs more than inserting it, so whoever
// would have to wait helps. Most records are new, so each is sealed as a first
// revision; whoever finds that it is a later one seals it again.
//
// Thread-compatible. Memory: some hundred rows, whatever the batch.
//
// Example:
//   RowPipeline rows(entity, puts);
//   for (const NewPut& put : puts) {
//     SUBROSA_ASSIGN_OR_RETURN(NewRow* const made, rows.Next());
//     ...
//   }
#ifndef SUBROSA_SRC_VAULT_ROW_PIPELINE_H_
#define SUBROSA_SRC_VAULT_ROW_PIPELINE_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/new_row.h"
#include "src/vault/put_item.h"

namespace subrosa {

// A record to put for a consumer who is known.
struct NewPut {
  const PutItem* item = nullptr;
  const ConsumerHandle* consumer = nullptr;
};

class RowPipeline {
 public:
  // Starts on `puts`, which must outlive it, with what they point to. A small
  // batch, or one on a single processor, is made as it is asked for.
  RowPipeline(absl::string_view entity, absl::Span<const NewPut> puts);
  RowPipeline(const RowPipeline&) = delete;
  RowPipeline& operator=(const RowPipeline&) = delete;
  // Stops, whether all were taken or not.
  ~RowPipeline();

  // The row of the next put, to be called once for each at most. It stays until
  // the next call. Errors as MakeNewRow.
  absl::StatusOr<NewRow*> Next();

 private:
  struct Slot {
    NewRow made;
    absl::Status status;
  };

  void Make(size_t i, Slot* slot) {
    slot->status =
        MakeNewRow(entity_, *puts_[i].item, *puts_[i].consumer, &slot->made);
  }
  // What the thread does.
  void MakeAll();
  // Whether there is a group of rows that nobody makes yet, and room for it.
  bool HasNextGroup() const;
  // Makes that group, with `lock` released meanwhile.
  void MakeNextGroup(std::unique_lock<std::mutex>& lock);

  const std::string entity_;
  const absl::Span<const NewPut> puts_;
  std::vector<Slot> slots_;  // A ring.
  size_t next_ = 0;          // Of puts_: what Next gives.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> is_made_;  // By group.
  size_t begun_groups_ = 0;
  size_t taken_ = 0;  // Rows whose slots are free again.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_ROW_PIPELINE_H_
