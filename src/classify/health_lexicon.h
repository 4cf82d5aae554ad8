// The words and phrases of health language, read from lines of a file, so that
// whoever adds one needs no C++ (docs/classification.md has the format).
// Internal to this room.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_LEXICON_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_LEXICON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"
#include "src/classify/health_vocabulary.h"
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

  // Adds the words to `vocabulary`, to which nothing is added after.
  // INVALID_ARGUMENT, `line N: want …, got …`, for a line, a phrase or a slug
  // that is not as the format says, and for an id that stands twice.
  static absl::StatusOr<HealthLexicon> Parse(absl::string_view text,
                                             HealthVocabulary* vocabulary);

  const std::vector<HealthRule>& rules() const { return rules_; }

  // Health and idioms, or the other cues.
  enum Kind { kHealthKind, kOtherKind, kKinds };

  // Words of a line at which something of one kind may begin, by their indexes.
  // To be used again.
  class Places {
   public:
    absl::Span<const uint32_t> all() const {
      return absl::MakeConstSpan(room_).first(count_);
    }
    bool empty() const { return count_ == 0; }

   private:
    friend class HealthLexicon;
    std::vector<uint32_t> room_;
    size_t count_ = 0;
  };

  // Sets `places` to those of `words`, a line's, in order. Most words begin
  // nothing.
  void FindPlaces(Kind kind, absl::Span<const HealthWord> words,
                  Places* places) const;

  // Sets `hits` to what of one kind stands in `words`, a line's, which the same
  // vocabulary tells of `text`, in order, and begins at one of `places`. They
  // do not overlap: at each word the longest phrase is taken, then the words'
  // beginnings, then their endings.
  void Match(Kind kind, absl::string_view text,
             absl::Span<const HealthWord> words, const Places& places,
             std::vector<LexiconHit>* hits) const;

 private:
  using Id = HealthVocabulary::Id;

  // One place of a phrase: alternatives, or a gap before them.
  struct Element {
    bool has_gap = false;
    std::vector<Id> words;
    std::vector<std::string> beginnings;
  };
  struct Phrase {
    std::vector<Element> rest;  // After the first word.
    HealthCue cue = HealthCue::kHealth;
    size_t rule = 0;
  };
  static constexpr uint32_t kNoPhrase = 0xffffffff;

  // The phrases that begin with one word: indexes into phrases_.
  struct Phrases {
    // Those whose second word must follow the first, and may be one of few.
    struct Pair {
      Id second;
      uint32_t phrase;
    };
    std::vector<Pair> pairs;
    std::vector<uint32_t> others;
    // The first phrase that is that word alone, and what its own beginning or
    // ending tells where no phrase stands.
    uint32_t alone = kNoPhrase;
    std::optional<LexiconHit> affix;
  };
  // A beginning or an ending of words.
  struct Affix {
    std::string letters;
    HealthCue cue = HealthCue::kHealth;
    size_t rule = 0;
  };
  // By their three first or last letters.
  using Affixes = absl::flat_hash_map<uint32_t, std::vector<Affix>>;

  // What may begin at a word of the vocabulary: of each kind, kOpeningBits of
  // what HealthVocabulary::Told has.
  enum Opening : uint8_t { kNothing = 0, kPairsAlone = 1, kAnything = 2 };
  static constexpr int kOpeningBits = 2;

  absl::Status AddRule(const std::vector<absl::string_view>& columns);
  absl::Status AddPhrase(absl::string_view phrase, HealthCue cue,
                         HealthVocabulary* vocabulary);
  absl::Status AddAffix(absl::string_view word, HealthCue cue,
                        HealthVocabulary* vocabulary);
  void NoteOpenings(HealthVocabulary* vocabulary);
  void IndexPairs(Id first, uint32_t index, const Phrase& phrase,
                  Phrases* phrases);

  static uint32_t PairSlot(Id first, Id second);
  bool MayPair(absl::Span<const HealthWord> words, size_t at) const;
  bool Matches(const Element& element, absl::string_view text,
               const HealthWord& word) const;
  size_t PhraseEnd(const Phrase& phrase, absl::string_view text,
                   absl::Span<const HealthWord> words, size_t at) const;
  LexiconHit Longest(absl::string_view text, absl::Span<const HealthWord> words,
                     size_t at, Kind kind) const;
  static Kind KindOf(HealthCue cue);
  const Affix* AffixOf(absl::string_view word, Kind kind) const;

  std::vector<HealthRule> rules_;
  std::vector<Phrase> phrases_;
  // By the first word's number and the kind.
  std::vector<std::array<Phrases, kKinds>> by_first_;
  // Bits: whether a phrase may begin with two words, by their numbers' slot.
  std::vector<uint64_t> pairs_;
  Affixes beginnings_;
  Affixes endings_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_LEXICON_H_
