// Measures what is read as health language against labelled lines.
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/health_evaluation.h"
#include "src/classify/health_reader.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/line_reader.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/health_text.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

absl::Status ReadHealthLines(const std::string& path,
                             HealthEvaluation* evaluation) {
  SUBROSA_ASSIGN_OR_RETURN(const HealthReader reader, HealthReader::Create());
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  LineReader lines(std::move(input), kMaxHealthLineBytes);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const Line line, lines.Next());
    if (line.kind == Line::Kind::kEnd) return absl::OkStatus();
    const std::string place = absl::StrCat(path, ": line ", line.number);
    if (line.kind == Line::Kind::kTooLong) {
      return Annotate(lines.TooLong(), place);
    }
    const absl::StatusOr<HealthLine> labelled = ParseHealthLine(line.text);
    if (!labelled.ok()) return Annotate(labelled.status(), place);
    evaluation->Add(reader, *labelled);
  }
}

std::string Agreement(uint64_t right, uint64_t labelled) {
  return absl::StrCat(right, "/", labelled);
}

std::string TallyText(const std::string& half, const HealthTally& tally) {
  return absl::StrFormat(
      "%-8s %7d %7d  %6.3f  %6.3f  %8.3f  %11s  %11s  %11s\n", half,
      tally.health, tally.not_health, tally.recall(), tally.alarm_rate(),
      tally.accuracy(), Agreement(tally.right_finer, tally.with_finer),
      Agreement(tally.right_experiencer, tally.with_experiencer),
      Agreement(tally.right_assertion, tally.with_assertion));
}

std::string TallyJson(const std::string& half, const HealthTally& tally) {
  const Json json = {
      {"half", half},
      {"health", tally.health},
      {"not_health", tally.not_health},
      {"recall", tally.recall()},
      {"alarm_rate", tally.alarm_rate()},
      {"accuracy", tally.accuracy()},
      {"finer", {tally.right_finer, tally.with_finer}},
      {"experiencer", {tally.right_experiencer, tally.with_experiencer}},
      {"assertion", {tally.right_assertion, tally.with_assertion}}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode EvaluateHealthLines(const std::string& path, bool json,
                             const Streams& streams) {
  HealthEvaluation evaluation;
  const absl::Status read = ReadHealthLines(path, &evaluation);
  if (!read.ok()) return Fail(read, streams);
  std::string text;
  if (!json) {
    text =
        absl::StrFormat("%-8s %7s %7s  %6s  %6s  %8s  %11s  %11s  %11s\n",
                        "half", "health", "not", "recall", "alarms", "accuracy",
                        "finer label", "experiencer", "assertion");
  }
  for (const auto& [half, tally] : evaluation.tallies()) {
    text += json ? TallyJson(half, tally) : TallyText(half, tally);
  }
  return Print(text, streams);
}

}  // namespace subrosa
