// Project Wycheproof's vectors (C2SP/wycheproof, testvectors_v1), through the
// functions that the crypto room uses: ours where we have one, and the call to
// libsodium or libcrypto that ours make where ours fix the nonce.
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "simdjson.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

constexpr size_t kTagBytes = 16;
constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

using Json = simdjson::dom::element;

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

absl::Span<const uint8_t> Span(const std::string& text) {
  return absl::MakeConstSpan(Bytes(text), text.size());
}

uint8_t* Out(std::string* text) {
  return reinterpret_cast<uint8_t*>(&(*text)[0]);
}

std::string Text(Json object, const char* name) {
  return std::string(std::string_view(object[name]));
}

std::string Hex(Json object, const char* name) {
  return absl::HexStringToBytes(Text(object, name));
}

int64_t Number(Json object, const char* name) { return int64_t(object[name]); }

// Whether our answer to a case agrees with the file, or that the case is not
// one we have a function for.
enum class Verdict { kAgrees, kDisagrees, kNotApplicable };

Verdict Judge(Json test, bool accepted) {
  const std::string expected = Text(test, "result");
  // "acceptable" leaves the choice to the implementation.
  if (expected == "acceptable") return Verdict::kAgrees;
  return accepted == (expected == "valid") ? Verdict::kAgrees
                                           : Verdict::kDisagrees;
}

using Check = std::function<Verdict(Json group, Json test)>;

// Runs `check` on every case of `file` and wants `applicable` of them to apply.
void RunFile(const std::string& file, int applicable, const Check& check) {
  const absl::optional<std::string> folder =
      SharedDataFolder("crypto/wycheproof");
  if (!folder.has_value()) {
    testing::Test::RecordProperty("outside_vectors_skipped", applicable);
    GTEST_SKIP() << kNoSharedData;
  }
  simdjson::dom::parser parser;
  Json document;
  ASSERT_EQ(parser.load(absl::StrCat(*folder, "/", file)).get(document),
            simdjson::SUCCESS);
  int run = 0;
  int not_applicable = 0;
  for (const Json group : document["testGroups"].get_array()) {
    for (const Json test : group["tests"].get_array()) {
      const Verdict verdict = check(group, test);
      EXPECT_NE(verdict, Verdict::kDisagrees)
          << file << " " << Number(test, "tcId");
      ++(verdict == Verdict::kNotApplicable ? not_applicable : run);
    }
  }
  EXPECT_EQ(run, applicable);
  testing::Test::RecordProperty("outside_vectors_run", run);
  std::printf("%s: %d vectors run, %d not applicable\n", file.c_str(), run,
              not_applicable);
}

// An AEAD case, and a function that opens and one that seals it.
struct AeadCase {
  std::string key, nonce, associated_data, message, sealed;
};

using Open = std::function<bool(const AeadCase&, std::string* message)>;
using Seal = std::function<bool(const AeadCase&, std::string* sealed)>;

Verdict CheckAead(Json test, size_t nonce_bytes, const Open& open,
                  const Seal& seal) {
  const AeadCase c = {Hex(test, "key"), Hex(test, "iv"), Hex(test, "aad"),
                      Hex(test, "msg"), Hex(test, "ct") + Hex(test, "tag")};
  if (c.key.size() != 32 || c.nonce.size() != nonce_bytes) {
    return Verdict::kNotApplicable;
  }
  std::string message(c.message.size(), '\0');
  const bool opened = open(c, &message);
  if (opened && message != c.message) return Verdict::kDisagrees;
  std::string sealed(c.sealed.size(), '\0');
  const bool sealed_alike = seal(c, &sealed) && sealed == c.sealed;
  if (sealed_alike != opened) return Verdict::kDisagrees;
  return Judge(test, opened);
}

// libcrypto as AgeChunkCipher and the envelopes call it.
bool Libcrypto(const EVP_CIPHER* cipher, bool is_seal, const AeadCase& c,
               const std::string& in, std::string* out) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const size_t size = c.message.size();
  uint8_t tag[kTagBytes];
  int done = 0;
  bool good =
      EVP_CipherInit_ex(context, cipher, nullptr, Bytes(c.key), Bytes(c.nonce),
                        is_seal) == 1 &&
      EVP_CipherUpdate(context, nullptr, &done, Bytes(c.associated_data),
                       static_cast<int>(c.associated_data.size())) == 1 &&
      EVP_CipherUpdate(context, Out(out), &done, Bytes(in),
                       static_cast<int>(size)) == 1;
  if (!is_seal) {
    good = good &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes,
                               const_cast<uint8_t*>(Bytes(in) + size)) == 1;
  }
  good = good && EVP_CipherFinal_ex(context, tag, &done) == 1;
  if (is_seal) {
    good = good && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
                                       kTagBytes, Out(out) + size) == 1;
  }
  EVP_CIPHER_CTX_free(context);
  return good;
}

Verdict CheckLibcrypto(Json test, const EVP_CIPHER* cipher) {
  return CheckAead(
      test, 12,
      [=](const AeadCase& c, std::string* message) {
        return Libcrypto(cipher, false, c, c.sealed, message);
      },
      [=](const AeadCase& c, std::string* sealed) {
        return Libcrypto(cipher, true, c, c.message, sealed);
      });
}

TEST(WycheproofTest, ChaCha20Poly1305OfLibcryptoAgrees) {
  RunFile("chacha20_poly1305_test.json", 316, [](Json, Json test) {
    return CheckLibcrypto(test, EVP_chacha20_poly1305());
  });
}

TEST(WycheproofTest, Aes256GcmOfLibcryptoAgrees) {
  RunFile("aes_gcm_test.json", 66, [](Json, Json test) {
    return CheckLibcrypto(test, EVP_aes_256_gcm());
  });
}

TEST(WycheproofTest, ChaCha20Poly1305OfLibsodiumAgrees) {
  RunFile("chacha20_poly1305_test.json", 316, [](Json, Json test) {
    return CheckAead(
        test, crypto_aead_chacha20poly1305_ietf_NPUBBYTES,
        [](const AeadCase& c, std::string* message) {
          return crypto_aead_chacha20poly1305_ietf_decrypt(
                     Out(message), nullptr, nullptr, Bytes(c.sealed),
                     c.sealed.size(), Bytes(c.associated_data),
                     c.associated_data.size(), Bytes(c.nonce),
                     Bytes(c.key)) == 0;
        },
        [](const AeadCase& c, std::string* sealed) {
          return crypto_aead_chacha20poly1305_ietf_encrypt(
                     Out(sealed), nullptr, Bytes(c.message), c.message.size(),
                     Bytes(c.associated_data), c.associated_data.size(),
                     nullptr, Bytes(c.nonce), Bytes(c.key)) == 0;
        });
  });
}

TEST(WycheproofTest, XChaCha20Poly1305OfLibsodiumAgrees) {
  RunFile("xchacha20_poly1305_test.json", 306, [](Json, Json test) {
    return CheckAead(
        test, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
        [](const AeadCase& c, std::string* message) {
          return crypto_aead_xchacha20poly1305_ietf_decrypt(
                     Out(message), nullptr, nullptr, Bytes(c.sealed),
                     c.sealed.size(), Bytes(c.associated_data),
                     c.associated_data.size(), Bytes(c.nonce),
                     Bytes(c.key)) == 0;
        },
        [](const AeadCase& c, std::string* sealed) {
          return crypto_aead_xchacha20poly1305_ietf_encrypt(
                     Out(sealed), nullptr, Bytes(c.message), c.message.size(),
                     Bytes(c.associated_data), c.associated_data.size(),
                     nullptr, Bytes(c.nonce), Bytes(c.key)) == 0;
        });
  });
}

TEST(WycheproofTest, X25519AgreesAndRefusesEveryPointOfLowOrder) {
  int refused = 0;
  RunFile("x25519_test.json", 518, [&](Json, Json test) {
    const std::string secret = Hex(test, "private");
    const std::string point_bytes = Hex(test, "public");
    const std::string shared = Hex(test, "shared");
    const SecretKey key = *SecretKey::FromBytes(Span(secret), kAccess);
    X25519Point point;
    std::copy(point_bytes.begin(), point_bytes.end(), point.begin());

    const absl::StatusOr<SecretBuffer> ours = X25519(key, point);

    // RFC 7748, section 6.1: an all-zero secret is to be refused.
    const bool is_zero = shared == std::string(kX25519Bytes, '\0');
    refused += is_zero;
    if (is_zero) {
      return ours.ok() ? Verdict::kDisagrees : Verdict::kAgrees;
    }
    return ours.ok() && ours->Bytes(kAccess) == Span(shared)
               ? Verdict::kAgrees
               : Verdict::kDisagrees;
  });
  if (!testing::Test::IsSkipped()) EXPECT_EQ(refused, 31);
}

TEST(WycheproofTest, Ed25519OfLibsodiumAgrees) {
  RunFile("ed25519_test.json", 151, [](Json group, Json test) {
    const std::string key = Hex(group["publicKey"], "pk");
    const std::string message = Hex(test, "msg");
    const std::string signature = Hex(test, "sig");
    return Judge(
        test, signature.size() == crypto_sign_BYTES &&
                  crypto_sign_verify_detached(Bytes(signature), Bytes(message),
                                              message.size(), Bytes(key)) == 0);
  });
}

TEST(WycheproofTest, HmacSha256Agrees) {
  // A truncated tag is none of ours.
  RunFile("hmac_sha256_test.json", 87, [](Json group, Json test) {
    const std::string key = Hex(test, "key");
    if (Number(group, "tagSize") != 8 * int64_t{kHmacSha256Bytes}) {
      return IsHmacSha256(Span(key), Hex(test, "msg"), Hex(test, "tag"))
                 ? Verdict::kDisagrees
                 : Verdict::kNotApplicable;
    }
    return Judge(test,
                 IsHmacSha256(Span(key), Hex(test, "msg"), Hex(test, "tag")));
  });
}

TEST(WycheproofTest, HkdfSha256Agrees) {
  RunFile("hkdf_sha256_test.json", 86, [](Json, Json test) {
    const std::string secret = Hex(test, "ikm");
    std::string out(static_cast<size_t>(Number(test, "size")), '\0');
    const absl::Status status =
        HkdfSha256(Span(secret), Hex(test, "salt"), Hex(test, "info"),
                   absl::MakeSpan(Out(&out), out.size()));
    return Judge(test, status.ok() && out == Hex(test, "okm"));
  });
}

}  // namespace
}  // namespace subrosa
