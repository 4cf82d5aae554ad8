#include "src/classify/text_places.h"

#include <algorithm>
#include <cstring>

#include "src/classify/text_shapes.h"
#include "src/classify/text_window.h"

namespace subrosa {
namespace {

constexpr size_t kWordBytes = 64;
constexpr size_t kBackBytes = kShapeBackBytes;
constexpr size_t kWordStride = kWordBytes - kBackBytes;
constexpr size_t kWords = kShapeWords;
constexpr size_t kStripBytes = kWords * kWordStride;
// Two words on either side of a strip hold all digits within 64 bytes.
constexpr size_t kBeside = kWordsBeside;
constexpr size_t kReadBytes = (kWords + kBeside - 1) * kWordStride + kWordBytes;

// How far the ends of two shapes kDecimal may lie from each other.
constexpr size_t kDecimalsApart = 64;

// `size` bytes of `text` from `back` bytes before `begin` on; what lies outside
// of it is 0. Uses `copy`, of that size, where some do.
const char* BytesAround(absl::string_view text, size_t begin, size_t back,
                        size_t size, char* copy) {
  if (begin >= back && text.size() - begin >= size - back) {
    return text.data() + begin - back;
  }
  const size_t before = std::min(begin, back);
  const size_t after = std::min(text.size() - begin, size - back);
  std::memset(copy, 0, size);
  std::memcpy(copy + back - before, text.data() + begin - before,
              before + after);
  return copy;
}

bool IsLocalPartEnd(char c) {
  return IsDigit(c) || IsLetter(c) || c == '_' || c == '+' || c == '%' ||
         c == '-';
}

class PlaceFinder {
 public:
  PlaceFinder(absl::string_view text, size_t to, const PatternIndex& words,
              const PatternIndex& before_numbers, const PlaceVectors& vectors,
              bool all_shapes, TextPlaces* places)
      : text_(text),
        to_(to),
        words_(words),
        before_numbers_(before_numbers),
        vectors_(vectors),
        all_shapes_(all_shapes),
        places_(*places) {}

  void Find(size_t from) {
    last_decimal_ = from;  // There may be one before it.
    char copy[kReadBytes];
    SetDigits(BytesAround(text_, from, kBeside * kWordStride + kBackBytes,
                          kBeside * kWordStride + kBackBytes, copy),
              0);
    for (strip_ = from; strip_ < to_; strip_ += kStripBytes) {
      const char* bytes =
          BytesAround(text_, strip_, kBackBytes, sizeof(copy), copy);
      const ByteWords words = {bytes, kWords, kWordStride};
      vectors_.range_masks(words, ShapeClass::kRanges, ShapeClass::kTextCount,
                           classes_[0]);
      std::copy_n(classes_[ShapeClass::kDigit], kWords, digits_ + kBeside);
      SetDigits(bytes + kStripBytes, kBeside + kWords);
      AddWords(words);
      AddAtSigns();
      AddShapes(words);
      // The next strip has them before it.
      std::copy_n(digits_ + kWords, kBeside, digits_);
    }
  }

 private:
  // Sets the digits of kBeside words from `bytes` on.
  void SetDigits(const char* bytes, size_t first) {
    vectors_.range_masks({bytes, kBeside, kWordStride},
                         &ShapeClass::kRanges[ShapeClass::kDigit], 1,
                         digits_ + first);
  }

  // Calls `add` with the offset in the text of each fresh byte of `mask`, which
  // is one of word `word`.
  template <typename Add>
  void ForEach(size_t word, uint64_t mask, const Add& add) const {
    const size_t begin = strip_ + word * kWordStride;
    for (mask &= kFreshBits; mask != 0; mask &= mask - 1) {
      const size_t at = begin + __builtin_ctzll(mask) - kBackBytes;
      if (at >= to_) break;
      add(at);
    }
  }

  void AddWords(ByteWords words) {
    uint64_t any = 0;
    for (const uint64_t digits : digits_) any |= digits;
    WordBegins begins = {};
    vectors_.shapes.word_begins(classes_, digits_, any != 0, &begins);
    for (uint64_t& mask : begins.begins) mask &= kFreshBits;
    if (to_ - strip_ < kStripBytes) {
      for (size_t i = 0; i < kWords; ++i) begins.begins[i] &= BitsBeforeEnd(i);
    }
    uint16_t offsets[kStripBytes + WordFilter::kMoreOffsets];
    size_t count =
        vectors_.word_filter(words_.filter(), words, begins, any != 0, offsets);
    count = words_.Keep(text_, strip_ - kBackBytes, offsets, count);
    for (size_t k = 0; k < count; ++k) {
      const size_t i = (offsets[k] - kBackBytes) / kWordStride;
      const size_t bit = offsets[k] - i * kWordStride;
      const auto need = static_cast<DigitNeed>(
          (begins.after[i] >> bit & 1) | (begins.before[i] >> bit & 1) << 1);
      const size_t at = strip_ - kBackBytes + offsets[k];
      places_.words.push_back({static_cast<uint32_t>(at), need});
    }
  }

  // The bytes of word `word` that lie before the end.
  uint64_t BitsBeforeEnd(size_t word) const {
    const size_t left = to_ - std::min(to_, strip_ + word * kWordStride);
    return left >= kWordStride ? ~uint64_t{0} : ~(kFreshBits << left);
  }

  void AddAtSigns() {
    if (AnyOf(classes_[ShapeClass::kAt]) == 0) return;
    for (size_t i = 0; i < kWords; ++i) {
      ForEach(i, classes_[ShapeClass::kAt][i] << 1, [&](size_t at) {
        if (at > 1 && IsLocalPartEnd(text_[at - 2]) &&
            (IsDigit(text_[at]) || IsLetter(text_[at]))) {
          AddShape(at, MaskShape::kAtSign);
        }
      });
    }
  }

  void AddShapes(ByteWords words) {
    // No shape is without one.
    if ((AnyOf(classes_[ShapeClass::kDigit]) |
         AnyOf(classes_[ShapeClass::kColon])) == 0) {
      return;
    }
    vectors_.range_masks(words, ShapeClass::kRanges + ShapeClass::kTextCount,
                         ShapeClass::kCount - ShapeClass::kTextCount,
                         classes_[ShapeClass::kTextCount]);
    vectors_.shapes.ends(classes_, &ends_);
    for (size_t i = 0; i < kWords; ++i) {
      for (uint64_t met = ends_.met[i]; met != 0; met &= met - 1) {
        const auto shape = static_cast<MaskShape>(__builtin_ctzll(met));
        const uint64_t ends = ends_.shapes[static_cast<size_t>(shape)][i];
        ForEach(i, ends, [&](size_t at) {
          if (all_shapes_ || !IsNothing(at, shape)) AddShape(at, shape);
        });
      }
    }
    if (AnyOf(ends_.numbers_after_words) == 0) return;
    for (size_t i = 0; i < kWords; ++i) {
      ForEach(i, ends_.numbers_after_words[i], [&](size_t at) {
        if (before_numbers_.MayMeet(text_, at - 1)) {
          places_.spaces.push_back(
              {static_cast<uint32_t>(at - 1), DigitNeed::kAfter});
        }
      });
    }
  }

  // Whether nothing is found at a shape that ends with the byte `at`.
  bool IsNothing(size_t at, MaskShape shape) {
    if (shape == MaskShape::kDecimal) {
      // Two near each other may be a latitude and a longitude.
      const bool is_alone = at - last_decimal_ > kDecimalsApart;
      last_decimal_ = at;
      return is_alone;
    }
    if (shape == MaskShape::kEncodedAtSign) {
      return at < 4 || text_[at - 2] != '4' || text_[at - 1] != '0';
    }
    constexpr size_t kDay = 8;  // "2026-03-": what lies before a day.
    return shape == MaskShape::kNumber && at > kDay &&
           text_[at - kDay - 1] == '\n' && IsMachineStamp(text_, at - kDay);
  }

  static uint64_t AnyOf(const uint64_t* words) {
    uint64_t any = 0;
    for (size_t i = 0; i < kWords; ++i) any |= words[i];
    return any;
  }

  __attribute__((always_inline)) void AddShape(size_t at, MaskShape shape) {
    places_.shapes.push_back({static_cast<uint32_t>(at + 1), shape});
  }

  const absl::string_view text_;
  const size_t to_;
  const PatternIndex& words_;
  const PatternIndex& before_numbers_;
  const PlaceVectors& vectors_;
  const bool all_shapes_;
  TextPlaces& places_;
  size_t last_decimal_ = 0;
  size_t strip_ = 0;  // Where the strip's fresh bytes begin.
  alignas(64) ShapeClassMasks classes_ = {};
  alignas(64) DigitMasks digits_ = {};
  alignas(64) ShapeEnds ends_ = {};
};

}  // namespace

const PlaceVectors& PlaceVectors::Fastest() {
  static const PlaceVectors fastest = {RangeMasksFunctions().front(),
                                       WordFilter::Functions().front(),
                                       ShapeVectors::All().front()};
  return fastest;
}

void FindPlaces(absl::string_view text, size_t from, size_t to,
                const PatternIndex& words, const PatternIndex& before_numbers,
                const PlaceVectors& vectors, bool all_shapes,
                TextPlaces* places) {
  places->shapes.clear();
  places->words.clear();
  places->spaces.clear();
  PlaceFinder(text, to, words, before_numbers, vectors, all_shapes, places)
      .Find(from);
}

}  // namespace subrosa
