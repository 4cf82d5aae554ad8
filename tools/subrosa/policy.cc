// What `subrosa policy` can do; each entry is one file of this folder.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/policy_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"check", "whether a file is a policy, and if not, which line is wrong",
     PolicyCheck},
    {"show", "the policy of a home", PolicyShow},
    {"set", "put a policy in place of a home's", PolicySet},
};

}  // namespace

ExitCode PolicyCommand(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  return RunFromTable(
      {"subrosa policy",
       "What the entity does with consumer health data. What its policy does "
       "not name is not done.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
