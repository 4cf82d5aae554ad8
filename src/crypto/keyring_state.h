// KeyringState is what a process knows of a keyring file: its content as last
// read, and how to bring that up to date or change it. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_KEYRING_STATE_H_
#define SUBROSA_SRC_CRYPTO_KEYRING_STATE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/private_file.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// The key that the file is sealed under, and how it came from the passphrase.
struct KeyringKey {
  SecretKey key;
  KeyringKdf kdf;
};

// Not thread-safe.
class KeyringState {
 public:
  // Holds nothing before the first Refresh.
  KeyringState(std::string path, KeyringKey key)
      : path_(std::move(path)), key_(std::move(key)) {}

  // Reads the file if it changed since it was last read.
  //
  // Returns FAILED_PRECONDITION if it was sealed under another passphrase
  // meanwhile or an older copy was put back; else errors as ReadPrivateFile,
  // ParseKeyringKdf and OpenKeyring.
  absl::Status Refresh();

  // Applies `change` to the file's content, writes the file and reads it back,
  // under its lock; from then on under `next_key`, if there is one. The file
  // stays as it is if `change` fails. Errors as `change`, Refresh and
  // PrivateFileLock.
  absl::Status Change(
      const std::function<absl::Status(KeyringContent*)>& change,
      std::optional<KeyringKey> next_key = std::nullopt);

  // The content as of the last Refresh or Change that returned OK.
  const KeyringContent& content() const { return content_; }

  void set_lock_wait(absl::Duration wait) { lock_wait_ = wait; }

 private:
  absl::Status Read();

  const std::string path_;
  absl::Duration lock_wait_ = absl::Seconds(5);
  KeyringKey key_;
  KeyringContent content_;
  uint64_t seen_generation_ = 0;
  FileIdentity identity_;  // Of the file that `content_` was read from.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEYRING_STATE_H_
