// The policy of a home: which purposes, notices and packs the entity that it
// was made for has. A file that an officer may read and edit; what stands in it
// is no secret.
#ifndef SUBROSA_SRC_STEWARD_HOME_POLICY_H_
#define SUBROSA_SRC_STEWARD_HOME_POLICY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"

namespace subrosa {

// The file of the home `folder`.
std::string PolicyOf(const std::string& folder);

// Reads the policy of the home `folder`, which is `entity`'s.
//
// FAILED_PRECONDITION if the home has none, as those that were made before
// there were policies, or if it is another entity's; else errors of
// Policy::Parse.
absl::StatusOr<Policy> ReadHomePolicy(const std::string& folder,
                                      absl::string_view entity,
                                      const LawBook& book);

// Whether `text`, called `name` in errors, may be the policy of the home
// `folder`. INVALID_ARGUMENT as Policy::Parse; FAILED_PRECONDITION if the home
// has another entity's. A home's policy that is damaged may be replaced.
absl::Status CheckHomePolicy(const std::string& folder, absl::string_view name,
                             absl::string_view text, const LawBook& book);

// Makes `text` the policy of the home `folder`, durably. Who has the home open
// goes on by the old one. Errors of CheckHomePolicy and ReplaceFile; then the
// old policy stands.
absl::Status WriteHomePolicy(const std::string& folder, absl::string_view name,
                             absl::string_view text, const LawBook& book);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_POLICY_H_
