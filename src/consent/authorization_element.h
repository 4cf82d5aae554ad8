// The single elements, defects and duties of an authorization, by the names
// that packs give them. Internal to authorization_check.h.
//
// Each function returns what is wrong, `field.path: want …, got …`, or nothing.
#ifndef SUBROSA_SRC_CONSENT_AUTHORIZATION_ELEMENT_H_
#define SUBROSA_SRC_CONSENT_AUTHORIZATION_ELEMENT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// What is looked at, and by what.
struct ExaminedAuthorization {
  const v1::Choice& choice;
  const v1::Authorization& document;
  absl::Time signed_at;
  absl::Time expires_at;
  absl::Time revoked_at;
  absl::Time now;
};

// Of one pack, what its list of elements leaves to other rules.
struct AuthorizationTerms {
  absl::Time latest_end = absl::InfiniteFuture();
  std::string life;  // "1 year (wa-mhmda/authorization-life)".
  int64_t type_points = 0;
};

std::string ElementFault(absl::string_view key, const ExaminedAuthorization& it,
                         const AuthorizationTerms& terms);

std::string DefectFault(absl::string_view key, const ExaminedAuthorization& it,
                        const AuthorizationTerms& terms, bool is_complete);

// That the consumer was given a copy and, where `says_how`, told how to get
// more.
std::string CopyFault(const ExaminedAuthorization& it, bool says_how);

std::string RevocationFault(const v1::Authorization& document);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_AUTHORIZATION_ELEMENT_H_
