#include "src/crypto/hkdf.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// The state holds the key's inner and outer hash: wipe it as the key.
struct Hmac {
  explicit Hmac(absl::Span<const uint8_t> key) {
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  }
  ~Hmac() { sodium_memzero(&state, sizeof(state)); }
  void Update(const uint8_t* bytes, size_t size) {
    crypto_auth_hmacsha256_update(&state, bytes, size);
  }
  void Finish(uint8_t* tag) { crypto_auth_hmacsha256_final(&state, tag); }

  crypto_auth_hmacsha256_state state;
};

}  // namespace

std::array<uint8_t, kHmacSha256Bytes> HmacSha256(absl::Span<const uint8_t> key,
                                                 absl::string_view message) {
  std::array<uint8_t, kHmacSha256Bytes> tag;
  Hmac hmac(key);
  hmac.Update(Bytes(message), message.size());
  hmac.Finish(tag.data());
  return tag;
}

bool IsHmacSha256(absl::Span<const uint8_t> key, absl::string_view message,
                  absl::string_view tag) {
  if (tag.size() != kHmacSha256Bytes) return false;
  auto expected = HmacSha256(key, message);
  const bool same =
      sodium_memcmp(expected.data(), tag.data(), expected.size()) == 0;
  sodium_memzero(expected.data(), expected.size());
  return same;
}

absl::Status HkdfSha256(absl::Span<const uint8_t> secret,
                        absl::string_view salt, absl::string_view info,
                        absl::Span<uint8_t> out) {
  if (out.size() > kHkdfSha256MaxBytes) {
    return absl::InvalidArgumentError(absl::StrCat("hkdf.out: want at most ",
                                                   kHkdfSha256MaxBytes,
                                                   " bytes, got ", out.size()));
  }
  uint8_t extracted[kHmacSha256Bytes];
  Hmac extract(absl::MakeConstSpan(Bytes(salt), salt.size()));
  extract.Update(secret.data(), secret.size());
  extract.Finish(extracted);

  uint8_t block[kHmacSha256Bytes];
  uint8_t counter = 0;
  for (size_t done = 0; done < out.size();) {
    Hmac expand(extracted);
    if (counter > 0) expand.Update(block, sizeof(block));
    expand.Update(Bytes(info), info.size());
    ++counter;
    expand.Update(&counter, 1);
    expand.Finish(block);
    const size_t part = std::min(sizeof(block), out.size() - done);
    std::memcpy(out.data() + done, block, part);
    done += part;
  }
  sodium_memzero(extracted, sizeof(extracted));
  sodium_memzero(block, sizeof(block));
  return absl::OkStatus();
}

}  // namespace subrosa
