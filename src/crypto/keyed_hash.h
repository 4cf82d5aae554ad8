// Keyed BLAKE2b over an injective encoding of its input: what every key, tag
// and token of this room is derived with (docs/formats/envelope.md,
// "Derivation"). For this room only.
#ifndef SUBROSA_SRC_CRYPTO_KEYED_HASH_H_
#define SUBROSA_SRC_CRYPTO_KEYED_HASH_H_

#include <sodium.h>

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// What an output is used for: BLAKE2b's personalisation, or, where a caller
// chooses that, its salt. With the output's size this keeps the uses of one key
// apart.
inline constexpr absl::string_view kPrfSalt = "subrosa/prf/v1";
inline constexpr absl::string_view kDeriveSalt = "subrosa/key/v1";
inline constexpr absl::string_view kRecordUse = "subrosa/rec/v1";
inline constexpr absl::string_view kRowTagUse = "subrosa/row/v1";
inline constexpr absl::string_view kWrapUse = "subrosa/wrp/v1";
inline constexpr absl::string_view kValueUse = "subrosa/val/v1";
inline constexpr absl::string_view kKeyringUse = "subrosa/rng/v1";

class KeyedHash {
 public:
  // `personal` and `salt` have at most 16 bytes and are padded with zeros;
  // `size` is the output's, 1 to 64 bytes.
  KeyedHash(const SecretKey& key, absl::string_view personal,
            absl::string_view salt, size_t size);
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;
  ~KeyedHash() {
    sodium_memzero(&state_, sizeof(state_));
    sodium_memzero(pending_, touched_);
  }

  // Adds bytes of a length that the format fixes.
  void AddFixed(absl::string_view bytes);

  template <typename Integer>
  void AddInteger(Integer value) {
    AddFixed(BigEndianBytes<Integer>(value).view());
  }

  // Adds at most 65535 bytes after their number as 2 bytes.
  void AddName(absl::string_view bytes) {
    AddInteger(static_cast<uint16_t>(bytes.size()));
    AddFixed(bytes);
  }

  // Adds any number of bytes after their number as 8 bytes.
  void AddPart(absl::string_view bytes) {
    AddInteger(static_cast<uint64_t>(bytes.size()));
    AddFixed(bytes);
  }

  // Writes `size` bytes; call once.
  void Finish(uint8_t* out);

 private:
  void Flush();

  crypto_generichash_blake2b_state state_;
  size_t size_;
  // Collects small parts, since each update costs more than copying them.
  uint8_t pending_[512];
  size_t pending_size_ = 0;
  size_t touched_ = 0;  // Bytes of pending_ that ever held input.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEYED_HASH_H_
