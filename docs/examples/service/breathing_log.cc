#include "docs/examples/service/breathing_log.h"

#include "subrosa/v1/record.pb.h"

namespace rosewater {

subrosa::v1::HealthRecord RecordOf(const v1::BreathingExercise& exercise) {
  subrosa::v1::HealthRecord record;
  record.set_consumer(exercise.account_id());
  record.set_id(exercise.exercise_id());
  record.set_source("android-app");
  record.set_purpose(kPurpose);
  record.set_basis(subrosa::v1::BASIS_NECESSARY);
  record.mutable_provenance()->set_collection(subrosa::v1::COLLECTION_CONSUMER);
  if (exercise.has_started_at()) {
    *record.mutable_collected_at() = exercise.started_at();
    *record.mutable_effective()->mutable_start() = exercise.started_at();
  }
  record.mutable_payload()->PackFrom(exercise);
  return record;
}

absl::StatusOr<std::vector<absl::Status>> BreathingLog::Keep(
    absl::Span<const v1::BreathingExercise> exercises) {
  std::vector<subrosa::v1::HealthRecord> records;
  records.reserve(exercises.size());
  std::vector<const subrosa::v1::HealthRecord*> batch;
  for (const v1::BreathingExercise& exercise : exercises) {
    records.push_back(RecordOf(exercise));
    batch.push_back(&records.back());
  }
  const absl::StatusOr<std::vector<subrosa::PutResult>> results =
      steward_->Put(batch);
  if (!results.ok()) return results.status();
  std::vector<absl::Status> statuses;
  for (const subrosa::PutResult& result : *results) {
    statuses.push_back(result.status);
  }
  return statuses;
}

absl::StatusOr<int64_t> BreathingLog::SecondsOf(const std::string& account_id) {
  int64_t seconds = 0;
  const auto add = [&seconds](const subrosa::v1::HealthRecord& record,
                              const subrosa::RowFacts&) {
    v1::BreathingExercise exercise;
    // Other kinds of records may be held of the same account.
    if (record.payload().UnpackTo(&exercise)) {
      seconds += exercise.duration().seconds();
    }
    return absl::OkStatus();
  };
  const absl::StatusOr<int64_t> left_out =
      steward_->Scan(kPurpose, account_id, add);
  if (!left_out.ok()) return left_out.status();
  return seconds;
}

}  // namespace rosewater
