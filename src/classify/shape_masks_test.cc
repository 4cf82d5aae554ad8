// Places found by masks are those that the regular expressions beside them
// meet: RE2 reads the same expressions and is asked the same.
#include "src/classify/shape_masks.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "src/classify/byte_pattern.h"
#include "src/classify/pattern_index.h"

namespace subrosa {
namespace {

PatternIndex IndexOf(const std::vector<PlacedPattern>& patterns,
                     BytePattern::Direction key) {
  return std::move(PatternIndex::Create(patterns, key)).value();
}

TextPlaces PlacesIn(absl::string_view text,
                    const std::vector<PlacedPattern>& words = {},
                    const std::vector<PlacedPattern>& numbers = {}) {
  TextPlaces places;
  FindPlaces(text, 0, text.size(),
             IndexOf(words, BytePattern::Direction::kForwards),
             IndexOf(numbers, BytePattern::Direction::kBackwards), &places);
  return places;
}

TEST(ShapeMasksTest, ShapesAreFoundAtEveryOffset) {
  const struct {
    const char* text;
    MaskShape shape;
  } kCases[] = {{"a@b", MaskShape::kAtSign},
                {"s://", MaskShape::kScheme},
                {"1-23-4", MaskShape::kNumber},
                {" DE891", MaskShape::kIban},
                {" 1M8GDM9AXKP042788 ", MaskShape::kVin},
                {"1EG4-TE5-MK73", MaskShape::kMedicare},
                {"1EG4TE5MK73", MaskShape::kMedicare},
                {"A 1AA", MaskShape::kPostcodeUk},
                {"K1A 0B6", MaskShape::kPostcodeCa},
                {"1:2:3:4", MaskShape::kIpv6},
                {"00:1b:44:11:3a:b7", MaskShape::kMac},
                {"7.609", MaskShape::kDecimal},
                {" 3/15 ", MaskShape::kShortDate},
                {" WA 98101", MaskShape::kStateZip},
                {"\n12 O", MaskShape::kNumberedLine}};
  for (const auto& c : kCases) {
    for (size_t offset = 0; offset < 100; ++offset) {
      const std::string text =
          absl::StrCat(std::string(offset, '_'), c.text, "____");

      bool is_found = false;
      for (const MaskHit& hit : PlacesIn(text).shapes) {
        is_found |= hit.shape == c.shape &&
                    hit.end == offset + absl::string_view(c.text).size();
      }
      EXPECT_TRUE(is_found) << c.text << " at " << offset;
    }
  }
}

TEST(ShapeMasksTest, NoShapeIsFoundWhereItsExpressionMeetsNothing) {
  std::mt19937 random(7);
  constexpr absl::string_view kBytes = "019AFZafgz -./:()+\n>@_,\x80";
  for (int i = 0; i < 300; ++i) {
    std::string text;
    while (text.size() < 150) text += kBytes[random() % kBytes.size()];
    for (const MaskHit& hit : PlacesIn(text).shapes) {
      re2::RE2::Options options;
      options.set_encoding(re2::RE2::Options::EncodingLatin1);
      const re2::RE2 meets(
          absl::StrCat("(?s).*(?:", MaskPattern(hit.shape), ")"), options);

      EXPECT_TRUE(re2::RE2::FullMatch(text.substr(0, hit.end), meets))
          << MaskPattern(hit.shape) << " at " << hit.end;
    }
  }
}

TEST(ShapeMasksTest, AWordBeginsAfterWhatIsNoLetterAndAtACapital) {
  const auto places_of_id = [](absl::string_view text) {
    std::vector<uint32_t> places;
    for (const WordPlace& place : PlacesIn(text, {{"", "ident", true}}).words) {
      places.push_back(place.offset);
    }
    return places;
  };

  EXPECT_EQ(places_of_id("ident _ident 1ident patientIdent"),
            (std::vector<uint32_t>{0, 7, 14, 27}));
  EXPECT_EQ(places_of_id("patientident \xc3\xa9ident XIdent"),
            std::vector<uint32_t>());
}

TEST(ShapeMasksTest, ADigitBesideAWordIsSeenUpTo64BytesAway) {
  for (size_t distance : {1, 10, 63, 64, 65, 130}) {
    const std::string gap(distance - 1, ' ');
    const auto needs = [](const std::string& text) {
      return PlacesIn(text, {{"", "word", true}}).words.at(0).digits;
    };

    EXPECT_EQ(
        needs(absl::StrCat("word", gap.substr(std::min<size_t>(gap.size(), 4)),
                           distance > 4 ? "7" : "")) == DigitNeed::kAfter,
        distance > 4 && distance <= 64)
        << distance;
    EXPECT_EQ(needs(absl::StrCat("7", gap, " word")) == DigitNeed::kBefore,
              distance + 1 <= 64)
        << distance;
  }
}

}  // namespace
}  // namespace subrosa
