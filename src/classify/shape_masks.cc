#include "src/classify/shape_masks.h"

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace subrosa {
namespace {

// Each step looks at 64 bytes, of which the first 24 were looked at before: no
// shape is longer than that.
constexpr size_t kWordBytes = 64;
constexpr size_t kBackBytes = 24;
constexpr size_t kStepBytes = kWordBytes - kBackBytes;

#ifdef __SSE2__

// 64 bytes, and the mask of those in a range.
class Word {
 public:
  explicit Word(const char* bytes) {
    for (int i = 0; i < 4; ++i) {
      parts_[i] =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    }
  }

  // Bytes between `low` and `high`; letters in either case if `fold`.
  uint64_t Range(char low, char high, bool fold = false) const {
    const __m128i first = _mm_set1_epi8(low);
    const __m128i width = _mm_set1_epi8(static_cast<char>(high - low));
    const __m128i to_lower = _mm_set1_epi8(fold ? 0x20 : 0);
    uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) {
      const __m128i offset =
          _mm_sub_epi8(_mm_or_si128(parts_[i], to_lower), first);
      const __m128i inside =
          _mm_cmpeq_epi8(_mm_min_epu8(offset, width), offset);
      mask |= static_cast<uint64_t>(
                  static_cast<uint32_t>(_mm_movemask_epi8(inside)))
              << (16 * i);
    }
    return mask;
  }

  uint64_t Equal(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) {
      mask |= static_cast<uint64_t>(static_cast<uint32_t>(
                  _mm_movemask_epi8(_mm_cmpeq_epi8(parts_[i], wanted))))
              << (16 * i);
    }
    return mask;
  }

 private:
  __m128i parts_[4];
};

#else

class Word {
 public:
  explicit Word(const char* bytes) : bytes_(bytes) {}

  uint64_t Range(char low, char high, bool fold = false) const {
    uint64_t mask = 0;
    for (size_t i = 0; i < kWordBytes; ++i) {
      const char c = fold ? static_cast<char>(bytes_[i] | 0x20) : bytes_[i];
      mask |= static_cast<uint64_t>(c >= low && c <= high) << i;
    }
    return mask;
  }

  uint64_t Equal(char c) const { return Range(c, c); }

 private:
  const char* bytes_;
};

#endif

// The mask `m` of the byte `n` places earlier.
uint64_t Back(uint64_t m, int n) { return m << n; }

// One to `most` bytes of `m` just after a byte of `start`: their last bytes.
uint64_t RunAfter(uint64_t start, uint64_t m, int most) {
  uint64_t last = Back(start, 1) & m;
  uint64_t all = last;
  for (int i = 1; i < most; ++i) {
    last = Back(last, 1) & m;
    all |= last;
  }
  return all;
}

// Ends of `n` bytes of `m` in a row.
uint64_t Run(uint64_t m, int n) {
  uint64_t run = m;
  int length = 1;
  for (; 2 * length <= n; length *= 2) run &= Back(run, length);
  return length == n ? run : run & Back(run, n - length);
}

class Masks {
 public:
  Masks(const Word& word, uint64_t digits)
      : digit_(digits),
        upper_(word.Range('A', 'Z')),
        lower_(word.Range('a', 'z')),
        hex_(digits | word.Range('a', 'f', true)),
        space_(word.Equal(' ')),
        dot_(word.Equal('.')),
        slash_(word.Equal('/')),
        hyphen_(word.Equal('-')),
        colon_(word.Equal(':')),
        open_(word.Equal('(')),
        close_(word.Equal(')')),
        plus_(word.Equal('+')) {}

  uint64_t Ends(MaskShape shape) const {
    const uint64_t alnum = upper_ | lower_ | digit_;
    const uint64_t code = upper_ | digit_;
    switch (shape) {
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
        return Back(~alnum, 18) & Back(Run(code, 17), 1) & ~alnum;
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
        for (int i = 0; i < 4; ++i) at = Back(at, 3) & divided;
        return Back(at, 2) & pair;
      }
      case MaskShape::kDecimal:
        return Back(digit_, 4) & Back(dot_, 3) & Back(digit_, 2) &
               Back(digit_, 1) & digit_;
      default: {
        const uint64_t other = ~(digit_ | slash_ | dot_);
        const uint64_t left = RunAfter(other, digit_, 2);
        const uint64_t right = RunAfter(Back(left, 1) & slash_, digit_, 2);
        return Back(right, 1) & ~(digit_ | slash_);
      }
    }
  }

 private:
  uint64_t digit_, upper_, lower_, hex_, space_, dot_, slash_, hyphen_, colon_,
      open_, close_, plus_;
};

}  // namespace

const char* MaskPattern(MaskShape shape) {
  switch (shape) {
    case MaskShape::kNumber:
      return "[0-9][-./ )][ (]?[0-9]{1,4}[-./ )][0-9]|[^0-9][0-9]{9}|"
             "[0-9]\\) ?[0-9]|[+(][0-9]";
    case MaskShape::kIban:
      return "[^A-Za-z0-9][A-Z]{2}[0-9]{2}[ A-Z0-9]";
    case MaskShape::kVin:
      return "[^A-Za-z0-9][A-Z0-9]{17}[^A-Za-z0-9]";
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
      return "[0-9A-Fa-f]{2}[:-](?:[0-9A-Fa-f]{2}[:-]){4}[0-9A-Fa-f]{2}";
    case MaskShape::kDecimal:
      return "[0-9]\\.[0-9]{3}";
    default:
      return "[^0-9/.][0-9]{1,2}/[0-9]{1,2}[^0-9/]";
  }
}

void FindMaskHits(absl::string_view text, size_t from, size_t to,
                  std::vector<MaskHit>* hits) {
  for (size_t step = from; step < to; step += kStepBytes) {
    char copy[kWordBytes];
    const char* bytes = copy;
    if (step >= kBackBytes && step + kStepBytes <= text.size()) {
      bytes = text.data() + step - kBackBytes;
    } else {
      std::memset(copy, 0, sizeof(copy));
      const size_t back = std::min(step, kBackBytes);
      const size_t ahead = std::min(kStepBytes, text.size() - step);
      std::memcpy(copy + kBackBytes - back, text.data() + step - back,
                  back + ahead);
    }
    const Word word(bytes);
    const uint64_t digits = word.Range('0', '9');
    if (digits == 0) continue;  // No shape is without one.
    const Masks masks(word, digits);
    // Bytes of this step that lie before `to`.
    uint64_t fresh = ~uint64_t{0} << kBackBytes;
    if (to - step < kStepBytes) {
      fresh &= ~uint64_t{0} >> (kStepBytes - (to - step));
    }
    for (int shape = 0; shape < static_cast<int>(MaskShape::kCount); ++shape) {
      uint64_t ends = masks.Ends(static_cast<MaskShape>(shape)) & fresh;
      for (; ends != 0; ends &= ends - 1) {
        const size_t place = step - kBackBytes + __builtin_ctzll(ends) + 1;
        hits->push_back(
            {static_cast<uint32_t>(place), static_cast<MaskShape>(shape)});
      }
    }
  }
}

}  // namespace subrosa
