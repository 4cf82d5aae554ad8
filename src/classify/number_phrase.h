// A number phrase is a run of groups of digits with single dividers between:
// "+1 (555) 010-1234", "2024-03-05", "4111 1111 1111 1111". Internal to this
// room.
#ifndef SUBROSA_SRC_CLASSIFY_NUMBER_PHRASE_H_
#define SUBROSA_SRC_CLASSIFY_NUMBER_PHRASE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/classify/text_window.h"

namespace subrosa {

struct NumberPhrase {
  static constexpr size_t kMaxGroups = 16;

  struct Group {
    uint16_t begin = 0;  // In the window, which is not longer.
    uint16_t end = 0;
    char divider = 0;     // Before it: one of "-./ )", 0 for the first.
    bool opened = false;  // A bracket opens just before it.
    bool plus = false;    // A plus sign stands just before it.

    size_t size() const { return static_cast<size_t>(end - begin); }
    // With the plus sign or bracket before the digits.
    size_t outer_begin() const {
      return static_cast<size_t>(begin - opened - plus);
    }
  };

  std::array<Group, kMaxGroups> groups;
  size_t count = 0;

  // Where the phrase as a whole begins and ends, groups beyond kMaxGroups left
  // out.
  size_t begin() const { return groups[0].outer_begin(); }
  size_t end() const { return groups[count - 1].end; }

  // All digits of groups [first, last].
  std::string Digits(const TextWindow& window, size_t first, size_t last) const;

  // Whether groups after `first` up to `last` all have the divider `divider`.
  bool AllDividers(size_t first, size_t last, char divider) const;
};

// The phrase around or just before `i`. Empty (count 0) if no digit is there,
// or if it hangs on a word.
NumberPhrase NumberPhraseAt(const TextWindow& window, size_t i);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NUMBER_PHRASE_H_
