#include "src/erasure/part_officers.h"

#include <string>

#include "src/base/clock.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/steward/consent_gate.h"

namespace subrosa {

absl::StatusOr<PartLeave> PartOfficers::Ask(absl::string_view consumer,
                                            const PartSelection& selection,
                                            absl::string_view officer) {
  if (!steward_.gate().policy().proto().erasure_wants_two_officers()) {
    if (officer.empty()) return PartLeave::kGiven;
    return absl::InvalidArgumentError(
        "officer: want one where the policy wants two, got one where it does "
        "not");
  }
  if (officer.empty()) {
    return absl::InvalidArgumentError(
        "officer: want who asks, as the policy wants two officers, got nobody");
  }
  SUBROSA_RETURN_IF_ERROR(CheckSlug("officer", officer));
  const int32_t today = DayOf(steward_.clock().Now());
  SUBROSA_RETURN_IF_ERROR(book_.MakeKeyFor(today));
  SUBROSA_ASSIGN_OR_RETURN(ErasureBook::Places places,
                           book_.FindPart(consumer, today));
  const std::string part = SerializeSelection(selection);
  const bool is_asked = places.newest.has_value();
  if (is_asked && places.newest->erasure.ordered_by() != officer) {
    if (places.newest->erasure.part() == part) return PartLeave::kGiven;
    return absl::FailedPreconditionError(
        "part: want the one that another officer asked for, got another");
  }
  ErasureEntry& entry = is_asked ? *places.newest : places.next;
  entry.erasure.set_consumer(std::string(consumer));
  entry.erasure.set_ordered_by(std::string(officer));
  entry.erasure.set_part(part);
  SUBROSA_ASSIGN_OR_RETURN(const bool is_kept,
                           is_asked ? book_.Put(&entry) : book_.Insert(entry));
  // If not, another officer asked meanwhile, who may be the first then.
  return is_kept ? PartLeave::kWaits : Ask(consumer, selection, officer);
}

absl::Status PartOfficers::Forget(absl::string_view consumer) {
  const int32_t today = DayOf(steward_.clock().Now());
  SUBROSA_RETURN_IF_ERROR(book_.MakeKeyFor(today));
  SUBROSA_ASSIGN_OR_RETURN(const ErasureBook::Places places,
                           book_.FindPart(consumer, today));
  return places.newest.has_value() ? book_.Remove(*places.newest)
                                   : absl::OkStatus();
}

}  // namespace subrosa
