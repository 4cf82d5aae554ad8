// Which labels of a text are found, and which finds are right.
//
// The rule is the one that de-identification is judged by: it asks how much of
// what people marked is covered, not whether spans have the same edges or are
// as many. One address may be labelled as a street, a city and a postal code
// and be found as one, or the other way round.
//
// - A label is *covered* if finds of its type lie over at least half of its
//   letters and digits.
// - A find is *right* if labels of its type lie under at least half of its
//   letters and digits. So a find over a whole page covers its labels, and is
//   wrong.
// - The same by *words*: those of a label that begin under a find of its type,
//   and those of a find that begin over a label of its type.
//
// Stricter, and told beside it: *paired*, one find for one label, the largest
// overlap first; and *exact*, the pairs with equal edges.
//
// Sources, for the rules and not for code: words are the token-level measure of
// i2b2 (Uzuner, Luo, Szolovits, JAMIA 14:550, 2007; Stubbs, Kotfila, Uzuner,
// J Biomed Inform 58S:S11, 2015, which also has strict entities, here exact).
// That several finds add up to cover one label, in characters, is how
// Presidio's evaluator measures spans (presidio-research,
// docs/span_evaluation.md; its threshold is set by the user).
//
// Safe to call from any thread.
#ifndef SUBROSA_SRC_CLASSIFY_SPAN_MATCH_H_
#define SUBROSA_SRC_CLASSIFY_SPAN_MATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"
#include "src/classify/labelled_text.h"
#include "src/classify/span_types.h"

namespace subrosa {

// One find, of a rule by its id ("text/phone").
struct FoundSpan {
  ByteSpan span;
  std::string rule_id;
  double score = 0;
};

struct LabelMatch {
  int type = SpanTypes::kPass;
  bool is_covered = false;
  bool is_paired = false;
  bool is_exact = false;
  int64_t words = 0;
  int64_t covered_words = 0;
  size_t covered_bytes = 0;  // By finds of any type.
};

struct FindMatch {
  // Of the label that it is paired with, or shares most with; of those types
  // that its rule finds. -1 if it meets none.
  int type = -1;
  bool is_right = false;
  bool meets_passed = false;  // A label that the types pass over.
  int64_t words = 0;
  int64_t right_words = 0;
};

struct SpanMatches {
  std::vector<LabelMatch> labels;  // As the text's.
  std::vector<FindMatch> finds;    // As those given.
};

// Most overlaps of labels and finds in one text.
inline constexpr size_t kMaxSpanPairs = 1000000;

// `found` is in order and does not overlap; labels may.
//
// INVALID_ARGUMENT for a label that `types` do not name (by its index), or more
// than kMaxSpanPairs overlaps.
absl::StatusOr<SpanMatches> MatchSpans(const LabelledText& text,
                                       absl::Span<const FoundSpan> found,
                                       const SpanTypes& types);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SPAN_MATCH_H_
