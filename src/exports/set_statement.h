// What a de-identified set says of itself (docs/formats/deidentified.md): who
// attests what, what was done by which rules, how much the scanner of texts
// finds, and how alike those in it are. It claims nothing.
#ifndef SUBROSA_SRC_EXPORTS_SET_STATEMENT_H_
#define SUBROSA_SRC_EXPORTS_SET_STATEMENT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/exports/attestations.h"
#include "src/exports/safe_harbor.h"
#include "src/exports/scanner_recall.h"
#include "src/exports/set_terms.h"
#include "src/law/law_book.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

struct SetFacts {
  std::string entity;
  v1::Recipient recipient;
  absl::Time made_at;
  std::vector<Attestation> attestations;
  ScannerRecall recall;
};

// STATEMENT.json, whole.
std::string SetStatement(const SetFacts& facts, const SetTerms& terms,
                         const DeidentifiedSet& set, const LawBook& law,
                         const SafeHarbor& rules);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_STATEMENT_H_
