// One key sealed under another: consumer keys under an epoch's working key, and
// working keys under an epoch object.
//
// The construction is that of the envelope's suite 0x01 with a domain of its
// own (docs/formats/envelope.md, "Wrapped key"): it commits to the wrapping key
// and to the whole context.
//
// Thread-safe.
//
// Security: IND-CCA2 and fully committing, for up to 2^64 wraps under one key.
// It hides neither the context's length (it is not stored) nor that two rows
// were wrapped by the same caller.
#ifndef SUBROSA_SRC_CRYPTO_KEY_WRAP_H_
#define SUBROSA_SRC_CRYPTO_KEY_WRAP_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Format byte, salt 16, commitment 32, sealed key 32, tag 16.
inline constexpr size_t kWrappedKeyBytes = 97;

// Seals `key` under `wrapping_key` for the place that `context` names (any
// bytes, not stored; encode several parts injectively). The result has
// kWrappedKeyBytes.
absl::StatusOr<std::string> WrapKey(const SecretKey& wrapping_key,
                                    const SecretKey& key,
                                    absl::string_view context);

// Opens what WrapKey made with the same `wrapping_key` and `context`.
//
// Returns INVALID_ARGUMENT, with one and the same message, if it does not open
// for whatever reason; RESOURCE_EXHAUSTED as SecretKey::Random does.
absl::StatusOr<SecretKey> UnwrapKey(const SecretKey& wrapping_key,
                                    absl::string_view wrapped,
                                    absl::string_view context);

// What a key is wrapped under, and where.
struct WrappingPlace {
  const SecretKey& key;
  absl::string_view context;
};

// Opens `wrapped`, which WrapKey made at `from`, and seals the key at `to` into
// `rewrapped`, of kWrappedKeyBytes, which may be the same bytes. Between the
// two the key is on the stack, which is then overwritten; the heap is not
// touched.
//
// Returns INVALID_ARGUMENT as UnwrapKey does; `rewrapped` is then unchanged.
absl::Status RewrapKey(const WrappingPlace& from, absl::string_view wrapped,
                       const WrappingPlace& to, absl::Span<char> rewrapped);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEY_WRAP_H_
