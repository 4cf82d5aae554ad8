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

constexpr size_t kKeyLetters = 3;

// A shorter word that ends like a disease's or medicine's name is a word of its
// own more often than not.
constexpr size_t kMinEndingWordLetters = 6;

struct CueName {
  absl::string_view name;
  HealthCue cue;
};
constexpr CueName kCueNames[] = {
    {"words", HealthCue::kHealth},    {"idiom", HealthCue::kIdiom},
    {"person", HealthCue::kPerson},   {"trouble", HealthCue::kTrouble},
    {"feeling", HealthCue::kFeeling}, {"asking", HealthCue::kAsking},
};

bool TellsHealth(HealthCue cue) {
  return cue == HealthCue::kHealth || cue == HealthCue::kIdiom;
}

bool IsLexiconWord(absl::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '\'' ||
           c == '-';
  });
}

}  // namespace

absl::StatusOr<HealthLexicon> HealthLexicon::Parse(absl::string_view text) {
  HealthLexicon lexicon;
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
          Annotate(lexicon.AddPhrase(phrase, cue->cue), place));
    }
  }
  return lexicon;
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

absl::Status HealthLexicon::AddAffix(absl::string_view word, HealthCue cue) {
  const bool is_ending = absl::ConsumePrefix(&word, "*");
  if (!is_ending) absl::ConsumeSuffix(&word, "*");
  if (!IsLexiconWord(word) || word.size() < kKeyLetters) {
    return WantInRules("three letters or more beside a star", word);
  }
  const size_t at = is_ending ? word.size() - kKeyLetters : 0;
  Affixes& affixes = is_ending ? endings_ : beginnings_;
  affixes[word.substr(at, kKeyLetters)].push_back(
      {std::string(word), cue, rules_.empty() ? 0 : rules_.size() - 1});
  return absl::OkStatus();
}

absl::Status HealthLexicon::AddPhrase(absl::string_view phrase, HealthCue cue) {
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
      (is_beginning ? element.beginnings : element.words).emplace_back(word);
    }
    made.rest.push_back(std::move(element));
  }
  if (has_gap) return WantInRules("a word after a gap", phrase);
  for (const absl::string_view first : absl::StrSplit(places[0], '|')) {
    if (absl::StrContains(first, '*')) {
      if (!made.rest.empty()) {
        return WantInRules("no star in a phrase's first word", phrase);
      }
      SUBROSA_RETURN_IF_ERROR(AddAffix(first, cue));
    } else if (IsLexiconWord(first)) {
      phrases_[first].push_back(made);
    } else {
      return WantInRules("words", phrase);
    }
  }
  return absl::OkStatus();
}

bool HealthLexicon::Matches(const Element& element, absl::string_view word) {
  for (const std::string& other : element.words) {
    if (other == word) return true;
  }
  for (const std::string& beginning : element.beginnings) {
    if (absl::StartsWith(word, beginning)) return true;
  }
  return false;
}

size_t HealthLexicon::PhraseEnd(const Phrase& phrase,
                                const std::vector<HealthWord>& words,
                                size_t at) {
  size_t end = at + 1;
  for (const Element& element : phrase.rest) {
    const size_t last = end + (element.has_gap ? kMaxGapWords : 0);
    while (end < words.size() && end <= last &&
           !Matches(element, words[end].text)) {
      ++end;
    }
    if (end >= words.size() || end > last) return at;
    ++end;
  }
  return end;
}

LexiconHit HealthLexicon::Longest(const std::vector<HealthWord>& words,
                                  size_t at, bool health) const {
  const std::string& word = words[at].text;
  LexiconHit hit{at, at, HealthCue::kHealth, 0};
  if (const auto found = phrases_.find(word); found != phrases_.end()) {
    for (const Phrase& phrase : found->second) {
      if (TellsHealth(phrase.cue) != health) continue;
      const size_t end = PhraseEnd(phrase, words, at);
      if (end > hit.end) hit = {at, end, phrase.cue, phrase.rule};
    }
  }
  if (hit.end > at || word.size() < kKeyLetters) return hit;
  const auto take = [&](const Affixes& affixes, absl::string_view key,
                        const auto& fits) {
    const auto found = affixes.find(key);
    if (found == affixes.end()) return;
    for (const Affix& affix : found->second) {
      if (hit.end == at && TellsHealth(affix.cue) == health &&
          fits(affix.letters)) {
        hit = {at, at + 1, affix.cue, affix.rule};
      }
    }
  };
  const absl::string_view view = word;
  take(beginnings_, view.substr(0, kKeyLetters),
       [view](const std::string& letters) {
         return absl::StartsWith(view, letters);
       });
  if (word.size() < kMinEndingWordLetters) return hit;
  take(endings_, view.substr(view.size() - kKeyLetters),
       [view](const std::string& letters) {
         return absl::EndsWith(view, letters) &&
                view.size() >= letters.size() + 2;
       });
  return hit;
}

void HealthLexicon::Match(const std::vector<HealthWord>& words,
                          std::vector<LexiconHit>* hits) const {
  hits->clear();
  size_t health_end = 0;
  size_t other_end = 0;
  for (size_t at = 0; at < words.size(); ++at) {
    for (const bool health : {true, false}) {
      size_t& end = health ? health_end : other_end;
      if (at < end) continue;
      const LexiconHit hit = Longest(words, at, health);
      if (hit.end == at) continue;
      end = hit.end;
      hits->push_back(hit);
    }
  }
}

}  // namespace subrosa
