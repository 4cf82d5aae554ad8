// What a scanner of text looked at and did not take: for whoever asks why
// something was not found (`subrosa classify explain`).
//
// Security: a reason tells something of the text (that a check digit is wrong,
// say). Show it to whom the text may be shown.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_REFUSAL_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_REFUSAL_H_

#include <string>

#include "src/classify/classification.h"
#include "src/classify/text_rules.h"

namespace subrosa {

struct TextRefusal {
  ByteSpan span;
  TextRuleId rule = TextRuleId::kCount;
  // Ends the sentence "no social security number: …". None of the text itself.
  std::string reason;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_REFUSAL_H_
