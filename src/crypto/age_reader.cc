#include "src/crypto/age_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_file_key.h"
#include "src/crypto/age_header.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_x25519.h"

namespace subrosa {
namespace {

// What the format says of the known stanzas, whoever opens the file.
absl::Status CheckStanzas(absl::Span<const AgeStanza> stanzas) {
  for (size_t i = 0; i < stanzas.size(); ++i) {
    const std::string where = absl::StrCat("age.header.stanza[", i, "]");
    if (stanzas[i].type() == kX25519StanzaType) {
      SUBROSA_RETURN_IF_ERROR(Annotate(CheckX25519Stanza(stanzas[i]), where));
    } else if (stanzas[i].type() == kScryptStanzaType) {
      SUBROSA_RETURN_IF_ERROR(
          Annotate(CheckScryptStanza(stanzas[i], kScryptMaxWorkFactor), where));
      if (stanzas.size() > 1) {
        return absl::InvalidArgumentError(absl::StrCat(
            where, ": want a passphrase to be the only recipient, got ",
            stanzas.size()));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SecretBuffer> FindFileKey(
    absl::Span<const AgeIdentity* const> identities,
    absl::Span<const AgeStanza> stanzas) {
  for (const AgeIdentity* identity : identities) {
    SUBROSA_ASSIGN_OR_RETURN(absl::optional<SecretBuffer> file_key,
                             identity->Unwrap(stanzas));
    if (file_key.has_value()) return *std::move(file_key);
  }
  const bool is_passphrase = stanzas[0].type() == kScryptStanzaType;
  return absl::PermissionDeniedError(absl::StrCat(
      "age.identities: want ",
      is_passphrase ? "the file's passphrase" : "the key of a recipient",
      ", got ", identities.size(), " that do not open the file"));
}

absl::Status BadChunk(uint64_t index, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("age.payload.chunk[", index, "]: ", what));
}

// Opens one chunk in place and sets `*plaintext_bytes` to what was verified.
// That may be all of it even on error: a genuine chunk in the wrong place.
absl::Status OpenChunk(AgeChunkCipher* cipher, uint64_t index, bool is_tail,
                       char* bytes, size_t size, size_t* plaintext_bytes) {
  *plaintext_bytes = 0;
  if (size < kAgeTagBytes) {
    return BadChunk(index, absl::StrCat("want at least ", kAgeTagBytes,
                                        " bytes, got ", size));
  }
  if (size == kAgeTagBytes && index > 0) {
    return BadChunk(index, "want a last chunk that is not empty");
  }
  if (cipher->Open(index, is_tail, bytes, size)) {
    *plaintext_bytes = size - kAgeTagBytes;
    return absl::OkStatus();
  }
  if (size == kAgeSealedChunkBytes &&
      cipher->Open(index, !is_tail, bytes, size)) {
    *plaintext_bytes = kAgeChunkBytes;
    return BadChunk(index, is_tail
                               ? "want more chunks, got the end: truncated"
                               : "want the end of the file, got more bytes");
  }
  return BadChunk(index, "does not open: damaged, forged or truncated");
}

}  // namespace

AgeReader::AgeReader(int threads)
    : pipeline_(threads,
                [this](int thread, AgeJob* job) { OpenJob(thread, job); }) {}

absl::StatusOr<std::unique_ptr<AgeReader>> AgeReader::Open(
    ByteSource* in, absl::Span<const AgeIdentity* const> identities,
    const AgeReadOptions& options) {
  if (options.threads < 1 || options.threads > kAgeMaxThreads) {
    return absl::InvalidArgumentError(absl::StrCat(
        "age.threads: want 1 to ", kAgeMaxThreads, ", got ", options.threads));
  }
  std::unique_ptr<AgeReader> reader(new AgeReader(options.threads));
  SUBROSA_RETURN_IF_ERROR(reader->OpenHeader(in, identities, options.threads));
  return reader;
}

absl::Status AgeReader::OpenHeader(
    ByteSource* in, absl::Span<const AgeIdentity* const> identities,
    int threads) {
  char first;
  SUBROSA_ASSIGN_OR_RETURN(const size_t got,
                           in->Read(absl::MakeSpan(&first, 1)));
  file_ = absl::make_unique<PrefixedSource>(std::string(&first, got), in);
  ByteSource* source = file_.get();
  if (got == 1 && (first == '-' || absl::ascii_isspace(first))) {
    armor_ = absl::make_unique<ArmorSource>(source);
    source = armor_.get();
  }

  SUBROSA_ASSIGN_OR_RETURN(AgeHeaderAndRest front, ReadAgeHeader(source));
  payload_ = absl::make_unique<PrefixedSource>(std::move(front.rest), source);
  SUBROSA_RETURN_IF_ERROR(CheckStanzas(front.header.stanzas));
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer file_key,
                           FindFileKey(identities, front.header.stanzas));
  SUBROSA_RETURN_IF_ERROR(CheckAgeHeaderMac(file_key, front.header));

  std::string nonce(kAgePayloadNonceBytes, '\0');
  SUBROSA_ASSIGN_OR_RETURN(const size_t nonce_bytes,
                           ReadFully(payload_.get(), absl::MakeSpan(nonce)));
  if (nonce_bytes < nonce.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("age.header.nonce: want ", nonce.size(),
                     " bytes after the header, got ", nonce_bytes));
  }
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer payload_key,
                           DeriveAgePayloadKey(file_key, nonce));
  for (int i = 0; i < threads; ++i) {
    SUBROSA_ASSIGN_OR_RETURN(
        AgeChunkCipher cipher,
        AgeChunkCipher::Create(payload_key, AgeChunkCipher::Direction::kOpen));
    ciphers_.push_back(std::move(cipher));
  }
  return absl::OkStatus();
}

void AgeReader::OpenJob(int thread, AgeJob* job) {
  const size_t sealed_bytes = job->size;
  job->size = 0;
  size_t chunk = 0;
  do {
    const size_t at = chunk * kAgeSealedChunkBytes;
    const size_t size = std::min(kAgeSealedChunkBytes, sealed_bytes - at);
    const bool is_tail = job->is_last && at + size == sealed_bytes;
    size_t plaintext_bytes;
    job->status =
        OpenChunk(&ciphers_[thread], job->first_chunk + chunk, is_tail,
                  job->bytes.get() + at, size, &plaintext_bytes);
    job->size += plaintext_bytes;
    ++chunk;
  } while (job->status.ok() && chunk * kAgeSealedChunkBytes < sealed_bytes);
}

// Reads one job's worth, and one byte more: the chunk before the end is the one
// that must be marked as the last.
void AgeReader::FillJob(AgeJob* job) {
  char* const bytes = job->bytes.get();
  size_t size = 0;
  if (next_byte_.has_value()) bytes[size++] = *next_byte_;
  next_byte_.reset();
  char next;
  while (!payload_ended_ && !next_byte_.has_value()) {
    const bool is_full = size == kAgeJobBytes;
    const absl::StatusOr<size_t> got = payload_->Read(
        is_full ? absl::MakeSpan(&next, 1)
                : absl::MakeSpan(bytes + size, kAgeJobBytes - size));
    payload_status_ = got.status();
    payload_ended_ = !got.ok() || *got == 0;
    if (payload_ended_) break;
    if (is_full) {
      next_byte_ = next;
    } else {
      size += *got;
    }
  }
  job->is_last = payload_ended_ && payload_status_.ok();
  // Where the source failed, its whole chunks are still good.
  if (!payload_status_.ok()) size -= size % kAgeSealedChunkBytes;
  if (size == 0 && !job->is_last) return;
  job->size = size;
  job->first_chunk = next_chunk_;
  next_chunk_ += kAgeJobChunks;
  pipeline_.Submit();
}

void AgeReader::FillJobs() {
  while (!payload_ended_) {
    AgeJob* job = pipeline_.Filling();
    if (job == nullptr) return;
    FillJob(job);
  }
}

// Returns the next verified plaintext, valid until the next call; empty once
// all of it was given.
absl::StatusOr<absl::string_view> AgeReader::NextPiece() {
  for (;;) {
    SUBROSA_RETURN_IF_ERROR(status_);
    if (finished_) return absl::string_view();
    if (job_ == nullptr) {
      FillJobs();
      job_ = pipeline_.WaitForOldest();
      given_ = 0;
      if (job_ == nullptr) status_ = payload_status_;
    } else if (given_ < job_->size) {
      const size_t size = std::min(kAgeChunkBytes, job_->size - given_);
      const char* chunk =
          job_->bytes.get() + given_ / kAgeChunkBytes * kAgeSealedChunkBytes;
      given_ += size;
      return absl::string_view(chunk, size);
    } else {
      status_ = job_->status;
      finished_ = status_.ok() && job_->is_last;
      pipeline_.ReleaseOldest();
      job_ = nullptr;
    }
  }
}

absl::StatusOr<size_t> AgeReader::Read(absl::Span<char> out) {
  if (piece_.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(piece_, NextPiece());
  }
  const size_t size = std::min(out.size(), piece_.size());
  if (size > 0) std::memcpy(out.data(), piece_.data(), size);
  piece_.remove_prefix(size);
  return size;
}

absl::Status AgeReader::CopyTo(ByteSink* out) {
  for (;;) {
    if (piece_.empty()) {
      SUBROSA_ASSIGN_OR_RETURN(piece_, NextPiece());
    }
    if (piece_.empty()) return absl::OkStatus();
    const absl::string_view piece = piece_;
    piece_ = absl::string_view();
    SUBROSA_RETURN_IF_ERROR(out->Append(piece));
  }
}

absl::Status AgeDecrypt(ByteSource* in,
                        absl::Span<const AgeIdentity* const> identities,
                        const AgeReadOptions& options, ByteSink* out) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<AgeReader> reader,
                           AgeReader::Open(in, identities, options));
  return reader->CopyTo(out);
}

}  // namespace subrosa
