// The entries in the ledger of disclosures of a set that was given: one for
// each consumer who is in it, with the name under which the recipient knows
// them, so that they are told of it, and the recipient is told when they are
// erased.
#ifndef SUBROSA_SRC_EXPORTS_SET_LEDGER_H_
#define SUBROSA_SRC_EXPORTS_SET_LEDGER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/set_survey.h"
#include "src/steward/permitted_walk.h"
#include "src/steward/steward.h"

namespace subrosa {

struct GivenTerms {
  std::string purpose;
  DateRule dates = DateRule::kYears;
  absl::Time given_at;
  std::string sha256;  // Of what is given, 32 bytes.
};

// PERMISSION_DENIED if `recipient`, a slug, was given a set of the other rule
// with somebody in it who is in `survey` now: who finds a record again in both
// learns its true day. Two sets that are made at one time do not see each
// other. Errors of the ledger.
absl::Status CheckDateRule(Steward& steward, const std::string& recipient,
                           DateRule dates, const SetSurvey& survey);

// Asks of each consumer of `survey` who is in whether they
// may be given still, and then appends the entries, in batches.
//
// PERMISSION_DENIED if a choice or the recipient's end came meanwhile, and
// nothing was appended; FAILED_PRECONDITION if a consumer was erased meanwhile,
// and others' entries may stand.
absl::Status AppendSetDisclosures(Steward& steward, PermittedWalk& walk,
                                  const GivenTerms& terms,
                                  const SetSurvey& survey);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_LEDGER_H_
