#include "src/crypto/random_bytes.h"

#include <sodium.h>

#include <string>

namespace subrosa {

std::string RandomBytes(size_t size) {
  // The generator needs no sodium_init: it asks the kernel.
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace subrosa
