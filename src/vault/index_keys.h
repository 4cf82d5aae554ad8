// IndexKeys are what the entries of blind indexes stand under in one epoch: the
// tokens by which they are found, and the keys of what they lead to.
//
//   value token   a PRF of the value under a key that outlives epochs, slow
//                 where the index is
//   inner token   the consumer's partition, and as many bits of the value token
//                 as the plan gives; stored sealed, so that a rotation can make
//                 the next token without the value
//   token         a PRF of the inner token under the epoch's key; stored
//
// A token is not cut down again: it tells two inner tokens apart and no more,
// and cutting would only add matches that the plan has not counted.
//
// Thread-compatible: concurrent const calls are safe.
//
// Security: without the epoch's keys tokens are noise whose repetitions show;
// the planner bounds what that tells. A pointer opens only for its entity,
// epoch, index and token. What finds a consumer's entries differs from index to
// index, so that their entries cannot be put together.
#ifndef SUBROSA_SRC_VAULT_INDEX_KEYS_H_
#define SUBROSA_SRC_VAULT_INDEX_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/envelope.h"
#include "src/crypto/envelope_context.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/vault/blind_index.h"

namespace subrosa {

// The partition, then the bits of the value token from the highest on, the rest
// zero.
inline constexpr size_t kInnerTokenBytes = 5;
inline constexpr int kMostIndexBits = 32;
inline constexpr int kMostIndexPartitions = 256;
// Of `token` and `owner` in an entry.
inline constexpr size_t kEntryTokenBytes = 16;

// What an entry leads to.
struct IndexPointer {
  std::string inner_token;
  std::string data_ref;
  std::string consumer_ref;
  KeyId key_id = {};
};

inline constexpr size_t kIndexPointerBytes =
    kInnerTokenBytes + 3 * kReferenceBytes;

// An entry's bytes as they stand in its table.
struct IndexRow {
  std::array<char, kEntryTokenBytes> token;
  std::array<char, kEntryTokenBytes> owner;
  std::array<char, kIndexPointerBytes + kSealedValueOverheadBytes> pointer;
};

class IndexKeys {
 public:
  // From the working key of `epoch`, and the key of the entity's inner tokens,
  // which outlives epochs. RESOURCE_EXHAUSTED as SecretKey::Random.
  static absl::StatusOr<IndexKeys> Derive(absl::string_view entity,
                                          uint32_t epoch,
                                          const SecretKey& working,
                                          const SecretKey& inner);

  // The same in every epoch; different in each index. RESOURCE_EXHAUSTED as
  // SlowToken.
  absl::StatusOr<std::string> ValueToken(const BlindIndex& index,
                                         absl::string_view value) const;
  // In which partition a consumer's entries are, from 0.
  int PartitionOf(const BlindIndex& index, const KeyId& key_id) const;
  static std::string InnerToken(const BlindIndex& index,
                                absl::string_view value_token, int partition);

  // In an entry of this epoch.
  std::string Token(int64_t index, absl::string_view inner_token) const;
  std::string Owner(int64_t index, const KeyId& key_id) const;

  // Open: DATA_LOSS if it does not open.
  absl::StatusOr<std::string> SealPointer(int64_t index,
                                          absl::string_view token,
                                          const IndexPointer& pointer) const;
  absl::StatusOr<IndexPointer> OpenPointer(int64_t index,
                                           absl::string_view token,
                                           absl::string_view sealed) const;

  // Seals anew for `next` an entry of `index` that stands under these keys.
  // DATA_LOSS if it does not open; it is then unchanged.
  absl::Status MoveEntry(const IndexKeys& next, int64_t index,
                         IndexRow* row) const;

 private:
  IndexKeys(absl::string_view entity, uint32_t epoch, SecretKey values,
            SecretKey tokens, SecretKey pointers)
      : entity_(entity),
        epoch_(epoch),
        values_(std::move(values)),
        tokens_(std::move(tokens)),
        pointers_(std::move(pointers)) {}

  std::string ContextOf(int64_t index, absl::string_view token) const;

  std::string entity_;
  uint32_t epoch_;
  SecretKey values_;  // Outlives epochs.
  SecretKey tokens_;  // New with each epoch, as is the next.
  SecretKey pointers_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEX_KEYS_H_
