// What `subrosa recipient` can do.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/recipient_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"add", "record recipients, or what is new of them, from a file",
     RecipientAdd},
    {"list", "who may be given data, or could be on an earlier day",
     RecipientList},
    {"show", "one recipient, with what was so before", RecipientShow},
    {"end", "give a recipient nothing more from a day on", RecipientEnd},
    {"check", "whether each may receive, and if not, why", RecipientCheck},
};

}  // namespace

ExitCode RecipientCommand(absl::Span<const std::string> arguments,
                          const Streams& streams) {
  return RunFromTable(
      {"subrosa recipient",
       "Recipients: processors, contractors, affiliates and third parties, how "
       "consumers reach them, and what binds them.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
