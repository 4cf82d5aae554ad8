// A consumer's receipt of one of their consents, from the ledger. Whoever calls
// has authenticated the consumer; this room does not.
#ifndef SUBROSA_SRC_EXPORTS_CHOICE_RECEIPT_H_
#define SUBROSA_SRC_EXPORTS_CHOICE_RECEIPT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/steward/steward.h"

namespace subrosa {

// The receipt (docs/formats/consent_receipt.md) of `consumer`'s entry `number`,
// issued at `now`. It calls them by a pseudonym; its ids and that are PRFs
// under their stable secret, so that receipts of one consent agree, and nobody
// can make them again once the consumer is erased.
//
// NOT_FOUND if there is no such consumer, or the entry is not there or is no
// consent and no authorization. Else as WriteConsentReceipt, which wants a
// recipient on record for what is shared.
absl::StatusOr<std::string> WriteChoiceReceipt(Steward& steward,
                                               absl::string_view consumer,
                                               uint64_t number, absl::Time now);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_CHOICE_RECEIPT_H_
