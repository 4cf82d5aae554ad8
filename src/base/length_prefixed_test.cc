#include "src/base/length_prefixed.h"

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(LengthPrefixedTest, EachPartStandsAfterItsLength) {
  EXPECT_EQ(LengthPrefixed({"ab", ""}), std::string("\0\0\0\x02"
                                                    "ab\0\0\0\0",
                                                    10));
}

TEST(LengthPrefixedTest, PartsThatJoinAlikeDoNotEncodeAlike) {
  EXPECT_NE(LengthPrefixed({"ab", "c"}), LengthPrefixed({"a", "bc"}));
  EXPECT_NE(LengthPrefixed({"a", ""}), LengthPrefixed({"a"}));
  EXPECT_NE(LengthPrefixed({}), LengthPrefixed({""}));
}

TEST(LengthPrefixedTest, LengthsAboveAByteAreBigEndian) {
  EXPECT_EQ(LengthPrefixed({std::string(258, 'x')}).substr(0, 4),
            std::string("\0\0\x01\x02", 4));
}

}  // namespace
}  // namespace subrosa
