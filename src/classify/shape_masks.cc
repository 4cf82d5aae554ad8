#include "src/classify/shape_masks.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "src/classify/byte_ranges.h"
#include "src/classify/text_window.h"

namespace subrosa {
namespace {

// Each step looks at 64 bytes, of which the first 16 were looked at before: no
// shape is longer than that.
constexpr size_t kWordBytes = 64;
constexpr size_t kBackBytes = 16;
constexpr size_t kStepBytes = kWordBytes - kBackBytes;

// Classes of characters, a mask for each. Some are wanted in every text, the
// others only where digits stand.
enum TextClass { kUpper, kLower, kHigh, kDigit, kAt, kColon, kTextClasses };
constexpr ByteRange kTextRanges[kTextClasses] = {{'A', 'Z'},       {'a', 'z'},
                                                 {'\x80', '\xff'}, {'0', '9'},
                                                 {'@', '@'},       {':', ':'}};
enum SignClass {
  kSmallHex,
  kBigHex,
  kSpace,
  kDot,
  kSlash,
  kHyphen,
  kOpen,
  kClose,
  kPlus,
  kLine,
  kGreater,
  kSignClasses
};
constexpr ByteRange kSignRanges[kSignClasses] = {
    {'a', 'f'}, {'A', 'F'}, {' ', ' '}, {'.', '.'},   {'/', '/'}, {'-', '-'},
    {'(', '('}, {')', ')'}, {'+', '+'}, {'\n', '\n'}, {'>', '>'}};

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

uint64_t WordBegins(const uint64_t* text) {
  const uint64_t letters = text[kUpper] | text[kLower] | text[kHigh];
  return (letters & ~Back(letters, 1)) | (text[kUpper] & Back(text[kLower], 1));
}

class Masks {
 public:
  Masks(const uint64_t* text, const uint64_t* signs)
      : digit_(text[kDigit]),
        upper_(text[kUpper]),
        lower_(text[kLower]),
        high_(text[kHigh]),
        hex_(text[kDigit] | signs[kSmallHex] | signs[kBigHex]),
        space_(signs[kSpace]),
        dot_(signs[kDot]),
        slash_(signs[kSlash]),
        hyphen_(signs[kHyphen]),
        colon_(text[kColon]),
        open_(signs[kOpen]),
        close_(signs[kClose]),
        plus_(signs[kPlus]),
        line_(signs[kLine]),
        greater_(signs[kGreater]) {}

  // First digits of numbers that a space divides from a word, or from a dot.
  uint64_t NumbersAfterWords() const {
    return Back(upper_ | lower_ | high_ | dot_, 2) & Back(space_, 1) & digit_;
  }

  // A template, so that shapes share what they have in common.
  template <MaskShape shape>
  uint64_t Ends() const {
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
      case MaskShape::kDecimal:
        return Back(digit_, 4) & Back(dot_, 3) & Back(digit_, 2) &
               Back(digit_, 1) & digit_;
      case MaskShape::kStateZip:
        return Back(space_, 8) & Back(upper_, 7) & Back(upper_, 6) &
               Back(space_, 5) & Run(digit_, 5);
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
      colon_, open_, close_, plus_, line_, greater_;
};

// Colons with two slashes after them, after a letter: the last slashes.
uint64_t Schemes(const uint64_t* text, const uint64_t* signs) {
  return Back(text[kUpper] | text[kLower], 3) & Back(text[kColon], 2) &
         Back(signs[kSlash], 1) & signs[kSlash];
}

bool IsLocalPartEnd(char c) {
  return IsDigit(c) || IsAsciiLetter(c) || c == '_' || c == '+' || c == '%' ||
         c == '-';
}

// The digits of a text around a range of it, a bit for each.
class DigitMap {
 public:
  static constexpr size_t kReach = 64;

  // Uses `bits` for memory.
  DigitMap(absl::string_view text, size_t from, size_t to,
           RangeMasksFunction masks, std::vector<uint64_t>* bits)
      : begin_(from - std::min(from, kReach)), bits_(*bits) {
    const size_t end = std::min(text.size(), to + kReach);
    bits->clear();
    char copy[kWordBytes] = {};
    for (size_t at = begin_; at < end; at += kWordBytes) {
      const char* bytes = text.data() + at;
      if (text.size() - at < kWordBytes) {
        std::memset(copy, 0, sizeof(copy));
        std::memcpy(copy, bytes, text.size() - at);
        bytes = copy;
      }
      bits->emplace_back();
      masks(bytes, &kTextRanges[kDigit], 1, &bits->back());
    }
    bits->push_back(0);
  }

  // Whether a digit stands within kReach bytes of any byte in [from, to).
  bool AnyNear(size_t from, size_t to) const {
    const size_t first = from - begin_ - std::min(from - begin_, kReach);
    const size_t last = std::min((to - begin_ + kReach) / 64, bits_.size() - 1);
    uint64_t any = 0;
    for (size_t i = first / 64; i <= last; ++i) any |= bits_[i];
    return any != 0;
  }

  // On which sides of byte `i` a digit stands within kReach bytes.
  DigitNeed Beside(size_t i) const {
    const size_t at = i - begin_;
    const bool after = At(at) != 0;
    const bool before = at < kReach ? at > 0 && bits_[0] << (kReach - at) != 0
                                    : At(at - kReach) != 0;
    return static_cast<DigitNeed>((after ? 1 : 0) | (before ? 2 : 0));
  }

 private:
  // The bits from `at` on.
  uint64_t At(size_t at) const {
    const size_t shift = at % 64;
    const uint64_t low = bits_[at / 64] >> shift;
    return shift == 0 ? low : low | bits_[at / 64 + 1] << (64 - shift);
  }

  const size_t begin_;
  const std::vector<uint64_t>& bits_;
};

constexpr auto kFirstWithDigit = static_cast<size_t>(MaskShape::kNumber);

template <typename Add, size_t... kOffsets>
void AddEachShape(const Masks& masks, const Add& add,
                  std::index_sequence<kOffsets...>) {
  (add(static_cast<MaskShape>(kFirstWithDigit + kOffsets),
       masks.Ends<static_cast<MaskShape>(kFirstWithDigit + kOffsets)>()),
   ...);
}

}  // namespace

const char* MaskPattern(MaskShape shape) {
  switch (shape) {
    case MaskShape::kAtSign:
      return "[A-Za-z0-9_+%-]@[A-Za-z0-9]";
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

void FindPlaces(absl::string_view text, size_t from, size_t to,
                const PatternIndex& words, const PatternIndex& before_numbers,
                TextPlaces* places) {
  places->shapes.clear();
  places->words.clear();
  places->spaces.clear();
  static const RangeMasksFunction range_masks = RangeMasksFunctions().front();
  const DigitMap digit_map(text, from, to, range_masks, &places->digits);
  uint64_t classes[kTextClasses];
  uint64_t signs[kSignClasses];
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
    range_masks(bytes, kTextRanges, kTextClasses, classes);
    // Bytes of this step that lie before `to`.
    uint64_t fresh = ~uint64_t{0} << kBackBytes;
    if (to - step < kStepBytes) {
      fresh &= ~uint64_t{0} >> (kStepBytes - (to - step));
    }
    // Calls `add` with the offset in `text` of each byte of `mask`.
    const auto for_each = [&](uint64_t mask, const auto& add) {
      for (mask &= fresh; mask != 0; mask &= mask - 1) {
        add(step + __builtin_ctzll(mask) - kBackBytes);
      }
    };
    const auto add_shapes = [&](MaskShape shape, uint64_t ends) {
      for_each(ends, [&](size_t at) {
        places->shapes.push_back({static_cast<uint32_t>(at + 1), shape});
      });
    };
    const bool near_digits =
        digit_map.AnyNear(step, std::min(to, step + kStepBytes));
    for_each(WordBegins(classes), [&](size_t at) {
      if (words.MayMeet(text, at, near_digits)) {
        places->words.push_back(
            {static_cast<uint32_t>(at), digit_map.Beside(at)});
      }
    });
    for_each(Back(classes[kAt], 1), [&](size_t at) {
      if (at > 1 && IsLocalPartEnd(text[at - 2]) &&
          (IsDigit(text[at]) || IsAsciiLetter(text[at]))) {
        places->shapes.push_back(
            {static_cast<uint32_t>(at + 1), MaskShape::kAtSign});
      }
    });
    if ((classes[kDigit] | classes[kColon]) == 0) continue;
    range_masks(bytes, kSignRanges, kSignClasses, signs);
    add_shapes(MaskShape::kScheme, Schemes(classes, signs));
    if (classes[kDigit] == 0) continue;  // No other shape is without one.
    const Masks masks(classes, signs);
    AddEachShape(
        masks, add_shapes,
        std::make_index_sequence<static_cast<size_t>(MaskShape::kCount) -
                                 kFirstWithDigit>());
    for_each(masks.NumbersAfterWords(), [&](size_t at) {
      if (before_numbers.MayMeet(text, at - 1, true)) {
        places->spaces.push_back(
            {static_cast<uint32_t>(at - 1), DigitNeed::kAfter});
      }
    });
  }
}

}  // namespace subrosa
