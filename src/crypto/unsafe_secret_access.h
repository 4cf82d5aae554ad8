// The door to raw secret bytes. Linking this target is the permission; its
// visibility list in BUILD.bazel is the list of who has it. Code that is given
// a SecretAccess must not keep, print, log or return the bytes that it opens.
#ifndef SUBROSA_SRC_CRYPTO_UNSAFE_SECRET_ACCESS_H_
#define SUBROSA_SRC_CRYPTO_UNSAFE_SECRET_ACCESS_H_

#include "src/crypto/secret_key.h"

namespace subrosa {

class UnsafeSecretAccess {
 public:
  static constexpr SecretAccess Get() { return SecretAccess(); }
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_UNSAFE_SECRET_ACCESS_H_
