#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "nlohmann/json.hpp"
#include "src/law/law_book.h"
#include "src/law/law_text.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/law_command.h"

namespace subrosa {
namespace {

struct Change {
  std::string what;  // "begins", "ends", "added", "removed", "changed".
  std::string rule;
  std::string citation;
  std::vector<std::string> before;
  std::vector<std::string> after;
};

Change Of(const std::string& what, const LawEntry& entry) {
  return {what, entry.id, entry.rule->citation(), {}, {}};
}

// What holds on the one day and not on the other.
std::vector<Change> BetweenDays(const LawBook& book, absl::CivilDay from,
                                absl::CivilDay to) {
  std::vector<Change> changes;
  for (const LawEntry& entry : book.entries()) {
    if (entry.HoldsOn(from) == entry.HoldsOn(to)) continue;
    Change change = Of(entry.HoldsOn(to) ? "begins" : "ends", entry);
    (entry.HoldsOn(to) ? change.after : change.before) =
        DemandLines(*entry.rule);
    changes.push_back(change);
  }
  return changes;
}

// What other packs change in the shipped ones.
std::vector<Change> BetweenBooks(const LawBook& shipped, const LawBook& other) {
  std::vector<Change> changes;
  for (const LawEntry& entry : shipped.entries()) {
    const LawEntry* const now = other.Find(entry.id);
    if (now == nullptr) {
      changes.push_back(Of("removed", entry));
      changes.back().before = DemandLines(*entry.rule);
    } else if (!google::protobuf::util::MessageDifferencer::Equals(
                   *entry.rule, *now->rule)) {
      changes.push_back(Of("changed", *now));
      changes.back().before = DemandLines(*entry.rule);
      changes.back().after = DemandLines(*now->rule);
    }
  }
  for (const LawEntry& entry : other.entries()) {
    if (shipped.Find(entry.id) != nullptr) continue;
    changes.push_back(Of("added", entry));
    changes.back().after = DemandLines(*entry.rule);
  }
  return changes;
}

std::string DiffText(const std::vector<Change>& changes) {
  if (changes.empty()) return "Nothing changes.\n";
  std::string text;
  for (const Change& change : changes) {
    absl::StrAppend(&text, change.what, "  ", change.rule, "  ",
                    change.citation, "\n");
    for (const std::string& line : change.before) {
      absl::StrAppend(&text, "  - ", line, "\n");
    }
    for (const std::string& line : change.after) {
      absl::StrAppend(&text, "  + ", line, "\n");
    }
  }
  return text;
}

std::string DiffJson(const std::vector<Change>& changes) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Change& change : changes) {
    list.push_back({{"change", change.what},
                    {"rule", change.rule},
                    {"citation", change.citation},
                    {"before", change.before},
                    {"after", change.after}});
  }
  return nlohmann::ordered_json{{"changes", list}}.dump() + "\n";
}

}  // namespace

ExitCode LawDiff(absl::Span<const std::string> arguments,
                 const Streams& streams) {
  std::string from;
  std::string to;
  CommandLine line(
      "law diff",
      "Says which rules begin and end between two days; without "
      "days, what the packs of --pack change in the shipped ones.");
  line.AddOption("--from", &from, "A day, as 2026-01-31 [today]");
  line.AddOption("--to", &to, "A day after it, as 2027-01-31 [today]");
  const LawArguments law(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<absl::CivilDay> first = DayArgument(from);
  const absl::StatusOr<absl::CivilDay> last = DayArgument(to);
  if (!first.ok() || !last.ok() || *last < *first) {
    return UsageError("law diff",
                      "--from, --to: want days as 2026-01-31, in this order",
                      streams);
  }

  const absl::StatusOr<LawBook> book = law.Read();
  if (!book.ok()) return Fail(book.status(), streams);
  std::vector<Change> changes;
  if (from.empty() && to.empty()) {
    const absl::StatusOr<LawBook> shipped = LawBook::BuiltIn();
    if (!shipped.ok()) return Fail(shipped.status(), streams);
    changes = BetweenBooks(*shipped, *book);
  } else {
    changes = BetweenDays(*book, *first, *last);
  }
  return Print(law.json() ? DiffJson(changes) : DiffText(changes), streams);
}

}  // namespace subrosa
