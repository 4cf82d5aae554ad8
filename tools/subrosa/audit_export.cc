#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/audit/log_reader.h"
#include "src/base/status_macros.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/leaf_text.h"
#include "tools/subrosa/log_arguments.h"
#include "tools/subrosa/progress.h"

namespace subrosa {
namespace {

constexpr size_t kPrintedAtOnce = size_t{64} << 10;

}  // namespace

ExitCode AuditExport(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  uint64_t from = 0;
  uint64_t to = std::numeric_limits<uint64_t>::max();
  CommandLine line(
      "audit export",
      "Prints the leaves of a log, for auditors and for counting: one JSON "
      "object a line. They name nobody. What is printed hashes to the tiles "
      "beside it; that these lead to the signed root is "
      "for `subrosa audit verify`.");
  line.AddNumber("--from", &from, "The first leaf, counted from 0 [0]");
  line.AddNumber("--to", &to, "The leaf to stop before [the log's size]");
  LogArguments log(&line, DefaultFormat::kJson);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const absl::Status status = log.Check(); !status.ok()) {
    return UsageError("audit export", std::string(status.message()), streams);
  }

  if (const absl::Status status = log.Read(); !status.ok()) {
    return Fail(status, streams);
  }
  absl::StatusOr<LogReader> reader = log.Open();
  if (!reader.ok()) return FailOrUnproven(reader.status(), streams);
  to = std::min(to, reader->checkpoint().size);
  Progress progress(streams);
  std::string text;
  ExitCode printed = ExitCode::kDone;
  const absl::Status read = reader->VisitEntries(
      from, to, [&](uint64_t index, absl::string_view entry) -> absl::Status {
        const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
        if (!leaf.ok()) {
          return Annotate(leaf.status(), absl::StrCat("leaf ", index));
        }
        absl::StrAppend(
            &text,
            log.json() ? LeafJson(index, *leaf).dump() : LeafLine(index, *leaf),
            "\n");
        if (text.size() < kPrintedAtOnce) return absl::OkStatus();
        printed = Print(text, streams);
        text.clear();
        progress.ShowPercent("leaves", index - from, to - from);
        return printed == ExitCode::kDone ? absl::OkStatus()
                                          : absl::CancelledError("");
      });
  if (printed != ExitCode::kDone) return printed;
  progress.End();
  printed = Print(text, streams);
  if (!read.ok()) return FailOrUnproven(read, streams);
  return printed;
}

}  // namespace subrosa
