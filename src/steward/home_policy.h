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

// Makes `text`, which Policy::Parse takes, the policy of the home `folder`,
// durably. Who has the home open goes on by the old one.
//
// FAILED_PRECONDITION if the home has a policy of another entity;
// INVALID_ARGUMENT as Policy::Parse, which names `name`; else errors of
// ReplaceFile. On error the old policy stands.
absl::Status WriteHomePolicy(const std::string& folder, absl::string_view name,
                             absl::string_view text, const LawBook& book);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_POLICY_H_
