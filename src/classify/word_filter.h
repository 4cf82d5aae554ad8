// Which of the words in 64 bytes may begin a pattern, told for all of them at
// once: nearly all do not, and are passed over so. A look into a table of each
// byte, by vectors, gives the groups of patterns that have this byte first; so
// for the bytes after it, and a word of which no group is left begins none.
// Internal to this room.
//
// It lets through more than begins one: whoever asks looks closer at the rest.
#ifndef SUBROSA_SRC_CLASSIFY_WORD_FILTER_H_
#define SUBROSA_SRC_CLASSIFY_WORD_FILTER_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "src/classify/byte_ranges.h"

namespace subrosa {

// Where a digit must stand, within 64 bytes of a place, for a pattern to matter
// there. Most texts have long stretches without one.
enum class DigitNeed : uint8_t {
  kNone = 0,
  kAfter = 1,
  kBefore = 2,
  kEither = 3,
};

// How a pattern may begin.
struct WordOpening {
  static constexpr size_t kBytes = 8;
  std::array<std::bitset<256>, kBytes> bytes;  // Which may stand where.
  DigitNeed digit = DigitNeed::kNone;
};

// Of up to kMaxWords words of 64 bytes, a mask each: at which bytes a pattern
// is looked for, and after and before which of them a digit stands.
struct WordBegins {
  static constexpr size_t kMaxWords = 8;
  uint64_t begins[kMaxWords];
  uint64_t after[kMaxWords];
  uint64_t before[kMaxWords];
};

// Immutable: any number of threads may use one.
class WordFilter {
 public:
  WordFilter() : WordFilter(absl::Span<const WordOpening>()) {}
  explicit WordFilter(absl::Span<const WordOpening> openings);

  // Writes, in order, those of `begins` at which a pattern may begin, counted
  // from the first word's first byte on, and returns how many. Of a word of 64
  // bytes at most kMoreOffsets may be begins. Reads seven bytes after each such
  // word, and writes up to kMoreOffsets more values. `near_digits` is whether
  // there is any digit: without it `after` and `before` are not read.
  static constexpr size_t kMoreOffsets = 32;
  using Function = size_t (*)(const WordFilter& filter, ByteWords words,
                              const WordBegins& begins, bool near_digits,
                              uint16_t* offsets);

  // All that this processor can run, the fastest first. Of what begins a
  // pattern none leaves out any; the last lets everything through.
  static std::vector<Function> Functions();

 private:
  friend struct WordFilterVectors;
  // Fills buckets [`first`, `last`) with the openings that need `digit`.
  void AddBuckets(absl::Span<const WordOpening> openings, DigitNeed digit,
                  size_t table, size_t first, size_t last);

  static constexpr size_t kBuckets = 8;
  // Two tables for each of the bytes, with a bit for each bucket: the first for
  // what needs no digit, or one before it; the other for one after it.
  static constexpr size_t kTables = 2;
  static constexpr size_t kFreeBuckets = 5;
  static constexpr uint8_t kFreeBits = (1 << kFreeBuckets) - 1;

  // By the lower six bits of a byte.
  alignas(64) uint8_t by_six_[kTables][WordOpening::kBytes][64] = {};
  // By its lower and by its higher half: a bucket needs both.
  alignas(16) uint8_t by_low_[kTables][WordOpening::kBytes][16] = {};
  alignas(16) uint8_t by_high_[kTables][WordOpening::kBytes][16] = {};
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_WORD_FILTER_H_
