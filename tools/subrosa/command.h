// What each subcommand is: a function of its arguments and the streams.
#ifndef SUBROSA_TOOLS_SUBROSA_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_COMMAND_H_

#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

enum class ExitCode {
  kDone = 0,
  kFailed = 1,  // Could not finish.
  kUsage = 2,   // Called wrongly; nothing was done.
  kNo = 3,      // Finished, and the answer is no: refused, not held, in part.
};

// Results go to `out` alone; people are spoken to on `err`.
struct Streams {
  std::FILE* in;
  std::FILE* out;
  std::FILE* err;
};

using CommandFunction = ExitCode (*)(absl::Span<const std::string> arguments,
                                     const Streams& streams);

struct Command {
  absl::string_view name;
  absl::string_view summary;
  CommandFunction function;
};

// Prints "subrosa: error: …" to `err`, with a hint where the code suggests one.
// Returns kFailed.
ExitCode Fail(const absl::Status& status, const Streams& streams);

// The same where something had to be proven: that it is malformed
// (INVALID_ARGUMENT) or proves nothing of the kind (PERMISSION_DENIED,
// FAILED_PRECONDITION) is an answer, and returns kNo.
ExitCode FailOrUnproven(const absl::Status& status, const Streams& streams);

// The same for what was asked of one consumer: that they are not held
// (NOT_FOUND) is an answer, and returns kNo.
ExitCode FailOrNo(const absl::Status& status, const Streams& streams);

// Writes `text` to `out`. kFailed if that cannot be written (a full disk).
ExitCode Print(absl::string_view text, const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_COMMAND_H_
