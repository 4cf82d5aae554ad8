// EnvelopeContext says which place a sealed record belongs to. It is bound into
// the record's key and into its row tag, and stored in neither: the reader says
// what it believes to have, and a wrong belief opens nothing.
#ifndef SUBROSA_SRC_CRYPTO_ENVELOPE_CONTEXT_H_
#define SUBROSA_SRC_CRYPTO_ENVELOPE_CONTEXT_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace subrosa {

inline constexpr size_t kReferenceBytes = 16;
inline constexpr size_t kMaxEntityBytes = 128;
inline constexpr size_t kMaxSchemaBytes = 256;
inline constexpr size_t kMaxPurposeBytes = 64;

// The views must outlive the call that they are passed to.
struct EnvelopeContext {
  absl::string_view entity;      // The regulated entity's id, 1 to 128 bytes.
  absl::string_view data_ref;    // The consumer's reference, 16 bytes.
  absl::string_view record_ref;  // The record's reference, 16 bytes.
  uint32_t revision = 0;         // Counts up as the record is changed.
  absl::string_view schema;      // Full message name, 1 to 256 bytes.
  absl::string_view purpose;     // A slug, at most 64 bytes; empty for none.
};

// Returns INVALID_ARGUMENT that names the first field out of its bounds.
absl::Status CheckEnvelopeContext(const EnvelopeContext& context);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_ENVELOPE_CONTEXT_H_
