// A row tag binds what rests in clear beside a sealed record to that record, so
// that nobody who can write to the record store can move a row into another
// category, label or day. It is apart from the envelope so that reclassifying a
// record does not reseal it.
//
// Thread-safe. Nothing is allocated.
//
// Security: a 128-bit MAC (keyed BLAKE2b) under the consumer's key. Old columns
// with their old tag are accepted again: the tag does not say which is newer.
#ifndef SUBROSA_SRC_CRYPTO_ROW_TAG_H_
#define SUBROSA_SRC_CRYPTO_ROW_TAG_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/envelope_context.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

inline constexpr size_t kRowTagBytes = 16;

// The columns in clear that are not in EnvelopeContext already.
struct RowColumns {
  uint32_t key_version = 0;
  uint32_t categories = 0;         // Bits, one per HealthCategory.
  uint64_t labels = 0;             // Bits, one per finer label.
  uint32_t told = 0;               // Bits: which categories words alone say.
  absl::string_view source;        // The collecting system's slug.
  absl::Span<const int32_t> days;  // Since 1970-01-01, in the table's order.
};

// The tag of a row. `context` within its bounds (CheckEnvelopeContext).
std::array<uint8_t, kRowTagBytes> RowTag(const SecretKey& consumer_key,
                                         const EnvelopeContext& context,
                                         const RowColumns& columns);

// Returns OK if `tag` is the tag of the row, and INVALID_ARGUMENT if not, in
// time that does not depend on where they differ.
absl::Status CheckRowTag(const SecretKey& consumer_key,
                         const EnvelopeContext& context,
                         const RowColumns& columns, absl::string_view tag);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_ROW_TAG_H_
