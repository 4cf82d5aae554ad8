// Bech32 (BIP 173) as age uses it for keys: no limit of 90 characters, all
// upper or all lower case, checksum 1.
//
// Thread-safe: no state. Identities are secret: the caller wipes the strings
// that hold them.
#ifndef SUBROSA_SRC_CRYPTO_AGE_BECH32_H_
#define SUBROSA_SRC_CRYPTO_AGE_BECH32_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// No key of age's is longer than this many characters.
inline constexpr size_t kBech32MaxCharacters = 256;

// Returns `prefix` (lower case), "1", `bytes` and a checksum, in lower case.
std::string EncodeBech32(absl::string_view prefix, absl::string_view bytes);

// Returns the bytes of `text`, whose prefix must be `prefix` (given in lower
// case; `text` may be all upper). INVALID_ARGUMENT says what is wrong and
// never quotes `text`.
absl::StatusOr<std::string> DecodeBech32(absl::string_view prefix,
                                         absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_BECH32_H_
