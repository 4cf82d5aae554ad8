// What a home holds of requests and erasures, as JSON lines for a program that
// counts it again (year_recount.py).
#ifndef SUBROSA_TESTS_YEAR_YEAR_REPORT_H_
#define SUBROSA_TESTS_YEAR_YEAR_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/base/clock.h"
#include "src/erasure/erasure_run.h"
#include "src/request/request_desk.h"
#include "src/steward/steward.h"

namespace subrosa {

class YearReport {
 public:
  // All must outlive it.
  YearReport(Steward& steward, RequestDesk& desk, ErasureRun& erasures,
             const Clock& clock)
      : steward_(steward), desk_(desk), erasures_(erasures), clock_(clock) {}

  // Each request, by its number in `refs` (0: it has none), then the numbers of
  // those that are open in the order in which they are due.
  absl::Status PrintRequests(const std::map<int64_t, std::string>& refs);

  // What the yearly report counts, by kind of request.
  absl::Status PrintCounts();

  // What California has published of this year and the one before: by each rule
  // on metrics, of its residents and of all.
  absl::Status PrintMetrics();

  // Who is held, what is known of the erasure of each of `consumers`, and the
  // log's key; writes certificates to the folder `certificates`.
  absl::Status PrintErasures(const std::vector<std::string>& consumers,
                             const std::string& certificates);

 private:
  Steward& steward_;
  RequestDesk& desk_;
  ErasureRun& erasures_;
  const Clock& clock_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_YEAR_YEAR_REPORT_H_
