#include "src/crypto/secret_buffer.h"

#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/crypto_init.h"
#include "src/crypto/secret_file_access.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr size_t kMaxSecretBufferBytes = size_t{4} << 20;

absl::StatusOr<SecretBuffer> ReadSecret(int fd, absl::string_view name) {
  // Room for the line's end and for one byte that shows that it is too long.
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer secret,
                           SecretBuffer::Allocate(kMaxSecretFileBytes + 3));
  const absl::Span<uint8_t> bytes =
      secret.MutableBytes(UnsafeSecretAccess::Get());
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(fd, bytes.data() + size, bytes.size() - size);
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, name);
    }
    size += static_cast<size_t>(got);
  }
  if (size > 0 && bytes[size - 1] == '\n') {
    --size;
    if (size > 0 && bytes[size - 1] == '\r') --size;
  }
  if (size > kMaxSecretFileBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want a secret of at most ", kMaxSecretFileBytes,
                     " bytes, got more"));
  }
  if (size == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want a secret on the first line, got nothing"));
  }
  secret.Truncate(size);
  return secret;
}

}  // namespace

absl::StatusOr<SecretBuffer> SecretBuffer::Allocate(size_t size) {
  if (size == 0 || size > kMaxSecretBufferBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "secret: want 1 to ", kMaxSecretBufferBytes, " bytes, got ", size));
  }
  SUBROSA_RETURN_IF_ERROR(InitializeCrypto());
  uint8_t* const data = static_cast<uint8_t*>(sodium_malloc(size));
  // sodium_malloc locks what it gives, but does not say if it could not.
  if (data == nullptr || sodium_mlock(data, size) != 0) {
    sodium_free(data);
    return absl::ResourceExhaustedError(absl::StrCat(
        "secret: want ", size,
        " bytes of locked memory, got none: raise RLIMIT_MEMLOCK (ulimit -l)"));
  }
  std::memset(data, 0, size);
  return SecretBuffer(data, size);
}

absl::StatusOr<SecretBuffer> SecretBuffer::FromBytes(
    absl::Span<const uint8_t> bytes, SecretAccess) {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer secret, Allocate(bytes.size()));
  std::memcpy(secret.data_, bytes.data(), bytes.size());
  return secret;
}

SecretBuffer& SecretBuffer::operator=(SecretBuffer&& other) noexcept {
  if (this != &other) {
    Release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

absl::Span<const uint8_t> SecretBuffer::Bytes(SecretAccess) const {
  return absl::MakeConstSpan(data_, size_);
}

absl::Span<uint8_t> SecretBuffer::MutableBytes(SecretAccess) {
  return absl::MakeSpan(data_, size_);
}

void SecretBuffer::Truncate(size_t size) {
  if (size >= size_) return;
  sodium_memzero(data_ + size, size_ - size);
  size_ = size;
}

void SecretBuffer::Release() {
  if (data_ != nullptr) sodium_free(std::exchange(data_, nullptr));
  size_ = 0;
}

absl::StatusOr<SecretBuffer> ReadSecretFile(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd fd, OpenForReading(path));
  SUBROSA_RETURN_IF_ERROR(CheckSecretAccess(fd.get(), path));
  return ReadSecret(fd.get(), path);
}

absl::StatusOr<SecretBuffer> ReadSecretFd(int fd) {
  return ReadSecret(fd, absl::StrCat("descriptor ", fd));
}

}  // namespace subrosa
