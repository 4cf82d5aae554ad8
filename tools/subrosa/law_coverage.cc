#include "src/law/law_coverage.h"

#include <map>
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

std::string CoverageTable(const LawBook& book, const LawCoverage& coverage) {
  std::string text;
  std::map<Coverage, int> counts;
  for (const LawEntry& entry : book.entries()) {
    const Coverage state = coverage.Of(entry);
    ++counts[state];
    absl::StrAppend(&text, CoverageText(state), "  ", entry.id, "  ",
                    RoomText(entry.rule->room()), "\n");
    for (const std::string& test : coverage.TestsOf(entry.id)) {
      absl::StrAppend(&text, "    ", test, "\n");
    }
  }
  absl::StrAppend(&text, "\n", counts[Coverage::kTested], " tested, ",
                  counts[Coverage::kPlanned], " planned, ",
                  counts[Coverage::kUntested], " untested\n");
  return text;
}

std::string CoverageJson(const LawBook& book, const LawCoverage& coverage) {
  nlohmann::ordered_json rules = nlohmann::ordered_json::array();
  for (const LawEntry& entry : book.entries()) {
    rules.push_back(
        {{"rule", entry.id},
         {"room", RoomText(entry.rule->room())},
         {"coverage", std::string(CoverageText(coverage.Of(entry)))},
         {"tests", coverage.TestsOf(entry.id)}});
  }
  return nlohmann::ordered_json{{"rules", rules}}.dump() + "\n";
}

}  // namespace

ExitCode LawCoverageCommand(absl::Span<const std::string> arguments,
                            const Streams& streams) {
  CommandLine line("law coverage",
                   "Lists every rule with the tests that cover it. A rule is "
                   "planned where what would act on it is not built yet. The "
                   "exit code is 3 if a rule of a built part has no test.");
  const LawArguments law(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<LawBook> book = law.Read();
  if (!book.ok()) return Fail(book.status(), streams);
  const absl::StatusOr<LawCoverage> coverage = LawCoverage::BuiltIn();
  if (!coverage.ok()) return Fail(coverage.status(), streams);
  bool all = true;
  for (const LawEntry& entry : book->entries()) {
    all &= coverage->Of(entry) != Coverage::kUntested;
  }
  const ExitCode printed = Print(law.json() ? CoverageJson(*book, *coverage)
                                            : CoverageTable(*book, *coverage),
                                 streams);
  if (printed != ExitCode::kDone) return printed;
  return all ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace subrosa
