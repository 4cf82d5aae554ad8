// A keyed pseudorandom function: tokens, tombstone tags, digests of raw input,
// and keys derived from keys. Whoever lacks the key can neither compute an
// output nor confirm a guessed input; once the key is destroyed nobody can.
//
// Keyed BLAKE2b-256; `label` and the parts are encoded injectively, so that
// {"ab", "c"} and {"a", "bc"} give unrelated outputs (docs/formats/envelope.md,
// "Derivation"). About 0.3 us, and 1 us more per KiB.
//
// Thread-safe. Nothing is allocated by Prf.
//
// Security: a PRF as long as the key is secret. Outputs under different labels
// or different keys are independent, and Prf and DeriveKey never meet, nor do
// they meet what this room derives for its own formats from the same key.
#ifndef SUBROSA_SRC_CRYPTO_PRF_H_
#define SUBROSA_SRC_CRYPTO_PRF_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

inline constexpr size_t kPrfBytes = 32;

// What an output is for, such as "directory". A literal (or a constexpr char
// array) of 1 to 16 bytes without NUL: the program's text, never data.
class PrfLabel {
 public:
  template <size_t N>
  constexpr PrfLabel(const char (&literal)[N])  // NOLINT: reads as a literal
      : view_(literal, N - 1) {
    static_assert(N >= 2 && N <= 17, "want a label of 1 to 16 bytes");
  }

  constexpr absl::string_view view() const { return view_; }

 private:
  absl::string_view view_;
};

// The output for `parts` (any number, any length) under `key` and `label`.
std::array<uint8_t, kPrfBytes> Prf(const SecretKey& key, PrfLabel label,
                                   absl::Span<const absl::string_view> parts);

// A key that only holders of `key` can derive. It lives as long as `key` does:
// what must be destroyable by itself is made by SecretKey::Random instead.
//
// Returns RESOURCE_EXHAUSTED as SecretKey::Random does.
absl::StatusOr<SecretKey> DeriveKey(const SecretKey& key, PrfLabel label,
                                    absl::Span<const absl::string_view> parts);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_PRF_H_
