#include "src/crypto/age_bech32.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

// The key 00 01 02 ... 1f, as a second implementation encodes it.
constexpr char kIdentity[] =
    "AGE-SECRET-KEY-"
    "1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG";

std::string Counting(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i);
  return bytes;
}

TEST(AgeBech32Test, AKeyOfASecondImplementationIsReadAndWrittenAlike) {
  EXPECT_EQ(DecodeBech32("age-secret-key-", kIdentity).value(), Counting(32));
  EXPECT_EQ(
      absl::AsciiStrToUpper(EncodeBech32("age-secret-key-", Counting(32))),
      kIdentity);
}

TEST(AgeBech32Test, EveryLengthComesBackWhole) {
  for (size_t size = 0; size < 100; ++size) {
    const std::string text = EncodeBech32("age", Counting(size));
    EXPECT_EQ(DecodeBech32("age", text).value(), Counting(size));
  }
}

TEST(AgeBech32Test, OneWrongCharacterAnywhereIsNoticed) {
  const std::string text = EncodeBech32("age", Counting(32));
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'q', 'p', 'z', '1', 'b', ' ', '\x80'}) {
      std::string changed = text;
      if (changed[at] == c) continue;
      changed[at] = c;
      EXPECT_TRUE(
          absl::IsInvalidArgument(DecodeBech32("age", changed).status()))
          << at;
    }
  }
}

TEST(AgeBech32Test, WhatIsNoKeyIsRefusedWithWhatWasWanted) {
  const std::string good = EncodeBech32("age", Counting(32));
  std::string mixed = good;
  mixed[10] = absl::ascii_toupper(mixed[10]);
  const struct {
    std::string text;
    const char* wanted;
  } kCases[] = {
      {"", "want text that starts with age1"},
      {"age", "want text that starts with age1"},
      {"age1", "want a checksum of 6 characters, got 0"},
      {"age1qqqqq", "want a checksum of 6 characters, got 5"},
      {kIdentity, "want text that starts with age1"},
      {good.substr(0, 40), "want a matching checksum"},
      {good + "q", "want a matching checksum"},
      {" " + good, "want text that starts with age1"},
      {"AGE1" + good.substr(4), "want all upper or all lower case, got both"},
      {std::string(257, 'q'), "want at most 256 characters, got 257"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = DecodeBech32("age", c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_TRUE(absl::StrContains(status.message(), c.wanted)) << status;
  }
}

TEST(AgeBech32Test, AnErrorNeverShowsTheKey) {
  std::string wrong = kIdentity;
  wrong[30] = wrong[30] == 'Q' ? 'P' : 'Q';
  std::string odd = kIdentity;
  odd[30] = '!';

  for (const std::string& text : {wrong, odd}) {
    const absl::Status status = DecodeBech32("age-secret-key-", text).status();
    EXPECT_FALSE(status.ok());
    EXPECT_FALSE(absl::StrContains(status.message(), text.substr(40, 8)));
  }
}

}  // namespace
}  // namespace subrosa
