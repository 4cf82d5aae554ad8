// What `subrosa consent` can do; each entry is one file of this folder.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/consent_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"record", "take choices from a file: what is no consent is refused",
     ConsentRecord},
    {"facts", "take from a file where consumers live and when they were born",
     ConsentFacts},
    {"withdraw", "record that a consumer takes consent back", ConsentWithdraw},
    {"show", "what a consumer chose, and what stands of it", ConsentShow},
    {"receipt", "a consumer's receipt of a consent, for them", ConsentReceipt},
    {"explain", "whether a use may be, and every rule that says so",
     ConsentExplain},
};

}  // namespace

ExitCode Consent(absl::Span<const std::string> arguments,
                 const Streams& streams) {
  return RunFromTable(
      {"subrosa consent",
       "What consumers chose, and what may be done. It informs; it is no legal "
       "advice.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
