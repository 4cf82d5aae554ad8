// Writes an age file (docs/formats/age.md) that its recipients open with any
// age tool.
//
// Constant memory: (2 * threads + 2) * 256 KiB, or 256 KiB with one thread.
// Output lags behind what was appended by as much, until Finish.
//
// Thread-compatible; works on several threads inside.
//
// Example:
//   FdSink file(fd, path);
//   SUBROSA_ASSIGN_OR_RETURN(auto age,
//                            AgeWriter::Create({&recipient}, {}, &file));
//   SUBROSA_RETURN_IF_ERROR(age->Append(plaintext));
//   SUBROSA_RETURN_IF_ERROR(age->Finish());
//
// Security: only recipients can read the file, and nobody without the file key
// can change it unnoticed. It does not say who wrote it: sign what it holds
// (signed_note.h) and name the recipient in what is signed.
#ifndef SUBROSA_SRC_CRYPTO_AGE_WRITER_H_
#define SUBROSA_SRC_CRYPTO_AGE_WRITER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/age_armor.h"
#include "src/crypto/age_chunk.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_pipeline.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

// How many threads age uses where nobody says: those of the machine, at most 4.
int DefaultAgeThreads();

struct AgeWriteOptions {
  // Text instead of bytes: a third longer.
  bool armor = false;
  // 1 to kAgeMaxThreads.
  int threads = DefaultAgeThreads();
};

class AgeWriter : public ByteSink {
 public:
  // Writes the header to `out`, which must outlive the writer. `recipients`
  // are used only during the call.
  //
  // INVALID_ARGUMENT if there is no recipient, a passphrase is not the only
  // one, or `options` are out of bounds; RESOURCE_EXHAUSTED without memory;
  // errors of `out`.
  static absl::StatusOr<std::unique_ptr<AgeWriter>> Create(
      absl::Span<const AgeRecipient* const> recipients,
      const AgeWriteOptions& options, ByteSink* out);

  // Takes plaintext. Errors of `out`, which are final: what was written so far
  // is no age file and opens nowhere as a whole.
  absl::Status Append(absl::string_view plaintext) override;

  // Takes all of `source`; a copy less than Append. Errors as Append, and of
  // `source`.
  absl::Status CopyFrom(ByteSource* source);

  // Writes what is left and the end. To be called once, last: without it the
  // file is truncated, and readers refuse it. FAILED_PRECONDITION if called
  // again, as Append then is.
  absl::Status Finish();

 private:
  AgeWriter(ByteSink* out, const AgeWriteOptions& options);
  absl::Status CheckOpen() const;
  absl::StatusOr<AgeJob*> JobWithRoom();
  void Submit(AgeJob* job, bool is_last);
  absl::Status EmitOldest();
  void Seal(int thread, AgeJob* job);

  ArmorSink armor_;
  const bool is_armored_;
  ByteSink* out_;  // `armor_`, or what the caller gave.
  bool finished_ = false;
  absl::Status status_;
  uint64_t next_chunk_ = 0;
  std::vector<AgeChunkCipher> ciphers_;  // One per thread.
  AgePipeline pipeline_;                 // Last: its threads use the above.
};

// Encrypts all of `plaintext` to `recipients`. Errors as AgeWriter, and of
// `plaintext`.
absl::Status AgeEncrypt(ByteSource* plaintext,
                        absl::Span<const AgeRecipient* const> recipients,
                        const AgeWriteOptions& options, ByteSink* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_WRITER_H_
