#include "src/steward/background_writer.h"

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<std::future<PutResult>> BackgroundWriter::Put(
    v1::HealthRecord&& record) {
  SUBROSA_ASSIGN_OR_RETURN(const PutItem item, intake_.Admit(record));
  // Shared, because a std::function has to be copied.
  auto promise = std::make_shared<std::promise<PutResult>>();
  std::future<PutResult> result = promise->get_future();
  SUBROSA_RETURN_IF_ERROR(writer_->Put(
      std::move(record), item.kinds,
      [promise](const absl::StatusOr<PutOutcome>& outcome) {
        promise->set_value(outcome.ok() ? ResultOf(*outcome)
                                        : PutResult{outcome.status(), {}});
      }));
  return result;
}

}  // namespace subrosa
