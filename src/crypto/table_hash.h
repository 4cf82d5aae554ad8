// A TableHash turns an account id into 16 bytes that tables in memory find it
// by, in place of the id itself. Its key is random and its own: outputs mean
// nothing to any other, and are never stored.
//
// Thread-safe. 30 ns, and allocates nothing.
//
// Security: SipHash-2-4 with 128 bits of output (libsodium's
// crypto_shorthash_siphashx24): whoever does not know the key finds no two ids
// that meet. Not for what leaves the process: see prf.h.
#ifndef SUBROSA_SRC_CRYPTO_TABLE_HASH_H_
#define SUBROSA_SRC_CRYPTO_TABLE_HASH_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace subrosa {

class TableHash {
 public:
  struct Output {
    uint64_t high = 0;
    uint64_t low = 0;
  };

  TableHash();

  Output operator()(absl::string_view bytes) const;

 private:
  std::array<uint8_t, 16> key_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_TABLE_HASH_H_
