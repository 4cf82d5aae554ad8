#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/notice_command.h"
#include "tools/subrosa/notice_parts.h"

namespace subrosa {
namespace {

constexpr Command kCommands[] = {
    {"health-data", "a state's consumer health data privacy policy",
     NoticeHealthData},
    {"california", "California's privacy policy", NoticeCalifornia},
    {"collection", "California's notice at collection", NoticeCollection},
    {"opt-out", "California's notice of the right to opt out", NoticeOptOut},
    {"limit", "California's notice of the right to limit", NoticeLimit},
    {"consent-request", "what is told when consent for one purpose is asked",
     NoticeConsentRequest},
    {"authorization", "the form on which a sale is authorized",
     NoticeAuthorization},
    {"drift", "where a published notice and the facts part", NoticeDrift},
    {"diff", "what changed between two versions of a notice", NoticeDiff},
    {"ask-again", "whose consent is older than a new notice", NoticeAskAgain},
    {"choices-link", "the link and icon that stand for both of California's",
     NoticeChoicesLink},
    {"signal-status", "the line that says what became of a browser's signal",
     NoticeSignalStatus},
};

}  // namespace

ExitCode NoticeCommand(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  return RunFromTable({"subrosa notice",
                       "Notices to consumers, made from what is really held "
                       "and shared.",
                       kCommands},
                      arguments, streams);
}

}  // namespace subrosa
