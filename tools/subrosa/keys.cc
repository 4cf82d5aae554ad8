// What `subrosa keys` can do; each entry is one file of this folder.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/keys_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"status", "the epochs, and from when on erasures hold in backups too",
     KeysStatus},
    {"rotate", "move all keys into a new epoch", KeysRotate},
    {"retire", "destroy the epochs and keys whose backups are past retention",
     KeysRetire},
    {"renew", "make a new key for one consumer, and reseal their records",
     KeysRenew},
    {"verify", "check that every key and directory entry opens and fits",
     KeysVerify},
    {"policy", "how long backups of the key store are kept", KeysPolicy},
};

}  // namespace

ExitCode Keys(absl::Span<const std::string> arguments, const Streams& streams) {
  return RunFromTable(
      {"subrosa keys",
       "Epochs of keys. Rotating into a new one, and destroying the old one "
       "once its backups are past retention, is what makes erasures hold in "
       "every backup.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
