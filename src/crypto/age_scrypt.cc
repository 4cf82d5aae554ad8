#include "src/crypto/age_scrypt.h"

#include <sodium.h>

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSaltLabel = "age-encryption.org/v1/scrypt";
constexpr size_t kSaltBytes = 16;
constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

absl::Status CheckPassphrase(const SecretBuffer& passphrase) {
  if (passphrase.size() > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "age.passphrase: want at least 1 byte, got 0");
}

absl::Status CheckWorkFactor(int work_factor) {
  if (work_factor >= 1 && work_factor <= kScryptMaxWorkFactor) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("age.work_factor: want 1 to ",
                                                 kScryptMaxWorkFactor, ", got ",
                                                 work_factor));
}

// Decimal digits without sign or leading zero; 0 if `text` is anything else.
int ParseWorkFactor(absl::string_view text) {
  int value;
  if (!absl::SimpleAtoi(text, &value) || value < 1) return 0;
  return absl::StrCat(value) == text ? value : 0;
}

absl::StatusOr<SecretBuffer> WrapKey(const SecretBuffer& passphrase,
                                     absl::string_view salt, int work_factor) {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer key,
                           SecretBuffer::Allocate(kSecretKeyBytes));
  const std::string labelled = absl::StrCat(kSaltLabel, salt);
  const absl::Span<const uint8_t> secret = passphrase.Bytes(kAccess);
  const absl::Span<uint8_t> out = key.MutableBytes(kAccess);
  if (crypto_pwhash_scryptsalsa208sha256_ll(
          secret.data(), secret.size(),
          reinterpret_cast<const uint8_t*>(labelled.data()), labelled.size(),
          uint64_t{1} << work_factor, 8, 1, out.data(), out.size()) != 0) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "age.scrypt: want ", (uint64_t{1} << work_factor) / 1024,
        " MiB of memory for work factor ", work_factor, ", got none"));
  }
  return key;
}

}  // namespace

absl::StatusOr<ScryptRecipient> ScryptRecipient::Create(SecretBuffer passphrase,
                                                        int work_factor) {
  SUBROSA_RETURN_IF_ERROR(CheckPassphrase(passphrase));
  SUBROSA_RETURN_IF_ERROR(CheckWorkFactor(work_factor));
  return ScryptRecipient(std::move(passphrase), work_factor);
}

absl::StatusOr<AgeStanza> ScryptRecipient::Wrap(
    const SecretBuffer& file_key) const {
  std::string salt(kSaltBytes, '\0');
  randombytes_buf(&salt[0], salt.size());
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer wrap_key,
                           WrapKey(passphrase_, salt, work_factor_));
  AgeStanza stanza;
  stanza.arguments = {std::string(kScryptStanzaType),
                      EncodeBase64(salt, Base64Padding::kNone),
                      absl::StrCat(work_factor_)};
  stanza.body = WrapAgeFileKey(file_key, wrap_key);
  return stanza;
}

absl::StatusOr<ScryptIdentity> ScryptIdentity::Create(SecretBuffer passphrase,
                                                      int max_work_factor) {
  SUBROSA_RETURN_IF_ERROR(CheckPassphrase(passphrase));
  SUBROSA_RETURN_IF_ERROR(CheckWorkFactor(max_work_factor));
  return ScryptIdentity(std::move(passphrase), max_work_factor);
}

absl::Status CheckScryptStanza(const AgeStanza& stanza, int max_work_factor) {
  if (stanza.arguments.size() != 3) {
    return absl::InvalidArgumentError(absl::StrCat(
        "want 2 arguments after scrypt, got ", stanza.arguments.size() - 1));
  }
  const absl::optional<std::string> salt =
      DecodeBase64(stanza.arguments[1], Base64Padding::kNone);
  if (!salt.has_value() || salt->size() != kSaltBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "want a salt of ", kSaltBytes, " bytes in canonical base64"));
  }
  const int work_factor = ParseWorkFactor(stanza.arguments[2]);
  if (work_factor == 0) {
    return absl::InvalidArgumentError(
        "want a work factor of decimal digits, without sign or leading zero");
  }
  if (work_factor > max_work_factor) {
    return absl::InvalidArgumentError(
        absl::StrCat("want a work factor of at most ", max_work_factor,
                     ", got ", work_factor));
  }
  if (stanza.body.size() != kAgeWrappedFileKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("want a body of ", kAgeWrappedFileKeyBytes, " bytes, got ",
                     stanza.body.size()));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<SecretBuffer>> ScryptIdentity::Unwrap(
    absl::Span<const AgeStanza> stanzas) const {
  for (size_t i = 0; i < stanzas.size(); ++i) {
    if (stanzas[i].type() != kScryptStanzaType) continue;
    const std::string where = absl::StrCat("age.header.stanza[", i, "]");
    if (stanzas.size() > 1) {
      return absl::InvalidArgumentError(absl::StrCat(
          where, ": want a passphrase to be the only recipient, got ",
          stanzas.size()));
    }
    SUBROSA_RETURN_IF_ERROR(
        Annotate(CheckScryptStanza(stanzas[i], max_work_factor_), where));
    SUBROSA_ASSIGN_OR_RETURN(
        const SecretBuffer wrap_key,
        WrapKey(passphrase_,
                *DecodeBase64(stanzas[i].arguments[1], Base64Padding::kNone),
                ParseWorkFactor(stanzas[i].arguments[2])));
    return UnwrapAgeFileKey(stanzas[i].body, wrap_key);
  }
  return absl::optional<SecretBuffer>();
}

}  // namespace subrosa
