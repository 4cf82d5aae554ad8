// Bytes of consumers that must wait on disk for a moment, sealed under a key
// that is made for them, never leaves this process's locked memory and is gone
// with it: in a file without a name (unnamed_file.h), so that what a kill
// leaves is nothing, and what a disk keeps of it nobody can open.
//
// Thread-safe: Put and Get from any thread.
//
// Security: each chunk is sealed as an age file's (age_chunk.h), by its place
// in the file, so that none can be changed or moved unnoticed. What waits shows
// its length.
#ifndef SUBROSA_SRC_CRYPTO_SEALED_SCRATCH_H_
#define SUBROSA_SRC_CRYPTO_SEALED_SCRATCH_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/file.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

class SealedScratch {
 public:
  // Where something waits.
  struct Piece {
    uint64_t offset = 0;
    uint64_t bytes = 0;  // As it was put.
  };

  // In `folder`, whose disk needs room for all that is put. Errors as
  // OpenUnnamedFile; RESOURCE_EXHAUSTED without locked memory.
  static absl::StatusOr<std::unique_ptr<SealedScratch>> Create(
      const std::string& folder);

  // Puts `bytes` down. UNAVAILABLE if the system refuses (a full disk, say).
  absl::StatusOr<Piece> Put(absl::string_view bytes);

  // Replaces `out` by what Put took. DATA_LOSS if the file has other bytes now;
  // errors as ErrnoStatus.
  absl::Status Get(const Piece& piece, std::string* out) const;

 private:
  SealedScratch(UniqueFd file, std::string name, SecretBuffer key)
      : file_(std::move(file)), name_(std::move(name)), key_(std::move(key)) {}

  const UniqueFd file_;
  const std::string name_;  // For errors.
  const SecretBuffer key_;
  std::atomic<uint64_t> end_{0};
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SEALED_SCRATCH_H_
