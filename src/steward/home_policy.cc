#include "src/steward/home_policy.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

absl::Status WrongEntity(absl::string_view name, absl::string_view want,
                         absl::string_view got) {
  return absl::FailedPreconditionError(
      absl::StrCat(name, ": entity: want ", want,
                   ", for which the home was made, got ", got));
}

}  // namespace

std::string PolicyOf(const std::string& folder) {
  return absl::StrCat(folder, "/", kPolicyFileName);
}

absl::StatusOr<Policy> ReadHomePolicy(const std::string& folder,
                                      absl::string_view entity,
                                      const LawBook& book) {
  const std::string path = PolicyOf(folder);
  const absl::StatusOr<std::string> text = ReadFile(path, kMaxPolicyBytes);
  if (absl::IsNotFound(text.status())) {
    return absl::FailedPreconditionError(absl::StrCat(
        path,
        ": want the entity's policy, got none; `subrosa policy set` puts "
        "one there"));
  }
  SUBROSA_RETURN_IF_ERROR(text.status());
  SUBROSA_ASSIGN_OR_RETURN(Policy policy, Policy::Parse(path, *text, book));
  if (policy.proto().entity() != entity) {
    return WrongEntity(path, entity, policy.proto().entity());
  }
  return policy;
}

absl::Status CheckHomePolicy(const std::string& folder, absl::string_view name,
                             absl::string_view text, const LawBook& book) {
  SUBROSA_ASSIGN_OR_RETURN(const Policy policy,
                           Policy::Parse(name, text, book));
  const std::string path = PolicyOf(folder);
  const absl::StatusOr<std::string> old_text = ReadFile(path, kMaxPolicyBytes);
  if (!old_text.ok()) return absl::OkStatus();
  const absl::StatusOr<Policy> old = Policy::Parse(path, *old_text, book);
  if (!old.ok() || old->proto().entity() == policy.proto().entity()) {
    return absl::OkStatus();
  }
  return WrongEntity(name, old->proto().entity(), policy.proto().entity());
}

absl::Status WriteHomePolicy(const std::string& folder, absl::string_view name,
                             absl::string_view text, const LawBook& book) {
  SUBROSA_RETURN_IF_ERROR(CheckHomePolicy(folder, name, text, book));
  return ReplaceFile(PolicyOf(folder), text, 0600);
}

}  // namespace subrosa
