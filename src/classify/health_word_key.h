// What words of health language are compared and hashed by, in either case and
// without a copy. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_WORD_KEY_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_WORD_KEY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace subrosa {

// What may be read of each word, where KeyOfPaddedWord reads it.
inline constexpr size_t kPaddedWordBytes = 16;

// What a word of ASCII letters, digits, apostrophes and hyphens is compared by.
// Words of up to 16 bytes have equal keys exactly if they differ in case alone;
// of longer ones the first and last eight bytes and the size decide.
struct WordKey {
  uint64_t first = 0;  // Bytes, zeros behind them.
  uint64_t last = 0;   // The bytes from the ninth, or the last; and the size.

  bool operator==(const WordKey& other) const {
    return first == other.first && last == other.last;
  }

  // Where it is looked for: the high bits.
  uint64_t Place() const {
    return (first ^ (last << 23 | last >> 41)) * 0x9e3779b97f4a7c15U;
  }
};

// Sixteen bytes of ones, and of zeros: from the one at 16 - n on a mask of the
// first n bytes of 16.
inline constexpr unsigned char kFirstBytes[2 * kPaddedWordBytes] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

// The key of the word of `size` bytes at `word`, in either case. Reads 16 bytes
// there, or all of a longer word. `size` > 0.
inline WordKey KeyOfPaddedWord(const char* word, size_t size) {
  constexpr uint64_t kSmall = 0x2020202020202020U;  // Letters' bit of case.
  // Both halves at once, and without a branch at how long words are: only that
  // few are longer than this can be foreseen.
  using Halves = uint64_t __attribute__((vector_size(kPaddedWordBytes)));
  Halves bytes;
  std::memcpy(&bytes, word, sizeof(bytes));
  if (__builtin_expect(size <= kPaddedWordBytes, 1)) {
    Halves mask;
    std::memcpy(&mask, kFirstBytes + kPaddedWordBytes - size, sizeof(mask));
    bytes = (bytes | kSmall) & mask;
    return {bytes[0], bytes[1] + size};
  }
  uint64_t last;
  std::memcpy(&last, word + size - sizeof(last), sizeof(last));
  return {bytes[0] | kSmall, (last | kSmall) + size};
}

// What a model knows the word by that KeyOfPaddedWord reads.
inline uint32_t HashOfPaddedWord(const char* word, size_t size) {
  const WordKey key = KeyOfPaddedWord(word, size);
  const uint64_t mixed =
      (key.first ^ size) * 0x9e3779b97f4a7c15U ^ key.last * 0xc2b2ae3d27d4eb4fU;
  return static_cast<uint32_t>(((mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9U) >>
                               32);
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_WORD_KEY_H_
