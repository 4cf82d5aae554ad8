#include "src/classify/text_window.h"

#include <algorithm>
#include <cstring>

#include "src/classify/byte_ranges.h"

namespace subrosa {
namespace {

// Whether one of `words` stands at `i` and ends at `to` or before.
bool HasOneAt(const TextWindow& window, size_t i, size_t to,
              const WordList& words) {
  if (i >= to) return false;
  return words.AnyOf(window.text.substr(i), [&](absl::string_view word) {
    return i + word.size() <= to && window.HasAt(i, word) &&
           !IsAsciiLetter(window.At(i + word.size()));
  });
}

// Where words begin, and lines end, in up to 63 bytes from `from` on: a bit for
// each byte.
class WordMasks {
 public:
  static constexpr size_t kBytes = 63;

  WordMasks(absl::string_view text, size_t from) {
    static const RangeMasksFunction masks_of = RangeMasksFunctions().front();
    constexpr ByteRange kRanges[] = {
        {'A', 'Z'}, {'a', 'z'}, {'\x80', '\xff'}, {'\n', '\n'}};
    // With the byte before them, which may be a letter.
    char copy[kBytes + 1] = {};
    const char* bytes = copy;
    if (from > 0 && text.size() - from >= kBytes) {
      bytes = text.data() + from - 1;
    } else {
      const size_t before = from > 0 ? 1 : 0;
      std::memcpy(copy + 1 - before, text.data() + from - before,
                  std::min(kBytes, text.size() - from) + before);
    }
    uint64_t masks[4];
    masks_of({bytes}, kRanges, 4, masks);
    const uint64_t letters = masks[0] | masks[1] | masks[2];
    begins = (letters & ~(letters << 1)) >> 1;
    newlines = masks[3] >> 1;
  }

  uint64_t begins;
  uint64_t newlines;
};

// Whether one of `words` begins at one of the bytes of `begins`, counted from
// `from` on, and ends at `to` or before.
bool HasOneOf(const TextWindow& window, uint64_t begins, size_t from, size_t to,
              const WordList& words) {
  for (; begins != 0; begins &= begins - 1) {
    if (HasOneAt(window, from + __builtin_ctzll(begins), to, words)) {
      return true;
    }
  }
  return false;
}

uint64_t LowBits(size_t count) { return ~(~uint64_t{0} << count); }

}  // namespace

bool TextWindow::IsOneOf(size_t begin, size_t end,
                         const WordList& words) const {
  if (begin >= end || begin >= text.size()) return false;
  return words.AnyOf(text.substr(begin), [&](absl::string_view word) {
    return word.size() == end - begin && HasAt(begin, word);
  });
}

bool TextWindow::HasWordBefore(size_t i, size_t reach,
                               const WordList& words) const {
  if (Before(i) == '\n') return false;
  // From the place backwards, up to a line's beginning.
  size_t left = std::min(i, reach);
  for (size_t end = i; left > 0;) {
    const size_t size = std::min(left, WordMasks::kBytes);
    const size_t from = end - size;
    const WordMasks masks(text, from);
    uint64_t wanted = LowBits(size);
    const uint64_t newlines = masks.newlines & wanted;
    if (newlines != 0)
      wanted &= ~uint64_t{0} << (63 - __builtin_clzll(newlines));
    if (HasOneOf(*this, masks.begins & wanted, from, i, words)) return true;
    if (newlines != 0) return false;
    end = from;
    left -= size;
  }
  return false;
}

bool TextWindow::HasWordAfter(size_t i, size_t reach,
                              const WordList& words) const {
  if (i >= text.size()) return false;
  const size_t size = std::min({reach, text.size() - i, WordMasks::kBytes});
  const WordMasks masks(text, i);
  const uint64_t newlines = masks.newlines & LowBits(size);
  const size_t line =
      newlines == 0 ? size : static_cast<size_t>(__builtin_ctzll(newlines));
  return HasOneOf(*this, masks.begins & LowBits(line), i, i + line, words);
}

void TextWindow::Tell(size_t begin, size_t end, TextRuleId rule,
                      const char* reason) const {
  refusals->push_back({{begin, end - begin}, rule, reason});
}

}  // namespace subrosa
