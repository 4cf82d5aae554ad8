// A consumer as the key store resolves them: their references, and the keys
// that open their records.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_HANDLE_H_
#define SUBROSA_SRC_VAULT_CONSUMER_HANDLE_H_

#include <memory>
#include <string>
#include <vector>

#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// A version of a consumer's key that seals no more: it opens what was not
// resealed yet. Its records stand under a reference of its own, so that what an
// older copy of the record store says in clear leads to nobody either, once it
// is destroyed.
struct OlderKey {
  KeyRef ref;
  std::shared_ptr<const SecretKey> key;  // Never null.
  std::string data_ref;
  // What was erased when the next version was made (part_selection.h).
  std::string selection;
};

struct ConsumerHandle {
  std::string data_ref;      // 16 random bytes, on records.
  std::string consumer_ref;  // 16 random bytes, on choices and requests.
  KeyRef key_ref;
  std::shared_ptr<const SecretKey> key;  // Never null. It seals.
  std::string carried;                   // See stable_secret.h.
  std::vector<OlderKey> older;           // The newest first; mostly none.
  bool is_new = false;                   // Made by the call that returned this.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_HANDLE_H_
