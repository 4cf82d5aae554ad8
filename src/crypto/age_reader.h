// Reads an age file (docs/formats/age.md), binary or armored.
//
// Chunks are given as each one proves genuine, so a reader of a truncated or
// damaged file has seen its beginning before the error: **plaintext counts
// only once Read has returned 0**. What acts on the content, or publishes it,
// waits for that (AgeDecryptFile does).
//
// Constant memory: (2 * threads + 2) * 256 KiB, or 256 KiB with one thread;
// the header at most 1 MiB.
//
// Thread-compatible; works on several threads inside.
#ifndef SUBROSA_SRC_CRYPTO_AGE_READER_H_
#define SUBROSA_SRC_CRYPTO_AGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "src/crypto/age_armor.h"
#include "src/crypto/age_chunk.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_pipeline.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/age_writer.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

struct AgeReadOptions {
  // 1 to kAgeMaxThreads.
  int threads = DefaultAgeThreads();
};

class AgeReader : public ByteSource {
 public:
  // Reads the header from `in`, which must outlive the reader, and finds the
  // first of `identities` that opens it; they are used only during the call.
  //
  // PERMISSION_DENIED if none does. INVALID_ARGUMENT if the header is malformed
  // or was changed, or `options` are out of bounds; the message names the part
  // (`age.armor`, `age.header...`) and quotes nothing. RESOURCE_EXHAUSTED
  // without memory; errors of `in`.
  static absl::StatusOr<std::unique_ptr<AgeReader>> Open(
      ByteSource* in, absl::Span<const AgeIdentity* const> identities,
      const AgeReadOptions& options);

  // Gives verified plaintext; 0 once the whole file has proved genuine.
  //
  // INVALID_ARGUMENT ("age.payload...", "age.armor...") if it is truncated,
  // extended, or damaged; errors of `in`. An error is final.
  absl::StatusOr<size_t> Read(absl::Span<char> out) override;

  // Appends the rest of the plaintext to `out`. OK only if the whole file
  // proved genuine; else errors as Read, or of `out`.
  absl::Status CopyTo(ByteSink* out);

 private:
  explicit AgeReader(int threads);
  absl::Status OpenHeader(ByteSource* in,
                          absl::Span<const AgeIdentity* const> identities,
                          int threads);
  void FillJobs();
  void FillJob(AgeJob* job);
  absl::StatusOr<absl::string_view> NextPiece();
  void OpenJob(int thread, AgeJob* job);

  // The file as it came, then without its armor, then without its header.
  std::unique_ptr<PrefixedSource> file_;
  std::unique_ptr<ArmorSource> armor_;  // Null if the file is binary.
  std::unique_ptr<PrefixedSource> payload_;
  bool payload_ended_ = false;
  absl::Status payload_status_;
  absl::optional<char> next_byte_;
  uint64_t next_chunk_ = 0;

  // How far the caller has got: in the oldest job, and in a piece of it.
  AgeJob* job_ = nullptr;
  size_t given_ = 0;
  absl::string_view piece_;
  bool finished_ = false;
  absl::Status status_;

  std::vector<AgeChunkCipher> ciphers_;  // One per thread.
  AgePipeline pipeline_;                 // Last: its threads use the above.
};

// Decrypts all of `in`. OK only if the whole file proved genuine: until then
// what `out` got must not be used.
absl::Status AgeDecrypt(ByteSource* in,
                        absl::Span<const AgeIdentity* const> identities,
                        const AgeReadOptions& options, ByteSink* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_READER_H_
