// A KeyProvider keeps the roots: a passphrase keyring (keyring.h), and later a
// PKCS#11 token or a transit service. It can do little, so that each of these
// can do all of it: make, use and destroy epoch objects, sign, and remember a
// number outside the backups.
//
// An *epoch object* is one destroyable object of the provider for an entity and
// an epoch. It opens one random working key, and nothing else opens that key;
// so once the object is destroyed, every backup of the key store that was
// wrapped under the working key is closed for good.
//
// Thread-safe: all functions may be called from any thread.
//
// Errors, of all functions, beside what each one says:
//   INVALID_ARGUMENT     a name, number or sealed blob is wrong in itself
//   UNAVAILABLE          device, service or file cannot be reached; may be
//   retried PERMISSION_DENIED    the provider refuses us (PIN, token,
//   passphrase) FAILED_PRECONDITION  the provider changed or lacks something;
//   the message
//                        says what to do
//   DATA_LOSS            what the provider keeps is damaged
// A provider never guesses from one vague code of a device: it reads back.
#ifndef SUBROSA_SRC_CRYPTO_KEY_PROVIDER_H_
#define SUBROSA_SRC_CRYPTO_KEY_PROVIDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Names of entities, signing keys and anchors: 1 to 128 bytes of printable
// ASCII without space.
inline constexpr size_t kMaxProviderNameBytes = 128;

// Longest sealed working key that a provider may return.
inline constexpr size_t kMaxSealedWorkingKeyBytes = 1024;

inline constexpr size_t kSignatureBytes = 64;
inline constexpr size_t kPublicKeyBytes = 32;

// How sure one may be that a destroyed object is gone. Goes into certificates.
enum class Assurance : uint8_t {
  kHardwareObject = 1,  // A: a token destroyed it and no longer finds it.
  kServiceVersion = 2,  // B: a service destroyed it and confirms on reading.
  kRewrittenFile = 3,   // C: a file was rewritten; as good as that file's
                        // exclusion from backups.
};

// What a provider can say for a destruction.
struct DestructionEvidence {
  Assurance assurance = Assurance::kRewrittenFile;
  std::string provider;  // KeyProvider::kind().
  std::string facts;     // One line of plain words; no secret, path or key id.
};

// An epoch object that exists.
struct EpochObject {
  std::string entity;
  uint32_t epoch = 0;
  absl::Time created_at;  // Whole seconds.
};

class KeyProvider {
 public:
  virtual ~KeyProvider() = default;

  // "keyring", "pkcs11", "transit". Valid while the provider lives.
  virtual absl::string_view kind() const = 0;

  // Makes the epoch object, dated `now`, and a new random working key, and
  // returns that key sealed so that only this object opens it: at most
  // kMaxSealedWorkingKeyBytes, for the caller to keep. The object is durable
  // before this returns; if the caller then loses the blob, the object is an
  // orphan to destroy.
  //
  // Returns ALREADY_EXISTS if the entity has an object of this epoch.
  virtual absl::StatusOr<std::string> CreateEpoch(absl::string_view entity,
                                                  uint32_t epoch,
                                                  absl::Time now) = 0;

  // Opens the working key that CreateEpoch returned for the same `entity` and
  // `epoch`. May take a network round trip: callers keep the key.
  //
  // Returns NOT_FOUND if there is no such object (any more), and
  // INVALID_ARGUMENT if the blob does not open under it.
  virtual absl::StatusOr<SecretKey> OpenEpoch(
      absl::string_view entity, uint32_t epoch,
      absl::string_view sealed_working_key) = 0;

  // Destroys the object, for good, and says how sure that is. Callers drop
  // their copies of the working key themselves.
  //
  // Returns NOT_FOUND if there is no such object: after a crash, that is how
  // one learns that an earlier call succeeded.
  virtual absl::StatusOr<DestructionEvidence> DestroyEpoch(
      absl::string_view entity, uint32_t epoch) = 0;

  // The objects of `entity`, by epoch upwards.
  virtual absl::StatusOr<std::vector<EpochObject>> ListEpochs(
      absl::string_view entity) = 0;

  // Makes an Ed25519 key and returns its public key, kPublicKeyBytes.
  //
  // Returns ALREADY_EXISTS if `name` is taken.
  virtual absl::StatusOr<std::string> CreateSigningKey(
      absl::string_view name) = 0;

  // The public key of `name`, kPublicKeyBytes. NOT_FOUND if there is none.
  virtual absl::StatusOr<std::string> PublicKey(absl::string_view name) = 0;

  // Ed25519 signature (RFC 8032, pure) of `message`, kSignatureBytes. NOT_FOUND
  // if there is no key `name`.
  virtual absl::StatusOr<std::string> Sign(absl::string_view name,
                                           absl::string_view message) = 0;

  // Remembers `value` under `name`, durably and outside the databases' backups:
  // a log's tree size, so that a restored snapshot is recognised as old.
  //
  // Returns FAILED_PRECONDITION if a larger value is remembered already.
  virtual absl::Status AdvanceAnchor(absl::string_view name,
                                     uint64_t value) = 0;

  // The value last remembered. NOT_FOUND if there is none.
  virtual absl::StatusOr<uint64_t> ReadAnchor(absl::string_view name) = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEY_PROVIDER_H_
