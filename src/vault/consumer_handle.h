// A consumer as the key store resolves them: their references, and the keys
// that open their records.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_HANDLE_H_
#define SUBROSA_SRC_VAULT_CONSUMER_HANDLE_H_

#include <memory>
#include <string>

#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

struct ConsumerHandle {
  std::string data_ref;      // 16 random bytes, on records.
  std::string consumer_ref;  // 16 random bytes, on choices and requests.
  KeyRef key_ref;
  std::shared_ptr<const SecretKey> key;  // Never null.
  std::string carried;                   // See stable_secret.h.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_HANDLE_H_
