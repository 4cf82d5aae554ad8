// Bytes from strangers, into everything that opens sealed bytes: the first byte
// says what the rest is.
//
//   'e'  an envelope, for fixed keys and context: it opens only if it was
//   sealed 'w'  a wrapped key      'v'  a sealed value 's'  plaintext and
//   edits: what is sealed opens to the same bytes, and an
//        edited envelope opens only if the edits cancel out
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

const SecretKey& FixedKey() {
  static const SecretKey* const key = new SecretKey(*SecretKey::FromBytes(
      std::vector<uint8_t>(32, 0x42), UnsafeSecretAccess::Get()));
  return *key;
}

EnvelopeContext Context() {
  EnvelopeContext context;
  context.entity = "acme";
  context.data_ref = "data-ref-16bytes";
  context.record_ref = "record-16-bytes!";
  context.revision = 1;
  context.schema = "subrosa.v1.JournalEntry";
  context.purpose = "coaching";
  return context;
}

// A header that is refused must not open, and one that is read must say what it
// says when it is written again. What was sealed elsewhere never opens here.
void TryEnvelope(absl::string_view envelope) {
  const absl::StatusOr<EnvelopeHeader> header = ParseEnvelopeHeader(envelope);
  Check(header.ok() || absl::IsInvalidArgument(header.status()));
  std::string plaintext = "before";
  const absl::Status status = Open(FixedKey(), Context(), envelope, &plaintext);
  if (status.ok()) {
    Check(header.ok());
    Check(plaintext.size() + kEnvelopeOverheadBytes <= envelope.size());
    return;
  }
  Check(status == absl::InvalidArgumentError("envelope: does not open"));
  Check(plaintext.empty());
}

void TryWrappedKey(absl::string_view wrapped) {
  const absl::Status status =
      UnwrapKey(FixedKey(), wrapped, "context").status();
  Check(status.ok() || absl::IsInvalidArgument(status));
}

void TrySealedValue(absl::string_view sealed) {
  const absl::StatusOr<std::string> value =
      OpenValue(FixedKey(), "context", sealed);
  Check(value.ok() || absl::IsInvalidArgument(value.status()));
}

// `bytes`: options, number of edits, the edits (place 2, change 1), plaintext.
void TrySealing(absl::string_view bytes) {
  if (bytes.size() < 2) return;
  SealOptions options;
  options.suite =
      (bytes[0] & 1) != 0 ? Suite::kAes256Gcm : Suite::kChaCha20Poly1305;
  options.padding = (bytes[0] & 2) != 0 ? Padding::kBuckets : Padding::kNone;
  const size_t edits = static_cast<uint8_t>(bytes[1]) % 8;
  bytes.remove_prefix(2);
  if (bytes.size() < edits * 3) return;
  const absl::string_view plaintext = bytes.substr(edits * 3);

  std::string envelope;
  Check(Seal(FixedKey(), KeyRef(), Context(), plaintext, options, &envelope)
            .ok());
  std::string edited = envelope;
  for (size_t i = 0; i < edits; ++i) {
    const size_t at = (static_cast<uint8_t>(bytes[i * 3]) << 8 |
                       static_cast<uint8_t>(bytes[i * 3 + 1])) %
                      edited.size();
    edited[at] = static_cast<char>(edited[at] ^ bytes[i * 3 + 2]);
  }
  std::string opened;
  const bool opens = Open(FixedKey(), Context(), edited, &opened).ok();
  Check(opens == (edited == envelope));
  Check(!opens || opened == plaintext);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 'e':
      subrosa::TryEnvelope(rest);
      break;
    case 'w':
      subrosa::TryWrappedKey(rest);
      break;
    case 'v':
      subrosa::TrySealedValue(rest);
      break;
    case 's':
      subrosa::TrySealing(rest);
      break;
    default:
      break;
  }
  return 0;
}
