// Cuts a line into the words that health language is looked for in. Internal to
// this room.
//
// A word is letters and digits of ASCII, with single apostrophes and hyphens
// between them; any other byte divides words, so that any bytes are safe.
// Spellings of one contraction are one word: "cant", "ca n't" and "can’t" are
// "can't".
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/classify/byte_ranges.h"
#include "src/classify/health_vocabulary.h"

namespace subrosa {

struct HealthWord {
  size_t begin = 0;  // Bytes [begin, end) of the line.
  size_t end = 0;
  uint32_t hash = 0;  // Of its letters in lower case.
  HealthVocabulary::Id id = 0;
  // A full stop, an exclamation or question mark or a line's end stands before
  // it, or nothing.
  bool begins_sentence = false;
};

// Cuts lines into words, known by the numbers of a vocabulary.
class HealthWordSplitter {
 public:
  // Adds the contractions to `vocabulary`, which must outlive it.
  explicit HealthWordSplitter(HealthVocabulary* vocabulary);

  // Sets `words` to those of `line`, in order. Time and memory are linear in
  // the line.
  void Split(absl::string_view line, std::vector<HealthWord>* words) const;

 private:
  class Line;

  // A word of the vocabulary that is written in two ways.
  HealthVocabulary::Id WordOf(HealthVocabulary::Id written) const {
    return written <= last_spelling_ ? words_of_[written] : written;
  }

  RangeMasksFunction masks_of_;
  const HealthVocabulary* vocabulary_;
  HealthVocabulary::Id not_ending_;  // "n't".
  HealthVocabulary::Id last_spelling_ = 0;
  std::vector<HealthVocabulary::Id> words_of_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_
