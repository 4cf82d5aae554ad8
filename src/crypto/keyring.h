// Keyring is the KeyProvider that needs nothing but a file and a passphrase.
// Format and worked bytes: docs/formats/keyring.md.
//
// The file is sealed under a key that Argon2id makes from the passphrase. Each
// change rewrites it whole: read under an advisory lock, written beside,
// synced, renamed, mode 0600. Several processes may have the same keyring open;
// each sees the others' changes on its next call.
//
// Destroying an epoch object removes it from the file and overwrites the old
// file's blocks. That is assurance C: whoever has an older copy of the file and
// the passphrase has the object. Keep the file out of backups, or keep copies
// of it no longer than the key store's.
//
// It holds at most 10,000 epoch objects, signing keys and anchors together; one
// more is RESOURCE_EXHAUSTED.
//
// Thread-safe.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(SecretBuffer passphrase, ReadSecretFile(path));
//   SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Keyring> keyring,
//                            Keyring::Open("/var/lib/subrosa/keyring",
//                                          passphrase));
#ifndef SUBROSA_SRC_CRYPTO_KEYRING_H_
#define SUBROSA_SRC_CRYPTO_KEYRING_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

class KeyringState;

// What one guess at the passphrase costs, and what opening the keyring costs.
enum class KeyringCost : uint8_t {
  kInteractive,  // 64 MiB, 0.06 s: tests, samples, services that restart often.
  kModerate,     // 256 MiB, 0.4 s: the default.
  kSensitive,    // 1 GiB, 3 s.
};

class Keyring : public KeyProvider {
 public:
  // Makes an empty keyring at `path`, durably.
  //
  // Returns ALREADY_EXISTS if there is a file, which is left alone;
  // RESOURCE_EXHAUSTED if there is not the memory that `cost` asks for;
  // UNAVAILABLE, NOT_FOUND or PERMISSION_DENIED if the system refuses.
  static absl::StatusOr<std::unique_ptr<Keyring>> Create(
      const std::string& path, const SecretBuffer& passphrase,
      KeyringCost cost = KeyringCost::kModerate);

  // Opens the keyring at `path`.
  //
  // Returns NOT_FOUND if there is none; PERMISSION_DENIED for a wrong
  // passphrase; FAILED_PRECONDITION if group or others may touch the file;
  // DATA_LOSS if it is damaged; INVALID_ARGUMENT if it is no keyring or asks
  // for less or more work than we accept (64 MiB to 1 GiB, 2 to 16 passes);
  // RESOURCE_EXHAUSTED as Create.
  static absl::StatusOr<std::unique_ptr<Keyring>> Open(
      const std::string& path, const SecretBuffer& passphrase);

  ~Keyring() override;

  // Seals the file anew under `passphrase`. Other processes that have it open
  // get FAILED_PRECONDITION from then on and must open it again. Old copies of
  // the file still open with the old passphrase. After UNAVAILABLE it may have
  // been sealed anew all the same: one of the two passphrases opens it.
  absl::Status ChangePassphrase(const SecretBuffer& passphrase,
                                KeyringCost cost);

  // How long a change waits for another process's lock before UNAVAILABLE.
  // 5 seconds unless set. Call before sharing the keyring between threads.
  void set_lock_wait(absl::Duration wait);

  absl::string_view kind() const override;
  absl::StatusOr<std::string> CreateEpoch(absl::string_view entity,
                                          uint32_t epoch,
                                          absl::Time now) override;
  absl::StatusOr<SecretKey> OpenEpoch(
      absl::string_view entity, uint32_t epoch,
      absl::string_view sealed_working_key) override;
  absl::StatusOr<DestructionEvidence> DestroyEpoch(absl::string_view entity,
                                                   uint32_t epoch) override;
  absl::StatusOr<std::vector<EpochObject>> ListEpochs(
      absl::string_view entity) override;
  absl::StatusOr<std::string> CreateSigningKey(absl::string_view name) override;
  absl::StatusOr<std::string> PublicKey(absl::string_view name) override;
  absl::StatusOr<std::string> Sign(absl::string_view name,
                                   absl::string_view message) override;
  absl::Status AdvanceAnchor(absl::string_view name, uint64_t value) override;
  absl::StatusOr<uint64_t> ReadAnchor(absl::string_view name) override;

 private:
  explicit Keyring(std::unique_ptr<KeyringState> state);

  std::mutex mutex_;
  const std::unique_ptr<KeyringState> state_;  // Guarded by mutex_.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEYRING_H_
