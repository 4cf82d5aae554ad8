#include "src/crypto/age_chunk.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

using Direction = AgeChunkCipher::Direction;

SecretBuffer Key(char fill) {
  const std::string bytes(32, fill);
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), 32),
      UnsafeSecretAccess::Get());
}

std::string Sealed(uint64_t index, bool is_final, const std::string& text) {
  AgeChunkCipher cipher = *AgeChunkCipher::Create(Key('k'), Direction::kSeal);
  std::string bytes = text + std::string(kAgeTagBytes, '\0');
  EXPECT_TRUE(cipher.Seal(index, is_final, &bytes[0], text.size()).ok());
  return bytes;
}

// What Python's cryptography 38 gives for the nonces 00...0001 00 and
// 00...0000 01.
TEST(AgeChunkTest, ASecondImplementationSealsToTheSameBytes) {
  EXPECT_EQ(absl::BytesToHexString(Sealed(1, false, "rose")),
            "b3c4257e4fad1e520ffc8bc89f38baa555e3b76a");
  EXPECT_EQ(absl::BytesToHexString(Sealed(0, true, "")),
            "821a94e77a86fc7a23a1b0bf1fb8f9cf");
}

TEST(AgeChunkTest, AChunkOpensOnlyInItsPlaceAndUnderItsKey) {
  std::string sealed = Sealed(7, false, "under the rose");
  const std::string before = sealed;
  AgeChunkCipher cipher = *AgeChunkCipher::Create(Key('k'), Direction::kOpen);
  AgeChunkCipher other = *AgeChunkCipher::Create(Key('x'), Direction::kOpen);

  EXPECT_FALSE(cipher.Open(6, false, &sealed[0], sealed.size()));
  EXPECT_FALSE(
      cipher.Open(7 + (uint64_t{1} << 32), false, &sealed[0], sealed.size()));
  EXPECT_FALSE(cipher.Open(7, true, &sealed[0], sealed.size()));
  EXPECT_FALSE(other.Open(7, false, &sealed[0], sealed.size()));
  EXPECT_FALSE(cipher.Open(7, false, &sealed[0], sealed.size() - 1));
  EXPECT_EQ(sealed, before);
  EXPECT_TRUE(cipher.Open(7, false, &sealed[0], sealed.size()));
  EXPECT_EQ(sealed.substr(0, 14), "under the rose");
}

TEST(AgeChunkTest, AFlippedBitAnywhereClosesTheChunkAndShowsNoPlaintext) {
  std::string sealed = Sealed(0, true, "under the rose");
  AgeChunkCipher cipher = *AgeChunkCipher::Create(Key('k'), Direction::kOpen);
  for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    sealed[bit / 8] ^= 1 << (bit % 8);
    const std::string flipped = sealed;

    EXPECT_FALSE(cipher.Open(0, true, &sealed[0], sealed.size()));

    EXPECT_EQ(sealed, flipped);
    sealed[bit / 8] ^= 1 << (bit % 8);
  }
  EXPECT_TRUE(cipher.Open(0, true, &sealed[0], sealed.size()));
}

TEST(AgeChunkTest, AFullChunkComesBackWhole) {
  const std::string text(kAgeChunkBytes, 'r');
  std::string sealed = Sealed(3, false, text);
  AgeChunkCipher cipher = *AgeChunkCipher::Create(Key('k'), Direction::kOpen);

  ASSERT_EQ(sealed.size(), kAgeSealedChunkBytes);
  ASSERT_TRUE(cipher.Open(3, false, &sealed[0], sealed.size()));
  EXPECT_EQ(sealed.substr(0, kAgeChunkBytes), text);
}

}  // namespace
}  // namespace subrosa
