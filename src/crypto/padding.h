// Padding that hides a payload's length: ISO/IEC 7816-4 (0x80, then zeros) to
// the next bucket. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_PADDING_H_
#define SUBROSA_SRC_CRYPTO_PADDING_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace subrosa {

// The smallest bucket that holds `size` bytes: 256, or else `size` rounded up
// so that its lower bits are zero, as many as leave log2(log2(size)) + 1 below
// the top bit (Padme, "Reducing Metadata Leakage from Encrypted Files and
// Communication with PURBs", 2019). At most 12 percent more than `size`.
size_t BucketFor(size_t size);

// Fills `padded` from `size` on, which is below padded.size().
void Pad(absl::Span<uint8_t> padded, size_t size);

// Sets `*size` to the length before Pad and returns true; or false if `padded`
// is not what Pad makes of the smallest bucket.
bool Unpad(absl::Span<const uint8_t> padded, size_t* size);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_PADDING_H_
