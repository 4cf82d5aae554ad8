#include "src/crypto/age_file_key.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/crypto/age_header.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

SecretBuffer FixedFileKey() {
  const std::string bytes = "sixteen bytes!!!";
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()),
                          bytes.size()),
      UnsafeSecretAccess::Get());
}

std::string HexOf(const SecretBuffer& secret) {
  const auto bytes = secret.Bytes(UnsafeSecretAccess::Get());
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::vector<AgeStanza> OneStanza() {
  AgeStanza stanza;
  stanza.arguments = {"rose", "x"};
  return {stanza};
}

// What Python's cryptography derives.
TEST(AgeFileKeyTest, ASecondImplementationDerivesTheSameKeyAndMac) {
  const SecretBuffer file_key = FixedFileKey();

  EXPECT_EQ(HexOf(*DeriveAgePayloadKey(file_key, std::string(16, 'n'))),
            "63973e904254d9d8108e871927ce989ef2e1f27e99feee8ffe65f88aad91b3cd");
  EXPECT_EQ(
      absl::BytesToHexString(AuthenticateAgeHeader(file_key, OneStanza())->mac),
      "1c3afe15eb24ebf561d02a01c3228bf07b7d712e52866a58bc8a83239e5dad61");
}

TEST(AgeFileKeyTest, EveryFileGetsAKeyOfItsOwn) {
  EXPECT_EQ(NewAgeFileKey()->size(), 16u);
  EXPECT_NE(HexOf(*NewAgeFileKey()), HexOf(*NewAgeFileKey()));
}

TEST(AgeFileKeyTest, AnotherNonceGivesAnotherPayloadKey) {
  const SecretBuffer file_key = FixedFileKey();

  EXPECT_NE(HexOf(*DeriveAgePayloadKey(file_key, std::string(16, 'n'))),
            HexOf(*DeriveAgePayloadKey(file_key, std::string(16, 'o'))));
}

TEST(AgeFileKeyTest, AChangedHeaderOrKeyIsNoticed) {
  const SecretBuffer file_key = FixedFileKey();
  const AgeHeader good = *AuthenticateAgeHeader(file_key, OneStanza());
  AgeHeader other_argument = good;
  other_argument.stanzas[0].arguments[1] = "y";
  AgeHeader other_body = good;
  other_body.stanzas[0].body = "z";
  AgeHeader more = good;
  more.stanzas.push_back(good.stanzas[0]);
  AgeHeader other_mac = good;
  other_mac.mac[31] ^= 1;
  AgeHeader short_mac = good;
  short_mac.mac.pop_back();

  EXPECT_TRUE(CheckAgeHeaderMac(file_key, good).ok());
  for (const AgeHeader& changed :
       {other_argument, other_body, more, other_mac, short_mac}) {
    const absl::Status status = CheckAgeHeaderMac(file_key, changed);
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_TRUE(absl::StartsWith(status.message(), "age.header.mac: want"));
  }
  EXPECT_FALSE(CheckAgeHeaderMac(*NewAgeFileKey(), good).ok());
}

}  // namespace
}  // namespace subrosa
