#include "src/exports/record_pipe.h"

#include "src/base/ordered_pipe.h"

namespace subrosa {
namespace {

// Handing over costs more than a small record.
constexpr size_t kBatchRecords = 256;
constexpr size_t kBatchBytes = 256 << 10;

absl::Status FillBatches(ReadPiped read, OrderedPipe<CopyBatch>::Feed feed) {
  CopyBatch* batch = nullptr;
  size_t bytes = 0;
  const absl::Status was_read =
      read([&](const v1::HealthRecord& record, const RowFacts& facts) {
        if (batch == nullptr) {
          batch = feed.Begin();
          if (batch == nullptr) {
            return absl::CancelledError("pipe: nothing more is wanted");
          }
          batch->size = 0;
          bytes = 0;
        }
        if (batch->size == batch->records.size()) batch->records.emplace_back();
        CopyBatch::Record& filled = batch->records[batch->size++];
        filled.record = record;
        filled.facts = facts;
        bytes += record.payload().value().size();
        if (batch->size == kBatchRecords || bytes >= kBatchBytes) {
          feed.End();
          batch = nullptr;
        }
        return absl::OkStatus();
      });
  if (batch != nullptr) feed.End();
  return was_read;
}

}  // namespace

absl::Status PipeRecords(TaskPool* pool, ReadPiped read, WorkOnPiped work,
                         UsePiped use) {
  OrderedPipe<CopyBatch> pipe(pool);
  return pipe.Run(
      [&](OrderedPipe<CopyBatch>::Feed feed) {
        return FillBatches(read, feed);
      },
      work, use);
}

}  // namespace subrosa
