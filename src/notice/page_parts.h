// Parts that go into a service's own pages: the one link that stands for both
// of California's, with its icon, and the line that says what became of a
// browser's opt-out preference signal.
//
// HTML that needs no script and loads nothing.
//
// Source: 11 CCR 7015(b), (c); 7025(c)(6).
#ifndef SUBROSA_SRC_NOTICE_PAGE_PARTS_H_
#define SUBROSA_SRC_NOTICE_PAGE_PARTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/law/law_book.h"

namespace subrosa {

// The link `title` to `url`, the opt-out icon beside it, as high as the text
// around it. `url` as in notice words (CheckNoticeUrl).
//
// INVALID_ARGUMENT unless `title` is one of the very words that the rule
// "ca-ccpa/alternative-link" prescribes, and `url` may stand in a page.
absl::StatusOr<std::string> ChoicesLinkHtml(const LawBook& law,
                                            absl::string_view title,
                                            absl::string_view url);

enum class SignalStatus {
  kNotSent = 1,   // The browser sends no signal.
  kHonored,       // Taken for a valid request to opt out.
  kNotProcessed,  // Sent, and not taken for one.
};

// A line to be shown on the site, said to screen readers when it changes. It
// asks for no click.
std::string SignalStatusHtml(SignalStatus status);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_PAGE_PARTS_H_
