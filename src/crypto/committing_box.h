// A short sealed thing with one format for all uses:
//
//   format 0x01 (1) || salt (16) || commitment (32) || ciphertext || tag (16)
//
// (docs/formats/envelope.md, "Box"). Wrapped keys, sealed values and keyrings
// are boxes; records have envelopes. For this room only.
//
// Also the derivation that boxes and envelopes share.
#ifndef SUBROSA_SRC_CRYPTO_COMMITTING_BOX_H_
#define SUBROSA_SRC_CRYPTO_COMMITTING_BOX_H_

#include <sodium.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/keyed_hash.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

inline constexpr size_t kCommitmentBytes = 32;
inline constexpr size_t kBoxHeaderBytes = 49;
inline constexpr size_t kBoxOverheadBytes = 65;

// A key to be used once, and what commits to it and to all it was derived from.
struct DerivedKey {
  explicit DerivedKey(KeyedHash& hash) { hash.Finish(bytes); }  // 64 bytes.
  DerivedKey(const DerivedKey&) = delete;
  DerivedKey& operator=(const DerivedKey&) = delete;
  ~DerivedKey() { sodium_memzero(bytes, sizeof(bytes)); }

  const uint8_t* key() const { return bytes; }
  const uint8_t* commitment() const { return bytes + 32; }

  uint8_t bytes[64];
};

// Seals `plaintext` for `context` into `box`, kBoxOverheadBytes longer.
absl::Status SealBox(const SecretKey& key, absl::string_view use,
                     absl::string_view context,
                     absl::Span<const uint8_t> plaintext,
                     absl::Span<uint8_t> box);

enum class BoxResult {
  kOpened,
  kNotCommitted,  // Another key or context, or other bytes before the payload.
  kDamaged,       // The right key and context, but not the payload they sealed.
};

// Opens `box` into `plaintext`, kBoxOverheadBytes shorter, which holds zeros
// unless the result is kOpened. A box that is too short is not committed.
BoxResult OpenBox(const SecretKey& key, absl::string_view use,
                  absl::string_view context, absl::Span<const uint8_t> box,
                  absl::Span<uint8_t> plaintext);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_COMMITTING_BOX_H_
