// BreathingLog is where an invented app, Rosewater, keeps its breathing
// exercises: a thin layer that fills in what the app knows of every record, and
// leaves the rest to Subrosa.
//
// Thread-compatible. Errors are those of subrosa::Steward; none holds a value
// from a record, so they may be logged.
#ifndef SUBROSA_DOCS_EXAMPLES_SERVICE_BREATHING_LOG_H_
#define SUBROSA_DOCS_EXAMPLES_SERVICE_BREATHING_LOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rosewater/v1/breathing.pb.h"
#include "src/steward/steward.h"
#include "subrosa/v1/record.pb.h"

namespace rosewater {

// What the exercises are kept for: a purpose of the entity's policy.
inline constexpr char kPurpose[] = "stress-coaching";

// A record of `exercise`, with what the app knows of every record of this kind:
// who collected it, what for, on which ground, how.
subrosa::v1::HealthRecord RecordOf(const v1::BreathingExercise& exercise);

class BreathingLog {
 public:
  // `steward` has the home open that the app's records live in.
  explicit BreathingLog(std::unique_ptr<subrosa::Steward> steward)
      : steward_(std::move(steward)) {}

  // Keeps `exercises`, in one durable transaction. One status each, in order:
  // INVALID_ARGUMENT says which field is wrong, FAILED_PRECONDITION that the
  // account was erased. Keeping the same exercise again changes nothing.
  absl::StatusOr<std::vector<absl::Status>> Keep(
      absl::Span<const v1::BreathingExercise> exercises);

  // How long `account_id` has breathed with us, in seconds. NOT_FOUND if there
  // is nothing of them.
  absl::StatusOr<int64_t> SecondsOf(const std::string& account_id);

  // For what the app does not do itself: inventories, copies, erasures, threads
  // that put.
  subrosa::Steward& steward() { return *steward_; }

 private:
  std::unique_ptr<subrosa::Steward> steward_;
};

}  // namespace rosewater

#endif  // SUBROSA_DOCS_EXAMPLES_SERVICE_BREATHING_LOG_H_
