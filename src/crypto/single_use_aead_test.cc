#include "src/crypto/single_use_aead.h"

#include <sodium.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/crypto/libcrypto_cipher.h"

namespace subrosa {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Random(size_t size) {
  Bytes bytes(size);
  if (size > 0) randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

Bytes Sealed(Cipher cipher, const Bytes& key, const Bytes& aad,
             const Bytes& plaintext) {
  Bytes sealed(plaintext.size() + kAeadTagBytes);
  EXPECT_TRUE(
      SealOnce(cipher, key.data(), aad, plaintext, absl::MakeSpan(sealed))
          .ok());
  return sealed;
}

std::string Hex(const Bytes& bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

class SingleUseAeadTest : public testing::TestWithParam<Cipher> {};

INSTANTIATE_TEST_SUITE_P(Ciphers, SingleUseAeadTest,
                         testing::Values(Cipher::kChaCha20Poly1305,
                                         Cipher::kAes256Gcm));

TEST_P(SingleUseAeadTest, WhatIsSealedOpensAtEveryLengthAroundABlock) {
  const Bytes key = Random(kAeadKeyBytes);
  const Bytes aad = Random(76);
  for (size_t size = 0; size < 5000; size += 1 + size / 9) {
    const Bytes plaintext = Random(size);
    const Bytes sealed = Sealed(GetParam(), key, aad, plaintext);
    Bytes opened(size);

    ASSERT_TRUE(
        OpenOnce(GetParam(), key.data(), aad, sealed, absl::MakeSpan(opened)));
    EXPECT_EQ(opened, plaintext) << size;
  }
}

TEST_P(SingleUseAeadTest, WhatIsNotAuthenticGivesZeros) {
  const Bytes key = Random(kAeadKeyBytes);
  const Bytes aad = Random(76);
  for (const size_t size : {100, 3000}) {
    const Bytes good = Sealed(GetParam(), key, aad, Bytes(size, 'p'));
    for (const size_t at : {size_t{0}, size - 1, size, size + 15}) {
      Bytes bad = good;
      bad[at] ^= 0x80;
      Bytes opened(size, 0x55);
      EXPECT_FALSE(
          OpenOnce(GetParam(), key.data(), aad, bad, absl::MakeSpan(opened)));
      EXPECT_EQ(opened, Bytes(size));
    }
    Bytes other_aad = aad;
    other_aad[75] ^= 1;
    Bytes opened(size, 0x55);
    EXPECT_FALSE(OpenOnce(GetParam(), key.data(), other_aad, good,
                          absl::MakeSpan(opened)));
    EXPECT_EQ(opened, Bytes(size));
  }
}

TEST_P(SingleUseAeadTest, AFailureDoesNotSpoilTheNextCall) {
  const Bytes key = Random(kAeadKeyBytes);
  Bytes bad = Sealed(GetParam(), key, {}, Bytes(3000, 'p'));
  bad[0] ^= 1;
  Bytes opened(3000);
  ASSERT_FALSE(
      OpenOnce(GetParam(), key.data(), {}, bad, absl::MakeSpan(opened)));

  bad[0] ^= 1;

  EXPECT_TRUE(
      OpenOnce(GetParam(), key.data(), {}, bad, absl::MakeSpan(opened)));
}

TEST_P(SingleUseAeadTest, ThreadsDoNotShareAContext) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([t, &wrong] {
      const Bytes key(kAeadKeyBytes, static_cast<uint8_t>(t));
      const Bytes plaintext(3000, static_cast<uint8_t>(t));
      const Bytes want = Sealed(GetParam(), key, {}, plaintext);
      for (int i = 0; i < 500; ++i) {
        if (Sealed(GetParam(), key, {}, plaintext) != want) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(SingleUseAeadBytesTest, LibsodiumAndLibcryptoSealTheSameBytes) {
  LibcryptoCipher libcrypto("ChaCha20-Poly1305");
  ASSERT_TRUE(libcrypto.available());
  const uint8_t nonce[12] = {};
  for (const size_t size : {0, 1, 63, 64, 65, 2047, 2048, 2049, 70000}) {
    const Bytes key = Random(kAeadKeyBytes);
    const Bytes aad = Random(76);
    const Bytes plaintext = Random(size);
    Bytes by_libcrypto(size + kAeadTagBytes);
    Bytes by_libsodium(size + kAeadTagBytes);

    ASSERT_TRUE(libcrypto.Seal(key.data(), aad, plaintext,
                               absl::MakeSpan(by_libcrypto)));
    crypto_aead_chacha20poly1305_ietf_encrypt(
        by_libsodium.data(), nullptr, plaintext.data(), plaintext.size(),
        aad.data(), aad.size(), nullptr, nonce, key.data());

    EXPECT_EQ(by_libcrypto, by_libsodium) << size;
    EXPECT_EQ(Sealed(Cipher::kChaCha20Poly1305, key, aad, plaintext),
              by_libsodium);
  }
}

// Test Cases 13 and 14 of the GCM specification (McGrew and Viega): a zero key
// and a zero nonce.
TEST(SingleUseAeadBytesTest, AesGcmIsThatOfItsSpecification) {
  const Bytes key(kAeadKeyBytes);

  EXPECT_EQ(Hex(Sealed(Cipher::kAes256Gcm, key, {}, {})),
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(Hex(Sealed(Cipher::kAes256Gcm, key, {}, Bytes(16))),
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(LibcryptoCipherTest, ACipherThatIsNotThereIsNotAvailable) {
  LibcryptoCipher cipher("NO-SUCH-CIPHER");
  Bytes sealed(16);
  const Bytes key(kAeadKeyBytes);

  EXPECT_FALSE(cipher.available());
  EXPECT_FALSE(cipher.Seal(key.data(), {}, {}, absl::MakeSpan(sealed)));
  EXPECT_FALSE(cipher.Open(key.data(), {}, sealed, {}));
}

}  // namespace
}  // namespace subrosa
