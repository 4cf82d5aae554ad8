#include "src/crypto/envelope.h"

#include <sodium.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/committing_box.h"
#include "src/crypto/context_hash.h"
#include "src/crypto/keyed_hash.h"
#include "src/crypto/padding.h"
#include "src/crypto/salt.h"
#include "src/crypto/single_use_aead.h"

namespace subrosa {
namespace {

// The header, as docs/formats/envelope.md has it.
constexpr char kMagic[] = {'S', 'B', 'R', '1'};
constexpr size_t kSuiteOffset = 4;
constexpr size_t kFlagsOffset = 5;
constexpr size_t kHeaderSizeOffset = 6;
constexpr size_t kKeyIdOffset = 8;
constexpr size_t kKeyVersionOffset = 24;
constexpr size_t kSaltOffset = 28;
constexpr size_t kCommitmentOffset = 44;
static_assert(kSaltOffset + kSaltBytes == kCommitmentOffset);
static_assert(kCommitmentOffset + kCommitmentBytes == kEnvelopeHeaderBytes);
static_assert(kEnvelopeTagBytes == kAeadTagBytes);

constexpr uint8_t kPaddedFlag = 0x01;

bool IsSuite(uint8_t suite) {
  return suite == static_cast<uint8_t>(Suite::kChaCha20Poly1305) ||
         suite == static_cast<uint8_t>(Suite::kAes256Gcm);
}

Cipher CipherOf(Suite suite) {
  return suite == Suite::kAes256Gcm ? Cipher::kAes256Gcm
                                    : Cipher::kChaCha20Poly1305;
}

// Size of the payload once padded.
size_t PaddedSize(size_t plaintext_size, Padding padding) {
  return padding == Padding::kBuckets ? BucketFor(plaintext_size + 1)
                                      : plaintext_size;
}

const uint8_t* BytesOf(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// Decides the key of the record with this header: by all of the header up to
// the commitment, and the context.
class RecordHash : public KeyedHash {
 public:
  RecordHash(const SecretKey& consumer_key, const EnvelopeContext& context,
             const uint8_t* header)
      : KeyedHash(consumer_key, kRecordUse,
                  absl::string_view(
                      reinterpret_cast<const char*>(header) + kSaltOffset,
                      kSaltBytes),
                  sizeof(DerivedKey::bytes)) {
    AddFixed(
        absl::string_view(reinterpret_cast<const char*>(header), kSaltOffset));
    AddContext(context, this);
  }
};

absl::Status DoesNotOpen() {
  return absl::InvalidArgumentError("envelope: does not open");
}

absl::Status CheckSealArguments(const EnvelopeContext& context,
                                size_t plaintext_size,
                                const SealOptions& options) {
  SUBROSA_RETURN_IF_ERROR(CheckEnvelopeContext(context));
  if (!IsSuite(static_cast<uint8_t>(options.suite))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "suite: want 1 or 2, got ", static_cast<int>(options.suite)));
  }
  if (plaintext_size > kMaxEnvelopePlaintextBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("plaintext: want at most ", kMaxEnvelopePlaintextBytes,
                     " bytes, got ", plaintext_size));
  }
  return absl::OkStatus();
}

// OpenTo, but for what it promises of the bytes that are not plaintext.
absl::StatusOr<size_t> OpenInto(const SecretKey& consumer_key,
                                const EnvelopeContext& context,
                                absl::string_view envelope,
                                absl::Span<uint8_t> plaintext) {
  SUBROSA_RETURN_IF_ERROR(CheckEnvelopeContext(context));
  const absl::StatusOr<EnvelopeHeader> header = ParseEnvelopeHeader(envelope);
  if (!header.ok()) return DoesNotOpen();
  const size_t payload_size = envelope.size() - kEnvelopeOverheadBytes;
  if (plaintext.size() < payload_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("plaintext: want a buffer of ", payload_size,
                     " bytes, got ", plaintext.size()));
  }

  const absl::Span<const uint8_t> bytes(BytesOf(envelope), envelope.size());
  RecordHash hash(consumer_key, context, bytes.data());
  const DerivedKey record_key(hash);
  const absl::Span<uint8_t> payload = plaintext.first(payload_size);
  if (sodium_memcmp(record_key.commitment(), bytes.data() + kCommitmentOffset,
                    kCommitmentBytes) != 0 ||
      !OpenOnce(CipherOf(header->suite), record_key.key(),
                bytes.first(kEnvelopeHeaderBytes),
                bytes.subspan(kEnvelopeHeaderBytes), payload)) {
    return DoesNotOpen();
  }
  size_t size = payload_size;
  if (header->padding == Padding::kBuckets && !Unpad(payload, &size)) {
    return DoesNotOpen();
  }
  return size;
}

}  // namespace

size_t SealedSize(size_t plaintext_size, const SealOptions& options) {
  return kEnvelopeOverheadBytes + PaddedSize(plaintext_size, options.padding);
}

absl::Status SealTo(const SecretKey& consumer_key, const KeyRef& key_ref,
                    const EnvelopeContext& context, absl::string_view plaintext,
                    const SealOptions& options, absl::Span<uint8_t> envelope) {
  absl::Status status = CheckSealArguments(context, plaintext.size(), options);
  if (status.ok() && envelope.size() != SealedSize(plaintext.size(), options)) {
    status = absl::InvalidArgumentError(absl::StrCat(
        "envelope: want a buffer of ", SealedSize(plaintext.size(), options),
        " bytes, got ", envelope.size()));
  }
  if (!status.ok()) {
    if (!envelope.empty()) std::memset(envelope.data(), 0, envelope.size());
    return status;
  }

  uint8_t* const header = envelope.data();
  std::memcpy(header, kMagic, sizeof(kMagic));
  header[kSuiteOffset] = static_cast<uint8_t>(options.suite);
  header[kFlagsOffset] =
      options.padding == Padding::kBuckets ? kPaddedFlag : uint8_t{0};
  StoreBigEndian(static_cast<uint16_t>(kEnvelopeHeaderBytes),
                 header + kHeaderSizeOffset);
  std::memcpy(header + kKeyIdOffset, key_ref.id.data(), key_ref.id.size());
  StoreBigEndian(key_ref.version, header + kKeyVersionOffset);
  DrawSalt(header + kSaltOffset);

  RecordHash hash(consumer_key, context, header);
  const DerivedKey record_key(hash);
  std::memcpy(header + kCommitmentOffset, record_key.commitment(),
              kCommitmentBytes);

  const absl::Span<uint8_t> sealed = envelope.subspan(kEnvelopeHeaderBytes);
  absl::Span<const uint8_t> payload(BytesOf(plaintext), plaintext.size());
  if (options.padding == Padding::kBuckets) {
    const absl::Span<uint8_t> padded =
        sealed.first(sealed.size() - kEnvelopeTagBytes);
    if (!plaintext.empty()) {
      std::memcpy(padded.data(), plaintext.data(), plaintext.size());
    }
    Pad(padded, plaintext.size());
    payload = padded;
  }
  status = SealOnce(CipherOf(options.suite), record_key.key(),
                    envelope.first(kEnvelopeHeaderBytes), payload, sealed);
  if (!status.ok()) sodium_memzero(envelope.data(), envelope.size());
  return status;
}

absl::Status Seal(const SecretKey& consumer_key, const KeyRef& key_ref,
                  const EnvelopeContext& context, absl::string_view plaintext,
                  const SealOptions& options, std::string* envelope) {
  envelope->clear();
  SUBROSA_RETURN_IF_ERROR(
      CheckSealArguments(context, plaintext.size(), options));
  envelope->resize(SealedSize(plaintext.size(), options));
  absl::Status status =
      SealTo(consumer_key, key_ref, context, plaintext, options,
             absl::MakeSpan(reinterpret_cast<uint8_t*>(envelope->data()),
                            envelope->size()));
  if (!status.ok()) envelope->clear();
  return status;
}

absl::StatusOr<EnvelopeHeader> ParseEnvelopeHeader(absl::string_view envelope) {
  if (envelope.size() < kEnvelopeOverheadBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("envelope: want at least ", kEnvelopeOverheadBytes,
                     " bytes, got ", envelope.size()));
  }
  const uint8_t* const bytes = BytesOf(envelope);
  if (std::memcmp(bytes, kMagic, sizeof(kMagic)) != 0) {
    return absl::InvalidArgumentError(
        "envelope.magic: want `SBR1`, got other bytes");
  }
  if (!IsSuite(bytes[kSuiteOffset])) {
    return absl::InvalidArgumentError(
        absl::StrCat("envelope.suite: want 1 or 2, got ", bytes[kSuiteOffset]));
  }
  if ((bytes[kFlagsOffset] & ~kPaddedFlag) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("envelope.flags: want 0 or 1, got ", bytes[kFlagsOffset]));
  }
  const uint16_t header_size =
      LoadBigEndian<uint16_t>(bytes + kHeaderSizeOffset);
  if (header_size != kEnvelopeHeaderBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("envelope.header_size: want ", kEnvelopeHeaderBytes,
                     ", got ", header_size));
  }
  EnvelopeHeader header;
  header.suite = static_cast<Suite>(bytes[kSuiteOffset]);
  header.padding =
      bytes[kFlagsOffset] == kPaddedFlag ? Padding::kBuckets : Padding::kNone;
  std::memcpy(header.key.id.data(), bytes + kKeyIdOffset, header.key.id.size());
  header.key.version = LoadBigEndian<uint32_t>(bytes + kKeyVersionOffset);

  const size_t payload_size = envelope.size() - kEnvelopeOverheadBytes;
  const bool right_size =
      header.padding == Padding::kBuckets
          ? BucketFor(payload_size) == payload_size &&
                payload_size <= BucketFor(kMaxEnvelopePlaintextBytes + 1)
          : payload_size <= kMaxEnvelopePlaintextBytes;
  if (!right_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "envelope: want a payload of at most ", kMaxEnvelopePlaintextBytes,
        " bytes, whole buckets if padded, got ", payload_size));
  }
  return header;
}

absl::StatusOr<size_t> OpenTo(const SecretKey& consumer_key,
                              const EnvelopeContext& context,
                              absl::string_view envelope,
                              absl::Span<uint8_t> plaintext) {
  absl::StatusOr<size_t> size =
      OpenInto(consumer_key, context, envelope, plaintext);
  const size_t used = size.value_or(0);
  if (used < plaintext.size()) {
    sodium_memzero(plaintext.data() + used, plaintext.size() - used);
  }
  return size;
}

absl::Status Open(const SecretKey& consumer_key, const EnvelopeContext& context,
                  absl::string_view envelope, std::string* plaintext) {
  plaintext->clear();
  if (!ParseEnvelopeHeader(envelope).ok()) {
    SUBROSA_RETURN_IF_ERROR(CheckEnvelopeContext(context));
    return DoesNotOpen();
  }
  plaintext->resize(envelope.size() - kEnvelopeOverheadBytes);
  const absl::StatusOr<size_t> size =
      OpenTo(consumer_key, context, envelope,
             absl::MakeSpan(reinterpret_cast<uint8_t*>(plaintext->data()),
                            plaintext->size()));
  plaintext->resize(size.value_or(0));
  return size.status();
}

}  // namespace subrosa
