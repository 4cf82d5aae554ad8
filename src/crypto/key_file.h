// A key in a file: 64 hexadecimal digits, such as `openssl rand -hex 32`
// writes. For keys that outlive a run and belong to no keyring.
#ifndef SUBROSA_SRC_CRYPTO_KEY_FILE_H_
#define SUBROSA_SRC_CRYPTO_KEY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Reads the key at `path`. INVALID_ARGUMENT for any other content: a passphrase
// is no key. Else errors as ReadSecretFile, for a file that everybody may read
// too, and as SecretKey::Random.
absl::StatusOr<SecretKey> ReadKeyFile(const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEY_FILE_H_
