// Gathers what a consumer's copy says beside their records: whose it is, what
// is known of them for decisions, their choices with receipts, who was given
// their data, what they asked for.
#ifndef SUBROSA_SRC_EXPORTS_COPY_COLLECT_H_
#define SUBROSA_SRC_EXPORTS_COPY_COLLECT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/exports/copy_facts.h"
#include "src/steward/steward.h"

namespace subrosa {

// A small file of a copy, whole.
struct CopyDocument {
  std::string name;
  std::string words;  // What it is.
  std::string text;
};

// Fills in of `facts` the entity's name and contacts, what is known, choices,
// recipients and requests of `consumer`, and adds the documents that hold them
// for programs: choices.json, recipients.json, requests.json and a receipt for
// each consent. `facts.made_at` is set.
//
// FAILED_PRECONDITION if a recipient is not on record, or has no contact that
// somebody has seen work in kContactCheckedDays (RCW 19.373.040(1)(a));
// NOT_FOUND if there is no such consumer. Memory grows with their number.
absl::Status CollectCopyFacts(Steward& steward, absl::string_view consumer,
                              CopyFacts* facts,
                              std::vector<CopyDocument>* documents);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_COLLECT_H_
