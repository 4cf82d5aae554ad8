// The envelope: one record, sealed under its consumer's key and bound to its
// place. Format, derivation and worked bytes: docs/formats/envelope.md.
//
// Each envelope has its own key, derived from the consumer's key, a random salt
// and the full context; nothing but the salt is stored. Whoever moves an
// envelope to another row, consumer, revision or purpose makes it unreadable.
//
// Thread-safe: all functions may be called from any thread.
//
// Example:
//   std::string envelope;
//   SUBROSA_RETURN_IF_ERROR(Seal(consumer_key, key_ref, context,
//                                record.SerializeAsString(), {}, &envelope));
//   ...
//   std::string plaintext;
//   SUBROSA_RETURN_IF_ERROR(Open(consumer_key, context, envelope, &plaintext));
//
// Security: IND-CCA2, and committing to key, header and context (CMT-4), for
// any number of envelopes under one key. The size of the plaintext shows unless
// padding hides it within 12 percent. Whoever restores a snapshot of a running
// machine twice repeats up to a page of salts: the same salt for the same
// record and revision with other content would then show the XOR of the two.
#ifndef SUBROSA_SRC_CRYPTO_ENVELOPE_H_
#define SUBROSA_SRC_CRYPTO_ENVELOPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/envelope_context.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Bytes before the sealed payload, and its tag after it.
inline constexpr size_t kEnvelopeHeaderBytes = 76;
inline constexpr size_t kEnvelopeTagBytes = 16;
inline constexpr size_t kEnvelopeOverheadBytes =
    kEnvelopeHeaderBytes + kEnvelopeTagBytes;

// Longest plaintext, 64 MiB. What is larger is split by the caller.
inline constexpr size_t kMaxEnvelopePlaintextBytes = size_t{64} << 20;

// How the payload is sealed. Both derive its key the same way.
enum class Suite : uint8_t {
  kChaCha20Poly1305 = 1,
  kAes256Gcm = 2,  // For those who must use NIST's cipher.
};

enum class Padding : uint8_t {
  kNone,
  // To the next of a few lengths, at least 256 bytes and at most 12 percent
  // more than the plaintext: a lab panel's kind does not show in its length.
  kBuckets,
};

struct SealOptions {
  Suite suite = Suite::kChaCha20Poly1305;
  Padding padding = Padding::kNone;
};

// A key's random id; it is no consumer's id and leads to none by itself.
using KeyId = std::array<uint8_t, 16>;

// Which consumer key, in which version, seals an envelope. Rests in clear.
struct KeyRef {
  KeyId id = {};
  uint32_t version = 0;
};

// What an envelope says of itself without a key.
struct EnvelopeHeader {
  Suite suite = Suite::kChaCha20Poly1305;
  Padding padding = Padding::kNone;
  KeyRef key;
};

// Size of the envelope of a plaintext of `plaintext_size` bytes.
size_t SealedSize(size_t plaintext_size, const SealOptions& options);

// Replaces `*envelope` by `plaintext` sealed under `consumer_key`.
//
// Returns INVALID_ARGUMENT if a field of `context` is out of its bounds, the
// plaintext is too long or the suite unknown; then `*envelope` is empty.
absl::Status Seal(const SecretKey& consumer_key, const KeyRef& key_ref,
                  const EnvelopeContext& context, absl::string_view plaintext,
                  const SealOptions& options, std::string* envelope);

// As Seal, into `envelope`, which has exactly SealedSize bytes and does not
// overlap `plaintext`. Allocates nothing after a thread's first call. On error
// `envelope` holds zeros.
absl::Status SealTo(const SecretKey& consumer_key, const KeyRef& key_ref,
                    const EnvelopeContext& context, absl::string_view plaintext,
                    const SealOptions& options, absl::Span<uint8_t> envelope);

// Replaces `*plaintext` by what `envelope` holds.
//
// Returns INVALID_ARGUMENT "envelope: does not open" for whatever is wrong with
// the envelope, the key or the context's values: the reasons read alike, so
// that nobody can probe with them. A field of `context` out of its bounds is
// INVALID_ARGUMENT too, and is named. On error `*plaintext` is empty.
absl::Status Open(const SecretKey& consumer_key, const EnvelopeContext& context,
                  absl::string_view envelope, std::string* plaintext);

// As Open, into `plaintext`, which has at least envelope.size() -
// kEnvelopeOverheadBytes bytes (else INVALID_ARGUMENT) and does not overlap
// `envelope`. Returns how many bytes of it are plaintext; the rest, and on
// error all of it, holds zeros. Allocates nothing after a thread's first call.
absl::StatusOr<size_t> OpenTo(const SecretKey& consumer_key,
                              const EnvelopeContext& context,
                              absl::string_view envelope,
                              absl::Span<uint8_t> plaintext);

// Reads the header, so that the caller can fetch the key. Nothing in it is to
// be believed before the envelope opens.
//
// Returns INVALID_ARGUMENT that names the field if `envelope` cannot be one.
absl::StatusOr<EnvelopeHeader> ParseEnvelopeHeader(absl::string_view envelope);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_ENVELOPE_H_
