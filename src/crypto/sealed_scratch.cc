#include "src/crypto/sealed_scratch.h"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/base/unnamed_file.h"
#include "src/crypto/age_chunk.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

uint64_t SealedBytes(uint64_t bytes) {
  const uint64_t chunks = (bytes + kAgeChunkBytes - 1) / kAgeChunkBytes;
  return bytes + chunks * kAgeTagBytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SealedScratch>> SealedScratch::Create(
    const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(UniqueFd file, OpenUnnamedFile(folder));
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer key,
                           SecretBuffer::Allocate(kSecretKeyBytes));
  randombytes_buf(key.MutableBytes(kAccess).data(), key.size());
  return std::unique_ptr<SealedScratch>(new SealedScratch(
      std::move(file), absl::StrCat(folder, ": scratch file"), std::move(key)));
}

absl::StatusOr<SealedScratch::Piece> SealedScratch::Put(
    absl::string_view bytes) {
  SUBROSA_ASSIGN_OR_RETURN(
      AgeChunkCipher cipher,
      AgeChunkCipher::Create(key_, AgeChunkCipher::Direction::kSeal));
  std::string sealed(SealedBytes(bytes.size()), '\0');
  const Piece piece{end_.fetch_add(sealed.size()), bytes.size()};
  // A chunk's place is its number: no two chunks have one place.
  size_t at = 0;
  for (absl::string_view rest = bytes; !rest.empty();) {
    const size_t size = std::min(rest.size(), kAgeChunkBytes);
    std::memcpy(&sealed[at], rest.data(), size);
    SUBROSA_RETURN_IF_ERROR(
        cipher.Seal(piece.offset + at, /*is_final=*/false, &sealed[at], size));
    at += size + kAgeTagBytes;
    rest.remove_prefix(size);
  }
  for (size_t written = 0; written < sealed.size();) {
    const ssize_t wrote =
        pwrite(file_.get(), &sealed[written], sealed.size() - written,
               static_cast<off_t>(piece.offset + written));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return ErrnoStatus(errno, absl::StrCat(name_, ": write"));
    written += static_cast<size_t>(wrote);
  }
  return piece;
}

absl::Status SealedScratch::Get(const Piece& piece, std::string* out) const {
  SUBROSA_ASSIGN_OR_RETURN(
      AgeChunkCipher cipher,
      AgeChunkCipher::Create(key_, AgeChunkCipher::Direction::kOpen));
  out->resize(SealedBytes(piece.bytes));
  for (size_t read = 0; read < out->size();) {
    const ssize_t got = pread(file_.get(), &(*out)[read], out->size() - read,
                              static_cast<off_t>(piece.offset + read));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, absl::StrCat(name_, ": read"));
    if (got == 0) break;
    read += static_cast<size_t>(got);
  }
  size_t filled = 0;
  for (size_t at = 0; at < out->size();) {
    const size_t sealed = std::min(out->size() - at, kAgeSealedChunkBytes);
    if (!cipher.Open(piece.offset + at, /*is_final=*/false, &(*out)[at],
                     sealed)) {
      return absl::DataLossError(
          absl::StrCat(name_, ": want what was put there, got other bytes"));
    }
    std::memmove(&(*out)[filled], &(*out)[at], sealed - kAgeTagBytes);
    filled += sealed - kAgeTagBytes;
    at += sealed;
  }
  out->resize(filled);
  return absl::OkStatus();
}

}  // namespace subrosa
