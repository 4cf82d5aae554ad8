#include "src/classify/health_context.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

namespace subrosa {
namespace {

constexpr size_t kReachWords = 64;
constexpr size_t kNegationReach = 6;
constexpr size_t kDoubtReach = 8;

bool IsOneOf(absl::string_view word,
             std::initializer_list<absl::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsSelf(absl::string_view word) {
  return IsOneOf(word, {"i", "i'm", "i've", "i'd", "i'll", "me", "my", "myself",
                        "we", "we're", "we've", "us", "our"});
}

bool IsKin(absl::string_view word) {
  absl::ConsumeSuffix(&word, "'s");
  return IsOneOf(
      word,
      {"mother",      "mom",       "mum",         "mama",      "father",
       "dad",         "parent",    "parents",     "sister",    "brother",
       "sisters",     "brothers",  "sibling",     "son",       "daughter",
       "sons",        "daughters", "child",       "kid",       "kids",
       "baby",        "toddler",   "husband",     "wife",      "spouse",
       "grandmother", "grandma",   "grandfather", "grandpa",   "aunt",
       "uncle",       "cousin",    "niece",       "nephew",    "twin",
       "stepdad",     "stepmom",   "stepfather",  "stepson",   "family",
       "fiance",      "fiancee",   "partner",     "in-law",    "mother-in-law",
       "relative",    "grandson",  "boyfriend",   "relatives", "girlfriend"});
}

// Nouns and pronouns of others. Who treats somebody is not who is ill.
bool IsOther(absl::string_view word) {
  absl::ConsumeSuffix(&word, "'s");
  return IsOneOf(
      word,
      {"friend",    "friends", "neighbor", "roommate", "coworker", "coworkers",
       "colleague", "boss",    "client",   "patient",  "student",  "students",
       "classmate", "teacher", "landlord", "employee", "driver",   "drivers",
       "man",       "woman",   "boy",      "girl",     "guy",      "player",
       "ex",        "he",      "she",      "somebody", "someone",  "stranger"});
}

// What may be ill and is no consumer.
bool IsAnimal(absl::string_view word) {
  absl::ConsumeSuffix(&word, "'s");
  return IsOneOf(word, {"dog", "dogs", "puppy", "cat", "cats", "kitten",
                        "hamster", "horse", "horses", "cow", "cows", "parrot",
                        "goldfish", "rabbit", "chickens"});
}

bool IsNegation(absl::string_view word) {
  return IsOneOf(word,
                 {"no", "not", "never", "without", "denies", "denied", "don't",
                  "doesn't", "didn't", "haven't", "hasn't", "isn't", "wasn't",
                  "aren't", "ain't", "nor", "neither", "negative"});
}

bool IsDoubt(absl::string_view word) {
  return IsOneOf(word, {"might", "maybe", "perhaps", "possibly", "probably",
                        "wonder", "wondering", "whether", "suspect",
                        "suspected", "unsure", "could", "apparently"});
}

bool IsTurn(absl::string_view word) {
  return IsOneOf(
      word, {"but", "though", "although", "because", "except", "so", "just"});
}

// True if `cues` stand one after the other at `at`.
bool StandAt(const std::vector<HealthWord>& words, size_t at, size_t end,
             std::initializer_list<absl::string_view> cues) {
  if (at + cues.size() > end) return false;
  for (const absl::string_view cue : cues) {
    if (words[at++].text != cue) return false;
  }
  return true;
}

// Words [begin, end) of the sentence around the mention, within reach.
struct Sentence {
  size_t begin;
  size_t end;
};

Sentence SentenceAround(const std::vector<HealthWord>& words, size_t begin,
                        size_t end) {
  Sentence sentence{begin, end};
  while (sentence.begin > 0 && begin - sentence.begin < kReachWords &&
         !words[sentence.begin].begins_sentence) {
    --sentence.begin;
  }
  while (sentence.end < words.size() && sentence.end - end < kReachWords &&
         !words[sentence.end].begins_sentence) {
    ++sentence.end;
  }
  return sentence;
}

// Whether the nearest word before that names somebody names an animal.
bool IsOfAnimal(const std::vector<HealthWord>& words, const Sentence& sentence,
                size_t end) {
  for (size_t at = end; at > sentence.begin; --at) {
    const absl::string_view word = words[at - 1].text;
    if (IsAnimal(word)) return true;
    if (IsSelf(word) || IsKin(word) || IsOther(word)) return false;
  }
  return false;
}

// Whom the word names; kNobody if it names none.
HealthExperiencer NamedBy(absl::string_view word) {
  if (IsSelf(word)) return HealthExperiencer::kSelf;
  if (IsKin(word)) return HealthExperiencer::kFamily;
  if (IsOther(word)) return HealthExperiencer::kOther;
  return HealthExperiencer::kNobody;
}

// Who "he" or "she" is, from the words before it: kin if a word of kinship
// stands there.
HealthExperiencer Resolve(const std::vector<HealthWord>& words, size_t at,
                          HealthExperiencer named) {
  if (!IsOneOf(words[at].text, {"he", "she"})) return named;
  for (size_t back = 1; back <= std::min(at, kReachWords); ++back) {
    if (IsKin(words[at - back].text)) return HealthExperiencer::kFamily;
  }
  return named;
}

HealthExperiencer ExperiencerOf(const std::vector<HealthWord>& words,
                                const Sentence& sentence, size_t begin,
                                size_t end) {
  // The nearest before, the mention's own words first.
  for (size_t at = end; at > sentence.begin; --at) {
    const HealthExperiencer named = NamedBy(words[at - 1].text);
    if (named != HealthExperiencer::kNobody) {
      return Resolve(words, at - 1, named);
    }
  }
  for (size_t at = end; at < sentence.end; ++at) {
    const HealthExperiencer named = NamedBy(words[at].text);
    if (named == HealthExperiencer::kNobody) continue;
    // "cancer runs in my family": the kin, not the "my" before it.
    if (at + 1 < sentence.end && IsKin(words[at + 1].text)) {
      return HealthExperiencer::kFamily;
    }
    return named;
  }
  // Another sentence of the line may say whose diary it is.
  for (size_t back = 1; back <= std::min(begin, kReachWords); ++back) {
    if (IsSelf(words[begin - back].text)) return HealthExperiencer::kSelf;
  }
  return HealthExperiencer::kNobody;
}

bool IsPast(const std::vector<HealthWord>& words, const Sentence& sentence) {
  for (size_t at = sentence.begin; at < sentence.end; ++at) {
    const absl::string_view word = words[at].text;
    if (word == "ago" || word == "survived") {
      // "two days ago" is still now.
      if (word == "survived") return true;
      if (at > 0 && IsOneOf(words[at - 1].text, {"years", "year", "decades"})) {
        return true;
      }
    }
    if (StandAt(words, at, sentence.end, {"used", "to"}) ||
        StandAt(words, at, sentence.end, {"as", "a", "kid"}) ||
        StandAt(words, at, sentence.end, {"as", "a", "child"}) ||
        StandAt(words, at, sentence.end, {"when", "i", "was"}) ||
        StandAt(words, at, sentence.end, {"in", "college"}) ||
        StandAt(words, at, sentence.end, {"history", "of"}) ||
        StandAt(words, at, sentence.end, {"died", "of"}) ||
        StandAt(words, at, sentence.end, {"runs", "in"}) ||
        StandAt(words, at, sentence.end, {"run", "in"})) {
      return true;
    }
    if (word == "in" && at + 1 < sentence.end) {
      const absl::string_view year = words[at + 1].text;
      if (year.size() == 4 && (year[0] == '1' || year[0] == '2') &&
          std::all_of(year.begin(), year.end(), absl::ascii_isdigit)) {
        return true;
      }
    }
  }
  return false;
}

bool IsNegated(const std::vector<HealthWord>& words, const Sentence& sentence,
               size_t begin, size_t end) {
  const size_t from =
      std::max(sentence.begin, begin - std::min(begin, kNegationReach));
  for (size_t at = begin; at > from; --at) {
    const absl::string_view word = words[at - 1].text;
    if (IsTurn(word)) break;
    // "not sure", "not only" and "can't" deny nothing.
    if (IsNegation(word) && !(word == "not" && at < words.size() &&
                              IsOneOf(words[at].text, {"sure", "only"}))) {
      return true;
    }
  }
  for (size_t at = end; at < std::min(sentence.end, end + 4); ++at) {
    if (IsTurn(words[at].text)) break;
    if (StandAt(words, at, sentence.end, {"is", "gone"}) ||
        StandAt(words, at, sentence.end, {"was", "clear"}) ||
        StandAt(words, at, sentence.end, {"was", "negative"}) ||
        StandAt(words, at, sentence.end, {"back", "negative"})) {
      return true;
    }
  }
  return false;
}

bool IsDoubted(const std::vector<HealthWord>& words, const Sentence& sentence,
               size_t begin) {
  const size_t from =
      std::max(sentence.begin, begin - std::min(begin, kDoubtReach));
  for (size_t at = from; at < begin; ++at) {
    if (IsDoubt(words[at].text) || StandAt(words, at, begin, {"rule", "out"}) ||
        StandAt(words, at, begin, {"not", "sure"}) ||
        StandAt(words, at, begin, {"pretty", "sure"}) ||
        StandAt(words, at, begin, {"i", "think"}) ||
        StandAt(words, at, begin, {"do", "i", "have"}) ||
        StandAt(words, at, begin, {"is", "it"})) {
      return true;
    }
  }
  return false;
}

bool IsImagined(const std::vector<HealthWord>& words, const Sentence& sentence,
                size_t begin) {
  for (size_t at = sentence.begin; at < begin; ++at) {
    if (IsOneOf(words[at].text, {"if", "unless", "would", "i'd"})) return true;
  }
  return words[sentence.begin].text == "should" ||
         words[sentence.begin].text == "if";
}

}  // namespace

absl::string_view ExperiencerText(HealthExperiencer experiencer) {
  switch (experiencer) {
    case HealthExperiencer::kNobody:
      return "nobody";
    case HealthExperiencer::kSelf:
      return "self";
    case HealthExperiencer::kFamily:
      return "family";
    case HealthExperiencer::kOther:
      return "other";
  }
  return "unknown";
}

absl::string_view AssertionText(HealthAssertion assertion) {
  switch (assertion) {
    case HealthAssertion::kPresent:
      return "present";
    case HealthAssertion::kNegated:
      return "negated";
    case HealthAssertion::kUncertain:
      return "uncertain";
    case HealthAssertion::kHypothetical:
      return "hypothetical";
    case HealthAssertion::kHistory:
      return "history";
  }
  return "unknown";
}

HealthContext ReadHealthContext(const std::vector<HealthWord>& words,
                                size_t begin, size_t end) {
  const Sentence sentence = SentenceAround(words, begin, end);
  HealthContext context;
  context.is_animal = IsOfAnimal(words, sentence, end);
  context.experiencer = ExperiencerOf(words, sentence, begin, end);
  if (IsImagined(words, sentence, begin)) {
    context.assertion = HealthAssertion::kHypothetical;
  } else if (IsNegated(words, sentence, begin, end)) {
    context.assertion = HealthAssertion::kNegated;
  } else if (IsDoubted(words, sentence, begin)) {
    context.assertion = HealthAssertion::kUncertain;
  } else if (IsPast(words, sentence)) {
    context.assertion = HealthAssertion::kHistory;
  }
  return context;
}

}  // namespace subrosa
