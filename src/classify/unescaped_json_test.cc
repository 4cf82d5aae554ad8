#include "src/classify/unescaped_json.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string Unescaped(absl::string_view raw) {
  UnescapedJson text;
  text.Unescape(raw, 0);
  return std::string(text.text());
}

TEST(UnescapedJsonTest, EscapesAreReadAsWhatTheyStandFor) {
  EXPECT_EQ(Unescaped("as it stands"), "as it stands");
  EXPECT_EQ(Unescaped(R"(a\"b\\c\/d)"), "a\"b\\c/d");
  EXPECT_EQ(Unescaped(R"(a\nb\tc\rd)"), "a\nb c d");
  EXPECT_EQ(Unescaped(R"(\u0041\u00e9\u2019)"), "Aé’");
}

TEST(UnescapedJsonTest, WhatIsNoEscapeIsSafe) {
  EXPECT_EQ(Unescaped(R"(\)"), "\\");
  EXPECT_EQ(Unescaped(R"(\x)"), "x");
  EXPECT_EQ(Unescaped(R"(\u12)"), "u12");
  EXPECT_EQ(Unescaped(R"(\uzzzz)"), "uzzzz");
  EXPECT_EQ(Unescaped(R"(\ud83d\ude00)"), "\uFFFD\uFFFD");
}

TEST(UnescapedJsonTest, EachByteIsKnownByItsPlace) {
  UnescapedJson text;
  text.Unescape(R"(I don\u0027t)", 10);
  EXPECT_FALSE(text.is_plain());
  EXPECT_EQ(text.PlaceOf(0), 10u);
  EXPECT_EQ(text.PlaceOf(5), 15u);  // The raised comma.
  EXPECT_EQ(text.PlaceOf(6), 21u);
  EXPECT_EQ(text.PlaceOf(7), 22u);

  text.Unescape("next", 3);
  EXPECT_TRUE(text.is_plain());
  EXPECT_EQ(text.PlaceOf(2), 5u);
  EXPECT_EQ(text.PlaceOf(4), 7u);

  text.SetPlain("whole");
  EXPECT_EQ(text.PlaceOf(2), 2u);
}

}  // namespace
}  // namespace subrosa
