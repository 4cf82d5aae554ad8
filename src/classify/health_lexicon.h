// The words and phrases of health language, read from lines of a file, so that
// whoever adds one needs no C++ (docs/classification.md has the format).
// Internal to this room.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_LEXICON_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_LEXICON_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/health_words.h"

namespace subrosa {

// What words of the lexicon tell.
enum class HealthCue {
  kHealth,   // Words about health: a rule's.
  kIdiom,    // Words that only sound so; they hide what they cover.
  kPerson,   // Somebody near: "my husband".
  kTrouble,  // Trouble with others: "argument".
  kFeeling,  // A feeling said of oneself: "i feel".
  kAsking,   // A request for advice: "what should i do".
};

// A group of words of one sense, with what they count as.
struct HealthRule {
  std::string id;     // "language/sleep".
  std::string title;  // "sleep".
  Classification kinds;
};

// Words [begin, end) of a line.
struct LexiconHit {
  size_t begin = 0;
  size_t end = 0;
  HealthCue cue = HealthCue::kHealth;
  size_t rule = 0;  // Index into rules(), for kHealth.
};

class HealthLexicon {
 public:
  // No phrase has more elements; a gap stands for at most kMaxGapWords.
  static constexpr size_t kMaxElements = 8;
  static constexpr size_t kMaxGapWords = 3;

  // INVALID_ARGUMENT, `line N: want …, got …`, for a line, a phrase or a slug
  // that is not as the format says, and for an id that stands twice.
  static absl::StatusOr<HealthLexicon> Parse(absl::string_view text);

  const std::vector<HealthRule>& rules() const { return rules_; }

  // Sets `hits` to what stands in `words`, in order of their first words.
  // Health and idioms do not overlap one another, and neither do the other
  // cues: at each word the longest phrase is taken, then the words' beginnings,
  // then their endings.
  void Match(const std::vector<HealthWord>& words,
             std::vector<LexiconHit>* hits) const;

 private:
  // One place of a phrase: alternatives, or a gap before them.
  struct Element {
    bool has_gap = false;
    std::vector<std::string> words;
    std::vector<std::string> beginnings;
  };
  struct Phrase {
    std::vector<Element> rest;  // After the first word.
    HealthCue cue = HealthCue::kHealth;
    size_t rule = 0;
  };
  // Beginnings or endings, by their three first or last letters.
  struct Affix {
    std::string letters;
    HealthCue cue = HealthCue::kHealth;
    size_t rule = 0;
  };
  using Affixes = absl::flat_hash_map<std::string, std::vector<Affix>>;

  absl::Status AddRule(const std::vector<absl::string_view>& columns);
  absl::Status AddPhrase(absl::string_view phrase, HealthCue cue);
  absl::Status AddAffix(absl::string_view word, HealthCue cue);
  static bool Matches(const Element& element, absl::string_view word);
  static size_t PhraseEnd(const Phrase& phrase,
                          const std::vector<HealthWord>& words, size_t at);
  LexiconHit Longest(const std::vector<HealthWord>& words, size_t at,
                     bool health) const;

  std::vector<HealthRule> rules_;
  absl::flat_hash_map<std::string, std::vector<Phrase>> phrases_;
  Affixes beginnings_;
  Affixes endings_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_LEXICON_H_
