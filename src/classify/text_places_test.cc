// Places found by masks are those that the regular expressions beside them
// meet: RE2 reads the same expressions and is asked the same.
#include "src/classify/text_places.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "src/classify/byte_pattern.h"
#include "src/classify/byte_ranges.h"
#include "src/classify/pattern_index.h"
#include "src/classify/shape_masks.h"
#include "src/classify/text_shapes.h"
#include "src/classify/text_window.h"
#include "src/classify/word_filter.h"

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
             IndexOf(numbers, BytePattern::Direction::kBackwards),
             PlaceVectors::Fastest(), false, &places);
  return places;
}

TEST(TextPlacesTest, ShapesAreFoundAtEveryOffset) {
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
                {"7.609 -122.333", MaskShape::kDecimal},
                {" 3/15 ", MaskShape::kShortDate},
                {" WA 98101", MaskShape::kStateZip},
                {"\n12 O", MaskShape::kNumberedLine},
                {"\xc3\xa9@\xe4", MaskShape::kAtSign},
                {"o%40e", MaskShape::kEncodedAtSign}};
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

TEST(TextPlacesTest, NoShapeIsFoundWhereItsExpressionMeetsNothing) {
  std::mt19937 random(7);
  constexpr absl::string_view kBytes = "0149AFZafgz -./:()+\n>@_,%\x80";
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

TEST(TextPlacesTest, AWordBeginsAfterWhatIsNoLetterAndAtACapital) {
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

TEST(TextPlacesTest, ADigitBesideAWordIsSeenUpTo64BytesAway) {
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

// Texts of what shapes and words are made of, and any bytes.
std::string RandomText(size_t size, std::mt19937* random) {
  constexpr absl::string_view kPieces[] = {
      "call ", "SSN", "may 5", "patientId", "1.234", "12:34", "9", " ",
      "\n",    "@",   "a",     "-",         "Z",     "\xc3",  "(", "home at "};
  std::string text;
  while (text.size() < size) {
    if ((*random)() % 4 == 0) {
      text += static_cast<char>((*random)());
    } else {
      text += std::string(kPieces[(*random)() % std::size(kPieces)]);
    }
  }
  text.resize(size);
  return text;
}

std::vector<PlacedPattern> PatternsOf(const std::vector<TextShape>& shapes) {
  std::vector<PlacedPattern> patterns;
  for (const TextShape& shape : shapes) patterns.push_back(shape.pattern);
  return patterns;
}

TEST(TextPlacesTest, EveryProcessorFindsTheSamePlaces) {
  const PatternIndex words =
      IndexOf(PatternsOf(WordShapes()), BytePattern::Direction::kForwards);
  const PatternIndex numbers =
      IndexOf(PatternsOf(NumberShapes()), BytePattern::Direction::kBackwards);
  const auto ranges = RangeMasksFunctions();
  const auto filters = WordFilter::Functions();
  const auto shapes = ShapeVectors::All();
  std::mt19937 random(8);
  for (int round = 0; round < 300; ++round) {
    const std::string text = RandomText(random() % 1500, &random);
    const size_t from = random() % (text.size() + 1);
    const size_t to = from + random() % (text.size() - from + 1);
    const auto found_by = [&](const PlaceVectors& vectors) {
      TextPlaces places;
      FindPlaces(text, from, to, words, numbers, vectors, false, &places);
      std::string all;
      for (const MaskHit& hit : places.shapes) {
        absl::StrAppend(&all, hit.end, "s", static_cast<int>(hit.shape), " ");
      }
      // Of words those that meet a pattern: some filters pass over more of the
      // others.
      for (const WordPlace& place : places.words) {
        words.Meet(
            text, place.offset, place.digits, [&](size_t pattern, size_t end) {
              absl::StrAppend(&all, place.offset, "w", pattern, "-", end, " ");
            });
      }
      for (const WordPlace& place : places.spaces) {
        absl::StrAppend(&all, place.offset, "n ");
      }
      return all;
    };
    const std::string plain =
        found_by({ranges.back(), filters.back(), shapes.back()});

    for (const RangeMasksFunction masks : ranges) {
      EXPECT_EQ(found_by({masks, filters.back(), shapes.back()}), plain);
    }
    for (const WordFilter::Function filter : filters) {
      EXPECT_EQ(found_by({ranges.back(), filter, shapes.back()}), plain);
    }
    for (const ShapeVectors& vectors : shapes) {
      EXPECT_EQ(found_by({ranges.back(), filters.back(), vectors}), plain);
    }
    EXPECT_EQ(found_by(PlaceVectors::Fastest()), plain);
  }
}

// Looks at byte after byte.
TEST(TextPlacesTest, WordsAreThoseThatASimpleSearchFinds) {
  const PatternIndex index =
      IndexOf(PatternsOf(WordShapes()), BytePattern::Direction::kForwards);
  const PatternIndex none = IndexOf({}, BytePattern::Direction::kBackwards);
  std::mt19937 random(12);
  for (int round = 0; round < 100; ++round) {
    const std::string text = RandomText(random() % 1500, &random);
    const size_t from = random() % (text.size() + 1);
    const size_t to = from + random() % (text.size() - from + 1);
    std::vector<std::pair<size_t, int>> want;
    for (size_t i = from; i < to; ++i) {
      const char before = i > 0 ? text[i - 1] : '\n';
      if (!IsLetter(text[i]) ||
          (IsLetter(before) && !(IsUpper(text[i]) && IsLower(before)))) {
        continue;
      }
      const auto has_digit = [&](size_t begin, size_t end) {
        end = std::min(end, text.size());
        return std::any_of(text.begin() + begin, text.begin() + end, IsDigit);
      };
      const int digits = (has_digit(i, i + 64) ? 1 : 0) |
                         (has_digit(i - std::min<size_t>(i, 64), i) ? 2 : 0);
      if (index.MayMeet(text, i)) want.emplace_back(i, digits);
    }
    TextPlaces places;
    FindPlaces(text, from, to, index, none, PlaceVectors::Fastest(), false,
               &places);
    // The filter may know better than MayMeet that no pattern is met.
    const auto meets = [&](size_t offset, int digits) {
      bool any = false;
      index.Meet(text, offset, static_cast<DigitNeed>(digits),
                 [&](size_t, size_t) { any = true; });
      return any;
    };
    std::vector<std::pair<size_t, int>> met;
    for (const WordPlace& place : places.words) {
      const int digits = static_cast<int>(place.digits);
      EXPECT_NE(std::find(want.begin(), want.end(),
                          std::make_pair(size_t{place.offset}, digits)),
                want.end());
      if (meets(place.offset, digits)) met.emplace_back(place.offset, digits);
    }
    want.erase(std::remove_if(want.begin(), want.end(),
                              [&](const std::pair<size_t, int>& place) {
                                return !meets(place.first, place.second);
                              }),
               want.end());
    EXPECT_EQ(met, want) << text << " from " << from << " to " << to;
  }
}

TEST(TextPlacesTest, ADecimalAloneIsNoPlace) {
  const auto decimals = [](absl::string_view text) {
    const TextPlaces places = PlacesIn(text);
    return std::count_if(
        places.shapes.begin(), places.shapes.end(),
        [](const MaskHit& hit) { return hit.shape == MaskShape::kDecimal; });
  };
  const std::string far(70, '_');

  EXPECT_EQ(decimals(absl::StrCat(far, "7.609", far, "7.609")), 0);
  EXPECT_EQ(decimals(absl::StrCat(far, "7.609, -122.333")), 1);
  // An address of a network has no decimals.
  EXPECT_EQ(decimals(absl::StrCat(far, "7.609 198.51.100.7")), 0);
}

TEST(TextPlacesTest, ATimeThatBeginsALineIsAPlaceOnlyForWhoAsks) {
  const PatternIndex none = IndexOf({}, BytePattern::Direction::kForwards);
  const PatternIndex no_numbers =
      IndexOf({}, BytePattern::Direction::kBackwards);
  const auto places_in = [&](absl::string_view text, bool all_shapes) {
    TextPlaces places;
    FindPlaces(text, 0, text.size(), none, no_numbers, PlaceVectors::Fastest(),
               all_shapes, &places);
    return places.shapes.size();
  };

  EXPECT_EQ(places_in("\n2026-03-04T09:30:00Z", false), 0U);
  EXPECT_EQ(places_in("\n2026-03-04T09:30:00Z", true), 1U);
  for (const char* other :
       {"2026-03-04T09:30:00Z", "\n2026-03-04 09:30:00Z",
        "\n2026-13-04T09:30:00Z", "\n2026-03-04T09:30", " 2026-03-04T09:30:00Z",
        "\n1026-03-04T09:30:00Z"}) {
    EXPECT_GT(places_in(other, false), 0U) << other;
    EXPECT_EQ(places_in(other, false), places_in(other, true)) << other;
  }
}

}  // namespace
}  // namespace subrosa
