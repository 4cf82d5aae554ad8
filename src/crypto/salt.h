// Salts: 16 public random bytes that make each sealed thing's key its own. For
// this room only.
#ifndef SUBROSA_SRC_CRYPTO_SALT_H_
#define SUBROSA_SRC_CRYPTO_SALT_H_

#include <cstddef>
#include <cstdint>

namespace subrosa {

inline constexpr size_t kSaltBytes = 16;

// Writes kSaltBytes fresh random bytes to `out`. Each thread draws a page of
// them at a time, since a system call per salt costs four times as much; the
// kernel clears that page in a forked child, so no two processes share one.
// Thread-safe. Needs InitializeCrypto, as whoever holds a SecretKey had.
void DrawSalt(uint8_t* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SALT_H_
