#include "tools/sample/prose.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/sample/phrases.h"

namespace subrosa::sample {
namespace {

constexpr int kLowMood = 400;
constexpr int kGoodMood = 640;

// One phrase of three lists, by mood.
template <size_t L, size_t E, size_t G>
const char* PickByMood(int mood, const char* const (&low)[L],
                       const char* const (&even)[E],
                       const char* const (&good)[G], Random& random) {
  if (mood < kLowMood) return random.Pick(low);
  return mood < kGoodMood ? random.Pick(even) : random.Pick(good);
}

// Half of those with another condition write of it too.
const Concern& PickConcern(const Scene& scene, Random& random) {
  const Persona& who = *scene.who;
  return who.body != nullptr && random.Chance(30) ? *who.body : *who.mind;
}

void AppendHours(int minutes, std::string* text) {
  absl::StrAppend(text, minutes / 60);
  if (minutes % 60 >= 30) text->append(" and a half");
}

// The digits are of the ranges kept for fiction: 555-0100 to 555-0199.
void AppendPhone(const Persona& who, std::string* text) {
  absl::StrAppend(text, "(206) 555-01", who.number % 90 + 10);
}

void AppendWord(absl::string_view word, const Scene& scene, Random& random,
                std::string* text) {
  const Persona& who = *scene.who;
  if (word == "plain") {
    text->append(PickConcern(scene, random).plain);
  } else if (word == "symptom") {
    text->append(random.Pick(PickConcern(scene, random).symptoms));
  } else if (word == "drug") {
    text->append(PickConcern(scene, random).medicine.rxnorm.display);
  } else if (word == "therapist") {
    text->append(who.therapist);
  } else if (word == "coach") {
    text->append(who.coach);
  } else if (word == "person") {
    text->append(who.close_one);
  } else if (word == "friend") {
    text->append(who.friend_name);
  } else if (word == "sleep") {
    AppendHours(scene.asleep_minutes, text);
  } else if (word == "work") {
    text->append(scene.minor ? "school" : "work");
  } else if (word == "town") {
    text->append(who.town->name);
  } else if (word == "mail") {
    AppendAccountId(who.number, text);
    text->append("@example.com");
  } else if (word == "phone") {
    AppendPhone(who, text);
  }
}

// Appends `phrase` with its words replaced and its first letter made large.
void AppendPhrase(absl::string_view phrase, const Scene& scene, Random& random,
                  std::string* text) {
  const size_t start = text->size();
  for (;;) {
    const size_t open = phrase.find('{');
    text->append(phrase.data(),
                 open == absl::string_view::npos ? phrase.size() : open);
    if (open == absl::string_view::npos) break;
    const size_t close = phrase.find('}', open);
    AppendWord(phrase.substr(open + 1, close - open - 1), scene, random, text);
    phrase.remove_prefix(close + 1);
  }
  char& first = (*text)[start];
  if (first >= 'a' && first <= 'z')
    first = static_cast<char>(first - 'a' + 'A');
}

// Goes through a list from a random place in steps of a prime that shares no
// factor with the lists' lengths: none is said twice until all are.
class Walk {
 public:
  explicit Walk(Random& random)
      : at_(random.Below(1 << 20)), step_(random.Pick(kSteps)) {}

  template <size_t N>
  const char* Next(const char* const (&phrases)[N]) {
    static_assert(N % 7 != 0 && N % 11 != 0 && N % 13 != 0 && N % 17 != 0,
                  "some phrases would never be said");
    at_ += step_;
    return phrases[at_ % N];
  }

 private:
  static constexpr uint32_t kSteps[] = {7, 11, 13, 17};

  uint32_t at_;
  uint32_t step_;
};

void AppendMiddle(const Scene& scene, Walk* walk, Random& random,
                  std::string* text) {
  if (!text->empty()) text->push_back(' ');
  AppendPhrase(scene.minor ? walk->Next(kSchoolMiddles) : walk->Next(kMiddles),
               scene, random, text);
}

void AppendNote(const Scene& scene, Walk* walk, Random& random,
                std::string* text) {
  if (!text->empty()) text->push_back(' ');
  const char* phrase = !scene.minor && random.Chance(8)
                           ? random.Pick(kAdultNotes)
                           : walk->Next(kNotes);
  AppendPhrase(phrase, scene, random, text);
}

// Shortens the text that begins at `start` to `size` bytes: at a space, which
// never splits a character, with full stops in place of what is missing.
void CutTo(size_t start, size_t size, std::string* text) {
  const size_t end = start + size;
  size_t cut = text->rfind(' ', end > 0 ? end - 1 : 0);
  if (cut == std::string::npos || cut < start) cut = start;
  text->resize(cut);
  text->append(end - cut, '.');
}

}  // namespace

void AppendMoodNote(const Scene& scene, Random& random, std::string* text) {
  AppendPhrase(
      PickByMood(scene.mood, kLowNotes, kEvenNotes, kGoodNotes, random), scene,
      random, text);
}

void AppendJournal(const Scene& scene, int sentences, Random& random,
                   std::string* text) {
  AppendPhrase(PickByMood(scene.mood, kLowOpenings, kEvenOpenings,
                          kGoodOpenings, random),
               scene, random, text);
  Walk walk(random);
  for (int i = 2; i < sentences; ++i) AppendMiddle(scene, &walk, random, text);
  text->push_back(' ');
  AppendPhrase(PickByMood(scene.mood, kLowClosings, kEvenClosings,
                          kGoodClosings, random),
               scene, random, text);
}

void AppendConsumerMessage(const Scene& scene, Random& random,
                           std::string* text) {
  Walk walk(random);
  AppendPhrase(walk.Next(kAsks), scene, random, text);
  if (random.Chance(50)) {
    text->push_back(' ');
    AppendPhrase(walk.Next(kAsks), scene, random, text);
  }
}

void AppendCoachMessage(const Scene& scene, Random& random, std::string* text) {
  Walk walk(random);
  AppendPhrase(walk.Next(kAnswers), scene, random, text);
  if (random.Chance(60)) {
    text->push_back(' ');
    AppendPhrase(walk.Next(kAnswers), scene, random, text);
  }
}

void AppendSessionNote(const Scene& scene, Random& random, std::string* text) {
  const int sentences = random.Between(3, 5);
  Walk walk(random);
  for (int i = 0; i < sentences; ++i) AppendNote(scene, &walk, random, text);
}

void AppendJournalOfSize(const Scene& scene, size_t size_bytes, Random& random,
                         std::string* text) {
  const size_t start = text->size();
  AppendPhrase(PickByMood(scene.mood, kLowOpenings, kEvenOpenings,
                          kGoodOpenings, random),
               scene, random, text);
  Walk walk(random);
  while (text->size() - start < size_bytes)
    AppendMiddle(scene, &walk, random, text);
  CutTo(start, size_bytes, text);
}

void AppendSessionNoteOfSize(const Scene& scene, size_t size_bytes,
                             Random& random, std::string* text) {
  const size_t start = text->size();
  Walk walk(random);
  while (text->size() - start < size_bytes)
    AppendNote(scene, &walk, random, text);
  CutTo(start, size_bytes, text);
}

const char* JournalTitle(const Scene& scene, Random& random) {
  return PickByMood(scene.mood, kLowTitles, kEvenTitles, kGoodTitles, random);
}

const char* JournalPrompt(Random& random) { return random.Pick(kPrompts); }

const char* Feeling(int mood, Random& random) {
  return PickByMood(mood, kLowFeelings, kEvenFeelings, kGoodFeelings, random);
}

}  // namespace subrosa::sample
