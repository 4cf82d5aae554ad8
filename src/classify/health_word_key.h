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

// Masks of the first bytes of eight: kFirstBytes[8 + n] of n, none where n
// would be negative and all from eight on.
inline constexpr uint64_t kFirstBytes[] = {0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0xff,
                                           0xffff,
                                           0xffffff,
                                           0xffffffff,
                                           0xffffffffff,
                                           0xffffffffffff,
                                           0xffffffffffffff,
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0},
                                           ~uint64_t{0}};

// The key of the word of `size` bytes at `word`, in either case. Reads 16 bytes
// there, or all of a longer word. `size` > 0.
inline WordKey KeyOfPaddedWord(const char* word, size_t size) {
  constexpr uint64_t kSmall = 0x2020202020202020U;  // Letters' bit of case.
  constexpr size_t kPart = sizeof(uint64_t);
  const auto part = [word](size_t at) {
    uint64_t bytes;
    std::memcpy(&bytes, word + at, kPart);
    return bytes | kSmall;
  };
  // Without a branch: how long the next word is cannot be foreseen.
  const size_t within = size < kPaddedWordBytes ? size : kPaddedWordBytes;
  const size_t last = size > kPaddedWordBytes ? size - kPart : kPart;
  return {part(0) & kFirstBytes[kPart + within],
          (part(last) & kFirstBytes[within]) + size};
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
