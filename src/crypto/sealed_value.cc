#include "src/crypto/sealed_value.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

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

absl::Span<uint8_t> BytesOf(absl::Span<char> buffer) {
  return absl::MakeSpan(reinterpret_cast<uint8_t*>(buffer.data()),
                        buffer.size());
}

absl::Span<char> SpanOf(std::string* text) {
  return absl::MakeSpan(&(*text)[0], text->size());
}

}  // namespace

static_assert(kBoxOverheadBytes == kSealedValueOverheadBytes);

absl::Status SealValueTo(const SecretKey& key, absl::string_view context,
                         absl::string_view plaintext, absl::Span<char> sealed) {
  if (plaintext.size() > kMaxSealedValueBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("value: want at most ", kMaxSealedValueBytes,
                     " bytes, got ", plaintext.size()));
  }
  if (sealed.size() != plaintext.size() + kSealedValueOverheadBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("sealed value: want a buffer of ",
                     plaintext.size() + kSealedValueOverheadBytes,
                     " bytes, got ", sealed.size()));
  }
  return SealBox(key, kValueUse, context, BytesOf(plaintext), BytesOf(sealed));
}

absl::Status OpenValueTo(const SecretKey& key, absl::string_view context,
                         absl::string_view sealed, absl::Span<char> plaintext) {
  if (plaintext.size() <= kMaxSealedValueBytes &&
      sealed.size() == plaintext.size() + kSealedValueOverheadBytes &&
      OpenBox(key, kValueUse, context, BytesOf(sealed), BytesOf(plaintext)) ==
          BoxResult::kOpened) {
    return absl::OkStatus();
  }
  if (!plaintext.empty()) std::memset(plaintext.data(), 0, plaintext.size());
  return absl::InvalidArgumentError("sealed value: does not open");
}

absl::StatusOr<std::string> SealValue(const SecretKey& key,
                                      absl::string_view context,
                                      absl::string_view plaintext) {
  std::string sealed(std::min(plaintext.size(), kMaxSealedValueBytes) +
                         kSealedValueOverheadBytes,
                     '\0');
  SUBROSA_RETURN_IF_ERROR(
      SealValueTo(key, context, plaintext, SpanOf(&sealed)));
  return sealed;
}

absl::StatusOr<std::string> OpenValue(const SecretKey& key,
                                      absl::string_view context,
                                      absl::string_view sealed) {
  std::string plaintext;
  if (sealed.size() > kSealedValueOverheadBytes) {
    plaintext.resize(std::min(sealed.size() - kSealedValueOverheadBytes,
                              kMaxSealedValueBytes));
  }
  SUBROSA_RETURN_IF_ERROR(
      OpenValueTo(key, context, sealed, SpanOf(&plaintext)));
  return plaintext;
}

}  // namespace subrosa
