#include "src/classify/health_lexicon.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/classify/kind_columns.h"

namespace subrosa {
namespace {

constexpr size_t kKeyLetters = HealthVocabulary::kMinAffixLetters;
constexpr int kPairBits = 17;

struct CueName {
  absl::string_view name;
  HealthCue cue;
};
constexpr CueName kCueNames[] = {
    {"words", HealthCue::kHealth},    {"idiom", HealthCue::kIdiom},
    {"person", HealthCue::kPerson},   {"trouble", HealthCue::kTrouble},
    {"feeling", HealthCue::kFeeling}, {"asking", HealthCue::kAsking},
};

bool HasBit(const std::vector<uint64_t>& bits, uint32_t bit) {
  return (bits[bit / 64] >> (bit % 64) & 1) != 0;
}

void SetBit(uint32_t bit, std::vector<uint64_t>* bits) {
  (*bits)[bit / 64] |= uint64_t{1} << (bit % 64);
}

// Of kKeyLetters letters, in either case; other signs share numbers with them.
uint32_t LettersOf(absl::string_view letters) {
  return (letters[0] & 31) | (letters[1] & 31) << 5 | (letters[2] & 31) << 10;
}

bool IsLexiconWord(absl::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '\'' ||
           c == '-';
  });
}

}  // namespace

absl::StatusOr<HealthLexicon> HealthLexicon::Parse(
    absl::string_view text, HealthVocabulary* vocabulary) {
  HealthLexicon lexicon;
  lexicon.pairs_.resize((size_t{1} << kPairBits) / 64);
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    const std::string place = absl::StrCat("line ", number);
    if (columns[0] == "rule") {
      SUBROSA_RETURN_IF_ERROR(Annotate(lexicon.AddRule(columns), place));
      continue;
    }
    const auto* cue = std::find_if(
        std::begin(kCueNames), std::end(kCueNames),
        [&columns](const CueName& n) { return n.name == columns[0]; });
    if (cue == std::end(kCueNames) || columns.size() != 2) {
      return Annotate(
          WantInRules("rule, words, idiom, person, trouble, feeling or asking, "
                      "and its columns",
                      columns[0]),
          place);
    }
    for (const absl::string_view phrase : absl::StrSplit(columns[1], ", ")) {
      SUBROSA_RETURN_IF_ERROR(
          Annotate(lexicon.AddPhrase(phrase, cue->cue, vocabulary), place));
    }
  }
  lexicon.NoteOpenings(vocabulary);
  return lexicon;
}

HealthLexicon::Kind HealthLexicon::KindOf(HealthCue cue) {
  return cue == HealthCue::kHealth || cue == HealthCue::kIdiom ? kHealthKind
                                                               : kOtherKind;
}

void HealthLexicon::NoteOpenings(HealthVocabulary* vocabulary) {
  by_first_.resize(vocabulary->size());
  constexpr Id kMayHaveAffix = HealthVocabulary::kMayHaveAffix;
  std::vector<uint8_t> openings(vocabulary->size());
  openings[kMayHaveAffix] = kAnything << (kHealthKind * kOpeningBits) |
                            kAnything << (kOtherKind * kOpeningBits);
  for (size_t id = kMayHaveAffix + size_t{1}; id < vocabulary->size(); ++id) {
    const absl::string_view word = vocabulary->WordOf(static_cast<Id>(id));
    for (const Kind kind : {kHealthKind, kOtherKind}) {
      Phrases& phrases = by_first_[id][kind];
      if (const Affix* affix = AffixOf(word, kind); affix != nullptr) {
        phrases.affix = LexiconHit{0, 1, affix->cue, affix->rule};
      }
      const bool alone =
          phrases.alone != kNoPhrase || phrases.affix.has_value();
      const Opening opening = alone || !phrases.others.empty() ? kAnything
                              : phrases.pairs.empty()          ? kNothing
                                                               : kPairsAlone;
      openings[id] |= opening << (kind * kOpeningBits);
    }
  }
  vocabulary->SetOpenings(openings);
}

absl::Status HealthLexicon::AddRule(
    const std::vector<absl::string_view>& columns) {
  if (columns.size() < 5 || !IsRuleSlug(columns[1])) {
    return WantInRules("rule, id, title, categories and labels",
                       absl::StrCat(columns.size(), " columns"));
  }
  HealthRule rule;
  rule.id = absl::StrCat("language/", columns[1]);
  rule.title = std::string(columns[2]);
  SUBROSA_RETURN_IF_ERROR(
      ReadKindColumns(absl::MakeConstSpan(columns).subspan(3), &rule.kinds));
  for (const HealthRule& other : rules_) {
    if (other.id == rule.id) return WantInRules("an id once", columns[1]);
  }
  rules_.push_back(std::move(rule));
  return absl::OkStatus();
}

absl::Status HealthLexicon::AddAffix(absl::string_view word, HealthCue cue,
                                     HealthVocabulary* vocabulary) {
  const bool is_ending = absl::ConsumePrefix(&word, "*");
  if (!is_ending) absl::ConsumeSuffix(&word, "*");
  if (!IsLexiconWord(word) || word.size() < kKeyLetters) {
    return WantInRules("three letters or more beside a star", word);
  }
  const size_t at = is_ending ? word.size() - kKeyLetters : 0;
  Affixes& affixes = is_ending ? endings_ : beginnings_;
  const uint32_t letters = LettersOf(word.substr(at, kKeyLetters));
  if (is_ending) {
    vocabulary->AddEnding(word);
  } else {
    vocabulary->AddBeginning(word);
  }
  affixes[letters].push_back(
      {std::string(word), cue, rules_.empty() ? 0 : rules_.size() - 1});
  return absl::OkStatus();
}

absl::Status HealthLexicon::AddPhrase(absl::string_view phrase, HealthCue cue,
                                      HealthVocabulary* vocabulary) {
  if (cue == HealthCue::kHealth && rules_.empty()) {
    return WantInRules("a rule before its words", phrase);
  }
  const std::vector<absl::string_view> places = absl::StrSplit(phrase, ' ');
  if (places.size() > kMaxElements) {
    return WantInRules(absl::StrCat("at most ", kMaxElements, " words"),
                       phrase);
  }
  Phrase made;
  made.cue = cue;
  made.rule = rules_.empty() ? 0 : rules_.size() - 1;
  bool has_gap = false;
  for (size_t i = 1; i < places.size(); ++i) {
    if (places[i] == "~" && !has_gap) {
      has_gap = true;
      continue;
    }
    Element element;
    element.has_gap = has_gap;
    has_gap = false;
    for (absl::string_view word : absl::StrSplit(places[i], '|')) {
      const bool is_beginning = absl::ConsumeSuffix(&word, "*");
      if (!IsLexiconWord(word)) return WantInRules("words", phrase);
      if (is_beginning) {
        element.beginnings.emplace_back(word);
      } else {
        element.words.push_back(vocabulary->Add(word));
      }
    }
    made.rest.push_back(std::move(element));
  }
  if (has_gap) return WantInRules("a word after a gap", phrase);
  const bool is_pair = !made.rest.empty() && !made.rest[0].has_gap &&
                       made.rest[0].beginnings.empty();
  const auto index = static_cast<uint32_t>(phrases_.size());
  for (const absl::string_view first : absl::StrSplit(places[0], '|')) {
    if (absl::StrContains(first, '*')) {
      if (!made.rest.empty()) {
        return WantInRules("no star in a phrase's first word", phrase);
      }
      SUBROSA_RETURN_IF_ERROR(AddAffix(first, cue, vocabulary));
    } else if (IsLexiconWord(first)) {
      const Id id = vocabulary->Add(first);
      if (by_first_.size() <= id) by_first_.resize(id + size_t{1});
      Phrases& phrases = by_first_[id][KindOf(cue)];
      if (made.rest.empty()) {
        phrases.alone = std::min(phrases.alone, index);
      } else if (is_pair) {
        IndexPairs(id, index, made, &phrases);
      } else {
        phrases.others.push_back(index);
      }
    } else {
      return WantInRules("words", phrase);
    }
  }
  phrases_.push_back(std::move(made));
  return absl::OkStatus();
}

uint32_t HealthLexicon::PairSlot(Id first, Id second) {
  return (first * 0x9e3779b1U + second * 0x85ebca6bU) >> (32 - kPairBits);
}

void HealthLexicon::IndexPairs(Id first, uint32_t index, const Phrase& phrase,
                               Phrases* phrases) {
  for (const Id second : phrase.rest[0].words) {
    phrases->pairs.push_back({second, index});
    SetBit(PairSlot(first, second), &pairs_);
  }
}

bool HealthLexicon::MayPair(absl::Span<const HealthWord> words,
                            size_t at) const {
  return at + 1 < words.size() &&
         HasBit(pairs_, PairSlot(words[at].id, words[at + 1].id));
}

bool HealthLexicon::Matches(const Element& element, absl::string_view text,
                            const HealthWord& word) const {
  for (const Id other : element.words) {
    if (other == word.id) return true;
  }
  for (const std::string& beginning : element.beginnings) {
    if (absl::StartsWithIgnoreCase(
            text.substr(word.begin, word.end - word.begin), beginning)) {
      return true;
    }
  }
  return false;
}

size_t HealthLexicon::PhraseEnd(const Phrase& phrase, absl::string_view text,
                                absl::Span<const HealthWord> words,
                                size_t at) const {
  size_t end = at + 1;
  for (const Element& element : phrase.rest) {
    const size_t last = end + (element.has_gap ? kMaxGapWords : 0);
    while (end < words.size() && end <= last &&
           !Matches(element, text, words[end])) {
      ++end;
    }
    if (end >= words.size() || end > last) return at;
    ++end;
  }
  return end;
}

const HealthLexicon::Affix* HealthLexicon::AffixOf(absl::string_view word,
                                                   Kind kind) const {
  if (word.size() < kKeyLetters) return nullptr;
  const auto find = [kind](const Affixes& affixes, uint32_t letters,
                           const auto& fits) -> const Affix* {
    const auto list = affixes.find(letters);
    if (list == affixes.end()) return nullptr;
    for (const Affix& affix : list->second) {
      if (KindOf(affix.cue) == kind && fits(affix.letters)) return &affix;
    }
    return nullptr;
  };
  const Affix* beginning =
      find(beginnings_, LettersOf(word), [word](const std::string& letters) {
        return absl::StartsWithIgnoreCase(word, letters);
      });
  if (beginning != nullptr ||
      word.size() < HealthVocabulary::kMinEndingWordLetters) {
    return beginning;
  }
  return find(endings_, LettersOf(word.substr(word.size() - kKeyLetters)),
              [word](const std::string& letters) {
                return absl::EndsWithIgnoreCase(word, letters) &&
                       word.size() >= letters.size() + 2;
              });
}

LexiconHit HealthLexicon::Longest(absl::string_view text,
                                  absl::Span<const HealthWord> words, size_t at,
                                  Kind kind) const {
  const HealthWord& word = words[at];
  LexiconHit hit{at, at, HealthCue::kHealth, 0};
  if (word.id <= HealthVocabulary::kMayHaveAffix) {
    const Affix* affix =
        AffixOf(text.substr(word.begin, word.end - word.begin), kind);
    if (affix != nullptr) hit = {at, at + 1, affix->cue, affix->rule};
    return hit;
  }
  // Of phrases as long as one another, the first of the file.
  const Phrases& phrases = by_first_[word.id][kind];
  uint32_t found = phrases.alone;
  if (found != kNoPhrase) {
    hit = {at, at + 1, phrases_[found].cue, phrases_[found].rule};
  }
  const auto take = [&](uint32_t index) {
    const Phrase& phrase = phrases_[index];
    const size_t end = PhraseEnd(phrase, text, words, at);
    if (end > hit.end || (end == hit.end && end > at && index < found)) {
      hit = {at, end, phrase.cue, phrase.rule};
      found = index;
    }
  };
  for (const uint32_t index : phrases.others) take(index);
  if (MayPair(words, at)) {
    const Id next = words[at + 1].id;
    for (const Phrases::Pair& pair : phrases.pairs) {
      if (pair.second == next) take(pair.phrase);
    }
  }
  if (hit.end == at && phrases.affix.has_value()) {
    hit = {at, at + 1, phrases.affix->cue, phrases.affix->rule};
  }
  return hit;
}

// Which words those are cannot be foreseen, and so it does not branch at them.
void HealthLexicon::FindPlaces(Kind kind, absl::Span<const HealthWord> words,
                               Places* places) const {
  if (places->room_.size() < words.size()) places->room_.resize(words.size());
  static_assert(kNothing == 0 && kPairsAlone == 1 && kAnything == 2, "");
  const int shift = kind * kOpeningBits;
  const uint64_t* const pairs = pairs_.data();
  uint32_t* const room = places->room_.data();
  size_t count = 0;
  for (size_t at = 0; at < words.size(); ++at) {
    // The last pairs with itself here, and with nothing in Longest.
    const Id next = words[at + (at + 1 < words.size() ? 1 : 0)].id;
    const uint32_t slot = PairSlot(words[at].id, next);
    const auto pair = static_cast<unsigned>(pairs[slot / 64] >> slot % 64);
    const unsigned opening = words[at].openings >> shift;
    room[count] = static_cast<uint32_t>(at);
    count += (opening & pair & 1) | (opening >> 1 & 1);
  }
  places->count_ = count;
}

void HealthLexicon::Match(Kind kind, absl::string_view text,
                          absl::Span<const HealthWord> words,
                          const Places& places,
                          std::vector<LexiconHit>* hits) const {
  hits->clear();
  size_t free = 0;  // The first word that no hit covers.
  for (const size_t at : places.all()) {
    if (at < free) continue;
    const LexiconHit hit = Longest(text, words, at, kind);
    if (hit.end == at) continue;
    hits->push_back(hit);
    free = hit.end;
  }
}

}  // namespace subrosa
