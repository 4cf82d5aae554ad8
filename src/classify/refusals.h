// Why something in a text that looks like an identifier was not taken for one:
// for whoever asks why it was not found (`subrosa classify explain`).
//
// Two things are joined. What the scanner saw and did not take, as it tells
// itself (TextScanner::Explain): a label without a value, a version number, a
// machine's time stamp, a find that another one covers. And what it did not
// look at, since nothing led there: runs of digits with spaces, dots or hyphens
// between, and words that an identifier's form begins like. For each rule whose
// form fits these, it says which check refuses them, or that the checks pass
// and a word beside them is missing. The second are read as their bytes are:
// what the scanner folds first (full-width digits, characters without width) is
// not among them.
//
// Safe to call from any thread.
//
// Security: a reason tells that a check failed, and so something of the value
// (that its area number is 000, say). Show it to whom the text may be shown.
#ifndef SUBROSA_SRC_CLASSIFY_REFUSALS_H_
#define SUBROSA_SRC_CLASSIFY_REFUSALS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

// The refusals in `text`, in order, one for a rule and a place. `matches` and
// `seen` are what the scanner found in it and what it refused: what was found
// after all is no refusal. Linear in the text.
std::vector<TextRefusal> RefusalsIn(absl::string_view text,
                                    absl::Span<const TextMatch> matches,
                                    std::vector<TextRefusal> seen);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_REFUSALS_H_
