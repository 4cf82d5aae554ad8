// What an operation leaves behind in memory: no record key, no working key, no
// keystream, in libsodium's, libcrypto's or our own memory.
#include <sodium.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/single_use_aead.h"
#include "src/crypto/unsafe_secret_access.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SUBROSA_SANITIZER_KEEPS_MEMORY 1
#endif
#endif

namespace subrosa {
namespace {

// A needle that is not itself found: kept with every byte inverted.
class Needle {
 public:
  explicit Needle(const uint8_t* bytes, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      inverted_.push_back(static_cast<uint8_t>(~bytes[i]));
    }
  }

  bool IsAt(const uint8_t* at) const {
    for (size_t i = 0; i < inverted_.size(); ++i) {
      if (static_cast<uint8_t>(~at[i]) != inverted_[i]) return false;
    }
    return true;
  }

  size_t size() const { return inverted_.size(); }

 private:
  std::vector<uint8_t> inverted_;
};

// How often `needle` is in this process's writable memory, stacks included.
int CountInMemory(const Needle& needle) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  int found = 0;
  while (std::getline(maps, line)) {
    unsigned long start, end;
    char access[5];
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &start, &end, access) != 3 ||
        access[0] != 'r' || access[1] != 'w') {
      continue;
    }
    const auto* const first = reinterpret_cast<const uint8_t*>(start);
    for (size_t i = 0; i + needle.size() <= end - start; ++i) {
      if (needle.IsAt(first + i)) ++found;
    }
  }
  return found;
}

EnvelopeContext Context() {
  EnvelopeContext context;
  context.entity = "acme";
  context.data_ref = "data-ref-16bytes";
  context.record_ref = "record-16-bytes!";
  context.schema = "subrosa.v1.JournalEntry";
  return context;
}

class LeftoverTest : public testing::TestWithParam<Cipher> {
 protected:
  void SetUp() override {
#ifdef SUBROSA_SANITIZER_KEEPS_MEMORY
    GTEST_SKIP() << "a sanitizer keeps freed memory, and a map of it all";
#endif
  }
};

INSTANTIATE_TEST_SUITE_P(Ciphers, LeftoverTest,
                         testing::Values(Cipher::kChaCha20Poly1305,
                                         Cipher::kAes256Gcm));

TEST_P(LeftoverTest, TheSearchFindsWhatIsThere) {
  std::vector<uint8_t> bytes(32);
  randombytes_buf(bytes.data(), bytes.size());
  const Needle needle(bytes.data(), bytes.size());

  EXPECT_GE(CountInMemory(needle), 1);
  sodium_memzero(bytes.data(), bytes.size());
  EXPECT_EQ(CountInMemory(needle), 0);
}

TEST_P(LeftoverTest, NeitherKeyNorKeystreamStaysBehind) {
  for (const size_t size : {16, 100, 2048, 2111, 4100, 65536, 70001}) {
    std::vector<uint8_t> key(32);
    randombytes_buf(key.data(), key.size());
    const Needle key_needle(key.data(), key.size());
    const std::vector<uint8_t> zeros(size);
    std::vector<uint8_t> sealed(size + kAeadTagBytes);

    ASSERT_TRUE(
        SealOnce(GetParam(), key.data(), {}, zeros, absl::MakeSpan(sealed))
            .ok());
    std::vector<uint8_t> opened(size);
    ASSERT_TRUE(
        OpenOnce(GetParam(), key.data(), {}, sealed, absl::MakeSpan(opened)));

    sodium_memzero(key.data(), key.size());
    // Zeros sealed are keystream, and a context keeps the last block of it.
    const Needle last_whole_block(sealed.data() + size / 16 * 16 - 8, 8);
    const Needle end_of_keystream(sealed.data() + size - 8, 8);
    const Needle start_of_keystream(sealed.data(), 16);
    sodium_memzero(sealed.data(), sealed.size());
    EXPECT_EQ(CountInMemory(key_needle), 0) << size;
    EXPECT_EQ(CountInMemory(last_whole_block), 0) << size;
    EXPECT_EQ(CountInMemory(end_of_keystream), 0) << size;
    EXPECT_EQ(CountInMemory(start_of_keystream), 0) << size;
  }
}

TEST_P(LeftoverTest, AConsumersKeyIsInTheArenaAloneAndThenNowhere) {
  const Suite suite = GetParam() == Cipher::kAes256Gcm
                          ? Suite::kAes256Gcm
                          : Suite::kChaCha20Poly1305;
  SealOptions options;
  options.suite = suite;
  SecretKey key = *SecretKey::Random();
  const Needle needle(key.Bytes(UnsafeSecretAccess::Get()), kSecretKeyBytes);

  std::string envelope;
  std::string opened;
  ASSERT_TRUE(
      Seal(key, KeyRef(), Context(), std::string(5000, 'p'), options, &envelope)
          .ok());
  ASSERT_TRUE(Open(key, Context(), envelope, &opened).ok());

  EXPECT_EQ(CountInMemory(needle), 1);
  key = *SecretKey::Random();
  EXPECT_EQ(CountInMemory(needle), 0);
}

}  // namespace
}  // namespace subrosa
