#include "src/audit/text_line.h"

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(TextLineTest, ANumberIsReadFromItsDecimal) {
  EXPECT_EQ(ReadDecimal("0"), uint64_t{0});
  EXPECT_EQ(ReadDecimal("20852163"), uint64_t{20852163});
  EXPECT_EQ(ReadDecimal("18446744073709551615"), ~uint64_t{0});
}

TEST(TextLineTest, ANumberWrittenAnyOtherWayIsNone) {
  for (const char* text :
       {"", " ", "00", "01", "+1", "-1", "-0", " 1", "1 ", "1\r", "0x1", "1e3",
        "1.0", "one", "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_FALSE(ReadDecimal(text).has_value()) << '"' << text << '"';
  }
  EXPECT_FALSE(ReadDecimal(absl::string_view("1\0", 2)).has_value());
}

TEST(TextLineTest, AHashIsReadAsItIsWritten) {
  const std::string text = WriteHash(EmptyRoot());

  EXPECT_EQ(text, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(ReadHash(text), EmptyRoot());
}

TEST(TextLineTest, AHashOfAnotherLengthOrSpellingIsNone) {
  for (const char* text :
       {"", "=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ",
        " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}) {
    EXPECT_FALSE(ReadHash(text).has_value()) << '"' << text << '"';
  }
}

TEST(TextLineTest, LinesAreTakenOffOneByOne) {
  absl::string_view text = "first\n\nthird\nno line";

  EXPECT_EQ(TakeLine(&text), absl::string_view("first"));
  EXPECT_EQ(TakeLine(&text), absl::string_view(""));
  EXPECT_EQ(TakeLine(&text), absl::string_view("third"));
  EXPECT_FALSE(TakeLine(&text).has_value());
  EXPECT_EQ(text, "no line");
}

}  // namespace
}  // namespace subrosa
