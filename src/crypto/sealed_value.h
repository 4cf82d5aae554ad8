// Small values at rest that are no records: the directory's pointers, inner
// tokens, a sequencer's state. Records go into envelopes (envelope.h).
//
// The construction is that of the envelope's suite 0x01 with a domain of its
// own (docs/formats/envelope.md, "Sealed value"): it commits to the key and to
// the whole context.
//
// Thread-safe.
//
// Security: IND-CCA2 and fully committing. The value's length shows.
#ifndef SUBROSA_SRC_CRYPTO_SEALED_VALUE_H_
#define SUBROSA_SRC_CRYPTO_SEALED_VALUE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// What a sealed value is longer by than its plaintext: format byte, salt 16,
// commitment 32, tag 16.
inline constexpr size_t kSealedValueOverheadBytes = 65;

// Longest plaintext.
inline constexpr size_t kMaxSealedValueBytes = size_t{1} << 20;

// Seals `plaintext` for the place that `context` names (any bytes, not stored;
// encode several parts injectively).
//
// Returns INVALID_ARGUMENT if `plaintext` is longer than kMaxSealedValueBytes.
absl::StatusOr<std::string> SealValue(const SecretKey& key,
                                      absl::string_view context,
                                      absl::string_view plaintext);

// Opens what SealValue made with the same `key` and `context`.
//
// Returns INVALID_ARGUMENT, with one and the same message, if it does not open
// for whatever reason.
absl::StatusOr<std::string> OpenValue(const SecretKey& key,
                                      absl::string_view context,
                                      absl::string_view sealed);

// The same between the caller's buffers, without touching the heap. `sealed` is
// kSealedValueOverheadBytes longer than `plaintext`, or that is
// INVALID_ARGUMENT too. A plaintext that does not open is zeros.
absl::Status SealValueTo(const SecretKey& key, absl::string_view context,
                         absl::string_view plaintext, absl::Span<char> sealed);
absl::Status OpenValueTo(const SecretKey& key, absl::string_view context,
                         absl::string_view sealed, absl::Span<char> plaintext);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SEALED_VALUE_H_
