// Many patterns that are met at a word, found by the first three bytes of the
// word. Words in a text are known from masks (shape_masks.h), so that most are
// passed over by one look into a table that fits the processor's nearest cache;
// an automaton would look at each of their bytes. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_PATTERN_INDEX_H_
#define SUBROSA_SRC_CLASSIFY_PATTERN_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/byte_pattern.h"

namespace subrosa {

// Where a digit must stand, within 64 bytes of a place, for a pattern to matter
// there. Most texts have long stretches without one.
enum class DigitNeed : uint8_t {
  kNone = 0,
  kAfter = 1,
  kBefore = 2,
  kEither = 3,
};

// A pattern at a place in a text: `before` ends there, and `after` begins
// there. The syntax of both is BytePattern's.
struct PlacedPattern {
  std::string before;
  std::string after;
  bool caseless = false;
  DigitNeed digit = DigitNeed::kNone;
};

class PatternIndex {
 public:
  // `key` is the side of a place by which patterns are looked up: what begins
  // there, or what ends there. INVALID_ARGUMENT if a pattern is malformed, or
  // shorter than three bytes on that side.
  static absl::StatusOr<PatternIndex> Create(
      absl::Span<const PlacedPattern> patterns, BytePattern::Direction key);

  // Whether a pattern may be met at `place`: false for most. `near_digits` is
  // whether a digit may stand beside it.
  __attribute__((always_inline)) bool MayMeet(absl::string_view text,
                                              size_t place,
                                              bool near_digits) const {
    const uint32_t slot = SlotOf(KeyAt(text, place));
    const std::vector<uint64_t>& slots = near_digits ? slots_ : free_slots_;
    return (slots[slot / 64] >> (slot % 64) & 1) != 0;
  }

  // Calls `on_pattern(i, end)` for each pattern i that is met at `place`, in
  // the order of `patterns`; `end` is the offset after it. A pattern is met as
  // often as different ways through it are: "address" and "address is".
  // `digits` is where digits stand: a DigitNeed, kEither for both sides.
  // MayMeet must hold.
  template <typename OnPattern>
  void Meet(absl::string_view text, size_t place, DigitNeed digits,
            const OnPattern& on_pattern) const {
    const uint32_t slot = SlotOf(KeyAt(text, place));
    const uint64_t below = (uint64_t{1} << (slot % 64)) - 1;
    const size_t bucket = buckets_before_[slot / 64] +
                          __builtin_popcountll(slots_[slot / 64] & below);
    for (size_t i = bucket_begins_[bucket]; i < bucket_begins_[bucket + 1];
         ++i) {
      const Way& way = ways_[i];
      if (way.digit != DigitNeed::kNone &&
          (static_cast<int>(way.digit) & static_cast<int>(digits)) == 0) {
        continue;
      }
      size_t end;
      if (Meets(way, text, place, &end)) on_pattern(way.pattern, end);
    }
  }

 private:
  struct Compiled {
    BytePattern before;
    BytePattern after;
  };

  // One way through the keyed side of a pattern.
  struct Way {
    uint16_t pattern;
    uint16_t opening;
    DigitNeed digit;
  };

  static constexpr uint32_t kSlots = 1 << 16;
  // Letters alike in either case.
  static constexpr uint32_t kFold = 0xdfdfdf;

  static uint32_t SlotOf(uint32_t key) { return key * 0x9e3779b1U >> 16; }
  static uint32_t ByteAt(absl::string_view text, size_t i) {
    return static_cast<unsigned char>(text[i]);
  }

  // Three bytes on the key's side, the nearest first; what lies outside of the
  // text is 0.
  __attribute__((always_inline)) uint32_t KeyAt(absl::string_view text,
                                                size_t place) const {
    if (key_ == BytePattern::Direction::kForwards && place + 4 <= text.size()) {
      // Four, since compilers make one load of them.
      return (ByteAt(text, place) | ByteAt(text, place + 1) << 8 |
              ByteAt(text, place + 2) << 16 | ByteAt(text, place + 3) << 24) &
             kFold;
    }
    return SlowKeyAt(text, place);
  }
  uint32_t SlowKeyAt(absl::string_view text, size_t place) const;

  bool Meets(const Way& way, absl::string_view text, size_t place,
             size_t* end) const {
    const Compiled& pattern = patterns_[way.pattern];
    const BytePattern::Opening& opening = openings_[way.opening];
    size_t begin;
    return key_ == BytePattern::Direction::kForwards
               ? pattern.before.Meets(text, place, &begin) &&
                     pattern.after.MeetsAfter(opening, text, place, end)
               : pattern.before.MeetsAfter(opening, text, place, &begin) &&
                     pattern.after.Meets(text, place, end);
  }

  BytePattern::Direction key_ = BytePattern::Direction::kForwards;
  std::vector<Compiled> patterns_;
  std::vector<BytePattern::Opening> openings_;
  // A bit for each slot that has a bucket. The buckets lie in the order of
  // their slots; for each 64 slots, how many lie before them.
  std::vector<uint64_t> slots_;
  std::vector<uint64_t> free_slots_;  // With a pattern that needs no digit.
  std::vector<uint16_t> buckets_before_;
  std::vector<uint32_t> bucket_begins_;  // In `ways_`; one more at the end.
  std::vector<Way> ways_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_PATTERN_INDEX_H_
