#include "src/classify/pattern_index.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "src/classify/byte_pattern.h"
#include "src/classify/text_shapes.h"

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

TEST(PatternIndexTest, APatternTooShortToLookUpIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      PatternIndex::Create({{"", "ab", true}}, Direction::kForwards).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      PatternIndex::Create({{"ab", "abc", true}}, Direction::kBackwards)
          .status()));
}

TEST(PatternIndexTest, APatternThatNeedsADigitIsPassedOverWithoutOne) {
  const auto index =
      std::move(PatternIndex::Create({{"", "account", true, DigitNeed::kAfter},
                                      {"", "acc", true, DigitNeed::kNone}},
                                     Direction::kForwards))
          .value();
  const auto met = [&](DigitNeed digits) {
    std::string all;
    index.Meet("Account", 0, digits, [&](size_t pattern, size_t end) {
      absl::StrAppend(&all, pattern, "-", end, " ");
    });
    return all;
  };

  EXPECT_EQ(met(DigitNeed::kAfter), "0-7 1-3 ");
  EXPECT_EQ(met(DigitNeed::kEither), "0-7 1-3 ");
  EXPECT_EQ(met(DigitNeed::kBefore), "1-3 ");
  EXPECT_EQ(met(DigitNeed::kNone), "1-3 ");
}

// RE2 reads the same patterns, and meets the same words.
TEST(PatternIndexTest, ThePatternsOfTheScannerMeetWhatRe2Meets) {
  const std::vector<TextShape> shapes = WordShapes();
  std::vector<PlacedPattern> patterns;
  std::vector<std::string> words;
  for (const TextShape& shape : shapes) patterns.push_back(shape.pattern);
  for (const TextLabel& label : TextLabels()) words.push_back(label.words);
  const auto index =
      std::move(PatternIndex::Create(patterns, Direction::kForwards)).value();
  for (const char* word :
       {"May 5",       "4th of mar", "Sunday",  "45 y/o",    "5 yo ",
        "aged 5",      "he was 6",   "apt. #5", "po box 7",  "APO AE 0",
        "Oak street ", "a dr.",      " rue de", "lives at ", "address is: ",
        "it is ",      "www.",       "GA1.2.3", "12-mobile", "3-year-old",
        "1 box 2"}) {
    words.push_back(word);
  }
  std::mt19937 random(5);
  for (size_t p = 0; p < patterns.size(); ++p) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_case_sensitive(!patterns[p].caseless);
    const re2::RE2 before(absl::StrCat("(?s).*(?:", patterns[p].before, ")"),
                          options);
    const re2::RE2 after(patterns[p].after, options);
    ASSERT_TRUE(before.ok() && after.ok());
    for (std::string text : words) {
      if (random() % 3 == 0) text[random() % text.size()] ^= 0x20;
      for (size_t place = 0; place < text.size(); ++place) {
        const re2::StringPiece rest = re2::StringPiece(text).substr(place);
        const bool want = re2::RE2::FullMatch(text.substr(0, place), before) &&
                          after.Match(rest, 0, rest.size(),
                                      re2::RE2::ANCHOR_START, nullptr, 0);
        bool met = false;
        if (index.MayMeet(text, place, true)) {
          index.Meet(text, place, DigitNeed::kEither,
                     [&](size_t pattern, size_t) { met |= pattern == p; });
        }

        EXPECT_EQ(met, want) << p << " in " << text << " at " << place;
      }
    }
  }
}

}  // namespace
}  // namespace subrosa
