#include "src/crypto/prf.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

SecretKey KeyOf(uint8_t byte) {
  return *SecretKey::FromBytes(std::vector<uint8_t>(32, byte),
                               UnsafeSecretAccess::Get());
}

std::string Hex(const std::array<uint8_t, kPrfBytes>& bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

TEST(PrfTest, TheSameInputGivesTheSameOutput) {
  EXPECT_EQ(Prf(KeyOf(1), "token", {"a", "b"}),
            Prf(KeyOf(1), "token", {"a", "b"}));
}

TEST(PrfTest, KeyLabelAndEveryPartDecideTheOutput) {
  std::set<std::string> outputs;
  outputs.insert(Hex(Prf(KeyOf(1), "token", {"ab", "c"})));
  outputs.insert(Hex(Prf(KeyOf(2), "token", {"ab", "c"})));
  outputs.insert(Hex(Prf(KeyOf(1), "tokem", {"ab", "c"})));
  outputs.insert(Hex(Prf(KeyOf(1), "token", {"a", "bc"})));
  outputs.insert(Hex(Prf(KeyOf(1), "token", {"abc"})));
  outputs.insert(Hex(Prf(KeyOf(1), "token", {"abc", ""})));
  outputs.insert(Hex(Prf(KeyOf(1), "token", {"", "abc"})));
  outputs.insert(Hex(Prf(KeyOf(1), "token", {})));
  outputs.insert(Hex(Prf(KeyOf(1), "token", {""})));

  EXPECT_EQ(outputs.size(), 9u);
}

TEST(PrfTest, AKeyDerivedUnderALabelIsNotThePrfUnderThatLabel) {
  const SecretKey derived = *DeriveKey(KeyOf(1), "token", {"a"});
  const std::array<uint8_t, kPrfBytes> output = Prf(KeyOf(1), "token", {"a"});

  EXPECT_FALSE(
      derived.Equals(*SecretKey::FromBytes(output, UnsafeSecretAccess::Get())));
}

TEST(PrfTest, DerivedKeysAreRepeatableAndDependOnTheirParts) {
  EXPECT_TRUE(DeriveKey(KeyOf(1), "index", {"name"})
                  ->Equals(*DeriveKey(KeyOf(1), "index", {"name"})));
  EXPECT_FALSE(DeriveKey(KeyOf(1), "index", {"name"})
                   ->Equals(*DeriveKey(KeyOf(1), "index", {"phone"})));
}

// Computed by Python's hashlib.blake2b from docs/formats/envelope.md.
TEST(PrfTest, TheOutputIsThatOfTheFormatsDescription) {
  EXPECT_EQ(Hex(Prf(KeyOf(7), "directory", {"ada", ""})),
            "65ce9a8f0951109996a68745c51f8c66f8f34e35cfabf290957955b47569c142");
}

TEST(PrfTest, ALabelOfSixteenBytesIsAllowed) {
  EXPECT_NE(Prf(KeyOf(1), "0123456789abcdef", {"a"}),
            Prf(KeyOf(1), "0123456789abcde", {"a"}));
}

}  // namespace
}  // namespace subrosa
