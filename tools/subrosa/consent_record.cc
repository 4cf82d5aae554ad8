#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/consent_command.h"
#include "tools/subrosa/entry_lines.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

ExitCode RecordFrom(const std::string& command, const std::string& description,
                    EntryKind kind, absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::vector<std::string> files;
  CommandLine line(command, description);
  line.AddArguments("file", &files, "The file, or - for standard input");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError(command, "want one file, or -", streams);
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<EntrySummary> summary =
      RecordLines(files[0], kind, (*steward)->gate());
  if (!summary.ok()) return Fail(summary.status(), streams);
  const ExitCode printed =
      home.json()
          ? Print(EntrySummaryJson(files[0], *summary).dump() + "\n", streams)
          : Print(EntrySummaryText(files[0], *summary), streams);
  if (printed != ExitCode::kDone) return printed;
  return summary->refused == 0 ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

ExitCode ConsentRecord(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  return RecordFrom("consent record",
                    "Takes choices from a file, one subrosa.v1.Choice as JSON "
                    "a line, into the ledger. What is no consent is refused, "
                    "with its reason; the others are recorded.",
                    EntryKind::kChoice, arguments, streams);
}

ExitCode ConsentFacts(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  return RecordFrom(
      "consent facts",
      "Takes what decisions need to know of consumers from a file, one JSON "
      "object a line: {\"consumer\": …, \"facts\": {\"residence\": \"US-WA\", "
      "\"placeOfCollection\": […], \"born\": \"2009-02-01\", \"guardian\": "
      "[…]}}. Every line replaces what was known before.",
      EntryKind::kFacts, arguments, streams);
}

}  // namespace subrosa
