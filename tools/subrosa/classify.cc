// What `subrosa classify` can do; each entry is one file of this folder.
#include "tools/subrosa/classify.h"

#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"table", "what kinds of data each column of a table holds, and why",
     ClassifyTable},
    {"records", "what kinds of data are in a file of records, and why",
     ClassifyRecords},
    {"schema", "every field of a service's messages, and what lacks a mark",
     ClassifySchema},
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
