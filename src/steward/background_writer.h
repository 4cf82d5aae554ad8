// A BackgroundWriter is how a service of many threads puts records: each is
// checked and classified in its caller's thread, and what comes at the same
// time is committed and synced together. Steward::OpenWriter makes one.
//
// Thread-safe, except that nothing may be called once destruction has begun.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const auto writer, steward->OpenWriter({}));
//   // In any thread:
//   SUBROSA_ASSIGN_OR_RETURN(std::future<PutResult> result,
//                            writer->Put(std::move(record)));
//   SUBROSA_RETURN_IF_ERROR(result.get().status);  // Durable, or refused.
#ifndef SUBROSA_SRC_STEWARD_BACKGROUND_WRITER_H_
#define SUBROSA_SRC_STEWARD_BACKGROUND_WRITER_H_

#include <future>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "src/steward/intake.h"
#include "src/vault/group_writer.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class BackgroundWriter {
 public:
  // `intake` must outlive it.
  BackgroundWriter(Intake& intake, std::unique_ptr<GroupWriter> writer)
      : intake_(intake), writer_(std::move(writer)) {}

  // Takes `record` and returns at once, or waits for room as the options say.
  // The future is set when the record is durable or refused; its status is then
  // as PutResult says, or UNAVAILABLE or DATA_LOSS for a database that failed.
  //
  // On an error the record was not taken and is as it was: INVALID_ARGUMENT for
  // what is wrong in it, also if it is larger than all that may wait;
  // RESOURCE_EXHAUSTED if there was no room in time; FAILED_PRECONDITION once
  // the writer is closed.
  absl::StatusOr<std::future<PutResult>> Put(v1::HealthRecord&& record);

  // See GroupWriter.
  void Flush() { writer_->Flush(); }
  void Close() { writer_->Close(); }

 private:
  Intake& intake_;
  const std::unique_ptr<GroupWriter> writer_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_BACKGROUND_WRITER_H_
