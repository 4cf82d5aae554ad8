// Keyed BLAKE2b with an injective encoding of its input: what every key, tag
// and token of this room is derived with (docs/formats/envelope.md,
// "Derivation"). For this room only.
#ifndef SUBROSA_SRC_CRYPTO_KEYED_HASH_H_
#define SUBROSA_SRC_CRYPTO_KEYED_HASH_H_

#include <sodium.h>

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// What an output is used for: BLAKE2b's salt parameter, at most 16 bytes. Each
// use has its own, so that one key serves several uses without their outputs
// ever meeting.
inline constexpr absl::string_view kPrfUse = "subrosa/prf/v1";
inline constexpr absl::string_view kDeriveUse = "subrosa/key/v1";
inline constexpr absl::string_view kEnvelopeUse = "subrosa/rec/v1";
inline constexpr absl::string_view kRowTagUse = "subrosa/row/v1";
inline constexpr absl::string_view kWrapUse = "subrosa/wrp/v1";
inline constexpr absl::string_view kValueUse = "subrosa/val/v1";
inline constexpr absl::string_view kKeyringUse = "subrosa/rng/v1";

class KeyedHash {
 public:
  // `use` and `label` (BLAKE2b's personalisation) have at most 16 bytes, padded
  // with zeros; `size` is the output's, 1 to 64 bytes.
  KeyedHash(const SecretKey& key, absl::string_view use,
            absl::string_view label, size_t size);
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;
  ~KeyedHash() { sodium_memzero(&state_, sizeof(state_)); }

  // Adds bytes of a length that the format fixes.
  void AddFixed(absl::string_view bytes);

  // Adds bytes of any length, after their length as 8 bytes, big endian.
  void AddPart(absl::string_view bytes);

  // Writes `size` bytes; call once.
  void Finish(uint8_t* out);

 private:
  crypto_generichash_blake2b_state state_;
  size_t size_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEYED_HASH_H_
