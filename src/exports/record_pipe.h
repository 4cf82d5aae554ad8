// Reads records in one thread while another writes them: opening what is sealed
// and putting it into words take about as long.
//
// Memory: some 64 records at a time, or 256 KiB of them, four times.
#ifndef SUBROSA_SRC_EXPORTS_RECORD_PIPE_H_
#define SUBROSA_SRC_EXPORTS_RECORD_PIPE_H_

#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A record on its way.
struct PipedRecord {
  v1::HealthRecord record;
  RowFacts facts;
  std::unique_ptr<google::protobuf::Message> payload;
};

using GivePiped = absl::FunctionRef<absl::Status(PipedRecord record)>;
using ReadPiped = absl::FunctionRef<absl::Status(GivePiped give)>;
using UsePiped = absl::FunctionRef<absl::Status(const PipedRecord& record)>;

// Calls `read` in a thread of its own, and `use` here with each record that it
// gives, in their order. Returns when both are done: the first error of `use`,
// after which `read` is told CANCELLED, else what `read` returned. Neither may
// use what the other does, but by locks.
absl::Status PipeRecords(ReadPiped read, UsePiped use);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_RECORD_PIPE_H_
