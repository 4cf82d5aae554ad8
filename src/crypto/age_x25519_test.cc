#include "src/crypto/age_x25519.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/crypto/age_bech32.h"
#include "src/crypto/age_file_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

// The secret key 00 01 ... 1f, its recipient, and a stanza for it that a second
// implementation wrote (tests/fuzz/age_seeds.py).
constexpr char kIdentity[] =
    "AGE-SECRET-KEY-"
    "1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG";
constexpr char kRecipient[] =
    "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh";

SecretBuffer Secret(absl::string_view text) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      UnsafeSecretAccess::Get());
}

std::string Reveal(const SecretBuffer& secret) {
  const auto bytes = secret.Bytes(UnsafeSecretAccess::Get());
  return std::string(bytes.begin(), bytes.end());
}

TEST(AgeX25519Test, AnIdentityLeadsToItsRecipientAndBackToItsText) {
  const absl::StatusOr<X25519Identity> identity =
      X25519Identity::Parse(Secret(kIdentity));

  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->recipient().ToString(), kRecipient);
  EXPECT_EQ(Reveal(*identity->ToSecretText()), kIdentity);
}

TEST(AgeX25519Test, AFileKeyIsOpenedByItsRecipientAlone) {
  const X25519Identity anna = *X25519Identity::Generate();
  const X25519Identity boris = *X25519Identity::Generate();
  const SecretBuffer file_key = *NewAgeFileKey();

  const AgeStanza stanza = *anna.recipient().Wrap(file_key);

  EXPECT_EQ(Reveal(**anna.Unwrap({stanza})), Reveal(file_key));
  EXPECT_FALSE(boris.Unwrap({stanza})->has_value());
}

TEST(AgeX25519Test, TheRightStanzaIsFoundAmongOthersAndUnknownKinds) {
  const X25519Identity anna = *X25519Identity::Generate();
  const X25519Identity boris = *X25519Identity::Generate();
  const SecretBuffer file_key = *NewAgeFileKey();
  AgeStanza grease;
  grease.arguments = {"grease", "x"};

  const std::vector<AgeStanza> stanzas = {grease,
                                          *boris.recipient().Wrap(file_key),
                                          *anna.recipient().Wrap(file_key)};

  EXPECT_TRUE(anna.Unwrap(stanzas)->has_value());
  EXPECT_FALSE(anna.Unwrap({grease})->has_value());
  EXPECT_FALSE(anna.Unwrap({})->has_value());
}

TEST(AgeX25519Test, TwoFilesForOneRecipientShareNothing) {
  const X25519Identity anna = *X25519Identity::Generate();
  const SecretBuffer file_key = *NewAgeFileKey();

  const AgeStanza first = *anna.recipient().Wrap(file_key);
  const AgeStanza second = *anna.recipient().Wrap(file_key);

  EXPECT_NE(first.arguments[1], second.arguments[1]);
  EXPECT_NE(first.body, second.body);
}

TEST(AgeX25519Test, ABitFlippedAnywhereInABodyClosesIt) {
  const X25519Identity anna = *X25519Identity::Generate();
  AgeStanza stanza = *anna.recipient().Wrap(*NewAgeFileKey());
  for (size_t bit = 0; bit < 8 * stanza.body.size(); ++bit) {
    stanza.body[bit / 8] ^= 1 << (bit % 8);
    EXPECT_FALSE(anna.Unwrap({stanza})->has_value());
    stanza.body[bit / 8] ^= 1 << (bit % 8);
  }
}

TEST(AgeX25519Test, AMalformedStanzaIsRefusedWithWhatWasWanted) {
  const X25519Identity anna = *X25519Identity::Generate();
  const AgeStanza good = *anna.recipient().Wrap(*NewAgeFileKey());
  AgeStanza no_share = good;
  no_share.arguments.pop_back();
  AgeStanza two_shares = good;
  two_shares.arguments.push_back("x");
  AgeStanza short_share = good;
  short_share.arguments[1] = "AAAA";
  AgeStanza padded_share = good;
  padded_share.arguments[1] += "=";
  AgeStanza long_body = good;
  long_body.body += "x";
  AgeStanza zero_share = good;
  zero_share.arguments[1] = std::string(43, 'A');
  const std::pair<AgeStanza, const char*> kCases[] = {
      {no_share, "stanza[0]: want 1 argument after X25519, got 0"},
      {two_shares, "stanza[0]: want 1 argument after X25519, got 2"},
      {short_share, "want a share of 32 bytes in canonical base64"},
      {padded_share, "want a share of 32 bytes in canonical base64"},
      {long_body, "want a body of 32 bytes, got 33"},
      {zero_share, "want a point of high order, got one of low order"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = anna.Unwrap({c.first}).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.second;
    EXPECT_TRUE(absl::StrContains(status.message(), c.second)) << status;
  }
}

TEST(AgeX25519Test, WhatIsNoRecipientIsRefused) {
  for (const std::string& text :
       {std::string(kRecipient).substr(1), std::string(kIdentity),
        std::string(kRecipient) + " ", EncodeBech32("age", "short"),
        EncodeBech32("age", std::string(33, 'x')),
        // A point of low order: everybody would know the shared secret.
        EncodeBech32("age", std::string(32, '\0'))}) {
    const absl::Status status = X25519Recipient::Parse(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_TRUE(absl::StartsWith(status.message(), "age.recipient")) << status;
  }
}

TEST(AgeX25519Test, WhatIsNoIdentityIsRefusedAndNotShown) {
  const std::string wrong = std::string(kIdentity).substr(0, 50) + "QQQQ";
  for (const std::string& text :
       {wrong, std::string(kRecipient), std::string(kIdentity) + "\n",
        EncodeBech32("age-secret-key-", std::string(31, 'x'))}) {
    const absl::Status status = X25519Identity::Parse(Secret(text)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_TRUE(absl::StartsWith(status.message(), "age.identity")) << status;
    EXPECT_FALSE(absl::StrContains(status.message(), text.substr(20, 10)));
  }
}

}  // namespace
}  // namespace subrosa
