#include "src/classify/health_context.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/classify/health_cues.h"

namespace subrosa {
namespace {

constexpr size_t kReachWords = 64;
constexpr size_t kNegationReach = 6;
constexpr size_t kDenialReach = 4;
constexpr size_t kDoubtReach = 8;

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
  cues_.push_back(0);
}

void HealthContextReader::BeginLine(absl::Span<const HealthWord> words,
                                    Line* line) const {
  if (line->marks_.size() < words.size()) line->marks_.resize(words.size());
  const uint32_t* const cues = cues_.data();
  const size_t last = cues_.size() - 1;
  Line::Mark* const marks = line->marks_.data();
  size_t count = 0;
  // Which words tell something cannot be foreseen, and so this does not branch
  // at it.
  for (size_t i = 0; i < words.size(); ++i) {
    const uint32_t told = cues[std::min(size_t{words[i].id}, last)] |
                          (words[i].begins_sentence() ? kSentence : 0);
    marks[count] = {static_cast<uint32_t>(i), told};
    count += told != 0 ? 1 : 0;
  }
  line->count_ = count;
  line->next_ = 0;
}

// The context of one mention: the words [begin, end), within their sentence.
// Looks at the marks of the line alone: most words tell nothing.
class HealthContextReader::Reading {
 public:
  Reading(const HealthContextReader& rules, absl::string_view text,
          absl::Span<const HealthWord> words, size_t begin, size_t end,
          Line* line)
      : rules_(rules),
        text_(text),
        words_(words),
        marks_(line->marks_.data()),
        count_(line->count_),
        begin_(begin),
        end_(end) {
    while (line->next_ < count_ && marks_[line->next_].at < begin) {
      ++line->next_;
    }
    begin_mark_ = line->next_;
    first_ = begin - std::min(begin, kReachWords);
    first_mark_ = begin_mark_;
    if (begin_mark_ < count_ && IsSentence(begin_mark_) &&
        marks_[begin_mark_].at == begin) {
      first_ = begin;
    } else {
      while (first_mark_ > 0 && marks_[first_mark_ - 1].at >= first_) {
        --first_mark_;
        seen_ |= marks_[first_mark_].cues;
        if (IsSentence(first_mark_)) first_ = marks_[first_mark_].at;
      }
    }
    last_ = std::min(words.size(), end + kReachWords);
    end_mark_ = begin_mark_;
    for (; end_mark_ < count_ && marks_[end_mark_].at < end; ++end_mark_) {
      seen_ |= marks_[end_mark_].cues;
    }
    last_mark_ = end_mark_;
    for (; last_mark_ < count_ && marks_[last_mark_].at < last_ &&
           !IsSentence(last_mark_);
         ++last_mark_) {
      seen_ |= marks_[last_mark_].cues;
    }
    if (last_mark_ < count_ && marks_[last_mark_].at < last_) {
      last_ = marks_[last_mark_].at;
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
  bool Tells(size_t mark, uint32_t cues) const {
    return (marks_[mark].cues & cues) != 0;
  }
  bool IsSentence(size_t mark) const { return Tells(mark, kSentence); }

  // Whether the word after that of `mark` has one of the cues.
  bool NextTells(size_t mark, uint32_t cues) const {
    return mark + 1 < count_ && marks_[mark + 1].at == marks_[mark].at + 1 &&
           Tells(mark + 1, cues);
  }

  // Whether a word of the sentence has one of the cues. Most sentences have few
  // of them.
  bool Seen(uint32_t cues) const { return (seen_ & cues) != 0; }

  // What the words from that of `mark` on tell together, before `end`.
  bool SequenceTells(size_t mark, size_t end, uint32_t cue) const {
    if (!Tells(mark, BeginsOf(cue))) return false;
    const size_t at = marks_[mark].at;
    const HealthVocabulary::Id first = words_[at].id;
    for (size_t i = (marks_[mark].cues & ~kSentence) / kFirstSequence;
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
    for (size_t mark = end_mark_; mark > first_mark_; --mark) {
      if (Tells(mark - 1, kAnimal)) return true;
      if (Tells(mark - 1, kNamed)) return false;
    }
    return false;
  }

  // Whom the word names; kNobody if it names none.
  HealthExperiencer NamedAt(size_t mark) const {
    const uint32_t cues = marks_[mark].cues;
    if ((cues & kSelf) != 0) return HealthExperiencer::kSelf;
    if ((cues & kKin) != 0) return HealthExperiencer::kFamily;
    if ((cues & kOther) != 0) return HealthExperiencer::kOther;
    return HealthExperiencer::kNobody;
  }

  // Whether one of the words before the one at `at`, within reach, has one of
  // the cues. `mark` is the first mark that is not before it.
  bool TellsBefore(size_t at, size_t mark, uint32_t cues) const {
    for (; mark > 0 && at - marks_[mark - 1].at <= kReachWords; --mark) {
      if (Tells(mark - 1, cues)) return true;
    }
    return false;
  }

  // Who "he" or "she" is, from the words before it: kin if a word of kinship
  // stands there.
  HealthExperiencer Resolve(size_t mark, HealthExperiencer named) const {
    return Tells(mark, kPronoun) && TellsBefore(marks_[mark].at, mark, kKin)
               ? HealthExperiencer::kFamily
               : named;
  }

  HealthExperiencer Experiencer() const {
    if (Seen(kNamed)) {
      // The nearest before, the mention's own words first.
      for (size_t mark = end_mark_; mark > first_mark_; --mark) {
        const HealthExperiencer named = NamedAt(mark - 1);
        if (named != HealthExperiencer::kNobody) {
          return Resolve(mark - 1, named);
        }
      }
      for (size_t mark = end_mark_; mark < last_mark_; ++mark) {
        const HealthExperiencer named = NamedAt(mark);
        if (named == HealthExperiencer::kNobody) continue;
        // "cancer runs in my family": the kin, not the "my" before it.
        return mark + 1 < last_mark_ && NextTells(mark, kKin)
                   ? HealthExperiencer::kFamily
                   : named;
      }
    }
    // Another sentence of the line may say whose diary it is.
    return TellsBefore(begin_, begin_mark_, kSelf) ? HealthExperiencer::kSelf
                                                   : HealthExperiencer::kNobody;
  }

  bool IsYear(const HealthWord& word) const {
    const absl::string_view year =
        text_.substr(word.begin, word.end - word.begin);
    return year.size() == 4 && (year[0] == '1' || year[0] == '2') &&
           std::all_of(year.begin(), year.end(), absl::ascii_isdigit);
  }

  bool IsPast() const {
    if (!Seen(kPast | kIn | kBeginsPast)) return false;
    for (size_t mark = first_mark_; mark < last_mark_; ++mark) {
      if (Tells(mark, kPast) || SequenceTells(mark, last_, kPast)) return true;
      const size_t next = marks_[mark].at + size_t{1};
      if (Tells(mark, kIn) && next < last_ && IsYear(words_[next])) return true;
    }
    return false;
  }

  bool IsNegated() const {
    if (!Seen(kNegation | kBeginsDenial)) return false;
    const size_t from =
        std::max(first_, begin_ - std::min(begin_, kNegationReach));
    for (size_t mark = begin_mark_; mark > 0 && marks_[mark - 1].at >= from;
         --mark) {
      if (Tells(mark - 1, kTurn)) break;
      if (Tells(mark - 1, kNegation) &&
          !(Tells(mark - 1, kNot) && NextTells(mark - 1, kAfterNot))) {
        return true;
      }
    }
    for (size_t mark = end_mark_;
         mark < last_mark_ && marks_[mark].at < end_ + kDenialReach; ++mark) {
      if (Tells(mark, kTurn)) break;
      if (SequenceTells(mark, last_, kDenial)) return true;
    }
    return false;
  }

  bool IsDoubted() const {
    if (!Seen(kDoubt | kBeginsDoubt)) return false;
    const size_t from =
        std::max(first_, begin_ - std::min(begin_, kDoubtReach));
    for (size_t mark = begin_mark_; mark > 0 && marks_[mark - 1].at >= from;
         --mark) {
      if (Tells(mark - 1, kDoubt) || SequenceTells(mark - 1, begin_, kDoubt)) {
        return true;
      }
    }
    return false;
  }

  bool IsImagined() const {
    if (!Seen(kIf | kIfFirst)) return false;
    for (size_t mark = first_mark_; mark < begin_mark_; ++mark) {
      if (Tells(mark, kIf)) return true;
    }
    return first_mark_ < count_ && marks_[first_mark_].at == first_ &&
           Tells(first_mark_, kIfFirst);
  }

  const HealthContextReader& rules_;
  const absl::string_view text_;
  const absl::Span<const HealthWord> words_;
  const Line::Mark* const marks_;
  const size_t count_;
  const size_t begin_;
  const size_t end_;
  // The sentence around them, within reach: words [first_, last_).
  size_t first_;
  size_t last_;
  // The first marks that are not before these words.
  size_t first_mark_;
  size_t begin_mark_;
  size_t end_mark_;
  size_t last_mark_;
  uint32_t seen_ = 0;
};

HealthContext HealthContextReader::Read(absl::string_view text,
                                        absl::Span<const HealthWord> words,
                                        size_t begin, size_t end,
                                        Line* line) const {
  return Reading(*this, text, words, begin, end, line).Read();
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
