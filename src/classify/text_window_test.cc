#include "src/classify/text_window.h"

#include <iterator>
#include <random>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr WordList kWords("call|tel|c/|telephone number|x");

bool Before(absl::string_view text, size_t reach) {
  const TextWindow window{text, 0, nullptr};
  return window.HasWordBefore(text.size(), reach, kWords);
}

bool After(absl::string_view text, size_t reach) {
  const TextWindow window{text, 0, nullptr};
  return window.HasWordAfter(0, reach, kWords);
}

TEST(TextWindowTest, AWordIsSeenWithinReachOnItsLine) {
  EXPECT_TRUE(Before("call me at ", 40));
  EXPECT_TRUE(Before("CALL me at ", 40));
  EXPECT_TRUE(Before("my Telephone Number is ", 40));
  EXPECT_TRUE(Before("call me at ", 11));
  EXPECT_TRUE(After(" call", 5));
  EXPECT_TRUE(Before("the x", 40));
  EXPECT_TRUE(Before("seen c/", 40));
  EXPECT_TRUE(Before(std::string("call") + std::string(100, '.'), 104));

  EXPECT_FALSE(Before("call me at ", 10));
  EXPECT_FALSE(Before("call\nme at ", 40));
  EXPECT_FALSE(Before("", 40));
  EXPECT_FALSE(After(" call", 4));
  EXPECT_FALSE(After(".\ncall", 40));
  EXPECT_FALSE(Before(std::string("call") + std::string(100, '.'), 103));
}

TEST(TextWindowTest, APartOfALongerWordIsNone) {
  EXPECT_FALSE(Before("recall ", 40));
  EXPECT_FALSE(Before("calling ", 40));
  EXPECT_FALSE(Before("\xc3\xa9tel ", 40));
  EXPECT_FALSE(Before("telephone ", 40));
}

// The words are looked up by vectors; this looks byte for byte.
TEST(TextWindowTest, WordsAreFoundWhereASimpleSearchFindsThem) {
  std::mt19937 random(4);
  constexpr absl::string_view kPieces[] = {
      "call", "tel", "c/", "telephone number", "x", " ", ".", "\n",
      "a",    "Tel", "-",  "\xc3\xa9"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (size_t i = random() % 40; i > 0; --i) {
      text += std::string(kPieces[random() % std::size(kPieces)]);
    }
    const TextWindow window{text, 0, nullptr};
    const size_t place = random() % (text.size() + 1);
    const size_t reach = 1 + random() % 63;
    const auto stands_at = [&](size_t i, size_t to) {
      for (absl::string_view word :
           {"call", "tel", "c/", "telephone number", "x"}) {
        if (i + word.size() <= to && window.HasAt(i, word) &&
            !IsLetter(window.Before(i)) &&
            !IsAsciiLetter(window.At(i + word.size()))) {
          return true;
        }
      }
      return false;
    };
    bool before = false;
    for (size_t i = place; i-- > 0 && place - i <= reach && text[i] != '\n';) {
      before |= stands_at(i, place);
    }
    bool after = false;
    size_t to = place;
    while (to < text.size() && to - place < reach && text[to] != '\n') ++to;
    for (size_t i = place; i < to; ++i) after |= stands_at(i, to);

    EXPECT_EQ(window.HasWordBefore(place, reach, kWords), before)
        << text << " before " << place << " within " << reach;
    EXPECT_EQ(window.HasWordAfter(place, reach, kWords), after)
        << text << " after " << place << " within " << reach;
  }
}

}  // namespace
}  // namespace subrosa
