#include "src/crypto/argon2id.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

absl::Span<const uint8_t> BytesOf(const std::string& text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

std::string Hash(const std::string& secret, const std::string& salt,
                 const Argon2idCost& cost, size_t size) {
  std::array<uint8_t, kArgon2idSaltBytes> salt_bytes;
  absl::string_view(salt).copy(reinterpret_cast<char*>(salt_bytes.data()),
                               salt_bytes.size());
  std::vector<uint8_t> out(size);
  EXPECT_TRUE(
      Argon2id(BytesOf(secret), salt_bytes, cost, absl::MakeSpan(out)).ok());
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(out.data()), out.size()));
}

// The first case of libsodium's test/default/pwhash_argon2id.
TEST(Argon2idTest, GivesWhatLibsodiumsVectorsSay) {
  const std::string secret = absl::HexStringToBytes(
      "a347ae92bce9f80f6f595a4480fc9c2fe7e7d7148d371e9487d75f5c23008ffae0655"
      "77a928febd9b1973a5a95073acdbeb6a030cfc0d79caa2dc5cd011cef02c08da232d7"
      "6d52dfbca38ca8dcbd665b17d1665f7cf5fe59772ec909733b24de97d6f58d220b20c"
      "60d7c07ec1fd93c52c31020300c6c1facd77937a597c7a6");
  const std::string salt =
      absl::HexStringToBytes("5541fbc995d5c197ba290346d2c559de");

  EXPECT_EQ(
      Hash(secret, salt, {5, 7256678 >> 10}, 155),
      "18acec5d6507739f203d1f5d9f1d862f7c2cdac4f19d2bdff64487e60d969e3ced6153"
      "37b9eec6ac4461c6ca07f0939741e57c24d0005c7ea171a0ee1e7348249d135b38f222"
      "e4dad7b9a033ed83f5ca27277393e316582033c74affe2566a2bea47f91f0fd9fe49ec"
      "e7e1f79f3ad6e9b23e0277c8ecc4b313225748dd2a80f5679534a0700e246a79a49b3f"
      "74eb89ec6205fe1eeb941c73b1fcf1");
}

TEST(Argon2idTest, EachOfSecretSaltAndCostCounts) {
  const std::string salt(16, 's');
  const std::string hash = Hash("555-0100", salt, {1, 8}, 32);

  EXPECT_EQ(Hash("555-0100", salt, {1, 8}, 32), hash);
  EXPECT_NE(Hash("555-0101", salt, {1, 8}, 32), hash);
  EXPECT_NE(Hash("555-0100", std::string(16, 't'), {1, 8}, 32), hash);
  EXPECT_NE(Hash("555-0100", salt, {2, 8}, 32), hash);
  EXPECT_NE(Hash("555-0100", salt, {1, 16}, 32), hash);
}

TEST(Argon2idTest, ACostBelowTheLeastIsRefused) {
  std::array<uint8_t, 32> out;
  const std::array<uint8_t, kArgon2idSaltBytes> salt = {};

  EXPECT_TRUE(absl::IsResourceExhausted(
      Argon2id({}, salt, {0, 8}, absl::MakeSpan(out))));
  EXPECT_TRUE(absl::IsResourceExhausted(
      Argon2id({}, salt, {1, 7}, absl::MakeSpan(out))));
}

}  // namespace
}  // namespace subrosa
