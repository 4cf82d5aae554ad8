#include "src/crypto/age_x25519.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_bech32.h"
#include "src/crypto/base64.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr absl::string_view kRecipientPrefix = "age";
constexpr absl::string_view kIdentityPrefix = "age-secret-key-";
constexpr absl::string_view kWrapInfo = "age-encryption.org/v1/X25519";
constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

absl::string_view View(const X25519Point& point) {
  return absl::string_view(reinterpret_cast<const char*>(point.data()),
                           point.size());
}

absl::string_view View(absl::Span<const uint8_t> bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                           bytes.size());
}

X25519Point ToPoint(absl::string_view bytes) {
  X25519Point point;
  std::copy_n(bytes.begin(), point.size(), point.begin());
  return point;
}

X25519Point PublicPoint(const SecretKey& secret) {
  X25519Point point;
  crypto_scalarmult_base(point.data(), secret.Bytes(kAccess));
  return point;
}

// The key that wraps a file key between an ephemeral `share` and a `recipient`,
// who both know `shared`.
absl::StatusOr<SecretBuffer> WrapKey(const SecretBuffer& shared,
                                     const X25519Point& share,
                                     const X25519Point& recipient) {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer key,
                           SecretBuffer::Allocate(kSecretKeyBytes));
  SUBROSA_RETURN_IF_ERROR(HkdfSha256(shared.Bytes(kAccess),
                                     absl::StrCat(View(share), View(recipient)),
                                     kWrapInfo, key.MutableBytes(kAccess)));
  return key;
}

void WipeString(std::string* text) {
  if (!text->empty()) sodium_memzero(&(*text)[0], text->size());
}

}  // namespace

absl::StatusOr<SecretBuffer> X25519(const SecretKey& secret,
                                    const X25519Point& point) {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer shared,
                           SecretBuffer::Allocate(kX25519Bytes));
  if (crypto_scalarmult(shared.MutableBytes(kAccess).data(),
                        secret.Bytes(kAccess), point.data()) != 0) {
    return absl::InvalidArgumentError(
        "x25519.point: want a point of high order, got one of low order");
  }
  return shared;
}

absl::StatusOr<X25519Recipient> X25519Recipient::Parse(absl::string_view text) {
  absl::StatusOr<std::string> bytes = DecodeBech32(kRecipientPrefix, text);
  SUBROSA_RETURN_IF_ERROR(Annotate(bytes.status(), "age.recipient"));
  if (bytes->size() != kX25519Bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("age.recipient: want a key of ", kX25519Bytes,
                     " bytes, got ", bytes->size()));
  }
  X25519Recipient recipient(ToPoint(*bytes));
  // Any secret tells a point of low order, and a random one costs nothing.
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey any, SecretKey::Random());
  SUBROSA_RETURN_IF_ERROR(
      Annotate(X25519(any, recipient.point_).status(), "age.recipient"));
  return recipient;
}

std::string X25519Recipient::ToString() const {
  return EncodeBech32(kRecipientPrefix, View(point_));
}

absl::StatusOr<AgeStanza> X25519Recipient::Wrap(
    const SecretBuffer& file_key) const {
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey ephemeral, SecretKey::Random());
  const X25519Point share = PublicPoint(ephemeral);
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer shared,
                           X25519(ephemeral, point_));
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer wrap_key,
                           WrapKey(shared, share, point_));
  AgeStanza stanza;
  stanza.arguments = {std::string(kX25519StanzaType),
                      EncodeBase64(View(share), Base64Padding::kNone)};
  stanza.body = WrapAgeFileKey(file_key, wrap_key);
  return stanza;
}

X25519Identity::X25519Identity(SecretKey secret)
    : secret_(std::move(secret)), recipient_(PublicPoint(secret_)) {}

absl::StatusOr<X25519Identity> X25519Identity::Generate() {
  SUBROSA_ASSIGN_OR_RETURN(SecretKey secret, SecretKey::Random());
  return X25519Identity(std::move(secret));
}

absl::StatusOr<X25519Identity> X25519Identity::Parse(const SecretBuffer& text) {
  absl::StatusOr<std::string> bytes =
      DecodeBech32(kIdentityPrefix, View(text.Bytes(kAccess)));
  SUBROSA_RETURN_IF_ERROR(Annotate(bytes.status(), "age.identity"));
  const size_t size = bytes->size();
  absl::StatusOr<SecretKey> secret = SecretKey::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes->data()),
                          size),
      kAccess);
  WipeString(&*bytes);
  if (size != kX25519Bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "age.identity: want a key of ", kX25519Bytes, " bytes, got ", size));
  }
  SUBROSA_RETURN_IF_ERROR(Annotate(secret.status(), "age.identity"));
  return X25519Identity(*std::move(secret));
}

absl::StatusOr<SecretBuffer> X25519Identity::ToSecretText() const {
  std::string text = EncodeBech32(
      kIdentityPrefix,
      View(absl::MakeConstSpan(secret_.Bytes(kAccess), kSecretKeyBytes)));
  absl::AsciiStrToUpper(&text);
  absl::StatusOr<SecretBuffer> secret_text = SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      kAccess);
  WipeString(&text);
  return secret_text;
}

absl::Status CheckX25519Stanza(const AgeStanza& stanza) {
  if (stanza.arguments.size() != 2) {
    return absl::InvalidArgumentError(absl::StrCat(
        "want 1 argument after X25519, got ", stanza.arguments.size() - 1));
  }
  const absl::optional<std::string> share =
      DecodeBase64(stanza.arguments[1], Base64Padding::kNone);
  if (!share.has_value() || share->size() != kX25519Bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "want a share of ", kX25519Bytes, " bytes in canonical base64"));
  }
  if (stanza.body.size() != kAgeWrappedFileKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("want a body of ", kAgeWrappedFileKeyBytes, " bytes, got ",
                     stanza.body.size()));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<SecretBuffer>> X25519Identity::Unwrap(
    absl::Span<const AgeStanza> stanzas) const {
  for (size_t i = 0; i < stanzas.size(); ++i) {
    if (stanzas[i].type() != kX25519StanzaType) continue;
    const std::string where = absl::StrCat("age.header.stanza[", i, "]");
    SUBROSA_RETURN_IF_ERROR(Annotate(CheckX25519Stanza(stanzas[i]), where));
    const X25519Point share =
        ToPoint(*DecodeBase64(stanzas[i].arguments[1], Base64Padding::kNone));
    absl::StatusOr<SecretBuffer> shared = X25519(secret_, share);
    SUBROSA_RETURN_IF_ERROR(Annotate(shared.status(), where));
    SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer wrap_key,
                             WrapKey(*shared, share, recipient_.point_));
    SUBROSA_ASSIGN_OR_RETURN(absl::optional<SecretBuffer> file_key,
                             UnwrapAgeFileKey(stanzas[i].body, wrap_key));
    if (file_key.has_value()) return file_key;
  }
  return absl::optional<SecretBuffer>();
}

}  // namespace subrosa
