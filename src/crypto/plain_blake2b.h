// For tests: BLAKE2b as anybody can compute it, to look for digests where none
// should be. What Subrosa derives is in prf.h.
#ifndef SUBROSA_SRC_CRYPTO_PLAIN_BLAKE2B_H_
#define SUBROSA_SRC_CRYPTO_PLAIN_BLAKE2B_H_

#include <cstddef>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// The digest of `size` bytes, 1 to 64, of the parts one after another, under
// `key`, at most 64 bytes; empty: unkeyed.
std::string PlainBlake2b(size_t size, absl::string_view key,
                         std::initializer_list<absl::string_view> parts);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_PLAIN_BLAKE2B_H_
