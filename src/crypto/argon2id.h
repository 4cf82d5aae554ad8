// Argon2id, version 1.3, with one lane: what makes each guess at a weak secret
// cost memory and time.
//
// Thread-safe. The memory that it needs is freed and wiped before it returns.
#ifndef SUBROSA_SRC_CRYPTO_ARGON2ID_H_
#define SUBROSA_SRC_CRYPTO_ARGON2ID_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace subrosa {

inline constexpr size_t kArgon2idSaltBytes = 16;

struct Argon2idCost {
  uint32_t passes = 0;      // 1 or more.
  uint32_t memory_kib = 0;  // 8 or more.
};

// Fills `out`, 16 bytes or more. Whoever takes `cost` from a file bounds it
// first.
//
// RESOURCE_EXHAUSTED if the memory cannot be had; `out` is then undefined.
absl::Status Argon2id(absl::Span<const uint8_t> secret,
                      const std::array<uint8_t, kArgon2idSaltBytes>& salt,
                      const Argon2idCost& cost, absl::Span<uint8_t> out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_ARGON2ID_H_
