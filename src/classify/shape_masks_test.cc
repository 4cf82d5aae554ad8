// That shapes are those of their expressions, text_places_test says.
#include "src/classify/shape_masks.h"

#include <cstring>
#include <iterator>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "src/classify/word_filter.h"

namespace subrosa {
namespace {

TEST(ShapeMasksTest, EveryProcessorComesToTheSame) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 2000; ++round) {
    ShapeClassMasks classes;
    DigitMasks digits;
    // Many bits, so that shapes of many conditions are met too.
    for (auto& words : classes) {
      for (uint64_t& word : words) word = random() | random() | random();
    }
    for (uint64_t& word : digits) {
      word = round % 3 == 0 ? 0 : random() & random() & random();
    }
    const std::vector<ShapeVectors> all = ShapeVectors::All();
    ShapeEnds want;
    all.back().ends(classes, &want);
    WordBegins want_begins = {};
    all.back().word_begins(classes, digits, true, &want_begins);
    for (const ShapeVectors& vectors : all) {
      ShapeEnds ends;
      vectors.ends(classes, &ends);
      WordBegins begins = {};
      vectors.word_begins(classes, digits, true, &begins);

      for (size_t word = 0; word < kShapeWords; ++word) {
        uint64_t met = 0;
        for (size_t shape = 1; shape < std::size(want.shapes); ++shape) {
          EXPECT_EQ(ends.shapes[shape][word], want.shapes[shape][word]);
          met |= static_cast<uint64_t>(ends.shapes[shape][word] != 0) << shape;
        }
        EXPECT_EQ(ends.met[word], met);
        EXPECT_EQ(ends.numbers_after_words[word],
                  want.numbers_after_words[word]);
      }
      EXPECT_EQ(std::memcmp(&begins, &want_begins, sizeof(begins)), 0);
    }
  }
}

TEST(ShapeMasksTest, WithoutDigitsNoneIsBesideAWord) {
  for (const ShapeVectors& vectors : ShapeVectors::All()) {
    ShapeClassMasks classes = {};
    classes[ShapeClass::kLower][3] = 0xf0;
    WordBegins begins = {};
    vectors.word_begins(classes, DigitMasks{}, false, &begins);

    EXPECT_EQ(begins.begins[3], 0x10U);
    for (size_t word = 0; word < kShapeWords; ++word) {
      EXPECT_EQ(begins.after[word] | begins.before[word], 0U);
    }
  }
}

}  // namespace
}  // namespace subrosa
