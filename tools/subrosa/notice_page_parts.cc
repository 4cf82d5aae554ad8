#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/law/law_book.h"
#include "src/notice/page_parts.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/notice_parts.h"

namespace subrosa {

ExitCode NoticeChoicesLink(absl::Span<const std::string> arguments,
                           const Streams& streams) {
  std::string title = "Your Privacy Choices";
  std::string url;
  CommandLine line("notice choices-link",
                   "Prints the one link that may stand for California's two, "
                   "with the opt-out icon, as HTML for a page's header or "
                   "footer.");
  line.AddOption("--title", &title,
                 "Its words, as the rule prescribes them [Your Privacy "
                 "Choices]");
  line.AddOption("--url", &url, "The page that tells of both rights",
                 Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<LawBook> law = LawBook::BuiltIn();
  if (!law.ok()) return Fail(law.status(), streams);
  const absl::StatusOr<std::string> html = ChoicesLinkHtml(*law, title, url);
  if (!html.ok()) return Fail(html.status(), streams);
  return Print(*html, streams);
}

ExitCode NoticeSignalStatus(absl::Span<const std::string> arguments,
                            const Streams& streams) {
  std::vector<std::string> status;
  CommandLine line("notice signal-status",
                   "Prints the line that a site shows to say whether it took "
                   "a browser's opt-out preference signal for a request to "
                   "opt out, as HTML.");
  line.AddArguments("status", &status, "honored, not-processed or not-sent");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (status == std::vector<std::string>{"honored"}) {
    return Print(SignalStatusHtml(SignalStatus::kHonored), streams);
  }
  if (status == std::vector<std::string>{"not-processed"}) {
    return Print(SignalStatusHtml(SignalStatus::kNotProcessed), streams);
  }
  if (status == std::vector<std::string>{"not-sent"}) {
    return Print(SignalStatusHtml(SignalStatus::kNotSent), streams);
  }
  return UsageError("notice signal-status",
                    "status: want `honored`, `not-processed` or `not-sent`",
                    streams);
}

}  // namespace subrosa
