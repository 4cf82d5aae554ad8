// A de-identified set: records of many consumers for one recipient, without
// what identifies (payload_deidentifier.h), sealed to the recipient's key
// (docs/formats/deidentified.md).
//
// What has to hold before one is written:
//   - the entity attests what the law packs ask for (attestations.h), and the
//     recipient is on record, with a contract and a key to seal to;
//   - each record may be shared with that recipient for that purpose, by the
//     policy and its consumer's choices, as if it were not de-identified;
//   - whoever shares their coarse values with too few others is left out.
//
// Two sets are to have nothing but their content in common: names of consumers,
// and the days by which dates are moved, go by the recipient, the year and all
// terms that choose what stands in a set; consumers stand by name, and the
// records of each are shuffled.
//
// The set says what was done and what was measured, and claims nothing of
// anybody's anonymity. It leaves an entry in the ledger of disclosures for each
// consumer who is in it, and a leaf with its digest in the log.
//
// The order decides what a kill leaves, as in WriteSealedCopy: nothing, or
// entries without a file; never a file without its entries.
//
// Memory: see SetSurvey; records are streamed. Until it is done a set takes its
// room on the disk twice: as it waits until everybody was read (set_draft.h),
// and in the end.
#ifndef SUBROSA_SRC_EXPORTS_DEIDENTIFIED_SET_H_
#define SUBROSA_SRC_EXPORTS_DEIDENTIFIED_SET_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/exports/set_terms.h"
#include "src/steward/steward.h"

namespace subrosa {

// What WriteDeidentifiedSet would write of whom, without attestations. Errors
// as it, but that a set in which nobody is left is planned, and neither
// attestations, key nor contract are asked for.
absl::StatusOr<DeidentifiedSet> PlanDeidentifiedSet(Steward& steward,
                                                    const SetTerms& terms);

// Writes the set into the new file `path`, mode 0600.
//
// PERMISSION_DENIED if an attestation is missing, nothing may be given, no
// group is large enough, the recipient has somebody's dates by the other rule
// (CheckDateRule), or a choice that was made meanwhile stands against it;
// INVALID_ARGUMENT for terms that make no sense, as a type of which no record
// is held and which has no marks; NOT_FOUND if the recipient is
// not on record; FAILED_PRECONDITION if it has no key or no contract, or a
// record is of a type that is not known; ALREADY_EXISTS if something stands at
// `path`. On error nothing stands there; the ledger may say that it was given
// only if what failed came after the set was whole, and the error says so.
absl::StatusOr<DeidentifiedSet> WriteDeidentifiedSet(Steward& steward,
                                                     const SetTerms& terms,
                                                     const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_DEIDENTIFIED_SET_H_
