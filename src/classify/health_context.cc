#include "src/classify/health_context.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace subrosa {
namespace {

constexpr size_t kReachWords = 64;
constexpr size_t kNegationReach = 6;
constexpr size_t kDenialReach = 4;
constexpr size_t kDoubtReach = 8;

enum Cue : uint32_t {
  kSelf = 1 << 0,
  kKin = 1 << 1,
  // Nouns and pronouns of others. Who treats somebody is not who is ill.
  kOther = 1 << 2,
  kPronoun = 1 << 3,
  kAnimal = 1 << 4,  // What may be ill and is no consumer.
  kNegation = 1 << 5,
  kNot = 1 << 6,
  kAfterNot = 1 << 7,  // "not sure", "not only" and "can't" deny nothing.
  kDenial = 1 << 8,    // After what is denied.
  kDoubt = 1 << 9,
  kTurn = 1 << 10,
  kPast = 1 << 11,
  kIf = 1 << 12,
  kIfFirst = 1 << 13,  // As the sentence's first word.
  kIn = 1 << 14,
  // As the first of a sequence of words that tells so together.
  kBeginsPast = 1 << 15,
  kBeginsDenial = 1 << 16,
  kBeginsDoubt = 1 << 17,
  kFirstSequence = 1 << 18,  // Its index begins at this bit.
  kNamed = kSelf | kKin | kOther,
};

struct CueWords {
  uint32_t cue;
  absl::string_view words;
  // "mother" and "mother's" name the same.
  bool has_owner = false;
};

constexpr CueWords kCueWords[] = {
    {kSelf, "i i'm i've i'd i'll me my myself we we're we've us our"},
    {kKin,
     "mother mom mum mama father dad parent parents sister brother sisters "
     "brothers sibling son daughter sons daughters child kid kids baby toddler "
     "husband wife spouse grandmother grandma grandfather grandpa aunt uncle "
     "cousin niece nephew twin stepdad stepmom stepfather stepson family "
     "fiance fiancee partner in-law mother-in-law relative grandson boyfriend "
     "relatives girlfriend",
     true},
    {kOther,
     "friend friends neighbor roommate coworker coworkers colleague boss "
     "client patient student students classmate teacher landlord employee "
     "driver drivers man woman boy girl guy player ex he she somebody someone "
     "stranger",
     true},
    {kPronoun, "he she"},
    {kAnimal,
     "dog dogs puppy cat cats kitten hamster horse horses cow cows parrot "
     "goldfish rabbit chickens",
     true},
    {kNegation,
     "no not never without denies denied don't doesn't didn't haven't hasn't "
     "isn't wasn't aren't ain't nor neither negative"},
    {kNot, "not"},
    {kAfterNot, "sure only"},
    {kDoubt,
     "might maybe perhaps possibly probably wonder wondering whether suspect "
     "suspected unsure could apparently"},
    {kTurn, "but though although because except so just"},
    {kPast, "survived"},
    {kIf, "if unless would i'd"},
    {kIfFirst, "should if"},
    {kIn, "in"},
};

// "two days ago" is still now.
constexpr CueWords kCueSequences[] = {
    {kPast, "years ago"},      {kPast, "year ago"},
    {kPast, "decades ago"},    {kPast, "used to"},
    {kPast, "as a kid"},       {kPast, "as a child"},
    {kPast, "when i was"},     {kPast, "in college"},
    {kPast, "history of"},     {kPast, "died of"},
    {kPast, "runs in"},        {kPast, "run in"},
    {kDenial, "is gone"},      {kDenial, "was clear"},
    {kDenial, "was negative"}, {kDenial, "back negative"},
    {kDoubt, "rule out"},      {kDoubt, "not sure"},
    {kDoubt, "pretty sure"},   {kDoubt, "i think"},
    {kDoubt, "do i have"},     {kDoubt, "is it"},
};

uint32_t BeginsOf(uint32_t cue) {
  return cue == kPast     ? kBeginsPast
         : cue == kDenial ? kBeginsDenial
                          : kBeginsDoubt;
}

}  // namespace

HealthContextReader::HealthContextReader(HealthVocabulary* vocabulary) {
  const auto add = [&](absl::string_view word, uint32_t cue) {
    const HealthVocabulary::Id id = vocabulary->Add(word);
    if (cues_.size() <= id) cues_.resize(id + size_t{1});
    cues_[id] |= cue;
    return id;
  };
  for (const CueWords& cue : kCueWords) {
    for (const absl::string_view word : absl::StrSplit(cue.words, ' ')) {
      add(word, cue.cue);
      if (cue.has_owner) add(absl::StrCat(word, "'s"), cue.cue);
    }
  }
  for (const CueWords& cue : kCueSequences) {
    Sequence sequence;
    sequence.cue = cue.cue;
    for (const absl::string_view word : absl::StrSplit(cue.words, ' ')) {
      sequence.words.push_back(
          add(word, sequence.words.empty() ? BeginsOf(cue.cue) : 0));
    }
    sequences_.push_back(std::move(sequence));
  }
  std::stable_sort(sequences_.begin(), sequences_.end(),
                   [](const Sequence& a, const Sequence& b) {
                     return a.words[0] < b.words[0];
                   });
  for (size_t i = sequences_.size(); i > 0; --i) {
    uint32_t& cues = cues_[sequences_[i - 1].words[0]];
    cues =
        cues % kFirstSequence + kFirstSequence * static_cast<uint32_t>(i - 1);
  }
}

// The context of one mention: the words [begin, end), within their sentence.
class HealthContextReader::Reading {
 public:
  Reading(const HealthContextReader& rules, absl::string_view text,
          absl::Span<const HealthWord> words, size_t begin, size_t end)
      : rules_(rules), text_(text), words_(words), begin_(begin), end_(end) {
    first_ = begin;
    seen_ = CuesAt(begin);
    while (first_ > 0 && begin - first_ < kReachWords &&
           !words[first_].begins_sentence) {
      seen_ |= CuesAt(--first_);
    }
    for (last_ = begin + 1; last_ < words.size() &&
                            (last_ < end || (last_ - end < kReachWords &&
                                             !words[last_].begins_sentence));
         ++last_) {
      seen_ |= CuesAt(last_);
    }
  }

  HealthContext Read() const {
    HealthContext context;
    context.is_animal = IsOfAnimal();
    context.experiencer = Experiencer();
    if (IsImagined()) {
      context.assertion = HealthAssertion::kHypothetical;
    } else if (IsNegated()) {
      context.assertion = HealthAssertion::kNegated;
    } else if (IsDoubted()) {
      context.assertion = HealthAssertion::kUncertain;
    } else if (IsPast()) {
      context.assertion = HealthAssertion::kHistory;
    }
    return context;
  }

 private:
  bool Tells(size_t at, uint32_t cues) const {
    return (CuesAt(at) & cues) != 0;
  }
  uint32_t CuesAt(size_t at) const { return rules_.CuesOf(words_[at].id); }

  // Whether a word of the sentence has one of the cues. Most sentences have few
  // of them.
  bool Seen(uint32_t cues) const { return (seen_ & cues) != 0; }

  // What the words from `at` on tell together, before `end`.
  bool SequenceTells(size_t at, size_t end, uint32_t cue) const {
    if (!Tells(at, BeginsOf(cue))) return false;
    const HealthVocabulary::Id first = words_[at].id;
    for (size_t i = CuesAt(at) / kFirstSequence;
         i < rules_.sequences_.size() && rules_.sequences_[i].words[0] == first;
         ++i) {
      const Sequence& sequence = rules_.sequences_[i];
      if (sequence.cue != cue || at + sequence.words.size() > end) continue;
      if (std::equal(sequence.words.begin(), sequence.words.end(),
                     words_.begin() + static_cast<ptrdiff_t>(at),
                     [](HealthVocabulary::Id id, const HealthWord& word) {
                       return id == word.id;
                     })) {
        return true;
      }
    }
    return false;
  }

  // Whether the nearest word before that names somebody names an animal.
  bool IsOfAnimal() const {
    if (!Seen(kAnimal)) return false;
    for (size_t at = end_; at > first_; --at) {
      if (Tells(at - 1, kAnimal)) return true;
      if (Tells(at - 1, kNamed)) return false;
    }
    return false;
  }

  // Whom the word names; kNobody if it names none.
  HealthExperiencer NamedAt(size_t at) const {
    const uint32_t cues = CuesAt(at);
    if ((cues & kSelf) != 0) return HealthExperiencer::kSelf;
    if ((cues & kKin) != 0) return HealthExperiencer::kFamily;
    if ((cues & kOther) != 0) return HealthExperiencer::kOther;
    return HealthExperiencer::kNobody;
  }

  // Who "he" or "she" is, from the words before it: kin if a word of kinship
  // stands there.
  HealthExperiencer Resolve(size_t at, HealthExperiencer named) const {
    if (!Tells(at, kPronoun)) return named;
    for (size_t back = 1; back <= std::min(at, kReachWords); ++back) {
      if (Tells(at - back, kKin)) return HealthExperiencer::kFamily;
    }
    return named;
  }

  HealthExperiencer Experiencer() const {
    // The nearest before, the mention's own words first.
    for (size_t at = end_; at > first_ && Seen(kNamed); --at) {
      const HealthExperiencer named = NamedAt(at - 1);
      if (named != HealthExperiencer::kNobody) return Resolve(at - 1, named);
    }
    for (size_t at = end_; at < last_ && Seen(kNamed); ++at) {
      const HealthExperiencer named = NamedAt(at);
      if (named == HealthExperiencer::kNobody) continue;
      // "cancer runs in my family": the kin, not the "my" before it.
      if (at + 1 < last_ && Tells(at + 1, kKin)) {
        return HealthExperiencer::kFamily;
      }
      return named;
    }
    // Another sentence of the line may say whose diary it is.
    for (size_t back = 1; back <= std::min(begin_, kReachWords); ++back) {
      if (Tells(begin_ - back, kSelf)) return HealthExperiencer::kSelf;
    }
    return HealthExperiencer::kNobody;
  }

  bool IsYear(const HealthWord& word) const {
    const absl::string_view year =
        text_.substr(word.begin, word.end - word.begin);
    return year.size() == 4 && (year[0] == '1' || year[0] == '2') &&
           std::all_of(year.begin(), year.end(), absl::ascii_isdigit);
  }

  bool IsPast() const {
    if (!Seen(kPast | kIn | kBeginsPast)) return false;
    for (size_t at = first_; at < last_; ++at) {
      if (Tells(at, kPast) || SequenceTells(at, last_, kPast)) return true;
      if (Tells(at, kIn) && at + 1 < last_ && IsYear(words_[at + 1])) {
        return true;
      }
    }
    return false;
  }

  bool IsNegated() const {
    if (!Seen(kNegation | kBeginsDenial)) return false;
    const size_t from =
        std::max(first_, begin_ - std::min(begin_, kNegationReach));
    for (size_t at = begin_; at > from; --at) {
      if (Tells(at - 1, kTurn)) break;
      if (Tells(at - 1, kNegation) &&
          !(Tells(at - 1, kNot) && at < words_.size() &&
            Tells(at, kAfterNot))) {
        return true;
      }
    }
    for (size_t at = end_; at < std::min(last_, end_ + kDenialReach); ++at) {
      if (Tells(at, kTurn)) break;
      if (SequenceTells(at, last_, kDenial)) return true;
    }
    return false;
  }

  bool IsDoubted() const {
    if (!Seen(kDoubt | kBeginsDoubt)) return false;
    const size_t from =
        std::max(first_, begin_ - std::min(begin_, kDoubtReach));
    for (size_t at = from; at < begin_; ++at) {
      if (Tells(at, kDoubt) || SequenceTells(at, begin_, kDoubt)) return true;
    }
    return false;
  }

  bool IsImagined() const {
    if (!Seen(kIf | kIfFirst)) return false;
    for (size_t at = first_; at < begin_; ++at) {
      if (Tells(at, kIf)) return true;
    }
    return Tells(first_, kIfFirst);
  }

  const HealthContextReader& rules_;
  const absl::string_view text_;
  const absl::Span<const HealthWord> words_;
  const size_t begin_;
  const size_t end_;
  // The sentence around them, within reach: words [first_, last_).
  size_t first_;
  size_t last_;
  uint32_t seen_ = 0;
};

HealthContext HealthContextReader::Read(absl::string_view text,
                                        absl::Span<const HealthWord> words,
                                        size_t begin, size_t end) const {
  return Reading(*this, text, words, begin, end).Read();
}

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

}  // namespace subrosa
