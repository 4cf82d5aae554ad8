// Which of 64 bytes lie in a range, a bit for each: what processors' wide
// registers do well. Internal to this room.
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

// Words of 64 bytes each: word w is the 64 bytes from `first + w * stride` on.
// With a stride below 64 they overlap.
struct ByteWords {
  const char* first;
  size_t count = 1;
  size_t stride = 64;
};

// Sets masks[r * words.count + w], for each of `count` ranges and each word:
// bit i is whether byte i of word w lies in ranges[r].
using RangeMasksFunction = void (*)(ByteWords words, const ByteRange* ranges,
                                    size_t count, uint64_t* masks);

// All that this processor can run, the fastest first; they give the same.
std::vector<RangeMasksFunction> RangeMasksFunctions();

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_BYTE_RANGES_H_
