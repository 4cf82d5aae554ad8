// What stands of a consumer's choices: the ledger's entries, folded one after
// the other. A later entry takes the place of those that it covers; what it
// covers in part stays before it, since order decides (decider.h).
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_STANDING_H_
#define SUBROSA_SRC_CONSENT_STANDING_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// The most choices that stand at one time, of one consumer.
inline constexpr int kMaxStandingChoices = 256;
// The most that one entry of the ledger comes to: its actions times its
// purposes times its recipients.
inline constexpr int kMaxChoicesOfEntry = 64;

// Folds the entry `choice`, the consumer's `number`-th, into `standing`, and
// drops what was over before `today` (days since 1970-01-01).
//
// INVALID_ARGUMENT if it comes to more than kMaxChoicesOfEntry,
// RESOURCE_EXHAUSTED if more than kMaxStandingChoices would stand; then
// `standing` is as it was.
absl::Status FoldChoice(const v1::Choice& choice, uint64_t number,
                        int32_t today, v1::Standing* standing);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_STANDING_H_
