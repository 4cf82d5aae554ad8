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
#include "src/classify/word_filter.h"

namespace subrosa {

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

  // Lets all words through at which a pattern may be met, of an index that is
  // looked up forwards.
  const WordFilter& filter() const { return filter_; }

  // Whether a pattern may be met at `place`: false for most. `near_digits` is
  // whether a digit may stand beside it.
  __attribute__((always_inline)) bool MayMeet(absl::string_view text,
                                              size_t place,
                                              bool near_digits) const {
    const uint32_t slot = SlotOf(KeyAt(text, place));
    const std::vector<uint64_t>& slots = near_digits ? slots_ : free_slots_;
    return (slots[slot / 64] >> (slot % 64) & 1) != 0;
  }

  // Of `count` places, counted from `base` on, leaves those at which some
  // pattern may be met if digits stand there, in order. Returns how many. Takes
  // no branch by what is there: no processor could foretell it.
  size_t Keep(absl::string_view text, size_t base, uint16_t* places,
              size_t count) const {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint16_t place = places[i];
      const uint32_t slot = SlotOf(KeyAt(text, base + place));
      places[kept] = place;
      kept += slots_[slot / 64] >> (slot % 64) & 1;
    }
    return kept;
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
    const uint64_t bytes = BytesAt(text, place);
    for (size_t i = bucket_begins_[bucket]; i < bucket_begins_[bucket + 1];
         ++i) {
      const Way& way = ways_[i];
      if (((bytes ^ way.known) & way.known_bits) != 0) continue;
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
    // Of the keyed side's first eight bytes, what all texts that it meets have
    // in common.
    uint64_t known;
    uint64_t known_bits;
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
      const auto* bytes =
          reinterpret_cast<const unsigned char*>(text.data()) + place;
      return (uint32_t{bytes[0]} | uint32_t{bytes[1]} << 8 |
              uint32_t{bytes[2]} << 16 | uint32_t{bytes[3]} << 24) &
             kFold;
    }
    return static_cast<uint32_t>(SlowBytesAt(text, place, 3)) & kFold;
  }

  // Eight bytes on the key's side, the nearest first, as far as there are any.
  uint64_t BytesAt(absl::string_view text, size_t place) const {
    if (key_ == BytePattern::Direction::kForwards && place + 8 <= text.size()) {
      const auto* bytes =
          reinterpret_cast<const unsigned char*>(text.data()) + place;
      uint64_t all = 0;
      for (size_t i = 0; i < 8; ++i) {  // Compilers make one load of them.
        all |= uint64_t{bytes[i]} << 8 * i;
      }
      return all;
    }
    return SlowBytesAt(text, place, 8);
  }
  uint64_t SlowBytesAt(absl::string_view text, size_t place,
                       size_t count) const;

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

  WordFilter filter_;
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
