// The words that health language is told by, each with a small number, so that
// rules compare numbers and no text is copied or put in lower case. Internal to
// this room.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_VOCABULARY_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

// What may be read of each word, where KeyOfPaddedWord reads it.
inline constexpr size_t kPaddedWordBytes = 16;

// What a word of ASCII letters, digits, apostrophes and hyphens is compared by.
// Words of up to 16 bytes have equal keys exactly if they differ in case alone;
// of longer ones the first and last eight bytes and the size decide.
struct WordKey {
  uint64_t first = 0;
  uint64_t last = 0;
  uint64_t size = 0;

  bool operator==(const WordKey& other) const {
    return first == other.first && last == other.last && size == other.size;
  }

  // Its high bits are the best mixed.
  uint64_t Hash() const {
    const uint64_t mixed = (first ^ size) * 0x9e3779b97f4a7c15U ^
                           (last + size) * 0xc2b2ae3d27d4eb4fU;
    return (mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9U;
  }
};

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
  // The first `count` bytes, at most eight.
  const auto shortened = [](uint64_t bytes, size_t count) {
    return bytes & (~uint64_t{0} >> (8 * (kPart - count)));
  };
  if (size <= kPart) return {shortened(part(0), size), 0, size};
  if (size <= 2 * kPart) {
    return {part(0), shortened(part(kPart), size - kPart), size};
  }
  return {part(0), part(size - kPart), size};
}

// The same for a word of which no more may be read.
inline WordKey KeyOfWord(absl::string_view word) {
  char padded[kPaddedWordBytes] = {};
  if (word.size() >= sizeof(padded)) {
    return KeyOfPaddedWord(word.data(), word.size());
  }
  std::memcpy(padded, word.data(), word.size());
  return KeyOfPaddedWord(padded, word.size());
}

class HealthVocabulary {
 public:
  // Zero is every word that was not added.
  using Id = uint16_t;

  HealthVocabulary();

  // The number of `word`, which is added if need be: not empty, of ASCII
  // letters, digits, apostrophes and hyphens. At most 65,535 words; what is
  // above that has zero.
  Id Add(absl::string_view word);

  // Zero if there is none.
  Id Find(const WordKey& key) const { return Find(key, key.Hash()); }
  Id Find(const WordKey& key, uint64_t hash) const {
    for (size_t slot = hash >> shift_;;
         slot = (slot + 1) & (slots_.size() - 1)) {
      const Id id = slots_[slot];
      if (id == 0 || keys_[id] == key) return id;
    }
  }

  // One more than the largest number.
  size_t size() const { return keys_.size(); }

  // The word with number `id`, above zero and below size(), as it was added.
  absl::string_view WordOf(Id id) const { return words_[id]; }

 private:
  void Grow();

  std::vector<WordKey> keys_;  // By number; that of zero is no word's.
  std::vector<std::string> words_;
  std::vector<Id> slots_;  // At least seven of eight are zero.
  int shift_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_VOCABULARY_H_
