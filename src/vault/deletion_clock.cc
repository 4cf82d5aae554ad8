#include "src/vault/deletion_clock.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"

namespace subrosa {
namespace {

// The day is not moved on by less: who writes it waits for whoever else writes
// to the key store, and a week is little of what it is compared with.
constexpr int32_t kLeastStepDays = 7;

}  // namespace

absl::Status DeletionClock::Keep(int32_t day) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> keep,
      database_.Prepare("UPDATE entity SET clock_day = $1"
                        " WHERE number = $2 AND clock_day < $1"));
  keep->BindInt(1, day);
  keep->BindInt(2, entity_number_);
  return keep->Run();
}

absl::Status DeletionClock::Check() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT clock_day FROM entity WHERE number = $1"));
  read->BindInt(1, entity_number_);
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  const auto newest = static_cast<int32_t>(read->ColumnInt(0));
  read->Reset();
  const int32_t today = DayOf(clock_.Now());
  if (today < newest + kLeastStepDays) return absl::OkStatus();
  if (today - newest <= kMaxClockLeapDays) return Keep(today);
  return absl::FailedPreconditionError(absl::StrCat(
      "clock: want at most ", kMaxClockLeapDays, " days after ",
      absl::FormatCivilTime(CivilDayOf(newest)),
      ", the last day by which anything was let go, got ",
      absl::FormatCivilTime(CivilDayOf(today)),
      "; set the clock right, or if it is, say so: `subrosa keys retire "
      "--clock-is-right`"));
}

absl::Status DeletionClock::Trust() { return Keep(DayOf(clock_.Now())); }

}  // namespace subrosa
