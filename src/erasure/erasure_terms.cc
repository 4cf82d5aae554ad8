#include "src/erasure/erasure_terms.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/certificate_check.h"

namespace subrosa {
namespace {

// Duties by which something may stay, or wait, although it is to be deleted.
constexpr absl::string_view kSuppressDeleted = "suppress-deleted";
constexpr absl::string_view kHoldDeletion = "hold-deletion";
constexpr absl::string_view kGraceBeforeDeletion = "grace-before-deletion";

// What packs allow, and the first rule that does.
struct Allowance {
  PackBits packs = 0;
  std::string rule;

  void TakeRule(const DatedRule& dated) {
    packs |= dated.pack;
    if (rule.empty()) rule = dated.id();
  }
  // The rule, if every one of `deleting` allows it.
  std::string AllowedBy(PackBits deleting) const {
    return deleting != 0 && (deleting & ~packs) == 0 ? rule : "";
  }
};

// Whether the clock of `deadline` runs for a request to delete.
bool IsForDeletion(const v1::Deadline& deadline) {
  return deadline.request().empty() ||
         std::find(deadline.request().begin(), deadline.request().end(),
                   v1::REQUEST_KIND_DELETE) != deadline.request().end();
}

absl::Time StartOf(const v1::Deadline& deadline, const ErasureTimes& times,
                   absl::Time now) {
  switch (deadline.start()) {
    case v1::CLOCK_START_AUTHENTICATION:
      return times.authenticated_at;
    case v1::CLOCK_START_NOTICE:
      return now;
    default:
      return times.requested_at;
  }
}

void TakeEarlier(int32_t day, const std::string& rule, RuleDay* strictest) {
  if (strictest->day != 0 && strictest->day <= day) return;
  strictest->day = day;
  strictest->rule = rule;
}

}  // namespace

std::string CitationOf(const LawBook& law, const std::string& rule) {
  const LawEntry* const entry = law.Find(rule);
  std::string citation = entry == nullptr ? rule : entry->rule->citation();
  for (char& c : citation) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) c = '?';
  }
  return citation.substr(0, kMaxCitationBytes);
}

absl::StatusOr<ErasureTerms> ErasureTermsOf(const LawBook& law,
                                            const EntityLaw& entity_law,
                                            const v1::ConsumerFacts& facts,
                                            const ErasureTimes& times,
                                            absl::Time now) {
  const PackBits packs = entity_law.PacksFor(facts, /*jurisdiction=*/"");
  ErasureTerms terms;
  PackBits deleting = 0;
  Allowance suppression;
  Allowance hold;
  Allowance grace;
  for (const DatedRule& dated : entity_law.rules()) {
    if ((dated.pack & packs) == 0 || !dated.HoldsAt(now)) continue;
    const std::string& duty = dated.rule().duty().duty();
    if (duty == kSuppressDeleted) suppression.TakeRule(dated);
    if (duty == kHoldDeletion) hold.TakeRule(dated);
    if (duty == kGraceBeforeDeletion) grace.TakeRule(dated);
    if (!dated.rule().has_deadline()) continue;
    const v1::Deadline& deadline = dated.rule().deadline();
    if (!IsForDeletion(deadline)) continue;
    SUBROSA_ASSIGN_OR_RETURN(
        const DueTimes due,
        law.DueTimesOf(*dated.entry, StartOf(deadline, times, now)));
    // The first instant that is too late begins a day in the statute's zone.
    const int32_t day = DayOf(absl::FromCivil(
        absl::CivilDay(absl::ToCivilSecond(due.first, dated.zone)) - 1,
        absl::UTCTimeZone()));
    switch (deadline.step()) {
      case v1::CLOCK_STEP_DELETE_LIVE:
        TakeEarlier(day, dated.id(), &terms.live);
        deleting |= dated.pack;
        break;
      case v1::CLOCK_STEP_RECIPIENTS_DELETE:
        TakeEarlier(day, dated.id(), &terms.recipients);
        break;
      case v1::CLOCK_STEP_DELETE_BACKUPS: {
        v1::CertificateLimit& limit = terms.limits.emplace_back();
        limit.set_day(day);
        limit.set_rule(dated.id());
        limit.set_citation(CitationOf(law, dated.id()));
        break;
      }
      default:
        break;
    }
  }
  if (const std::string rule = suppression.AllowedBy(deleting); !rule.empty()) {
    terms.suppression.set_what("suppression");
    terms.suppression.set_rule(rule);
    terms.suppression.set_citation(CitationOf(law, rule));
  }
  terms.hold_rule = hold.AllowedBy(deleting);
  terms.grace_rule = grace.AllowedBy(deleting);
  return terms;
}

}  // namespace subrosa
