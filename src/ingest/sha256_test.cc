#include "src/ingest/sha256.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string HexDigest(absl::string_view bytes) {
  Sha256 sha256;
  std::string digest;
  sha256.Digest(bytes, &digest);
  return absl::BytesToHexString(digest);
}

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256Test, TheStandardsVectorsComeOut) {
  EXPECT_EQ(HexDigest(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexDigest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      HexDigest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256Test, OneDigestLeavesNothingToTheNext) {
  Sha256 sha256;
  std::string first, second;
  sha256.Digest("abc", &first);
  sha256.Digest("other", &second);
  sha256.Digest("abc", &second);

  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace subrosa
