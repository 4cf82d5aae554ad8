// A NameTagger finds names of people, places and organisations in text. It is a
// linear model: lists of our own, a word's form and the words around it each
// add to a score, and no list decides alone. docs/name_model.md says on what it
// was trained and how well it does.
//
// It looks at capitalised words, and at small ones only where a list knows
// them: names in scripts without capitals are not found. Text is UTF-8, but any
// bytes are safe; spans are bytes and never split a character.
//
// Time is linear: each token is labelled once, from at most three tokens before
// its run of capitals and three after it.
//
// Thread-safe: any number of threads may use one NameTagger, each with a
// Scratch of its own.
//
// Security: no match or error holds any of the text. The weights hold no word
// either: only hashes of what five texts of the training had.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const NameTagger tagger, NameTagger::BuiltIn());
//   NameTagger::Scratch scratch;
//   std::vector<FoundName> matches;
//   tagger.Tag("Anna lives in Oslo", 0, 18, &scratch, &matches);
#ifndef SUBROSA_SRC_CLASSIFY_NAME_TAGGER_H_
#define SUBROSA_SRC_CLASSIFY_NAME_TAGGER_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/name_features.h"
#include "src/classify/name_lists.h"
#include "src/classify/name_tokens.h"

namespace subrosa {

struct FoundName {
  size_t begin = 0;
  size_t end = 0;
  NameLabel label = NameLabel::kNone;  // Person, place or organization.
  float score = 0;                     // From 0.5 on, below 1.
};

class NameTagger {
 public:
  // May be used again and again. Holds hashes and places of the last text.
  class Scratch {
   private:
    friend class NameTagger;
    std::vector<NameToken> tokens_;
  };

  // The lists and weights that are built in.
  static absl::StatusOr<NameTagger> BuiltIn();

  // INVALID_ARGUMENT, with the line's number, for what is not lists
  // (name_lists.h) or weights (name_model/name_weights.tsv).
  static absl::StatusOr<NameTagger> Parse(absl::string_view lists,
                                          absl::string_view weights);

  // Appends the names that begin at `begin` or after and before `end`, in order
  // and not overlapping. What stands in `text` before `begin` and after `end`
  // only helps to decide; kContextBytes of it are looked at. `text` has at most
  // 4 GiB; constant memory wants pieces.
  void Tag(absl::string_view text, size_t begin, size_t end, Scratch* scratch,
           std::vector<FoundName>* matches) const;
  static constexpr size_t kContextBytes = 256;

 private:
  static constexpr size_t kLanes = 8;  // Labels, and room for whole vectors.
  // Vectors of Clang and GCC.
  typedef int8_t Weights __attribute__((vector_size(kLanes)));
  typedef int16_t Scores __attribute__((vector_size(2 * kLanes)));

  struct Decision {
    NameLabel label = NameLabel::kNone;
    int lead = 0;  // Over kNone.
  };

  explicit NameTagger(NameLists lists) : lists_(std::move(lists)) {}

  Scores ScoresOf(const NameFeatures& rows) const;
  Decision Decide(const NameFeatures& rows) const;

  NameLists lists_;
  std::vector<Weights> weights_;
  int none_penalty_ = 0;  // Taken from kNone: a miss costs more than an alarm.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAME_TAGGER_H_
