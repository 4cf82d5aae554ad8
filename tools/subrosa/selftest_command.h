// `subrosa selftest`.
#ifndef SUBROSA_TOOLS_SUBROSA_SELFTEST_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_SELFTEST_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode SelfTest(absl::Span<const std::string> arguments,
                  const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SELFTEST_COMMAND_H_
