// What `subrosa share` can do.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/share_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"grant", "give a recipient records of a consumer, sealed to its key",
     ShareGrant},
    {"declare", "record disclosures that were made elsewhere", ShareDeclare},
    {"list", "who has a consumer's data, or whose data a recipient has",
     ShareList},
    {"revoke", "end what a recipient is given, and tell it to delete",
     ShareRevoke},
    {"due", "what recipients have still to be told to delete, or to answer",
     ShareDue},
    {"settle", "record that a recipient was told, and has answered",
     ShareSettle},
};

}  // namespace

ExitCode Share(absl::Span<const std::string> arguments,
               const Streams& streams) {
  return RunFromTable(
      {"subrosa share",
       "Sharing: every disclosure is decided, and stands in a ledger.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
