// EntityKeys are the keys of one regulated entity in one epoch: what wraps its
// consumers' keys, finds its consumers in the directory, and recognises those
// who were erased. All are wrapped under, or derived from, the epoch's working
// key.
//
// Thread-compatible: concurrent const calls are safe.
//
// Security: rows under these keys are bound to the entity, the epoch and their
// place; a row moved elsewhere does not open. Tokens are PRFs: without the keys
// nobody can tell whose a row is, nor confirm a guessed id.
#ifndef SUBROSA_SRC_VAULT_ENTITY_KEYS_H_
#define SUBROSA_SRC_VAULT_ENTITY_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/prf.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/vault/index_keys.h"

namespace subrosa {

// What a directory row leads to: three references of 16 bytes.
struct DirectoryPointer {
  std::string inner_token;  // From which a rotation makes the next token.
  std::string data_ref;
  std::string consumer_ref;
  KeyId key_id = {};
};

inline constexpr size_t kDirectoryPointerBytes =
    kPrfBytes + 3 * kReferenceBytes;

// A directory row's bytes as they stand in its table.
struct DirectoryRow {
  std::array<char, kPrfBytes> token;
  std::array<char, kDirectoryPointerBytes + kSealedValueOverheadBytes> pointer;
};

using WrappedConsumerKey = std::array<char, kWrappedKeyBytes>;

// The keys that outlive epochs, wrapped under an epoch's working key.
struct WrappedEntityKeys {
  std::string inner;
  std::string suppression;
};

class EntityKeys {
 public:
  // Makes new keys for `entity`, wrapped under `working`, the working key of
  // `epoch`.
  static absl::StatusOr<WrappedEntityKeys> Create(const SecretKey& working,
                                                  absl::string_view entity,
                                                  uint32_t epoch);

  // Opens what Create made. DATA_LOSS if it does not open.
  static absl::StatusOr<EntityKeys> Open(SecretKey working,
                                         absl::string_view entity,
                                         uint32_t epoch,
                                         const WrappedEntityKeys& wrapped);

  // The keys that outlive epochs, wrapped for `next_epoch` under its working
  // key.
  absl::StatusOr<WrappedEntityKeys> RewrapFor(const SecretKey& next_working,
                                              uint32_t next_epoch) const;

  const std::string& entity() const { return entity_; }
  uint32_t epoch() const { return epoch_; }

  // Those of blind indexes.
  const IndexKeys& index() const { return index_; }

  // The token that outlives epochs; never stored but sealed.
  std::string InnerToken(absl::string_view consumer) const;
  // Where in the directory the holder of an inner token is found.
  std::string DirectoryToken(absl::string_view inner_token) const;
  // Where the holder of an inner token is recognised as erased. Outlives
  // epochs.
  std::string SuppressionToken(absl::string_view inner_token) const;

  // A directory row's content, bound to the row's token. Open: DATA_LOSS if it
  // does not open.
  absl::StatusOr<std::string> SealPointer(
      absl::string_view directory_token, const DirectoryPointer& pointer) const;
  absl::StatusOr<DirectoryPointer> OpenPointer(
      absl::string_view directory_token, absl::string_view sealed) const;

  // A consumer's key, bound to its id and version. Unwrap: DATA_LOSS if it does
  // not open.
  absl::StatusOr<std::string> WrapConsumerKey(const KeyRef& ref,
                                              const SecretKey& key) const;
  absl::StatusOr<SecretKey> UnwrapConsumerKey(const KeyRef& ref,
                                              absl::string_view wrapped) const;

  // Seal anew for `next` what stands under these keys: what the two functions
  // before each would make of what they open, without touching the heap more
  // than a rotation of millions can bear. DATA_LOSS if it does not open; it is
  // then unchanged.
  absl::Status MovePointer(const EntityKeys& next, DirectoryRow* row) const;
  absl::Status MoveConsumerKey(const EntityKeys& next, const KeyRef& ref,
                               WrappedConsumerKey* wrapped) const;

  // The key of a year's evidence (evidence_keys.h), bound to the year. As
  // above.
  absl::StatusOr<std::string> WrapEvidenceKey(int32_t year,
                                              const SecretKey& key) const;
  absl::StatusOr<SecretKey> UnwrapEvidenceKey(int32_t year,
                                              absl::string_view wrapped) const;

 private:
  EntityKeys(absl::string_view entity, uint32_t epoch, SecretKey working,
             SecretKey directory, SecretKey pointers, SecretKey inner,
             SecretKey suppression, IndexKeys index);

  std::string entity_;
  uint32_t epoch_;
  SecretKey working_;      // Wraps the consumers' keys.
  SecretKey directory_;    // New with each epoch.
  SecretKey pointers_;     // New with each epoch.
  SecretKey inner_;        // Outlives epochs.
  SecretKey suppression_;  // Outlives epochs.
  IndexKeys index_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_ENTITY_KEYS_H_
