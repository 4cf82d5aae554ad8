#include "tools/subrosa/law_arguments.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/law/law_file.h"
#include "src/law/law_text.h"

namespace subrosa {

LawArguments::LawArguments(CommandLine* line) {
  line->AddOptions(
      "--pack", &packs_,
      "A file with a pack of rules, in place of the shipped one of "
      "its id or beside them");
  line->AddChoice("--format", &format_, {{"text", 0}, {"json", 1}},
                  "How to print [text]");
}

absl::StatusOr<LawBook> LawArguments::Read() const {
  std::vector<LawBook::Source> sources;
  for (const std::string& path : packs_) {
    SUBROSA_ASSIGN_OR_RETURN(std::string text,
                             ReadFile(path, kMaxLawFileBytes));
    sources.push_back({path, std::move(text)});
  }
  return LawBook::WithPacks(sources);
}

absl::StatusOr<absl::CivilDay> DayArgument(const std::string& text) {
  if (text.empty()) return absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  return ParseLawDay(text);
}

nlohmann::ordered_json RuleJson(const LawEntry& entry) {
  const v1::LawRule& rule = *entry.rule;
  nlohmann::ordered_json json = {
      {"rule", entry.id},
      {"jurisdiction", entry.pack->jurisdiction()},
      {"citation", rule.citation()},
      {"text", rule.text()},
      {"certainty", LawCertaintyText(rule.certainty())},
      {"from", rule.from()},
      {"room", RoomText(rule.room())},
      {"kind", std::string(DemandName(rule))},
      {"demand", DemandLines(rule)}};
  if (!rule.until().empty()) json["until"] = rule.until();
  if (!rule.open_question().empty()) {
    json["open_question"] = rule.open_question();
  }
  return json;
}

}  // namespace subrosa
