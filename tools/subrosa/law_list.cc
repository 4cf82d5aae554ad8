#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/law/law_book.h"
#include "src/law/law_text.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/law_command.h"

namespace subrosa {
namespace {

// Which rules are asked for; what is empty asks nothing.
struct Filter {
  std::string jurisdiction;
  std::string room;
  absl::CivilDay day;

  bool Takes(const LawEntry& entry) const {
    return entry.HoldsOn(day) &&
           (jurisdiction.empty() ||
            entry.pack->jurisdiction() == jurisdiction) &&
           (room.empty() || RoomText(entry.rule->room()) == room);
  }
};

std::string ListText(const std::vector<const LawEntry*>& entries) {
  std::string text;
  const v1::LawPack* pack = nullptr;
  for (const LawEntry* entry : entries) {
    if (entry->pack != pack) {
      pack = entry->pack;
      absl::StrAppend(&text, text.empty() ? "" : "\n", pack->title(), " (",
                      pack->jurisdiction(), ", looked at ", pack->as_of(),
                      ")\n");
      for (const v1::LeftOut& left : pack->leaves_out()) {
        absl::StrAppend(&text, "  not covered: ", LeftOutText(left), "\n");
      }
    }
    const v1::LawRule& rule = *entry->rule;
    absl::StrAppend(&text, "  ", entry->id, "  ", DemandName(rule), "; ",
                    rule.citation(), "; ", LawCertaintyText(rule.certainty()),
                    rule.open_question().empty() ? "" : ", with a question",
                    "\n");
  }
  absl::StrAppend(&text, text.empty() ? "No such rules.\n" : "",
                  "\n`subrosa law explain RULE` says more. This informs; it is "
                  "no legal advice.\n");
  return text;
}

}  // namespace

ExitCode LawList(absl::Span<const std::string> arguments,
                 const Streams& streams) {
  Filter filter;
  std::string on;
  CommandLine line("law list", "Lists the rules that hold on a day.");
  line.AddOption("--jurisdiction", &filter.jurisdiction,
                 "Only those of US or of a state: US-WA");
  line.AddOption("--room", &filter.room,
                 "Only those that this part of Subrosa acts on: consent");
  line.AddOption("--on", &on, "The day, as 2026-01-31 [today]");
  const LawArguments law(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<absl::CivilDay> day = DayArgument(on);
  if (!day.ok()) {
    return UsageError("law list", "--on: want a day as 2026-01-31", streams);
  }
  filter.day = *day;

  const absl::StatusOr<LawBook> book = law.Read();
  if (!book.ok()) return Fail(book.status(), streams);
  std::vector<const LawEntry*> entries;
  for (const LawEntry& entry : book->entries()) {
    if (filter.Takes(entry)) entries.push_back(&entry);
  }
  if (!law.json()) return Print(ListText(entries), streams);
  nlohmann::ordered_json rules = nlohmann::ordered_json::array();
  for (const LawEntry* entry : entries) rules.push_back(RuleJson(*entry));
  return Print(nlohmann::ordered_json{{"rules", rules}}.dump() + "\n", streams);
}

}  // namespace subrosa
