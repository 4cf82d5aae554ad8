// What a consumer chooses by a request: to opt out of sale and sharing, to
// limit what sensitive data is used for, to withdraw consents, to have an
// entity cease (Nevada). Such a request is done by an entry of the consent
// ledger, which the desk makes before it says that the request is complete.
//
// The entry says by its method which request it came of: "request-", then the
// request's reference in hexadecimal digits. So it is made once, whatever comes
// between it and the completion.
//
// Thread-safe: no state.
//
// Source: Cal. Civ. Code 1798.120, 1798.121; RCW 19.373.040(1)(b); NRS
// 603A.505.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_CHOICE_H_
#define SUBROSA_SRC_REQUEST_REQUEST_CHOICE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/consent/consent_ledger.h"
#include "src/request/request_law.h"
#include "src/request/request_ledger.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// The part of a request that is the consumer's choice. The desk alone takes its
// steps.
inline constexpr char kChoicesPart[] = "choices";

// Whether a request of `kind` is done by a choice.
bool IsDoneByChoice(v1::RequestKind kind);

// Records what the request `kept`, of a known consumer, chooses, as of its
// receipt. OK means durable, or that it was recorded before; and so it is where
// nothing is left to choose: nothing stands that a withdrawal could take back,
// or the account was erased and is kept from coming back.
//
// Errors of ConsentLedger::Append and CheckNoToAll (src/consent/no_check.h).
absl::Status RecordChoice(const RequestLaw& law, const KeptRequest& kept,
                          absl::Time now, ConsentLedger& choices);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_CHOICE_H_
