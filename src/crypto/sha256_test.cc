#include "src/crypto/sha256.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string HexDigest(absl::string_view bytes) {
  const auto digest = Sha256().Digest({bytes});
  return absl::BytesToHexString(std::string(digest.begin(), digest.end()));
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
  const auto first = sha256.Digest({"abc"});
  sha256.Digest({"other"});

  EXPECT_EQ(first, sha256.Digest({"abc"}));
}

TEST(Sha256Test, WhatComesBitByBitIsDigestedAsOne) {
  Sha256 sha256;
  sha256.Begin();
  sha256.Add("a");
  sha256.Add("");
  sha256.Add("bc");

  EXPECT_EQ(Sha256().Digest({"abc"}), sha256.Finish());
}

TEST(Sha256Test, PartsAreDigestedAsOne) {
  EXPECT_EQ(Sha256().Digest({"a", "", "bc"}), Sha256().Digest({"abc"}));
}

}  // namespace
}  // namespace subrosa
