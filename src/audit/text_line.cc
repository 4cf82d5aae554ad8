#include "src/audit/text_line.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/base64.h"

namespace subrosa {

absl::optional<uint64_t> ReadDecimal(absl::string_view text) {
  uint64_t value;
  if (!absl::SimpleAtoi(text, &value) || absl::StrCat(value) != text) {
    return absl::nullopt;
  }
  return value;
}

std::string WriteHash(const MerkleHash& hash) {
  return EncodeBase64(BytesOf(hash), Base64Padding::kEquals);
}

absl::optional<MerkleHash> ReadHash(absl::string_view text) {
  const absl::optional<std::string> bytes =
      DecodeBase64(text, Base64Padding::kEquals);
  MerkleHash hash;
  if (!bytes.has_value() || bytes->size() != hash.size()) return absl::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

absl::optional<absl::string_view> TakeLine(absl::string_view* text) {
  const size_t newline = text->find('\n');
  if (newline == absl::string_view::npos) return absl::nullopt;
  const absl::string_view line = text->substr(0, newline);
  text->remove_prefix(newline + 1);
  return line;
}

}  // namespace subrosa
