#include "src/classify/word_filter.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/byte_ranges.h"

namespace subrosa {
namespace {

constexpr uint64_t kEverySecond = 0x5555555555555555;
constexpr size_t kBytesAfter = WordOpening::kBytes - 1;

// What begins with `text`, whatever follows.
WordOpening OpeningOf(absl::string_view text, DigitNeed digit) {
  WordOpening opening;
  opening.digit = digit;
  for (size_t i = 0; i < opening.bytes.size(); ++i) {
    if (i < text.size()) {
      opening.bytes[i].set(static_cast<unsigned char>(text[i]));
    } else {
      opening.bytes[i].set();
    }
  }
  return opening;
}

// The offsets that `function` lets through in `text`, which is filled up to
// 64 bytes, with these begins, and digits beside all bytes or beside none.
std::vector<uint16_t> LetThrough(WordFilter::Function function,
                                 const WordFilter& filter,
                                 const std::string& text, uint64_t begins,
                                 uint64_t after, uint64_t before) {
  char bytes[64 + kBytesAfter] = {};
  std::memcpy(bytes, text.data(), std::min(text.size(), sizeof(bytes)));
  uint16_t offsets[64 + WordFilter::kMoreOffsets];
  const size_t count = function(filter, {bytes}, {{begins}, {after}, {before}},
                                (after | before) != 0, offsets);
  return {offsets, offsets + count};
}

TEST(WordFilterTest, NoOpeningIsLeftOutOnAnyProcessor) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    // Openings of few letters, so that texts have them often.
    std::vector<WordOpening> openings(1 + random() % 60);
    for (WordOpening& opening : openings) {
      opening.digit = static_cast<DigitNeed>(random() % 4);
      for (auto& bytes : opening.bytes) {
        if (random() % 3 == 0) bytes.set();
        bytes.set('a' + random() % 4).set(random() % 256);
      }
    }
    const WordFilter filter(openings);
    std::string text;
    while (text.size() < 64 + kBytesAfter) {
      text +=
          static_cast<char>(random() % 8 == 0 ? random() : 'a' + random() % 4);
    }
    const uint64_t begins = kEverySecond << random() % 2;
    const uint64_t after = std::uniform_int_distribution<uint64_t>()(random);
    const uint64_t before = std::uniform_int_distribution<uint64_t>()(random);
    for (const WordFilter::Function function : WordFilter::Functions()) {
      const std::vector<uint16_t> found =
          LetThrough(function, filter, text, begins, after, before);

      EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
      for (const uint16_t at : found) EXPECT_NE(begins >> at & 1, 0U);
      for (uint16_t at = 0; at < 64; ++at) {
        if ((begins >> at & 1) == 0) continue;
        const bool has_digit[] = {true, (after >> at & 1) != 0,
                                  (before >> at & 1) != 0,
                                  ((after | before) >> at & 1) != 0};
        const bool begins_one = std::any_of(
            openings.begin(), openings.end(), [&](const WordOpening& opening) {
              for (size_t i = 0; i < opening.bytes.size(); ++i) {
                const auto byte = static_cast<unsigned char>(text[at + i]);
                if (!opening.bytes[i][byte]) return false;
              }
              return has_digit[static_cast<int>(opening.digit)];
            });
        EXPECT_TRUE(!begins_one ||
                    std::binary_search(found.begin(), found.end(), at));
      }
    }
  }
}

TEST(WordFilterTest, OtherWordsArePassedOverByVectors) {
  const WordFilter filter({OpeningOf("account", DigitNeed::kNone),
                           OpeningOf("tel", DigitNeed::kAfter),
                           OpeningOf("yo", DigitNeed::kBefore)});
  const std::string text = "account zebra.. tel.... yo...... quick..";
  const uint64_t begins = 1 | 1 << 8 | 1 << 16 | 1 << 24 | uint64_t{1} << 33;
  std::vector<WordFilter::Function> functions = WordFilter::Functions();
  functions.pop_back();  // It lets everything through.
  for (const WordFilter::Function function : functions) {
    const auto found = [&](uint64_t after, uint64_t before) {
      return LetThrough(function, filter, text, begins, after, before);
    };

    EXPECT_EQ(found(0, 0), (std::vector<uint16_t>{0}));
    EXPECT_EQ(found(~uint64_t{0}, 0), (std::vector<uint16_t>{0, 16}));
    EXPECT_EQ(found(0, ~uint64_t{0}), (std::vector<uint16_t>{0, 24}));
  }
}

TEST(WordFilterTest, WordsThatOverlapAreCountedFromTheFirstByte) {
  const WordFilter filter({OpeningOf("account", DigitNeed::kNone)});
  std::string text(200, '.');
  text.replace(100, 7, "account");
  for (const WordFilter::Function function : WordFilter::Functions()) {
    uint16_t offsets[3 * 64 + WordFilter::kMoreOffsets];
    // The words begin at 0, 48 and 96.
    const WordBegins begins = {{0, 0, 1 << 4}, {}, {}};

    EXPECT_EQ(function(filter, {text.data(), 3, 48}, begins, false, offsets),
              1U);
    EXPECT_EQ(offsets[0], 100);
  }
}

TEST(WordFilterTest, WithoutOpeningsVectorsLetNothingThrough) {
  std::vector<WordFilter::Function> functions = WordFilter::Functions();
  functions.pop_back();
  for (const WordFilter::Function function : functions) {
    EXPECT_TRUE(LetThrough(function, WordFilter(), "account", kEverySecond,
                           ~uint64_t{0}, ~uint64_t{0})
                    .empty());
  }
}

}  // namespace
}  // namespace subrosa
