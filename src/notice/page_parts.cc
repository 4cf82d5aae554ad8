#include "src/notice/page_parts.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/html_text.h"
#include "src/base/status_macros.h"
#include "src/notice/notice_words.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// A pill in two halves, a tick in the one and a cross in the other. It tells
// nothing that the text beside it does not: screen readers pass it by.
constexpr absl::string_view kIcon =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 30 14\" "
    "height=\"1em\" aria-hidden=\"true\" focusable=\"false\">"
    "<rect x=\".5\" y=\".5\" width=\"29\" height=\"13\" rx=\"6.5\" "
    "fill=\"#fff\" stroke=\"#06f\"/>"
    "<path d=\"M17.5 .5H23a6.5 6.5 0 0 1 0 13H14z\" fill=\"#06f\"/>"
    "<path d=\"M6.5 7.2l2.4 2.6L13 4.2\" fill=\"none\" stroke=\"#06f\" "
    "stroke-width=\"1.5\"/>"
    "<path d=\"M20 4.5l5 5m0-5l-5 5\" fill=\"none\" stroke=\"#fff\" "
    "stroke-width=\"1.5\"/></svg>";

}  // namespace

absl::StatusOr<std::string> ChoicesLinkHtml(const LawBook& law,
                                            absl::string_view title,
                                            absl::string_view url) {
  const LawEntry* const rule = law.Find("ca-ccpa/alternative-link");
  if (rule == nullptr) {
    return absl::InternalError("law: want ca-ccpa/alternative-link, got none");
  }
  for (const v1::ContentItem& item : rule->rule->contents().item()) {
    if (item.exact().empty()) continue;
    if (std::find(item.exact().begin(), item.exact().end(), title) ==
        item.exact().end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("title: want `", absl::StrJoin(item.exact(), "` or `"),
                       "` (", rule->rule->citation(), "), got other words"));
    }
  }
  SUBROSA_RETURN_IF_ERROR(CheckNoticeUrl("url", url));
  return absl::StrCat("<a href=\"", HtmlText(url), "\">", HtmlText(title), " ",
                      kIcon, "</a>\n");
}

std::string SignalStatusHtml(SignalStatus status) {
  const absl::string_view text =
      status == SignalStatus::kHonored
          ? "Opt-Out Request Honored: your browser's opt-out preference "
            "signal was taken for your request to opt out of the sale and "
            "sharing of your personal information."
      : status == SignalStatus::kNotProcessed
          ? "Opt-Out Request Not Processed: your browser sends an opt-out "
            "preference signal that could not be processed."
          : "Your browser sends no opt-out preference signal.";
  return absl::StrCat("<p role=\"status\">", text, "</p>\n");
}

}  // namespace subrosa
