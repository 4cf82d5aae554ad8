#include "src/crypto/age_scrypt.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/crypto/age_file_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

// So that tests are quick; files for people use the default.
constexpr int kQuick = 4;

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

AgeStanza StanzaFor(absl::string_view passphrase) {
  return *ScryptRecipient::Create(Secret(passphrase), kQuick)
              ->Wrap(*NewAgeFileKey());
}

TEST(AgeScryptTest, AFileKeyIsOpenedByItsPassphraseAlone) {
  const SecretBuffer file_key = *NewAgeFileKey();
  const AgeStanza stanza =
      *ScryptRecipient::Create(Secret("under the rose"), kQuick)
           ->Wrap(file_key);

  EXPECT_EQ(
      Reveal(
          **ScryptIdentity::Create(Secret("under the rose"))->Unwrap({stanza})),
      Reveal(file_key));
  for (const char* other : {"under the Rose", "under the rose ", "x"}) {
    EXPECT_FALSE(
        ScryptIdentity::Create(Secret(other))->Unwrap({stanza})->has_value());
  }
}

TEST(AgeScryptTest, WhereNobodySaysTheWorkFactorIs18) {
  const AgeStanza stanza =
      *ScryptRecipient::Create(Secret("rose"))->Wrap(*NewAgeFileKey());

  EXPECT_EQ(stanza.arguments[2], "18");
}

TEST(AgeScryptTest, APassphraseStandsAlone) {
  const ScryptIdentity identity = *ScryptIdentity::Create(Secret("rose"));
  AgeStanza other;
  other.arguments = {"X25519"};

  const absl::Status status =
      identity.Unwrap({other, StanzaFor("rose")}).status();

  EXPECT_TRUE(ScryptRecipient::Create(Secret("rose"))->must_be_alone());
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "age.header.stanza[1]: want a passphrase to be the only recipient, "
            "got 2");
}

TEST(AgeScryptTest, StanzasOfOtherKindsAreNotForAPassphrase) {
  AgeStanza other;
  other.arguments = {"X25519"};

  EXPECT_FALSE(
      ScryptIdentity::Create(Secret("rose"))->Unwrap({other})->has_value());
}

TEST(AgeScryptTest, AFileThatAsksForTooMuchWorkIsRefusedUnworked) {
  AgeStanza stanza = StanzaFor("rose");
  stanza.arguments[2] = "23";
  const absl::Status over_all =
      ScryptIdentity::Create(Secret("rose"))->Unwrap({stanza}).status();
  stanza.arguments[2] = "12";
  const absl::Status over_own =
      ScryptIdentity::Create(Secret("rose"), 11)->Unwrap({stanza}).status();

  EXPECT_TRUE(absl::IsInvalidArgument(over_all));
  EXPECT_EQ(over_all.message(),
            "age.header.stanza[0]: want a work factor of at most 22, got 23");
  EXPECT_EQ(over_own.message(),
            "age.header.stanza[0]: want a work factor of at most 11, got 12");
}

TEST(AgeScryptTest, AMalformedStanzaIsRefusedWithWhatWasWanted) {
  const AgeStanza good = StanzaFor("rose");
  const auto with_factor = [&](const char* text) {
    AgeStanza stanza = good;
    stanza.arguments[2] = text;
    return stanza;
  };
  AgeStanza no_factor = good;
  no_factor.arguments.pop_back();
  AgeStanza extra = good;
  extra.arguments.push_back("x");
  AgeStanza short_salt = good;
  short_salt.arguments[1] = "AAAA";
  AgeStanza short_body = good;
  short_body.body.pop_back();
  const std::pair<AgeStanza, const char*> kCases[] = {
      {no_factor, "want 2 arguments after scrypt, got 1"},
      {extra, "want 2 arguments after scrypt, got 3"},
      {short_salt, "want a salt of 16 bytes in canonical base64"},
      {short_body, "want a body of 32 bytes, got 31"},
      {with_factor("0"), "want a work factor of decimal digits"},
      {with_factor("-4"), "want a work factor of decimal digits"},
      {with_factor("+4"), "want a work factor of decimal digits"},
      {with_factor("04"), "want a work factor of decimal digits"},
      {with_factor("0x4"), "want a work factor of decimal digits"},
      {with_factor("4x"), "want a work factor of decimal digits"},
      {with_factor("18446744073709551620"), "want a work factor of decimal"},
  };
  const ScryptIdentity identity = *ScryptIdentity::Create(Secret("rose"));
  for (const auto& c : kCases) {
    const absl::Status status = identity.Unwrap({c.first}).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.second;
    EXPECT_TRUE(absl::StrContains(status.message(), c.second)) << status;
  }
}

TEST(AgeScryptTest, AWorkFactorOutOfBoundsIsNotWritten) {
  for (const int work_factor : {-1, 0, 23, 1000}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ScryptRecipient::Create(Secret("rose"), work_factor).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(
        ScryptIdentity::Create(Secret("rose"), work_factor).status()));
  }
}

}  // namespace
}  // namespace subrosa
