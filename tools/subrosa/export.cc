#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "src/base/new_file.h"
#include "src/exports/copy.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/export_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

ExitCode ExportCopy(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::string output;
  int as = 0;
  CommandLine line("export copy",
                   "Writes a consumer's copy of what is held of them, in the "
                   "clear, readable by you alone.");
  ConsumerArgument consumer_argument(&line);
  line.AddOption("--output", &output, "File to make; it must not exist",
                 Need::kRequired);
  line.AddChoice("--as", &as, {{"json", 0}, {"csv", 1}},
                 "The copy's own form [json]");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("export copy", std::string(consumer.status().message()),
                      streams);
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  absl::StatusOr<NewFile> file = NewFile::Create(output);
  if (!file.ok()) return Fail(file.status(), streams);
  const absl::StatusOr<CopySummary> summary = WriteCopy(
      **steward, *consumer, as == 0 ? CopyFormat::kJson : CopyFormat::kCsv,
      absl::Now(),
      [&file](absl::string_view bytes) { return file->Append(bytes); });
  if (!summary.ok()) return FailOrNo(summary.status(), streams);
  if (const absl::Status published = file->Publish(); !published.ok()) {
    return Fail(published, streams);
  }
  if (session.json()) {
    const nlohmann::ordered_json json = {{"output", output},
                                         {"records", summary->records}};
    return Print(json.dump() + "\n", streams);
  }
  return Print(
      absl::StrCat("Wrote ", summary->records, " records to ", output, ".\n"),
      streams);
}

}  // namespace

ExitCode Export(absl::Span<const std::string> arguments,
                const Streams& streams) {
  if (!arguments.empty() && arguments[0] == "copy") {
    return ExportCopy(arguments.subspan(1), streams);
  }
  const bool help = !arguments.empty() && arguments[0] == "--help";
  if (help) {
    return Print("Usage: subrosa export copy CONSUMER --output FILE ...\n",
                 streams);
  }
  return UsageError("export", "want `export copy`", streams);
}

}  // namespace subrosa
