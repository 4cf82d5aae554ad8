// An injective encoding of several byte strings as one: each after its length,
// four bytes, big-endian. {"ab", "c"} and {"a", "bc"} differ.
#ifndef SUBROSA_SRC_BASE_LENGTH_PREFIXED_H_
#define SUBROSA_SRC_BASE_LENGTH_PREFIXED_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// Each part is at most 4 GiB - 1.
inline std::string LengthPrefixed(
    std::initializer_list<absl::string_view> parts) {
  std::string encoded;
  for (const absl::string_view part : parts) {
    const auto size = static_cast<uint32_t>(part.size());
    for (int shift = 24; shift >= 0; shift -= 8) {
      encoded.push_back(static_cast<char>(size >> shift));
    }
    encoded.append(part.data(), part.size());
  }
  return encoded;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_LENGTH_PREFIXED_H_
