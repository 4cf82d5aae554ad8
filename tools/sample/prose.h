// What people of the samples write: journals, notes on a mood, messages to a
// coach; and what a therapist writes of a session. Put together from phrases of
// our own by what the writer lives with and how they feel, so that classifiers,
// viewers and exports have something true to life to read. No real person's
// words are in it.
//
// Thread-safe: functions without state.
#ifndef SUBROSA_TOOLS_SAMPLE_PROSE_H_
#define SUBROSA_TOOLS_SAMPLE_PROSE_H_

#include <cstddef>
#include <string>

#include "tools/sample/people.h"
#include "tools/sample/random.h"

namespace subrosa::sample {

// Who writes, and how they are that day.
struct Scene {
  const Persona* who;
  bool minor;
  int mood;            // 0 to 1000.
  int asleep_minutes;  // The night before.
};

// Each appends to `text`: whole sentences of UTF-8, at most 120 bytes each.
void AppendMoodNote(const Scene& scene, Random& random, std::string* text);
void AppendJournal(const Scene& scene, int sentences, Random& random,
                   std::string* text);
void AppendConsumerMessage(const Scene& scene, Random& random,
                           std::string* text);
void AppendCoachMessage(const Scene& scene, Random& random, std::string* text);
void AppendSessionNote(const Scene& scene, Random& random, std::string* text);

// A journal or a session note of exactly `size_bytes`; the last sentence is cut
// short at the end of a word and closed with full stops.
void AppendJournalOfSize(const Scene& scene, size_t size_bytes, Random& random,
                         std::string* text);
void AppendSessionNoteOfSize(const Scene& scene, size_t size_bytes,
                             Random& random, std::string* text);

// A few words to put above a journal entry, and the question that the app asked
// (empty for a blank page).
const char* JournalTitle(const Scene& scene, Random& random);
const char* JournalPrompt(Random& random);

// A feeling from the app's list that goes with `mood`.
const char* Feeling(int mood, Random& random);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_PROSE_H_
