// What `subrosa export` can do; each entry is one file of this folder.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/export_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"copy", "a consumer's copy of what is held of them", ExportCopy},
    {"deidentified", "a set for a recipient, without what identifies",
     ExportDeidentified},
    {"aggregate", "counts and means by group, as a policy lets them be asked",
     ExportAggregate},
    {"lost-answers", "aggregates that a restored record store does not know",
     ExportLostAnswers},
};

}  // namespace

ExitCode Export(absl::Span<const std::string> arguments,
                const Streams& streams) {
  return RunFromTable(
      {"subrosa export", "Takes data out of the home.", kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
