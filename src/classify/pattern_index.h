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

  // Whether a pattern may be met at `place`: false for most.
  bool MayMeet(absl::string_view text, size_t place) const {
    const uint32_t slot = SlotOf(KeyAt(text, place));
    return (slots_[slot / 64] >> (slot % 64) & 1) != 0;
  }

  // Of `count` places, counted from `base` on, leaves those at which some
  // pattern may be met, in order, of an index that is looked up forwards.
  // Returns how many.
  size_t Keep(absl::string_view text, size_t base, uint16_t* places,
              size_t count) const;

  // Calls `on_pattern(i, end)` for each pattern i that is met at `place`, in
  // the order of `patterns`; `end` is the offset after it. A pattern is met as
  // often as different ways through it are: "address" and "address is".
  // `digits` is where digits stand: a DigitNeed, kEither for both sides.
  template <typename OnPattern>
  void Meet(absl::string_view text, size_t place, DigitNeed digits,
            const OnPattern& on_pattern) const {
    const Bucket& bucket = BucketOf(KeyAt(text, place));
    const uint64_t bytes = BytesAt(text, place);
    for (size_t i = bucket.first; i < bucket.last; ++i) {
      const Way& way = ways_[i];
      if (!way.known.MayBe(bytes)) continue;
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

  // Of the keyed side's first eight bytes, what all texts that are met have in
  // common.
  struct KnownBytes {
    uint64_t value = 0;
    uint64_t bits = 0;

    bool MayBe(uint64_t bytes) const { return ((bytes ^ value) & bits) == 0; }
  };

  // One way through the keyed side of a pattern.
  struct Way {
    uint16_t pattern;
    uint16_t opening;
    DigitNeed digit;
    KnownBytes known;
  };

  // The ways of kBucketSlots slots.
  struct Bucket {
    uint32_t first;  // In `ways_`.
    uint32_t last;   // After the last.
    KnownBytes known;
  };

  static constexpr uint32_t kSlots = 1 << 16;
  static constexpr uint32_t kBucketSlots = 16;
  // Letters alike in either case.
  static constexpr uint32_t kFold = 0xdfdfdf;

  const Bucket& BucketOf(uint32_t key) const {
    return buckets_[bucket_of_[SlotOf(key) / kBucketSlots]];
  }
  static uint32_t SlotOf(uint32_t key) { return key * 0x9e3779b1U >> 16; }
  static uint32_t ByteAt(absl::string_view text, size_t i) {
    return static_cast<unsigned char>(text[i]);
  }

  // The key and the eight bytes from `text` on. Compilers make one load of
  // them: so the key reads four.
  static uint32_t KeyOf(const char* text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text);
    return (uint32_t{bytes[0]} | uint32_t{bytes[1]} << 8 |
            uint32_t{bytes[2]} << 16 | uint32_t{bytes[3]} << 24) &
           kFold;
  }
  static uint64_t EightBytes(const char* text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text);
    uint64_t all = 0;
    for (size_t i = 0; i < 8; ++i) all |= uint64_t{bytes[i]} << 8 * i;
    return all;
  }

  // Three bytes on the key's side, the nearest first; what lies outside of the
  // text is 0.
  __attribute__((always_inline)) uint32_t KeyAt(absl::string_view text,
                                                size_t place) const {
    if (key_ == BytePattern::Direction::kForwards && place + 4 <= text.size()) {
      return KeyOf(text.data() + place);
    }
    return static_cast<uint32_t>(SlowBytesAt(text, place, 3)) & kFold;
  }

  // Eight bytes on the key's side, the nearest first, as far as there are any.
  uint64_t BytesAt(absl::string_view text, size_t place) const {
    if (key_ == BytePattern::Direction::kForwards && place + 8 <= text.size()) {
      return EightBytes(text.data() + place);
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
  std::vector<uint64_t> slots_;  // A bit for each slot that some pattern has.
  // Which of the buckets has the ways of so many slots.
  std::vector<uint16_t> bucket_of_;
  std::vector<Bucket> buckets_;
  std::vector<Way> ways_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_PATTERN_INDEX_H_
