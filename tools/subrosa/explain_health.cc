// Says where a text speaks of health, of what, of whose and how surely.
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/health_context.h"
#include "src/classify/health_reader.h"
#include "src/classify/taxonomy_facts.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/line_reader.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/finding_text.h"
#include "tools/subrosa/health_text.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

std::string MentionText(const HealthMention& mention, const Finding& finding,
                        uint64_t line) {
  std::string labels;
  for (const v1::HealthLabel label : mention.rule->kinds.labels.Values()) {
    absl::StrAppend(&labels, labels.empty() ? ", " : " and ", Slug(label));
  }
  return absl::StrCat(
      "line ", line, ", ", mention.span.offset, "+", mention.span.length, ": ",
      mention.is_state() ? "state" : "topic", ", ",
      ExperiencerText(mention.experiencer), ", ",
      AssertionText(mention.assertion), ": ", Slug(finding.category), labels,
      " (", finding.clause, "; ", finding.rule_id, ")\n");
}

std::string MentionJson(const HealthMention& mention, const Finding& finding,
                        uint64_t line) {
  Json json = FindingJson(finding);
  json["line"] = line;
  json["state"] = mention.is_state();
  json["experiencer"] = std::string(ExperiencerText(mention.experiencer));
  json["assertion"] = std::string(AssertionText(mention.assertion));
  return json.dump() + "\n";
}

absl::Status ExplainLines(const std::string& path, bool json,
                          const Streams& streams, bool* print_failed) {
  SUBROSA_ASSIGN_OR_RETURN(const HealthReader reader, HealthReader::Create());
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  LineReader lines(std::move(input), kMaxHealthLineBytes);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const Line line, lines.Next());
    if (line.kind == Line::Kind::kEnd) return absl::OkStatus();
    if (line.kind == Line::Kind::kTooLong) {
      return Annotate(lines.TooLong(),
                      absl::StrCat(path, ": line ", line.number));
    }
    std::string out;
    for (const HealthMention& mention : reader.Read(line.text)) {
      for (const Finding& finding : FindingsOf(mention, "")) {
        out += json ? MentionJson(mention, finding, line.number)
                    : MentionText(mention, finding, line.number);
      }
    }
    if (out.empty()) continue;
    if (Print(out, streams) != ExitCode::kDone) {
      *print_failed = true;
      return absl::OkStatus();
    }
  }
}

}  // namespace

ExitCode ExplainHealth(const std::string& path, bool json,
                       const Streams& streams) {
  bool print_failed = false;
  const absl::Status status = ExplainLines(path, json, streams, &print_failed);
  if (!status.ok()) return Fail(status, streams);
  return print_failed ? ExitCode::kFailed : ExitCode::kDone;
}

}  // namespace subrosa
