// What a signed authorization to sell or disclose has to hold, one by one, and
// what voids it, as the packs list it.
//
// Such a document travels with the data, and who signed it may move. So it is
// held against every pack of the entity that asks for an authorization to this
// action for any of these categories, wherever the consumer lives; a rule that
// does not hold when it is signed is left out.
//
// An element that a pack lists and this version does not know counts as
// missing.
//
// Thread-safe: no state.
//
// Example:
//   const AuthorizationReport report =
//       ExamineAuthorization(choice, law, absl::InfiniteFuture(), now);
//   for (const AuthorizationFinding& finding : report.findings) …
//   SUBROSA_RETURN_IF_ERROR(CheckAuthorization(report));
//
// Source: RCW 19.373.070; NRS 603A.535; Cal. Civ. Code 56.11: rules
// authorization, -defects, -life, -copy, -revocation and -type-size of
// wa-mhmda, nv-sb370 and ca-cmia.
#ifndef SUBROSA_SRC_CONSENT_AUTHORIZATION_CHECK_H_
#define SUBROSA_SRC_CONSENT_AUTHORIZATION_CHECK_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/consent/entity_law.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

enum class AuthorizationDemand {
  kElement,  // Something that it has to hold.
  kDefect,   // Something that voids it.
  kDuty,     // Something that has to be done beside it.
};

// One thing that a rule demands of an authorization, and whether it is so.
struct AuthorizationFinding {
  AuthorizationDemand demand = AuthorizationDemand::kElement;
  const LawEntry* rule = nullptr;
  // The item's key in the rule, and its text; of a duty, the rule's own.
  std::string key;
  std::string text;
  // Empty: it is as it should be. Else what is wrong, `field.path: want …, got
  // …`, without any value of the document.
  std::string fault;

  bool Holds() const { return fault.empty(); }
};

struct AuthorizationReport {
  // By pack, in the order of its rules and items. Empty: no pack asks for an
  // authorization to such an action.
  std::vector<AuthorizationFinding> findings;
  // The first instant at which it is in effect no more: the date that it bears,
  // or when the longest time that a pack allows is over, or its revocation.
  absl::Time ends_at = absl::InfinitePast();

  bool IsValid() const;
};

// Holds the authorization of `choice` against the packs of `law`. `revoked_at`
// is when the consumer revoked it, InfiniteFuture() while they did not.
AuthorizationReport ExamineAuthorization(const v1::Choice& choice,
                                         const EntityLaw& law,
                                         absl::Time revoked_at, absl::Time now);

// OK if `report` is of a valid authorization. INVALID_ARGUMENT else: the first
// fault with its rule, and how many more there are; also if no pack asks for
// one, since then nothing was looked at.
absl::Status CheckAuthorization(const AuthorizationReport& report);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_AUTHORIZATION_CHECK_H_
