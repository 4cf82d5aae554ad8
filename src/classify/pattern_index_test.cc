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
  for (const TextLabel& label : TextLabels()) words.emplace_back(label.words);
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
        if (index.MayMeet(text, place)) {
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
