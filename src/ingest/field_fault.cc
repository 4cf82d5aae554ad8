#include "src/ingest/field_fault.h"

#include "absl/strings/str_cat.h"

namespace subrosa {

bool FieldFault::Wrong(absl::string_view want, absl::string_view got) {
  is_whole_ = false;
  path_.clear();
  want_ = std::string(want);
  got_ = std::string(got);
  return false;
}

bool FieldFault::In(absl::string_view name) {
  const bool joins = path_.empty() || path_.front() == '[';
  path_ = absl::StrCat(name, joins ? "" : ".", path_);
  return false;
}

bool FieldFault::WrongAsWhole(absl::string_view want, absl::string_view got) {
  Wrong(want, got);
  is_whole_ = true;
  return false;
}

absl::Status FieldFault::ToStatus(absl::string_view whole) const {
  return absl::InvalidArgumentError(
      absl::StrCat(is_whole_ || path_.empty() ? whole : path_, ": want ", want_,
                   ", got ", got_));
}

}  // namespace subrosa
