// SecretBuffer holds secret bytes of any small length, such as a passphrase, in
// guarded and locked memory that is wiped on release. For keys use SecretKey.
//
// Passphrases come from a file or a descriptor, never from a flag or the
// environment, which other processes can read.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CRYPTO_SECRET_BUFFER_H_
#define SUBROSA_SRC_CRYPTO_SECRET_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Longest secret that ReadSecretFile and ReadSecretFd take.
inline constexpr size_t kMaxSecretFileBytes = 4096;

class SecretBuffer {
 public:
  // `size` zero bytes, 1 to 4 MiB.
  //
  // Returns INVALID_ARGUMENT for another size, and RESOURCE_EXHAUSTED if the
  // system has no memory for it.
  static absl::StatusOr<SecretBuffer> Allocate(size_t size);

  // A copy of `bytes`; the caller wipes its own. Errors as Allocate.
  static absl::StatusOr<SecretBuffer> FromBytes(absl::Span<const uint8_t> bytes,
                                                SecretAccess access);

  SecretBuffer(SecretBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  SecretBuffer& operator=(SecretBuffer&& other) noexcept;
  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;
  ~SecretBuffer() { Release(); }

  // Length in bytes; 0 when moved from.
  size_t size() const { return size_; }

  // The bytes, valid until this buffer is released or moved from.
  absl::Span<const uint8_t> Bytes(SecretAccess access) const;
  absl::Span<uint8_t> MutableBytes(SecretAccess access);

  // Drops and wipes all bytes from `size` on. `size` is at most size().
  void Truncate(size_t size);

 private:
  SecretBuffer(uint8_t* data, size_t size) : data_(data), size_(size) {}
  void Release();

  uint8_t* data_;
  size_t size_;
};

// Reads the secret in the file `path`, without one newline (or carriage return
// and newline) at its end.
//
// Returns INVALID_ARGUMENT if it is empty or longer than kMaxSecretFileBytes;
// FAILED_PRECONDITION if it is a regular file that everybody may read or write
// (group access is allowed: service managers hand secrets out that way);
// NOT_FOUND, PERMISSION_DENIED or UNAVAILABLE if the system refuses.
absl::StatusOr<SecretBuffer> ReadSecretFile(const std::string& path);

// As ReadSecretFile, from `fd` to its end, without the check of access: whoever
// opened it has decided. `fd` stays open.
absl::StatusOr<SecretBuffer> ReadSecretFd(int fd);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SECRET_BUFFER_H_
