#include "src/consent/authorization_keeping.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/consent/choice_time.h"
#include "src/law/deadline.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// Names that packs give to what is kept, and this room to evidence.
constexpr char kAuthorization[] = "authorization";

}  // namespace

absl::optional<EvidenceLabel> AuthorizationEvidence(
    const v1::Choice& choice, const AuthorizationReport& report,
    const EntityLaw& law) {
  const absl::Time signed_at = TimeOf(choice.authorization().signed_at());
  const absl::Time last_in_effect =
      std::max(signed_at, report.ends_at - absl::Nanoseconds(1));
  absl::optional<EvidenceLabel> longest;
  for (const DatedRule& rule : law.rules()) {
    const v1::Keeps& keeps = rule.rule().keeps();
    if (keeps.what() != kAuthorization || !keeps.has_at_least() ||
        !rule.HoldsAt(signed_at)) {
      continue;
    }
    const absl::Time start = keeps.start() == v1::CLOCK_START_LAST_EFFECTIVE
                                 ? last_in_effect
                                 : signed_at;
    const absl::StatusOr<absl::CivilDay> last_day = LastDayOf(
        keeps.at_least(), absl::ToCivilDay(start, rule.zone), nullptr);
    if (!last_day.ok()) continue;
    // The last day in the pack's zone ends on a later one in UTC.
    const absl::Time end = absl::FromCivil(*last_day + 1, rule.zone);
    const int32_t day = DayOf(end - absl::Nanoseconds(1));
    if (!longest.has_value() || day > longest->expires_day) {
      longest = EvidenceLabel{kAuthorization, rule.id(), day};
    }
  }
  return longest;
}

}  // namespace subrosa
