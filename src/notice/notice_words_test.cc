#include "src/notice/notice_words.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

constexpr absl::string_view kGood = R"(title: "Privacy of health data"
locale: "en-US"
version: "3"
effective_on: "2026-12-01"
section { item: "wa-mhmda/policy#rights" heading: "Rights" paragraph: "Ask." }
source { id: "ios-app" text: "you" }
)";

std::string Said(absl::string_view text) {
  static const LawBook* const law = new LawBook(LawBook::BuiltIn().value());
  const auto words =
      ParseNoticeWords("words", text, *law->Find("wa-mhmda/policy"));
  return words.ok() ? "taken" : std::string(words.status().message());
}

std::string With(absl::string_view old, absl::string_view in_place) {
  return absl::StrReplaceAll(kGood, {{old, in_place}});
}

TEST(NoticeWordsTest, GoodWordsAreTaken) { EXPECT_EQ(Said(kGood), "taken"); }

TEST(NoticeWordsTest, APageOfItsOwnHoldsNothingThatItsRuleDoesNotList) {
  EXPECT_EQ(Said(With("wa-mhmda/policy#rights", "ca-ccpa/policy#e-2")),
            "words:5: item: want one that wa-mhmda/policy lists, got "
            "`ca-ccpa/policy#e-2`");
  EXPECT_EQ(Said(With("#rights", "#offers")),
            "words:5: item: want one that wa-mhmda/policy lists, got "
            "`wa-mhmda/policy#offers`");
}

TEST(NoticeWordsTest, ANoticeHasItsTitleLocaleVersionAndDay) {
  for (const char* line :
       {"title: \"Privacy of health data\"\n", "locale: \"en-US\"\n",
        "version: \"3\"\n", "effective_on: \"2026-12-01\"\n"}) {
    EXPECT_EQ(Said(With(line, "")).substr(0, 8), "words:1:") << line;
  }
  EXPECT_NE(Said(With("2026-12-01", "2026-13-01")), "taken");
}

TEST(NoticeWordsTest, WhatIsSaidTwiceIsRefused) {
  EXPECT_EQ(
      Said(absl::StrCat(kGood, "source { id: 'ios-app' text: 'your phone' }")),
      "words:7: id: want one that no other source has, got one twice");
  EXPECT_EQ(Said(absl::StrCat(kGood,
                              "section { item: 'wa-mhmda/policy#rights'"
                              " heading: 'More' }")),
            "words:7: item: want one that no other section has, got one "
            "twice");
}

TEST(NoticeWordsTest, TextIsOneLineAndNotWithoutEnd) {
  EXPECT_NE(Said(With("Ask.", "Ask\\nus.")), "taken");
  EXPECT_NE(Said(With("Ask.", "Ask \\377.")), "taken");
  EXPECT_NE(Said(With("Ask.", std::string(kMaxNoticeTextBytes + 1, 'a'))),
            "taken");
  EXPECT_NE(Said(With("heading: \"Rights\"", "")), "taken");
  EXPECT_NE(Said(With("text: \"you\"", "")), "taken");
}

TEST(NoticeWordsTest, AFieldThatNobodyKnowsIsRefused) {
  EXPECT_NE(Said(absl::StrCat(kGood, "colour: 'red'")), "taken");
}

}  // namespace
}  // namespace subrosa
