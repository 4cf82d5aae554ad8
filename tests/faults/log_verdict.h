// For tests of faults: whether a log and its stores are exactly what their
// writers made them.
#ifndef SUBROSA_TESTS_FAULTS_LOG_VERDICT_H_
#define SUBROSA_TESTS_FAULTS_LOG_VERDICT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/faults/log_home.h"

namespace subrosa {

struct LogVerdict {
  // What a part refuses or is damaged in; the home says it by itself.
  std::vector<std::string> refusals;
  // What is wrong that nothing said.
  std::vector<std::string> violations;
  std::string summary;
};

// Opens the log, looks at all of it, takes what waits into it, and looks again.
// `acknowledged` are the lines that writers wrote once their commits were
// durable: each must be there.
LogVerdict JudgeLog(LogHome& home, const std::string& acknowledged);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_LOG_VERDICT_H_
