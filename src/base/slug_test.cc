#include "src/base/slug.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(SlugTest, LowerCaseLettersDigitsAndHyphensMakeASlug) {
  for (const char* slug : {"a", "ios-app", "7", "-"}) {
    EXPECT_TRUE(CheckSlug("source", slug).ok()) << slug;
  }
  EXPECT_TRUE(CheckSlug("source", std::string(64, 'a')).ok());
}

TEST(SlugTest, TheLengthIsBounded) {
  EXPECT_EQ(CheckSlug("source", "").message(),
            "source: want 1 to 64 bytes, got 0");
  EXPECT_EQ(CheckSlug("source", std::string(65, 'a')).message(),
            "source: want 1 to 64 bytes, got 65");
}

TEST(SlugTest, AnotherByteIsPlacedAndNotRepeated) {
  EXPECT_EQ(CheckSlug("purpose", "Canary").message(),
            "purpose: want only a-z, 0-9 and -, got another byte at 0");
  for (const char* no : {"a b", "a_b", "a.b", "\xc3\xa9", "a\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckSlug("purpose", no))) << no;
  }
}

}  // namespace
}  // namespace subrosa
