// Why something in a text that looks like an identifier was not taken for one:
// for whoever asks why it was not found (`subrosa classify explain`).
//
// It looks at what a scanner left: runs of digits with spaces, dots or hyphens
// between, and words that an identifier's form begins like. For each rule whose
// form fits, it says which check refused it, or that the checks pass and what
// stands around it decided. It reads the text as its bytes are: what the
// scanner folds first (full-width digits, characters without width) it does not
// see.
//
// Safe to call from any thread.
//
// Security: a reason tells that a check failed, and so something of the value
// (that its area number is 000, say). Show it to whom the text may be shown.
#ifndef SUBROSA_SRC_CLASSIFY_REFUSALS_H_
#define SUBROSA_SRC_CLASSIFY_REFUSALS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

// One rule that could have found `span` and did not.
struct Refusal {
  ByteSpan span;
  TextRuleId rule = TextRuleId::kCount;
  std::string reason;  // "nine digits, but area 000 is never issued".
};

// The refusals in `text`, in order. `matches` is what a scanner found in it:
// what overlaps a match is no refusal. Linear in the text.
std::vector<Refusal> RefusalsIn(absl::string_view text,
                                absl::Span<const TextMatch> matches);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_REFUSALS_H_
