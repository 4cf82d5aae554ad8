// What `subrosa classify` can do; each entry is one file of this folder.

#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"text", "which identifiers are in a text, or the text without them",
     ClassifyText},
    {"records", "what kinds of data are in a file of records, and why",
     ClassifyRecords},
    {"table", "what kinds of data each column of a table holds, and why",
     ClassifyTable},
    {"schema", "every field of a service's messages, and what lacks a mark",
     ClassifySchema},
    {"explain", "why something counts, or which check refused it",
     ClassifyExplain},
};

}  // namespace

ExitCode Classify(absl::Span<const std::string> arguments,
                  const Streams& streams) {
  return RunFromTable(
      {"subrosa classify",
       "What kinds of data something holds, why, and under which clause. "
       "Needs no home, and prints no value.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
