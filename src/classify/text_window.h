// What a finder of identifiers sees of a text: the bytes around one place, and
// small questions about them. Internal to this room.
//
// A finder sees kReachBack bytes before the place and kReachAhead after it,
// never more: so its work is bounded, and its answer cannot depend on how a
// long text was cut.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_WINDOW_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_rules.h"

namespace subrosa {

constexpr size_t kReachBack = 256;
constexpr size_t kReachAhead = 2048;

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
// A byte of a character beyond ASCII counts as a letter.
inline bool IsLetter(char c) {
  return IsUpper(c) || IsLower(c) || static_cast<unsigned char>(c) >= 0x80;
}
inline bool IsAsciiLetter(char c) { return IsUpper(c) || IsLower(c); }
inline bool IsWordByte(char c) { return IsDigit(c) || IsLetter(c) || c == '_'; }
inline char Lower(char c) {
  return IsUpper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Words in lower case, divided by '|'; at most kMaxWords. To be made at compile
// time: it links each word to the next of the same first letter.
class WordList {
 public:
  static constexpr size_t kMaxWords = 128;

  template <size_t kSize>
  explicit constexpr WordList(const char (&words)[kSize])
      : words_(words, kSize - 1) {
    uint8_t last[kLetters] = {};
    for (size_t begin = 0; begin < kSize - 1;) {
      size_t end = begin;
      while (end < kSize - 1 && words[end] != '|') ++end;
      const size_t letter = words[begin] & (kLetters - 1);
      const auto number = static_cast<uint8_t>(++count_);
      Entry& entry = entries_[number];
      entry.begin = static_cast<uint16_t>(begin);
      entry.size = static_cast<uint8_t>(end - begin);
      for (size_t i = begin; i < end && i - begin < 8; ++i) {
        const auto byte = static_cast<unsigned char>(words[i]);
        entry.first |= uint64_t{byte | 0x20U} << 8 * (i - begin);
        entry.first_bits |= uint64_t{0xff} << 8 * (i - begin);
      }
      (last[letter] == 0 ? first_[letter] : entries_[last[letter]].next) =
          number;
      last[letter] = number;
      begin = end + 1;
    }
  }

  // Whether `matches(word)` holds for one of the words that `text`, of any
  // case, may begin with. `text` is not empty.
  template <typename Matches>
  bool AnyOf(absl::string_view text, const Matches& matches) const {
    uint8_t i = first_[text[0] & (kLetters - 1)];
    if (i == 0) return false;
    const uint64_t first = FirstBytes(text);
    for (; i != 0; i = entries_[i].next) {
      const Entry& entry = entries_[i];
      if (((first ^ entry.first) & entry.first_bits) == 0 &&
          matches(words_.substr(entry.begin, entry.size))) {
        return true;
      }
    }
    return false;
  }

 private:
  static constexpr size_t kLetters = 32;
  struct Entry {
    uint16_t begin = 0;
    uint8_t size = 0;
    uint8_t next = 0;  // 0: none.
    // Its first eight bytes, as FirstBytes, and which bits of them it has.
    uint64_t first = 0;
    uint64_t first_bits = 0;
  };

  // The first eight bytes, letters in lower case, the first lowest. What
  // `text` lacks is no letter. Other bytes may be changed.
  static uint64_t FirstBytes(absl::string_view text) {
    unsigned char bytes[8] = {};
    std::memcpy(bytes, text.data(), text.size() < 8 ? text.size() : 8);
    uint64_t first = 0;
    for (size_t i = 0; i < 8; ++i) first |= uint64_t{bytes[i]} << 8 * i;
    return first | 0x2020202020202020;
  }

  absl::string_view words_;
  size_t count_ = 0;
  uint8_t first_[kLetters] = {};
  Entry entries_[kMaxWords + 1] = {};
};

// A view of the text in which `anchor` is the offset just after the shape that
// was met. What lies outside is newline.
struct TextWindow {
  absl::string_view text;
  size_t anchor = 0;
  // Takes what is refused, counted from the window's beginning; null unless
  // someone asked for it.
  std::vector<TextRefusal>* refusals = nullptr;

  // Says why bytes [begin, end) are no `rule`, though they have its form.
  // Returns 0, as finders do.
  size_t Refuse(size_t begin, size_t end, TextRuleId rule,
                const char* reason) const {
    if (refusals != nullptr) Tell(begin, end, rule, reason);
    return 0;
  }

  TextWindow MovedTo(size_t to) const { return {text, to, refusals}; }

  char At(size_t i) const { return i < text.size() ? text[i] : '\n'; }
  // Bytes [begin, end), as far as there are any.
  absl::string_view Sub(size_t begin, size_t end) const {
    if (begin >= text.size() || end <= begin) return {};
    return text.substr(begin, end - begin);
  }

  char Before(size_t i) const { return i > 0 ? At(i - 1) : '\n'; }

  // Whether `word`, in lower case, stands at `i` whatever its case there.
  bool HasAt(size_t i, absl::string_view word) const {
    if (i > text.size() || text.size() - i < word.size()) return false;
    for (size_t k = 0; k < word.size(); ++k) {
      if (Lower(text[i + k]) != word[k]) return false;
    }
    return true;
  }

  // Whether bytes [begin, end) are one of `words`.
  bool IsOneOf(size_t begin, size_t end, const WordList& words) const;

  // Whether one of `words` begins at a word's beginning, on the same line,
  // within the `reach` bytes before `i`.
  bool HasWordBefore(size_t i, size_t reach, const WordList& words) const;

  // The same for the bytes after `i`; `reach` is at most 63.
  bool HasWordAfter(size_t i, size_t reach, const WordList& words) const;

  // The digits [begin, end), at most nine of them, as a number.
  int Number(size_t begin, size_t end) const {
    int value = 0;
    for (size_t i = begin; i < end; ++i) value = value * 10 + (At(i) - '0');
    return value;
  }

 private:
  void Tell(size_t begin, size_t end, TextRuleId rule,
            const char* reason) const;
};

// What a finder found: bytes [begin, end) of the window.
struct TextCandidate {
  size_t begin = 0;
  size_t end = 0;
  TextRuleId rule = TextRuleId::kCount;
  float score = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_WINDOW_H_
