#include "src/notice/page_parts.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

constexpr char kTitle[] = "Your Privacy Choices";

// Covers: ca-ccpa/alternative-link
TEST(ChoicesLinkTest, TheLinkHasItsPrescribedWordsAndTheIconBesideThem) {
  const LawBook law = LawBook::BuiltIn().value();

  for (const char* title : {kTitle, "Your California Privacy Choices"}) {
    const std::string html = ChoicesLinkHtml(law, title, "/choices").value();
    EXPECT_TRUE(absl::StrContains(html, title));
    EXPECT_TRUE(absl::StartsWith(html, "<a href=\"/choices\">"));
    EXPECT_TRUE(absl::StrContains(html, "<svg "));
    EXPECT_TRUE(absl::StrContains(html, "height=\"1em\""));
  }
}

TEST(ChoicesLinkTest, OtherWordsAreRefused) {
  const LawBook law = LawBook::BuiltIn().value();

  const auto status = ChoicesLinkHtml(law, "Privacy", "/choices").status();

  EXPECT_EQ(status.message(),
            "title: want `Your Privacy Choices` or `Your California Privacy "
            "Choices` (11 CCR 7015(b), (c)), got other words");
}

TEST(ChoicesLinkTest, AnAddressThatRunsSomethingOrEndsTheAttributeIsRefused) {
  const LawBook law = LawBook::BuiltIn().value();

  for (const char* url : {"", "javascript:alert(1)", "http://x.example", "//x",
                          "/a\" onclick=\"x", "/a b", "data:text/html,x"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(ChoicesLinkHtml(law, kTitle, url).status()))
        << url;
  }
}

// Covers: ca-ccpa/signal-status
TEST(SignalStatusTest, TheSiteSaysWhetherItTookTheSignalForAnOptOut) {
  EXPECT_TRUE(absl::StrContains(SignalStatusHtml(SignalStatus::kHonored),
                                "Opt-Out Request Honored"));
  EXPECT_TRUE(absl::StrContains(SignalStatusHtml(SignalStatus::kNotProcessed),
                                "Opt-Out Request Not Processed"));
  EXPECT_FALSE(absl::StrContains(SignalStatusHtml(SignalStatus::kNotSent),
                                 "Opt-Out Request"));
}

}  // namespace
}  // namespace subrosa
