#include "src/crypto/plain_blake2b.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

// As coreutils' b2sum and Python's hashlib have them.
TEST(PlainBlake2bTest, TheDigestsAreThoseOfOtherPrograms) {
  EXPECT_EQ(absl::BytesToHexString(PlainBlake2b(64, "", {"ab", "c"})),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  EXPECT_EQ(absl::BytesToHexString(PlainBlake2b(32, "", {"abc"})),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(absl::BytesToHexString(PlainBlake2b(32, "key", {"abc"})),
            "0330531d097355a3f72e80d55c1245ccf79f1704431c6e3887938320442c23c0");
}

TEST(PlainBlake2bTest, AnotherSizeOrKeyGivesAnUnrelatedDigest) {
  const std::string digest = PlainBlake2b(32, "", {"abc"});

  EXPECT_EQ(digest.size(), 32u);
  EXPECT_NE(PlainBlake2b(64, "", {"abc"}).substr(0, 32), digest);
  EXPECT_NE(PlainBlake2b(32, "key", {"abc"}), digest);
}

}  // namespace
}  // namespace subrosa
