#include "src/crypto/sealed_value.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/crypto/committing_box.h"
#include "src/crypto/keyed_hash.h"

namespace subrosa {
namespace {

absl::Span<const uint8_t> BytesOf(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

absl::Span<uint8_t> BytesOf(std::string* text) {
  return absl::MakeSpan(reinterpret_cast<uint8_t*>(text->data()), text->size());
}

}  // namespace

static_assert(kBoxOverheadBytes == kSealedValueOverheadBytes);

absl::StatusOr<std::string> SealValue(const SecretKey& key,
                                      absl::string_view context,
                                      absl::string_view plaintext) {
  if (plaintext.size() > kMaxSealedValueBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("value: want at most ", kMaxSealedValueBytes,
                     " bytes, got ", plaintext.size()));
  }
  std::string sealed(plaintext.size() + kSealedValueOverheadBytes, '\0');
  SUBROSA_RETURN_IF_ERROR(
      SealBox(key, kValueUse, context, BytesOf(plaintext), BytesOf(&sealed)));
  return sealed;
}

absl::StatusOr<std::string> OpenValue(const SecretKey& key,
                                      absl::string_view context,
                                      absl::string_view sealed) {
  std::string plaintext;
  if (sealed.size() >= kSealedValueOverheadBytes &&
      sealed.size() <= kSealedValueOverheadBytes + kMaxSealedValueBytes) {
    plaintext.resize(sealed.size() - kSealedValueOverheadBytes);
    if (OpenBox(key, kValueUse, context, BytesOf(sealed),
                BytesOf(&plaintext)) == BoxResult::kOpened) {
      return plaintext;
    }
  }
  return absl::InvalidArgumentError("sealed value: does not open");
}

}  // namespace subrosa
