// What `subrosa request` can do.
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/request_command.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"receive", "take one in, as it came: its clocks start", RequestReceive},
    {"list", "what is due first", RequestList},
    {"show", "one request: where it stands, its clocks, parts and steps",
     RequestShow},
    {"acknowledge", "tell the requester that we have it", RequestAcknowledge},
    {"authenticate", "who asks, and by what that was established",
     RequestAuthenticate},
    {"identify", "whose data it is about, where nobody is authenticated",
     RequestIdentify},
    {"extend", "take the one extension, with its reason", RequestExtend},
    {"deny", "refuse it, with the reason", RequestDeny},
    {"erase", "do what a request to delete asks for, here and everywhere",
     RequestErase},
    {"part", "what a store or recipient was asked, and said",
     RequestPartCommand},
    {"complete", "it is done, as far as every part has done it",
     RequestComplete},
    {"take-back", "the requester does not want it any more", RequestTakeBack},
    {"appeal", "the requester's appeal, and the decision on it", RequestAppeal},
    {"statement", "what the requester says of a record that was not corrected",
     RequestStatement},
    {"close", "for good: only what the log has to hold is kept", RequestClose},
    {"serve", "the form and the status page for consumers", RequestServe},
};

}  // namespace

ExitCode RequestCommand(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  return RunFromTable(
      {"subrosa request",
       "Requests of consumers, from receipt to closing. Steps that may not "
       "follow, or that a statute does not allow, are refused with the rule.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
