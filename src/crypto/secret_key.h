// SecretKey holds 32 secret bytes where they cannot leak by accident: in
// locked memory (never swapped), between guard pages, left out of core dumps,
// wiped when the key is released.
//
// All keys of a process share one arena of 32-byte slots, since a page per key
// would cost 15 us and 16 KiB each. It grows by 16 KiB at a time up to
// kMaxSecretKeys, or until RLIMIT_MEMLOCK is reached.
//
// Thread-compatible: concurrent const calls are safe. Making and releasing keys
// is safe from any thread.
//
// After fork, the child has copies of all keys, in memory that is no longer
// locked. A child that does not exec should drop what it does not need.
//
// A moved-from SecretKey may only be destroyed or assigned to; using its bytes
// ends the process.
#ifndef SUBROSA_SRC_CRYPTO_SECRET_KEY_H_
#define SUBROSA_SRC_CRYPTO_SECRET_KEY_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace subrosa {

inline constexpr size_t kSecretKeyBytes = 32;

// Most keys that live at one time: 4 MiB of locked memory.
inline constexpr size_t kMaxSecretKeys = 131072;

// Proof that its holder may see raw secret bytes. Only UnsafeSecretAccess
// (unsafe_secret_access.h, a target with a short visibility list) makes one.
class SecretAccess {
 private:
  friend class UnsafeSecretAccess;
  friend class SecretKey;
  // Not `= default`: then anybody's `{}` would make one.
  constexpr SecretAccess() {}  // NOLINT(modernize-use-equals-default)
};

class SecretKey {
 public:
  // A new random key.
  //
  // Returns RESOURCE_EXHAUSTED if kMaxSecretKeys live already or the system
  // will not lock more memory; the message says which.
  static absl::StatusOr<SecretKey> Random();

  // A copy of `bytes`, which must be 32; the caller wipes its own.
  //
  // Returns INVALID_ARGUMENT for another length; else as Random.
  static absl::StatusOr<SecretKey> FromBytes(absl::Span<const uint8_t> bytes,
                                             SecretAccess access);

  SecretKey(SecretKey&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)) {}
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey() { Release(); }

  // A second key with the same bytes. Errors as Random. There is no copy
  // constructor, so that each copy of a secret is a decision.
  absl::StatusOr<SecretKey> Clone() const;

  // The 32 bytes, valid until this key is released or moved from.
  const uint8_t* Bytes(SecretAccess access) const;

  // Whether both keys hold the same bytes, in time that does not depend on
  // them.
  bool Equals(const SecretKey& other) const;

 private:
  explicit SecretKey(uint8_t* bytes) : bytes_(bytes) {}
  void Release();

  uint8_t* bytes_;  // A slot of the arena; null when moved from.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SECRET_KEY_H_
