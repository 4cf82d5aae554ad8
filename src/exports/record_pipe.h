// Takes records from one who reads, through many who put them into words, to
// one who writes: opening what is sealed, putting it into words and packing it
// take about as long as each other.
//
// Memory: some 256 records at a time, or 256 KiB of them, with what is made of
// them, for each thread of the pool twice and twice more.
#ifndef SUBROSA_SRC_EXPORTS_RECORD_PIPE_H_
#define SUBROSA_SRC_EXPORTS_RECORD_PIPE_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "src/base/task_pool.h"
#include "src/exports/copy_batch.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

using GivePiped =
    absl::FunctionRef<absl::Status(const v1::HealthRecord&, const RowFacts&)>;
using ReadPiped = absl::FunctionRef<absl::Status(GivePiped give)>;
using WorkOnPiped =
    absl::FunctionRef<absl::Status(size_t worker, CopyBatch* batch)>;
using UsePiped = absl::FunctionRef<absl::Status(const CopyBatch& batch)>;

// Calls `read` in a thread of its own, `work` by `pool` with batches of what it
// gives, and `use` here with each batch in its order, after it was worked on.
// `use` may give the pool other tasks.
//
// Returns when all are done: the first error in the records' order, after which
// `read` is told CANCELLED, else what `read` returned.
absl::Status PipeRecords(TaskPool* pool, ReadPiped read, WorkOnPiped work,
                         UsePiped use);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_RECORD_PIPE_H_
