// What `subrosa store` can do; each entry is one file of this folder.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"backup", "copy the stores of a home, which may be in use", StoreBackup},
    {"check", "whether the stores, or copies of them, are whole", StoreCheck},
    {"restore",
     "make a home agree with its log after older copies were put "
     "back",
     StoreRestore},
    {"index", "blind indexes: find consumers by the value of a field",
     StoreIndex},
};

}  // namespace

ExitCode Store(absl::Span<const std::string> arguments,
               const Streams& streams) {
  return RunFromTable(
      {"subrosa store",
       "The key store and the record store: copies of them, whether they are "
       "whole, and what can be searched for.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
