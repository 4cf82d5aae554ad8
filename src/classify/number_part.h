// Some groups of a number phrase: what a rule on numbers is asked about.
// Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_NUMBER_PART_H_
#define SUBROSA_SRC_CLASSIFY_NUMBER_PART_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "src/classify/number_phrase.h"
#include "src/classify/text_window.h"

namespace subrosa {

// Groups [`first`, `last`] of a phrase, of which a finder asks what they are.
struct NumberPart {
  const TextWindow& window;
  const NumberPhrase& phrase;
  size_t first;
  size_t last;

  const NumberPhrase::Group& group(size_t i) const {
    return phrase.groups[first + i];
  }
  size_t count() const { return last - first + 1; }
  size_t begin() const { return phrase.groups[first].outer_begin(); }
  size_t end() const { return phrase.groups[last].end; }
  bool All(char divider) const {
    return phrase.AllDividers(first, last, divider);
  }
  bool Sizes(std::initializer_list<size_t> sizes) const {
    if (count() != sizes.size()) return false;
    size_t i = 0;
    for (size_t size : sizes) {
      if (group(i++).size() != size) return false;
    }
    return true;
  }
  size_t digits() const {
    size_t sum = 0;
    for (size_t i = 0; i < count(); ++i) sum += group(i).size();
    return sum;
  }
  std::string Digits() const { return phrase.Digits(window, first, last); }
  // Of the first nine digits of a longer one.
  int Value(size_t i) const {
    const size_t most = group(i).begin + size_t{9};
    return window.Number(group(i).begin,
                         group(i).end < most ? group(i).end : most);
  }
  // As TextWindow::Refuse; false, for whoever returns that it took nothing.
  bool Refuse(TextRuleId rule, const char* reason) const {
    window.Refuse(begin(), end(), rule, reason);
    return false;
  }
  // Nothing of a word or of a longer number hangs on to its left.
  bool StandsAlone() const {
    const size_t at = begin();
    const char before = window.Before(at);
    if (IsWordByte(before)) return false;
    const bool joined = before == '-' || before == '.' || before == '/';
    return !(joined && at >= 2 && IsWordByte(window.At(at - 2)));
  }
  bool EndsAlone() const {
    const char after = window.At(end());
    return !IsWordByte(after) && after != '%';
  }
};

// Appends the day that all of `part` is. True if it has a day's form and no
// other number may be made of it.
bool FindDate(const NumberPart& part, std::vector<TextCandidate>* found);

// Appends two days that begin with the group `first`, with a divider of another
// kind between: "1/2/2024-1/5/2024", "1/2-1/5/2024", "2024-01-02/2024-01-05".
// Returns the group after them, or `first`.
size_t FindDays(const TextWindow& window, const NumberPhrase& phrase,
                size_t first, std::vector<TextCandidate>* found);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NUMBER_PART_H_
