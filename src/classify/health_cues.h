// The words that tell whose health is spoken of, and how surely: NegEx and
// ConText's kinds of cue, of our own words. Internal to health_context.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_CUES_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_CUES_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace subrosa {

// What a word, or a sequence of words, tells; as bits.
enum HealthContextCue : uint32_t {
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
  kSentence = 1U << 31,      // The word begins one.
  kNamed = kSelf | kKin | kOther,
};

struct CueWords {
  uint32_t cue;
  absl::string_view words;
  // "mother" and "mother's" name the same.
  bool has_owner = false;
};

inline constexpr CueWords kCueWords[] = {
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
inline constexpr CueWords kCueSequences[] = {
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

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_CUES_H_
