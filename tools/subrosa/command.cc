#include "tools/subrosa/command.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

absl::string_view HintFor(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return "try again once the cause is gone; what was begun is then taken "
             "back or finished";
    case absl::StatusCode::kDataLoss:
      return "do not write to this home; `subrosa store check` says what is "
             "damaged, and `subrosa store restore` goes back to a copy";
    case absl::StatusCode::kInternal:
      return "this is a bug in subrosa; please report the line above";
    default:
      return "";
  }
}

}  // namespace

ExitCode Fail(const absl::Status& status, const Streams& streams) {
  const std::string message(status.message());
  std::fprintf(streams.err, "subrosa: error: %s\n", message.c_str());
  const absl::string_view hint = HintFor(status);
  if (!hint.empty()) {
    std::fprintf(streams.err, "subrosa: hint: %.*s\n",
                 static_cast<int>(hint.size()), hint.data());
  }
  return ExitCode::kFailed;
}

ExitCode FailOrNo(const absl::Status& status, const Streams& streams) {
  const ExitCode failed = Fail(status, streams);
  return absl::IsNotFound(status) ? ExitCode::kNo : failed;
}

ExitCode FailOrUnproven(const absl::Status& status, const Streams& streams) {
  const ExitCode failed = Fail(status, streams);
  return absl::IsInvalidArgument(status) || absl::IsPermissionDenied(status) ||
                 absl::IsFailedPrecondition(status)
             ? ExitCode::kNo
             : failed;
}

ExitCode Print(absl::string_view text, const Streams& streams) {
  const size_t written = std::fwrite(text.data(), 1, text.size(), streams.out);
  if (written == text.size() && std::fflush(streams.out) == 0) {
    return ExitCode::kDone;
  }
  std::fprintf(streams.err, "subrosa: error: standard output: %s\n",
               std::strerror(errno));
  return ExitCode::kFailed;
}

}  // namespace subrosa
