#include "src/vault/erasure_sweep.h"

#include <algorithm>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Rows of a transaction while nobody minds waiting for it.
constexpr int64_t kManyRows = 5000;

// How long a sweep waits for whoever reads the key store.
constexpr absl::Duration kKeyJournalPatience = absl::Seconds(10);

}  // namespace

absl::StatusOr<std::vector<std::string>> ErasureSweep::FindDue() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> all,
                           keys_.DueDeletions());
  std::vector<std::string> due;
  for (const std::string& data_ref : all) {
    SUBROSA_ASSIGN_OR_RETURN(const bool has_rows, records_.HasRows(data_ref));
    if (has_rows) due.push_back(data_ref);
  }
  return due;
}

absl::StatusOr<ErasureSweep::Step> ErasureSweep::Next(int64_t limit) {
  Step step;
  if (due_.empty() && !is_of_one_) {
    SUBROSA_ASSIGN_OR_RETURN(due_, FindDue());
    if (!due_.empty()) {
      // Rows that stand say that the erasure may have been stopped before the
      // key was out of the journal; they go last, so that the next time is told
      // too.
      SUBROSA_RETURN_IF_ERROR(keys_.FlushJournal(kKeyJournalPatience));
    }
  }
  step.is_done = due_.empty();
  if (step.is_done) return step;
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_.ReadIssued());
  // As many references as there would be with a row each.
  const size_t count = std::min(due_.size(), static_cast<size_t>(limit));
  const absl::Span<const std::string> some =
      absl::MakeConstSpan(due_).last(count);
  SUBROSA_ASSIGN_OR_RETURN(
      step.rows,
      records_.DeleteSome(some, limit, DayOf(clock_.Now()), keys_seen));
  if (step.rows < limit) {
    due_.resize(due_.size() - count);
    step.is_done = due_.empty();
    if (step.is_done) SUBROSA_RETURN_IF_ERROR(FlushDeletedRows());
  }
  return step;
}

absl::StatusOr<int64_t> ErasureSweep::Finish() {
  int64_t rows = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const Step step, Next(kManyRows));
    rows += step.rows;
    if (step.is_done) return rows;
  }
}

absl::Status ErasureSweep::FlushDeletedRows() {
  const absl::Status flushed = records_.FlushJournal(absl::ZeroDuration());
  return absl::IsUnavailable(flushed) ? absl::OkStatus() : flushed;
}

}  // namespace subrosa
