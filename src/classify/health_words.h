// Cuts a text into the words that health language is looked for in. Internal to
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
#include "absl/types/span.h"
#include "src/classify/byte_ranges.h"
#include "src/classify/health_vocabulary.h"

namespace subrosa {

// With what the vocabulary tells of it; the hash of words that begin with a
// digit is zero until HashNumbers fills it in. Small, as most of the time goes
// into walking along words.
struct HealthWord : HealthVocabulary::Told {
  static constexpr uint8_t kBeginsSentence = 1;  // Of `marks`.

  // A full stop, an exclamation or question mark or a line's end stands before
  // it, or nothing.
  bool begins_sentence() const { return (marks & kBeginsSentence) != 0; }

  // Takes up what is told of it.
  void Take(HealthVocabulary::Told told) {
    told.marks = marks;
    HealthVocabulary::Told::operator=(told);
  }

  uint32_t begin = 0;  // Bytes [begin, end) of the text.
  uint32_t end = 0;
};
static_assert(sizeof(HealthWord) == 16, "");

// The words of a text. To be used again for the next one.
struct HealthWords {
  // Those of all lines, in order.
  absl::Span<const HealthWord> all() const {
    return absl::MakeConstSpan(room).first(count);
  }

  // Sets the hashes of the words [begin, end) of `text` that have none.
  void HashNumbers(absl::string_view text, size_t begin, size_t end);

  // Where in all() each line with words begins.
  std::vector<uint32_t> lines;
  // The splitter's own: the first `count` are the words; where in the text
  // words begin and end, in turn; where in all() sentences begin; which words
  // are not of the vocabulary; which may be a part of the one before; and the
  // bytes at which raised commas stand in words. All in order.
  std::vector<HealthWord> room;
  size_t count = 0;
  std::vector<uint32_t> edges;
  std::vector<uint32_t> sentences;
  std::vector<uint32_t> others;
  std::vector<uint32_t> parts;
  std::vector<size_t> raised;
};

// Cuts texts into words, known by the numbers of a vocabulary.
class HealthWordSplitter {
 public:
  // What a line feed does beside ending a sentence.
  enum Lines { kOneLine, kManyLines };

  // Adds the contractions to `vocabulary`, which must outlive it.
  explicit HealthWordSplitter(HealthVocabulary* vocabulary);

  // The longest text that is cut.
  static constexpr size_t kMaxBytes = size_t{1} << 30;

  // Sets `words` to those of `text`, of at most kMaxBytes. Time and memory are
  // linear in it.
  void Split(absl::string_view text, Lines lines, HealthWords* words) const;

 private:
  class Cut;

  RangeMasksFunction masks_of_;
  const HealthVocabulary* vocabulary_;
  HealthVocabulary::Id not_ending_;  // "n't".
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_
