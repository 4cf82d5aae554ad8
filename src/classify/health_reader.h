// A HealthReader tells whether a text speaks of health, of which kinds, and of
// whose: conditions, symptoms, medicines, care, and the everyday ways of
// speaking of them. A topic (an article on insomnia) is told apart from
// somebody's state ("haven't slept in weeks").
//
// It reads by words and phrases (health_language/health_lexicon.tsv) and by the
// words around them; where none stands, a request for help with feelings or
// with those near counts as seeking help (language/seeking-help), which is what
// people write to a counselor; a small model tells it (docs/help_model.md).
// docs/classification.md says how well it does.
//
// Thread-safe. Nothing returned holds any of the text.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const auto reader, HealthReader::Create());
//   for (const HealthMention& mention : reader.Read("my sister is depressed"))
//     if (mention.is_state()) ...  // language/mood, of family, present.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_READER_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/health_context.h"
#include "src/classify/health_lexicon.h"
#include "src/classify/health_words.h"

namespace subrosa {

// One place where a text speaks of health. Holds no text.
struct HealthMention {
  ByteSpan span;
  const HealthRule* rule = nullptr;  // The reader's; lives as long as it.
  HealthExperiencer experiencer = HealthExperiencer::kNobody;
  HealthAssertion assertion = HealthAssertion::kPresent;
  float score = 0;  // Above 0, at most 1.

  // Whether it is of somebody's health rather than of a topic.
  bool is_state() const { return experiencer != HealthExperiencer::kNobody; }
};

class HealthReader {
 public:
  // With the shipped words. INTERNAL if they are not as their format says,
  // which a test rules out.
  static absl::StatusOr<HealthReader> Create();

  HealthReader(HealthReader&&);
  HealthReader& operator=(HealthReader&&);
  ~HealthReader();

  // Room for reading, to be used again for the next text. Holds no text, but
  // where its words stand and which of them are known.
  struct Scratch {
    HealthWords words;
    HealthLexicon::Places places;
    HealthContextReader::Line context;
    std::vector<LexiconHit> hits;
  };

  // Sets `mentions` to those in `text`, in order; to none if it does not speak
  // of health. Any bytes are safe. Time and memory are linear in the text, of
  // which each GiB is read by itself: whoever reads without bound gives it line
  // by line.
  void Read(absl::string_view text, Scratch* scratch,
            std::vector<HealthMention>* mentions) const;

  // The same for a text of lines, each read by itself: what a line says tells
  // nothing of the next. Faster than line by line. Memory is linear in the
  // longest line.
  void ReadLines(absl::string_view text, Scratch* scratch,
                 std::vector<HealthMention>* mentions) const;

  // As Read, with room of its own.
  std::vector<HealthMention> Read(absl::string_view text) const;

  const std::vector<HealthRule>& rules() const;

 private:
  struct Rep;
  explicit HealthReader(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// `mention` as findings: one for each category of its rule, basis kLanguage,
// with clause and reason.
std::vector<Finding> FindingsOf(const HealthMention& mention,
                                absl::string_view field_path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_READER_H_
