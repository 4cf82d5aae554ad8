#include "src/crypto/hkdf.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::vector<uint8_t> Hex(const std::string& text) {
  const std::string bytes = absl::HexStringToBytes(text);
  return std::vector<uint8_t>(bytes.begin(), bytes.end());
}

std::string HexOf(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

TEST(HkdfTest, TheFirstExampleOfRfc5869ComesOut) {
  std::vector<uint8_t> out(42);

  ASSERT_TRUE(HkdfSha256(Hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                         absl::HexStringToBytes("000102030405060708090a0b0c"),
                         absl::HexStringToBytes("f0f1f2f3f4f5f6f7f8f9"),
                         absl::MakeSpan(out))
                  .ok());

  EXPECT_EQ(HexOf(out),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
            "34007208d5b887185865");
}

TEST(HkdfTest, AnEmptySaltIsAllowedAsAgeNeedsIt) {
  std::vector<uint8_t> out(42);

  ASSERT_TRUE(HkdfSha256(Hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                         "", "", absl::MakeSpan(out))
                  .ok());

  EXPECT_EQ(HexOf(out),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
            "9d201395faa4b61a96c8");
}

TEST(HkdfTest, TheLongestOutputIsFilledAndOneByteMoreIsRefused) {
  std::vector<uint8_t> longest(kHkdfSha256MaxBytes);
  std::vector<uint8_t> over(kHkdfSha256MaxBytes + 1, 7);

  EXPECT_TRUE(HkdfSha256(Hex("00"), "", "", absl::MakeSpan(longest)).ok());
  const absl::Status status =
      HkdfSha256(Hex("00"), "", "", absl::MakeSpan(over));

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "hkdf.out: want at most 8160 bytes, got 8161");
  EXPECT_EQ(over, std::vector<uint8_t>(kHkdfSha256MaxBytes + 1, 7));
}

TEST(HmacTest, TheSecondExampleOfRfc4231ComesOut) {
  const auto tag = HmacSha256(Hex("4a656665"), "what do ya want for nothing?");

  EXPECT_EQ(HexOf(tag),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(HmacTest, ATagOfAnotherMessageKeyOrLengthIsFalse) {
  const auto tag = HmacSha256(Hex("01"), "rose");
  const std::string text(tag.begin(), tag.end());

  EXPECT_TRUE(IsHmacSha256(Hex("01"), "rose", text));
  EXPECT_FALSE(IsHmacSha256(Hex("01"), "Rose", text));
  EXPECT_FALSE(IsHmacSha256(Hex("02"), "rose", text));
  EXPECT_FALSE(IsHmacSha256(Hex("01"), "rose", text.substr(0, 31)));
  EXPECT_FALSE(IsHmacSha256(Hex("01"), "rose", text + "x"));
  EXPECT_FALSE(IsHmacSha256(Hex("01"), "rose", ""));
}

}  // namespace
}  // namespace subrosa
