// What `subrosa law` can do; each entry is one file of this folder.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/law_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"list", "the rules of the statutes: of a day, a place, a room", LawList},
    {"explain", "one rule: what it demands, how sure we are, when it is due",
     LawExplain},
    {"coverage", "which rules a test covers, and which are planned",
     LawCoverageCommand},
    {"diff", "what changes in the rules: between two days, or by a pack",
     LawDiff},
};

}  // namespace

ExitCode Law(absl::Span<const std::string> arguments, const Streams& streams) {
  return RunFromTable(
      {"subrosa law",
       "The statutes as rules. They inform; they are no legal advice.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
