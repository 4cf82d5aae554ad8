// Whose health words speak of, and how surely: whether the state that they name
// is there, denied, doubted, imagined or past.
//
// The rules are those of clinical context algorithms (NegEx and ConText,
// Harkema et al. 2009), of our own words and with everyday speech added: a cue
// counts for what follows within its sentence, up to a word like "but".
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_CONTEXT_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/health_vocabulary.h"
#include "src/classify/health_words.h"

namespace subrosa {

enum class HealthExperiencer {
  kNobody = 1,  // A topic: an article, an advertisement, a question.
  kSelf = 2,    // Whoever speaks.
  kFamily = 3,  // Somebody whom a word of kinship names.
  kOther = 4,   // Somebody else: a friend, a client, "he".
};

enum class HealthAssertion {
  kPresent = 1,
  kNegated = 2,       // "no fever". It tells of a state all the same.
  kUncertain = 3,     // "might be", "do i have".
  kHypothetical = 4,  // "if it comes back".
  kHistory = 5,       // "used to", "when i was eleven".
};

// "nobody", "self", "family", "other".
absl::string_view ExperiencerText(HealthExperiencer experiencer);

// "present", "negated", "uncertain", "hypothetical", "history".
absl::string_view AssertionText(HealthAssertion assertion);

struct HealthContext {
  HealthExperiencer experiencer = HealthExperiencer::kNobody;
  HealthAssertion assertion = HealthAssertion::kPresent;
  bool is_animal = false;  // "my dog limps": no consumer's health.
};

class HealthContextReader {
 public:
  // Adds its cues to `vocabulary`.
  explicit HealthContextReader(HealthVocabulary* vocabulary);

  // What the words of one line tell. To be used again for the next.
  class Line {
   private:
    friend class HealthContextReader;

    // A word that tells something.
    struct Mark {
      uint32_t at = 0;    // Its index among the line's.
      uint32_t cues = 0;  // Bits of the cues in health_context.cc.
    };

    std::vector<Mark> marks_;  // The first count_, in order.
    size_t count_ = 0;
    size_t next_ = 0;  // The first that is not before the last mention.
  };

  // Sets `line` to what `words` tell, a line's.
  void BeginLine(absl::Span<const HealthWord> words, Line* line) const;

  // The context of the words [begin, end) of `words`, which the same vocabulary
  // tells of `text` and of which `line` was begun; in order. Looks at no more
  // than 64 words to either side. `begin` < `end` <= words.size().
  HealthContext Read(absl::string_view text, absl::Span<const HealthWord> words,
                     size_t begin, size_t end, Line* line) const;

 private:
  class Reading;

  // Words that stand one after the other.
  struct Sequence {
    std::vector<HealthVocabulary::Id> words;
    uint32_t cue = 0;
  };

  // What a word tells by itself, by its number: bits of the cues in
  // health_context.cc; above them is where the sequences that begin with it
  // stand. The last is zero, of all numbers beyond too.
  std::vector<uint32_t> cues_;
  std::vector<Sequence> sequences_;  // Those with one first word side by side.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_CONTEXT_H_
