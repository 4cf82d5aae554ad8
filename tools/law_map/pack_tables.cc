#include "tools/law_map/pack_tables.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/law/law_book.h"
#include "src/law/law_coverage.h"
#include "src/law/law_text.h"

namespace subrosa {
namespace {

constexpr absl::string_view kIntroduction = R"md(
## The statutes as rules

One table a pack (`src/law/packs`). *Demand* is what a program can read of the
rule; `subrosa law explain RULE` says the rest, and with `--start` when a clock
runs out. *Acts* names the part of Subrosa that acts on it; a rule is *planned*
where that part is not built yet. A question in the last column is what we could
not verify. What holds on which day: `subrosa law list --on DAY`; what begins and
ends: `subrosa law diff --from DAY --to DAY`.

Our own reading, where statutes are silent: the day that starts a period does not
count and its last day does; a month's end stays a month's end; days begin in the
zone of the pack; California's business days are all but Sundays and California's
holidays (Civil Code 7 and 9), so that the earlier day is taken.
)md";

// A demand's first lines in a cell; lists are counted, not repeated.
std::string DemandCell(const v1::LawRule& rule) {
  std::vector<std::string> lines;
  int items = 0;
  for (const std::string& line : DemandLines(rule)) {
    if (line[0] == '-') {
      ++items;
    } else {
      lines.push_back(line);
    }
  }
  std::string cell = absl::StrJoin(lines, "; ");
  if (items > 0) absl::StrAppend(&cell, " ", items, " items");
  return cell;
}

// The tests' names without their paths.
std::string TestsCell(const LawCoverage& coverage, const LawEntry& entry) {
  std::vector<std::string> names;
  for (const std::string& test : coverage.TestsOf(entry.id)) {
    names.push_back(absl::StrCat(
        "`", std::vector<std::string>(absl::StrSplit(test, ' ')).back(), "`"));
  }
  return names.empty() ? std::string(CoverageText(coverage.Of(entry)))
                       : absl::StrJoin(names, ", ");
}

std::string DatesCell(const v1::LawRule& rule) {
  return rule.until().empty() ? rule.from()
                              : absl::StrCat(rule.from(), " to ", rule.until());
}

std::string CertaintyCell(const v1::LawRule& rule) {
  return absl::StrCat(LawCertaintyText(rule.certainty()),
                      rule.open_question().empty()
                          ? ""
                          : absl::StrCat(". Question: ", rule.open_question()));
}

// What the pack has no rules for.
std::string LeftOutLines(const v1::LawPack& pack) {
  std::string lines;
  for (const v1::LeftOut& left : pack.leaves_out()) {
    absl::StrAppend(&lines, "Not covered: ", LeftOutText(left), ".\n");
  }
  return lines;
}

template <typename T>
T OrEnd(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "law_map: error: %s\n",
               std::string(value.status().message()).c_str());
  std::exit(1);
}

}  // namespace

std::string PackTables() {
  const LawBook book = OrEnd(LawBook::BuiltIn());
  const LawCoverage coverage = OrEnd(LawCoverage::BuiltIn());
  std::string page(kIntroduction);
  const v1::LawPack* pack = nullptr;
  for (const LawEntry& entry : book.entries()) {
    const v1::LawRule& rule = *entry.rule;
    if (entry.pack != pack) {
      pack = entry.pack;
      absl::StrAppend(
          &page, "\n### ", pack->title(), " (`", pack->id(), "`)\n\n",
          pack->jurisdiction(), "; texts looked at on ", pack->as_of(), ".\n",
          LeftOutLines(*pack),
          "\n| rule | citation | what it demands | demand | from | acts | "
          "tests | sure |\n|---|---|---|---|---|---|---|---|\n");
    }
    absl::StrAppend(&page, "| `", rule.id(), "` | ", rule.citation(), " | ",
                    rule.text(), " | ", DemandCell(rule), " | ",
                    DatesCell(rule), " | ", RoomText(rule.room()), " | ",
                    TestsCell(coverage, entry), " | ", CertaintyCell(rule),
                    " |\n");
  }
  return page;
}

}  // namespace subrosa
