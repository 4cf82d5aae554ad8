// What `subrosa store index` can do.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"plan", "what an index about a field would show, and whether it may be",
     StoreIndexPlan},
    {"add", "make an index about a field, or go on with one", StoreIndexAdd},
    {"list", "the indexes that there are", StoreIndexList},
    {"drop", "drop an index with all its entries", StoreIndexDrop},
};

}  // namespace

ExitCode StoreIndex(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  return RunFromTable(
      {"subrosa store index",
       "Blind indexes: which consumers have a given value in a field, found "
       "without opening every record. An index tells whoever reads the key "
       "store a little of how values repeat; how much is computed first, and "
       "fields for which it is too much are refused.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
