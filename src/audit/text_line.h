// Numbers and hashes as checkpoints, receipts and witnesses write them in a
// line of text: each has one text, and any other is refused.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_TEXT_LINE_H_
#define SUBROSA_SRC_AUDIT_TEXT_LINE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "src/audit/merkle.h"

namespace subrosa {

// The number that `text` is the decimal of, or nothing: signs, spaces, leading
// zeros and numbers over 2^64 - 1 are nothing.
absl::optional<uint64_t> ReadDecimal(absl::string_view text);

// A hash in padded base64, 44 characters, and back; nothing unless `text` is
// exactly what WriteHash writes.
std::string WriteHash(const MerkleHash& hash);
absl::optional<MerkleHash> ReadHash(absl::string_view text);

// Takes the first line off `*text`, without its newline. Nothing, and `*text`
// as it was, if no newline is in it.
absl::optional<absl::string_view> TakeLine(absl::string_view* text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_TEXT_LINE_H_
