#include "src/exports/copy_range.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/consent/consent_ledger.h"
#include "src/consent/entity_law.h"
#include "src/exports/record_text.h"
#include "src/law/law_file.h"
#include "src/steward/consent_gate.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// Whether `rule` is a pack's answer in time to somebody who asks for what is
// held of them.
bool AnswersAccess(const v1::LawRule& rule) {
  const v1::Deadline& deadline = rule.deadline();
  return deadline.step() == v1::CLOCK_STEP_RESPOND &&
         std::find(deadline.request().begin(), deadline.request().end(),
                   v1::REQUEST_KIND_ACCESS) != deadline.request().end();
}

}  // namespace

bool CopyRange::Has(const v1::HealthRecord& record) const {
  const int32_t day = DayOf(WhenOf(record));
  return (!first_day.has_value() || day >= *first_day) &&
         (!last_day.has_value() || day <= *last_day) &&
         (!collected_since.has_value() ||
          DayOf(TimeOf(record.collected_at())) >= *collected_since);
}

absl::StatusOr<CopyRange> LeastCopyRange(Steward& steward,
                                         absl::string_view consumer) {
  ConsentGate& gate = steward.gate();
  SUBROSA_ASSIGN_OR_RETURN(const StandingState state,
                           gate.ReadStanding(consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      const EntityLaw law,
      EntityLaw::Create(gate.law(), gate.policy().proto()));
  const PackBits packs =
      law.PacksFor(state.standing.facts(), /*jurisdiction=*/"");
  const absl::Time now = steward.clock().Now();
  PackBits answering = 0;
  PackBits bounded = 0;
  CopyRange least;
  for (const DatedRule& rule : law.rules()) {
    if ((rule.pack & packs) == 0 || !rule.HoldsAt(now)) continue;
    if (AnswersAccess(rule.rule())) answering |= rule.pack;
    const std::string& since = rule.rule().contents().collected_since();
    if (since.empty()) continue;
    bounded |= rule.pack;
    SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay first, ParseLawDay(since));
    const auto day = static_cast<int32_t>(first - absl::CivilDay(1970, 1, 1));
    if (!least.collected_since.has_value() || day < *least.collected_since) {
      least.collected_since = day;
      least.rule = rule.id();
      least.citation = rule.rule().citation();
    }
  }
  return answering == 0 || (answering & ~bounded) != 0 ? CopyRange() : least;
}

}  // namespace subrosa
