// Which of 64 bytes lie in a range, a bit for each: the one thing here that
// processors' wide registers do. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_BYTE_RANGES_H_
#define SUBROSA_SRC_CLASSIFY_BYTE_RANGES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace subrosa {

// Bytes from `first` to `last`, both of them and as unsigned numbers.
struct ByteRange {
  char first;
  char last;
};

// Sets masks[r], for each of `count` ranges: bit i is whether bytes[i] lies in
// ranges[r]. Reads 64 bytes.
using RangeMasksFunction = void (*)(const char* bytes, const ByteRange* ranges,
                                    size_t count, uint64_t* masks);

// All that this processor can run, the fastest first; they give the same.
std::vector<RangeMasksFunction> RangeMasksFunctions();

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_BYTE_RANGES_H_
