#include "src/crypto/cosignature.h"

#include <sodium.h>

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/signed_note_text.h"

namespace subrosa {
namespace {

// A timestamp and an Ed25519 signature.
constexpr size_t kCosignatureBytes = sizeof(uint64_t) + crypto_sign_BYTES;

std::string SignedMessage(uint64_t seconds, absl::string_view text) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", text);
}

}  // namespace

absl::StatusOr<NoteSignature> Cosign(absl::string_view text, const NoteKey& key,
                                     absl::Time at, const NoteSigner& signer) {
  if (key.type() != kNoteTypeCosignature) {
    return absl::InvalidArgumentError(
        absl::StrCat("cosignature.key.type: want ", kNoteTypeCosignature,
                     ", got ", key.type()));
  }
  SUBROSA_RETURN_IF_ERROR(CheckNoteText(text));
  const int64_t seconds = absl::ToUnixSeconds(at);
  if (seconds < 0) {
    return absl::InvalidArgumentError(
        "cosignature.time: want 1970 or later, got earlier");
  }
  NoteSignature signature;
  signature.name = key.name();
  signature.key_id = key.id();
  const BigEndianBytes<uint64_t> time(static_cast<uint64_t>(seconds));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string bare,
      signer(SignedMessage(static_cast<uint64_t>(seconds), text)));
  signature.signature = absl::StrCat(time.view(), bare);
  if (!CosignedAt(key, text, signature).has_value()) {
    return absl::InternalError(
        "cosignature: want one by the named key, got another");
  }
  return signature;
}

absl::optional<absl::Time> CosignedAt(const NoteKey& key,
                                      absl::string_view text,
                                      const NoteSignature& signature) {
  if (key.type() != kNoteTypeCosignature || signature.name != key.name() ||
      signature.key_id != key.id() ||
      signature.signature.size() != kCosignatureBytes) {
    return absl::nullopt;
  }
  const auto* const bytes =
      reinterpret_cast<const uint8_t*>(signature.signature.data());
  const auto seconds = LoadBigEndian<uint64_t>(bytes);
  if (seconds > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return absl::nullopt;
  }
  const std::string message = SignedMessage(seconds, text);
  if (crypto_sign_verify_detached(
          bytes + sizeof(uint64_t),
          reinterpret_cast<const uint8_t*>(message.data()), message.size(),
          key.public_key().data()) != 0) {
    return absl::nullopt;
  }
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

}  // namespace subrosa
