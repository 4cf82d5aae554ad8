#include "src/classify/byte_pattern.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using Direction = BytePattern::Direction;

std::string MetBy(absl::string_view pattern, absl::string_view text,
                  bool caseless = false) {
  const auto made =
      std::move(BytePattern::Create(pattern, caseless, Direction::kForwards))
          .value();
  size_t end;
  return made.Meets(text, 0, &end) ? std::string(text.substr(0, end)) : "no";
}

TEST(BytePatternTest, APatternMeetsWhatItsSyntaxSays) {
  EXPECT_EQ(MetBy("ab?c", "ac"), "ac");
  EXPECT_EQ(MetBy("(?:st|street)[^a-z]", "street "), "street ");
  EXPECT_EQ(MetBy("[0-9]{2,3}x", "123x"), "123x");
  EXPECT_EQ(MetBy("a\\.b", "a.b"), "a.b");
  EXPECT_EQ(MetBy("mRn", "MrN", true), "MrN");
  EXPECT_EQ(MetBy("[a-c]{3}", "aBc", true), "aBc");
}

TEST(BytePatternTest, APatternMeetsNothingElse) {
  EXPECT_EQ(MetBy("ab?c", "abbc"), "no");
  EXPECT_EQ(MetBy("(?:st|street)[^a-z]", "streets"), "no");
  EXPECT_EQ(MetBy("[0-9]{2,3}x", "1x"), "no");
  EXPECT_EQ(MetBy("a\\.b", "axb"), "no");
  EXPECT_EQ(MetBy("mrn", "MRN"), "no");
  EXPECT_EQ(MetBy("abc", "ab"), "no");
}

TEST(BytePatternTest, BackwardsAPatternMeetsWhatEndsAtThePlace) {
  const auto pattern = std::move(BytePattern::Create("[0-9](?:st|nd)? ", false,
                                                     Direction::kBackwards))
                           .value();
  size_t begin = 0;

  EXPECT_TRUE(pattern.Meets("on 2nd May", 7, &begin));
  EXPECT_EQ(begin, 3u);
  EXPECT_FALSE(pattern.Meets("on 2rd May", 7, &begin));
  EXPECT_FALSE(pattern.Meets(" May", 1, &begin));
}

TEST(BytePatternTest, WhatIsNotInTheSyntaxIsRefused) {
  for (const char* pattern : {"a*", "a+", "(a)", "a|b)", "[ab", "(?:a", "a{2",
                              "a{3,2}", "a{100}", "^a", "a$", ".", "\\", "?"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        BytePattern::Create(pattern, false, Direction::kForwards).status()))
        << pattern;
  }
}

}  // namespace
}  // namespace subrosa
