#include "src/classify/shape_masks.h"

#include <utility>

// Inlined into functions for each processor, and compiled for it there.
#define SUBROSA_INLINE inline __attribute__((always_inline))

namespace subrosa {
namespace {

constexpr size_t kWords = kShapeWords;

// The mask `m` of the byte `n` places earlier.
SUBROSA_INLINE uint64_t Back(uint64_t m, int n) { return m << n; }

// One to `most` bytes of `m` just after a byte of `start`: their last bytes.
SUBROSA_INLINE uint64_t RunAfter(uint64_t start, uint64_t m, int most) {
  uint64_t last = Back(start, 1) & m;
  uint64_t all = last;
  for (int i = 1; i < most; ++i) {
    last = Back(last, 1) & m;
    all |= last;
  }
  return all;
}

// Ends of `n` bytes of `m` in a row.
SUBROSA_INLINE uint64_t Run(uint64_t m, int n) {
  uint64_t run = m;
  int length = 1;
  for (; 2 * length <= n; length *= 2) run &= Back(run, length);
  return length == n ? run : run & Back(run, n - length);
}

class Masks : ShapeClass {
 public:
  // Those of one word.
  SUBROSA_INLINE Masks(const ShapeClassMasks& classes, size_t word)
      : digit_(classes[kDigit][word]),
        upper_(classes[kUpper][word]),
        lower_(classes[kLower][word]),
        high_(classes[kHigh][word]),
        hex_(classes[kDigit][word] | classes[kSmallHex][word] |
             classes[kBigHex][word]),
        space_(classes[kSpace][word]),
        dot_(classes[kDot][word]),
        slash_(classes[kSlash][word]),
        hyphen_(classes[kHyphen][word]),
        colon_(classes[kColon][word]),
        open_(classes[kOpen][word]),
        close_(classes[kClose][word]),
        plus_(classes[kPlus][word]),
        line_(classes[kLine][word]),
        greater_(classes[kGreater][word]),
        percent_(classes[kPercent][word]) {}

  SUBROSA_INLINE bool HasDigit() const { return digit_ != 0; }

  // First digits of numbers that a space divides from a word, or from a dot.
  SUBROSA_INLINE uint64_t NumbersAfterWords() const {
    return Back(upper_ | lower_ | high_ | dot_, 2) & Back(space_, 1) & digit_;
  }

  // A template, so that shapes share what they have in common.
  template <MaskShape shape>
  SUBROSA_INLINE uint64_t Ends() const {
    const uint64_t alnum = upper_ | lower_ | digit_;
    const uint64_t code = upper_ | digit_;
    switch (shape) {
      case MaskShape::kScheme:
        return Back(upper_ | lower_, 3) & Back(colon_, 2) & Back(slash_, 1) &
               slash_;
      case MaskShape::kNumber: {
        const uint64_t divider = space_ | dot_ | slash_ | hyphen_ | close_;
        uint64_t first = Back(digit_, 1) & divider;
        first |= Back(first, 1) & (space_ | open_);
        const uint64_t second = Back(RunAfter(first, digit_, 4), 1) & divider;
        const uint64_t three_groups = Back(second, 1) & digit_;
        const uint64_t nine = Run(digit_, 9) & ~Back(digit_, 9);
        const uint64_t bracket = Back(digit_, 1) & close_;
        const uint64_t opened = Back(open_ | plus_, 1) & digit_;
        return three_groups | nine | opened |
               (Back(bracket | (Back(bracket, 1) & space_), 1) & digit_);
      }
      case MaskShape::kIban:
        return Back(~alnum, 5) & Back(upper_, 4) & Back(upper_, 3) &
               Back(digit_, 2) & Back(digit_, 1) & (code | space_);
      case MaskShape::kVin:
        return Back(Run(code, 14), 1) & ~alnum;
      case MaskShape::kMedicare: {
        // The places of its letters and digits, hyphens after 4 and 7.
        const uint64_t head =
            Back(digit_, 3) & Back(upper_, 2) & Back(code, 1) & digit_;
        const uint64_t middle = Back(upper_, 2) & Back(code, 1) & digit_;
        const uint64_t tail =
            Back(upper_, 3) & Back(upper_, 2) & Back(digit_, 1) & digit_;
        return tail & ((Back(middle, 4) & Back(head, 7)) |
                       (Back(hyphen_, 4) & Back(middle, 5) & Back(hyphen_, 8) &
                        Back(head, 9)));
      }
      case MaskShape::kPostcodeUk:
        return Back(code, 4) & Back(space_, 3) & Back(digit_, 2) &
               Back(upper_, 1) & upper_;
      case MaskShape::kPostcodeCa:
        return Back(upper_, 6) & Back(digit_, 5) & Back(upper_, 4) &
               Back(space_, 3) & Back(digit_, 2) & Back(upper_, 1) & digit_;
      case MaskShape::kIpv6: {
        uint64_t at = Back(hex_, 1) & colon_;
        at = Back(RunAfter(at, hex_, 4), 1) & colon_;
        at = Back(RunAfter(at, hex_, 4), 1) & colon_;
        return (Back(at, 1) & hex_) |
               (Back(colon_, 2) & Back(colon_, 1) & hex_);
      }
      case MaskShape::kMac: {
        const uint64_t pair = Back(hex_, 1) & hex_;
        const uint64_t divided = Back(pair, 1) & (colon_ | hyphen_);
        uint64_t at = divided;
        for (int i = 0; i < 3; ++i) at = Back(at, 3) & divided;
        return Back(at, 2) & pair;
      }
      case MaskShape::kDecimal: {
        // Four digits at most lie before the dot of a degree.
        const uint64_t whole = digit_ & ~RunAfter(dot_, digit_, 4);
        return Back(whole, 4) & Back(dot_, 3) & Back(digit_, 2) &
               Back(digit_, 1) & digit_;
      }
      case MaskShape::kStateZip:
        return Back(space_, 8) & Back(upper_, 7) & Back(upper_, 6) &
               Back(space_, 5) & Run(digit_, 5);
      case MaskShape::kEncodedAtSign:
        return Back(percent_, 3) & Back(digit_, 2) & Back(digit_, 1) &
               (alnum | high_);
      case MaskShape::kNumberedLine: {
        const uint64_t begin = line_ | (Back(line_, 1) & (space_ | greater_));
        return Back(Back(RunAfter(begin, digit_, 5), 1) & space_, 1) &
               (upper_ | high_);
      }
      default: {
        const uint64_t other = ~(digit_ | slash_ | dot_);
        const uint64_t left = RunAfter(other, digit_, 2);
        const uint64_t right = RunAfter(Back(left, 1) & slash_, digit_, 2);
        return Back(right, 1) & ~(digit_ | slash_);
      }
    }
  }

 private:
  uint64_t digit_, upper_, lower_, high_, hex_, space_, dot_, slash_, hyphen_,
      colon_, open_, close_, plus_, line_, greater_, percent_;
};

// The first shape that is nowhere without a digit.
constexpr auto kFirst = static_cast<size_t>(MaskShape::kNumber);
constexpr size_t kShapes = static_cast<size_t>(MaskShape::kCount) - kFirst;

constexpr auto kScheme = static_cast<size_t>(MaskShape::kScheme);

SUBROSA_INLINE uint64_t BitIf(uint64_t m, size_t bit) {
  return m != 0 ? uint64_t{1} << bit : 0;
}

template <size_t... kOffsets>
SUBROSA_INLINE void SetEnds(const Masks& masks, size_t word, ShapeEnds* ends,
                            std::index_sequence<kOffsets...>) {
  const uint64_t wanted = masks.HasDigit() ? kFreshBits : 0;
  ((ends->shapes[kFirst + kOffsets][word] =
        masks.Ends<static_cast<MaskShape>(kFirst + kOffsets)>() & wanted),
   ...);
  ends->met[word] =
      BitIf(ends->shapes[kScheme][word], kScheme) |
      (BitIf(ends->shapes[kFirst + kOffsets][word], kFirst + kOffsets) | ...);
}

// All words at once: compilers make vectors of this loop, of what the function
// that it is inlined into may use.
SUBROSA_INLINE void SetAllEnds(const ShapeClassMasks& __restrict classes,
                               ShapeEnds* __restrict ends) {
  for (size_t word = 0; word < kWords; ++word) {
    const Masks masks(classes, word);
    ends->shapes[kScheme][word] = masks.Ends<MaskShape::kScheme>() & kFreshBits;
    SetEnds(masks, word, ends, std::make_index_sequence<kShapes>());
    ends->numbers_after_words[word] = masks.NumbersAfterWords() & kFreshBits;
  }
}

// The highest bit that is set, and all below it.
SUBROSA_INLINE uint64_t UpToHighest(uint64_t m) {
  for (int shift = 1; shift < 64; shift *= 2) m |= m >> shift;
  return m;
}

// All bits above the lowest that is set.
SUBROSA_INLINE uint64_t AboveLowest(uint64_t m) { return m ^ (~m + 1); }

SUBROSA_INLINE void SetAllBegins(const ShapeClassMasks& __restrict classes,
                                 const DigitMasks& __restrict digits,
                                 bool near_digits,
                                 WordBegins* __restrict begins) {
  constexpr int kBack = kShapeBackBytes;
  constexpr int kFresh = 64 - kBack;
  for (size_t word = 0; word < kWords; ++word) {
    const uint64_t upper = classes[ShapeClass::kUpper][word];
    const uint64_t lower = classes[ShapeClass::kLower][word];
    const uint64_t letters = upper | lower | classes[ShapeClass::kHigh][word];
    // After what is no letter; and a capital after a small letter.
    begins->begins[word] =
        (letters & ~Back(letters, 1)) | (upper & Back(lower, 1));
  }
  if (!near_digits) return;
  for (size_t word = 0; word < kWords; ++word) {
    const uint64_t* near = digits + kWordsBeside + word;
    const uint64_t before =
        near[-1] << kBack | near[-2] << kBack >> kFresh;  // 64 bytes of them.
    const uint64_t after = near[1] >> kBack | near[2] >> kBack << kFresh;
    begins->after[word] = UpToHighest(near[0]) | AboveLowest(after);
    begins->before[word] = UpToHighest(before) | AboveLowest(near[0]);
  }
}

// The two for each kind of processor.
void PlainBegins(const ShapeClassMasks& classes, const DigitMasks& digits,
                 bool near_digits, WordBegins* begins) {
  SetAllBegins(classes, digits, near_digits, begins);
}
void PlainEnds(const ShapeClassMasks& classes, ShapeEnds* ends) {
  SetAllEnds(classes, ends);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) void Avx2Begins(const ShapeClassMasks& classes,
                                                const DigitMasks& digits,
                                                bool near_digits,
                                                WordBegins* begins) {
  SetAllBegins(classes, digits, near_digits, begins);
}
__attribute__((target("avx2"))) void Avx2Ends(const ShapeClassMasks& classes,
                                              ShapeEnds* ends) {
  SetAllEnds(classes, ends);
}

__attribute__((target("avx512f"))) void Avx512Begins(
    const ShapeClassMasks& classes, const DigitMasks& digits, bool near_digits,
    WordBegins* begins) {
  SetAllBegins(classes, digits, near_digits, begins);
}
__attribute__((target("avx512f"))) void Avx512Ends(
    const ShapeClassMasks& classes, ShapeEnds* ends) {
  SetAllEnds(classes, ends);
}
#endif

}  // namespace

std::vector<ShapeVectors> ShapeVectors::All() {
  std::vector<ShapeVectors> all;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) {
    all.push_back({Avx512Begins, Avx512Ends});
  }
  if (__builtin_cpu_supports("avx2")) all.push_back({Avx2Begins, Avx2Ends});
#endif
  all.push_back({PlainBegins, PlainEnds});
  return all;
}

const char* MaskPattern(MaskShape shape) {
  switch (shape) {
    case MaskShape::kAtSign:
      return "[A-Za-z0-9_+%\x80-\xff-]@[A-Za-z0-9\x80-\xff]";
    case MaskShape::kEncodedAtSign:
      return "%[0-9][0-9][A-Za-z0-9\x80-\xff]";
    case MaskShape::kScheme:
      return "[A-Za-z]://";
    case MaskShape::kNumber:
      return "[0-9][-./ )][ (]?[0-9]{1,4}[-./ )][0-9]|[^0-9][0-9]{9}|"
             "[0-9]\\) ?[0-9]|[+(][0-9]";
    case MaskShape::kIban:
      return "[^A-Za-z0-9][A-Z]{2}[0-9]{2}[ A-Z0-9]";
    case MaskShape::kVin:
      return "[A-Z0-9]{14}[^A-Za-z0-9]";
    case MaskShape::kMedicare:
      return "[0-9][A-Z][A-Z0-9][0-9]-?[A-Z][A-Z0-9][0-9]-?[A-Z]{2}[0-9]{2}";
    case MaskShape::kPostcodeUk:
      return "[A-Z0-9] [0-9][A-Z]{2}";
    case MaskShape::kPostcodeCa:
      return "[A-Z][0-9][A-Z] [0-9][A-Z][0-9]";
    case MaskShape::kIpv6:
      return "[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]|"
             "::[0-9A-Fa-f]";
    case MaskShape::kMac:
      return "[0-9A-Fa-f]{2}[:-](?:[0-9A-Fa-f]{2}[:-]){3}[0-9A-Fa-f]{2}";
    case MaskShape::kDecimal:
      return "[0-9]\\.[0-9]{3}";
    case MaskShape::kStateZip:
      return " [A-Z]{2} [0-9]{5}";
    case MaskShape::kNumberedLine:
      return "\n[ >]?[0-9]{1,5} [A-Z\x80-\xff]";
    default:
      return "[^0-9/.][0-9]{1,2}/[0-9]{1,2}[^0-9/]";
  }
}

}  // namespace subrosa
