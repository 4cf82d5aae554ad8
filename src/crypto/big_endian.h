// Integers as bytes, most significant first: how every format of this project
// writes them (docs/formats/).
#ifndef SUBROSA_SRC_CRYPTO_BIG_ENDIAN_H_
#define SUBROSA_SRC_CRYPTO_BIG_ENDIAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace subrosa {

// Writes `value` to the sizeof(Integer) bytes at `out`.
template <typename Integer>
void StoreBigEndian(Integer value, uint8_t* out) {
  static_assert(std::is_unsigned_v<Integer>, "cast signed values first");
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    out[i] = static_cast<uint8_t>(value >> (8 * (sizeof(Integer) - 1 - i)));
  }
}

// Reads the sizeof(Integer) bytes at `in`.
template <typename Integer>
Integer LoadBigEndian(const uint8_t* in) {
  static_assert(std::is_unsigned_v<Integer>, "cast the result to signed");
  Integer value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    value = static_cast<Integer>((static_cast<uint64_t>(value) << 8) | in[i]);
  }
  return value;
}

// An integer's bytes as something that a string_view can point to:
//
//   const BigEndianBytes<uint32_t> version(key_version);
//   Prf(key, "tombstone", {key_id, version.view()});
template <typename Integer>
class BigEndianBytes {
 public:
  explicit BigEndianBytes(Integer value) {
    StoreBigEndian(value, bytes_.data());
  }

  // Valid while this object lives.
  absl::string_view view() const {
    return absl::string_view(reinterpret_cast<const char*>(bytes_.data()),
                             bytes_.size());
  }

 private:
  std::array<uint8_t, sizeof(Integer)> bytes_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_BIG_ENDIAN_H_
