// The subcommands of `subrosa notice`.
#ifndef SUBROSA_TOOLS_SUBROSA_NOTICE_PARTS_H_
#define SUBROSA_TOOLS_SUBROSA_NOTICE_PARTS_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

// notice_write.cc
ExitCode NoticeHealthData(absl::Span<const std::string> arguments,
                          const Streams& streams);
ExitCode NoticeCalifornia(absl::Span<const std::string> arguments,
                          const Streams& streams);
ExitCode NoticeCollection(absl::Span<const std::string> arguments,
                          const Streams& streams);
ExitCode NoticeOptOut(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode NoticeLimit(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode NoticeConsentRequest(absl::Span<const std::string> arguments,
                              const Streams& streams);
ExitCode NoticeAuthorization(absl::Span<const std::string> arguments,
                             const Streams& streams);

// notice_drift.cc
ExitCode NoticeDrift(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode NoticeDiff(absl::Span<const std::string> arguments,
                    const Streams& streams);

// notice_ask_again.cc
ExitCode NoticeAskAgain(absl::Span<const std::string> arguments,
                        const Streams& streams);

// notice_page_parts.cc
ExitCode NoticeChoicesLink(absl::Span<const std::string> arguments,
                           const Streams& streams);
ExitCode NoticeSignalStatus(absl::Span<const std::string> arguments,
                            const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_NOTICE_PARTS_H_
