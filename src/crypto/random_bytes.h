// Random bytes that are no secret: references and ids that rest in clear.
// Thread-safe.
#ifndef SUBROSA_SRC_CRYPTO_RANDOM_BYTES_H_
#define SUBROSA_SRC_CRYPTO_RANDOM_BYTES_H_

#include <cstddef>
#include <string>

namespace subrosa {

// `size` bytes from the system's generator. Secrets are made by
// SecretKey::Random, which keeps them in guarded memory.
std::string RandomBytes(size_t size);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_RANDOM_BYTES_H_
