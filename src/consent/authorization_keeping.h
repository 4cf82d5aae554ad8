// How long an authorization is kept as evidence, though its consumer is erased:
// seller and purchaser have to show it for years after it last was in effect.
//
// Thread-safe: no state.
//
// Example:
//   if (const auto label = AuthorizationEvidence(choice, report, law)) {
//     SUBROSA_RETURN_IF_ERROR(
//         evidence.Keep(choice.consumer(), {*label,
//         choice.SerializeAsString()}));
//   }
//
// Source: RCW 19.373.070(5), rule wa-mhmda/authorization-keeping.
#ifndef SUBROSA_SRC_CONSENT_AUTHORIZATION_KEEPING_H_
#define SUBROSA_SRC_CONSENT_AUTHORIZATION_KEEPING_H_

#include "absl/types/optional.h"
#include "src/consent/authorization_check.h"
#include "src/consent/entity_law.h"
#include "src/vault/evidence_store.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// What to keep the authorization of `choice` under: the rule of the entity's
// packs that asks for it longest, and the last day, in UTC, of the time that
// rule gives. It runs from the signature or from `report.ends_at`, when the
// authorization was last in effect, whichever is later: a revocation makes it
// end sooner, and what is kept already stays. Nothing if no pack asks for it.
absl::optional<EvidenceLabel> AuthorizationEvidence(
    const v1::Choice& choice, const AuthorizationReport& report,
    const EntityLaw& law);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_AUTHORIZATION_KEEPING_H_
