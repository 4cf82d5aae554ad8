// An injective encoding of several byte strings as one: each after its length,
// four bytes, big-endian. {"ab", "c"} and {"a", "bc"} differ.
#ifndef SUBROSA_SRC_BASE_LENGTH_PREFIXED_H_
#define SUBROSA_SRC_BASE_LENGTH_PREFIXED_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// Each part is at most 4 GiB - 1.
inline std::string LengthPrefixed(
    std::initializer_list<absl::string_view> parts) {
  size_t encoded_size = 0;
  for (const absl::string_view part : parts) encoded_size += 4 + part.size();
  std::string encoded;
  encoded.reserve(encoded_size);
  for (const absl::string_view part : parts) {
    const auto size = static_cast<uint32_t>(part.size());
    const char prefix[] = {
        static_cast<char>(size >> 24), static_cast<char>(size >> 16),
        static_cast<char>(size >> 8), static_cast<char>(size)};
    encoded.append(prefix, sizeof(prefix));
    encoded.append(part.data(), part.size());
  }
  return encoded;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_LENGTH_PREFIXED_H_
