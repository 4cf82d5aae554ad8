#include "src/crypto/age_writer.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_file_key.h"
#include "src/crypto/age_header.h"

namespace subrosa {
namespace {

constexpr size_t kJobPlaintextBytes = kAgeJobChunks * kAgeChunkBytes;

absl::Status CheckRecipients(absl::Span<const AgeRecipient* const> recipients) {
  if (recipients.empty()) {
    return absl::InvalidArgumentError("age.recipients: want at least 1, got 0");
  }
  for (const AgeRecipient* recipient : recipients) {
    if (recipient->must_be_alone() && recipients.size() > 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("age.recipients: want a passphrase to be the only one, "
                       "got ",
                       recipients.size()));
    }
  }
  return absl::OkStatus();
}

// Where the job's next plaintext goes: to the end of a chunk, and no further,
// since its tag will follow.
absl::Span<char> RoomInChunk(AgeJob* job) {
  const size_t in_chunk = job->size % kAgeChunkBytes;
  return absl::MakeSpan(job->bytes.get() +
                            job->size / kAgeChunkBytes * kAgeSealedChunkBytes +
                            in_chunk,
                        kAgeChunkBytes - in_chunk);
}

}  // namespace

int DefaultAgeThreads() {
  return static_cast<int>(std::min<size_t>(ProcessorCount(), 4));
}

AgeWriter::AgeWriter(ByteSink* out, const AgeWriteOptions& options)
    : armor_(out),
      is_armored_(options.armor),
      out_(options.armor ? &armor_ : out),
      pipeline_(options.threads,
                [this](int thread, AgeJob* job) { Seal(thread, job); }) {}

absl::StatusOr<std::unique_ptr<AgeWriter>> AgeWriter::Create(
    absl::Span<const AgeRecipient* const> recipients,
    const AgeWriteOptions& options, ByteSink* out) {
  SUBROSA_RETURN_IF_ERROR(CheckRecipients(recipients));
  if (options.threads < 1 || options.threads > kAgeMaxThreads) {
    return absl::InvalidArgumentError(absl::StrCat(
        "age.threads: want 1 to ", kAgeMaxThreads, ", got ", options.threads));
  }
  std::unique_ptr<AgeWriter> writer(new AgeWriter(out, options));
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer file_key, NewAgeFileKey());
  std::vector<AgeStanza> stanzas;
  for (const AgeRecipient* recipient : recipients) {
    SUBROSA_ASSIGN_OR_RETURN(AgeStanza stanza, recipient->Wrap(file_key));
    stanzas.push_back(std::move(stanza));
  }
  SUBROSA_ASSIGN_OR_RETURN(const AgeHeader header,
                           AuthenticateAgeHeader(file_key, std::move(stanzas)));
  std::string front = SerializeAgeHeader(header);
  if (front.size() > kAgeHeaderMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("age.header: want at most ", kAgeHeaderMaxBytes,
                     " bytes, got ", front.size(), ": too many recipients"));
  }
  std::string nonce(kAgePayloadNonceBytes, '\0');
  randombytes_buf(&nonce[0], nonce.size());
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer payload_key,
                           DeriveAgePayloadKey(file_key, nonce));
  for (int i = 0; i < options.threads; ++i) {
    SUBROSA_ASSIGN_OR_RETURN(
        AgeChunkCipher cipher,
        AgeChunkCipher::Create(payload_key, AgeChunkCipher::Direction::kSeal));
    writer->ciphers_.push_back(std::move(cipher));
  }
  SUBROSA_RETURN_IF_ERROR(writer->out_->Append(absl::StrCat(front, nonce)));
  return writer;
}

void AgeWriter::Seal(int thread, AgeJob* job) {
  const size_t plaintext_bytes = job->size;
  size_t chunk = 0;
  job->size = 0;
  // An empty file has one empty chunk.
  do {
    const size_t at = chunk * kAgeChunkBytes;
    const size_t size = std::min(kAgeChunkBytes, plaintext_bytes - at);
    const bool is_final = job->is_last && at + size == plaintext_bytes;
    job->status = ciphers_[thread].Seal(
        job->first_chunk + chunk, is_final,
        job->bytes.get() + chunk * kAgeSealedChunkBytes, size);
    if (!job->status.ok()) return;
    job->size += size + kAgeTagBytes;
    ++chunk;
  } while (chunk * kAgeChunkBytes < plaintext_bytes);
}

absl::Status AgeWriter::CheckOpen() const {
  if (finished_) {
    return absl::FailedPreconditionError(
        "age.writer: want no call after Finish, got one");
  }
  return status_;
}

absl::Status AgeWriter::EmitOldest() {
  AgeJob* job = pipeline_.WaitForOldest();
  status_ = job->status;
  if (status_.ok()) {
    status_ = out_->Append(absl::string_view(job->bytes.get(), job->size));
  }
  pipeline_.ReleaseOldest();
  return status_;
}

// The job to put plaintext into. To be called when there is some: a full job
// waits for it, since the last chunk of all is marked.
absl::StatusOr<AgeJob*> AgeWriter::JobWithRoom() {
  AgeJob* job = pipeline_.Filling();
  if (job != nullptr && job->size == kJobPlaintextBytes) {
    Submit(job, /*is_last=*/false);
    job = pipeline_.Filling();
  }
  if (job == nullptr) {
    SUBROSA_RETURN_IF_ERROR(EmitOldest());
    job = pipeline_.Filling();
  }
  return job;
}

absl::Status AgeWriter::Append(absl::string_view plaintext) {
  SUBROSA_RETURN_IF_ERROR(CheckOpen());
  while (!plaintext.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(AgeJob * job, JobWithRoom());
    const absl::Span<char> room = RoomInChunk(job);
    const size_t part = std::min(plaintext.size(), room.size());
    std::memcpy(room.data(), plaintext.data(), part);
    job->size += part;
    plaintext.remove_prefix(part);
  }
  return absl::OkStatus();
}

absl::Status AgeWriter::CopyFrom(ByteSource* source) {
  SUBROSA_RETURN_IF_ERROR(CheckOpen());
  const auto read = [&](absl::Span<char> out) {
    absl::StatusOr<size_t> got = source->Read(out);
    status_ = got.status();
    return got;
  };
  for (;;) {
    // One byte as any other plaintext, which finds a job with room; then what
    // fits that job, straight into it.
    char byte;
    SUBROSA_ASSIGN_OR_RETURN(size_t got, read(absl::MakeSpan(&byte, 1)));
    if (got == 0) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(Append(absl::string_view(&byte, 1)));
    AgeJob* job = pipeline_.Filling();
    while (job->size < kJobPlaintextBytes) {
      SUBROSA_ASSIGN_OR_RETURN(got, read(RoomInChunk(job)));
      if (got == 0) return absl::OkStatus();
      job->size += got;
    }
  }
}

void AgeWriter::Submit(AgeJob* job, bool is_last) {
  job->first_chunk = next_chunk_;
  job->is_last = is_last;
  next_chunk_ += kAgeJobChunks;
  pipeline_.Submit();
}

absl::Status AgeWriter::Finish() {
  SUBROSA_RETURN_IF_ERROR(CheckOpen());
  finished_ = true;
  AgeJob* job = pipeline_.Filling();
  if (job == nullptr) {
    SUBROSA_RETURN_IF_ERROR(EmitOldest());
    job = pipeline_.Filling();
  }
  Submit(job, /*is_last=*/true);
  while (pipeline_.WaitForOldest() != nullptr) {
    SUBROSA_RETURN_IF_ERROR(EmitOldest());
  }
  return is_armored_ ? armor_.Finish() : absl::OkStatus();
}

absl::Status AgeEncrypt(ByteSource* plaintext,
                        absl::Span<const AgeRecipient* const> recipients,
                        const AgeWriteOptions& options, ByteSink* out) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<AgeWriter> writer,
                           AgeWriter::Create(recipients, options, out));
  SUBROSA_RETURN_IF_ERROR(writer->CopyFrom(plaintext));
  return writer->Finish();
}

}  // namespace subrosa
