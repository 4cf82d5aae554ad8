#include "src/request/request_counting.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/law/deadline.h"
#include "src/request/request_time.h"

namespace subrosa {
namespace {

// Whether `later` lies within `period` of `earlier`.
absl::StatusOr<bool> LiesWithin(const v1::Period& period, absl::Time earlier,
                                absl::Time later, absl::TimeZone zone) {
  SUBROSA_ASSIGN_OR_RETURN(
      const absl::CivilDay last,
      LastDayOf(period, absl::ToCivilDay(earlier, zone), /*calendar=*/nullptr));
  return earlier <= later && absl::ToCivilDay(later, zone) <= last;
}

bool IsFrequency(const DatedRule& rule, absl::string_view what,
                 v1::RequestKind kind) {
  return rule.rule().has_frequency() &&
         rule.rule().frequency().what() == what &&
         NamesKind(rule.rule().frequency().request(), kind);
}

absl::Status CheckIsCorrection(const v1::Request& request) {
  if (request.kind() == v1::REQUEST_KIND_CORRECT) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "request.event.denial: want a reason that is about more than "
      "corrections, got one for them alone");
}

// Nobody is told that they have no right which a pack has a clock for, or which
// an act gives that the packs do not cover.
absl::Status CheckIsNoRight(const RequestLaw& law, const v1::Request& request) {
  std::string given_by;
  for (const DatedRule* rule :
       law.RulesFor(request, RequestTimeOf(request.received_at()))) {
    if (!NamesKind(rule->rule().deadline().request(), request.kind())) continue;
    given_by = rule->id();
  }
  if (given_by.empty()) {
    for (const LeftOutOf& left : law.LeftOutFor(request)) {
      given_by = absl::StrCat(left.left_out->citation(), ", which ",
                              left.pack->id(), " leaves out");
    }
  }
  if (given_by.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "request.event.denial: want another reason than no-such-right where a "
      "statute gives the right, got it (",
      given_by, ")"));
}

}  // namespace

absl::StatusOr<std::vector<FreeAnswers>> FreeAnswersFor(
    const RequestLaw& law, const v1::Request& request,
    absl::Span<const EarlierRequest> earlier) {
  const absl::Time received_at = RequestTimeOf(request.received_at());
  std::vector<FreeAnswers> answers;
  for (const DatedRule* rule : law.RulesFor(request, received_at)) {
    if (!IsFrequency(*rule, "free-requests", request.kind())) continue;
    const v1::Frequency& frequency = rule->rule().frequency();
    FreeAnswers& free = answers.emplace_back();
    free.rule = rule->entry;
    free.times = frequency.times();
    for (const EarlierRequest& before : earlier) {
      if (!before.was_complied_with ||
          !NamesKind(frequency.request(), before.kind)) {
        continue;
      }
      SUBROSA_ASSIGN_OR_RETURN(const bool counts,
                               LiesWithin(frequency.per(), before.received_at,
                                          received_at, rule->zone));
      free.given += counts ? 1 : 0;
    }
  }
  return answers;
}

absl::Status CheckDenialReason(const RequestLaw& law,
                               const v1::Request& request,
                               v1::DenialReason reason,
                               absl::Span<const EarlierRequest> earlier) {
  if (reason == v1::DENIAL_REASON_HELD_TO_BE_RIGHT) {
    return CheckIsCorrection(request);
  }
  if (reason == v1::DENIAL_REASON_EXCESSIVE) {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<FreeAnswers> answers,
                             FreeAnswersFor(law, request, earlier));
    for (const FreeAnswers& free : answers) {
      if (free.rule->rule->frequency().fee_alone()) {
        return absl::FailedPreconditionError(absl::StrCat(
            "request.event.denial: want another reason than excessive where "
            "the statute lets a fee be charged and nothing refused, got it (",
            free.rule->id, ")"));
      }
      if (free.IsUsedUp()) continue;
      return absl::FailedPreconditionError(absl::StrCat(
          "request.event.denial: want another reason than excessive while ",
          free.times - free.given, " of ", free.times,
          " free answers are left (", free.rule->id, ")"));
    }
  }
  if (reason == v1::DENIAL_REASON_NO_SUCH_RIGHT) {
    return CheckIsNoRight(law, request);
  }
  if (reason != v1::DENIAL_REASON_REPEATED_CORRECTION) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(CheckIsCorrection(request));
  // Up to the day on which it was asked for again, whenever it is denied.
  const absl::Time received_at = RequestTimeOf(request.received_at());
  std::string rules;
  for (const DatedRule* rule : law.RulesFor(request, received_at)) {
    if (!IsFrequency(*rule, "repeated-correction", request.kind())) continue;
    absl::StrAppend(&rules, rules.empty() ? "" : ", ", rule->id());
    for (const EarlierRequest& before : earlier) {
      if (before.kind != v1::REQUEST_KIND_CORRECT || !before.was_denied) {
        continue;
      }
      SUBROSA_ASSIGN_OR_RETURN(
          const bool counts,
          LiesWithin(rule->rule().frequency().per(), before.answered_at,
                     received_at, rule->zone));
      if (counts) return absl::OkStatus();
    }
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "request.event.denial: want a correction that was denied before, within "
      "the time that counts, for repeated-correction, got none (",
      rules.empty() ? "no pack of the policy knows this reason" : rules, ")"));
}

absl::StatusOr<RecordKeeping> KeepingOf(const RequestLaw& law,
                                        const v1::Request& request,
                                        absl::CivilDay changed_on) {
  RecordKeeping log{nullptr, changed_on};
  RecordKeeping counting{nullptr, changed_on};
  for (const DatedRule* rule :
       law.RulesFor(request, RequestTimeOf(request.received_at()))) {
    const v1::LawRule& demand = rule->rule();
    RecordKeeping* keeping = nullptr;
    const v1::Period* period = nullptr;
    if (demand.has_keeps() && demand.keeps().what() == "request-log") {
      keeping = &log;
      period = &demand.keeps().at_least();
    } else if (IsFrequency(*rule, "free-requests", request.kind())) {
      keeping = &counting;
      period = &demand.frequency().per();
    } else {
      continue;
    }
    SUBROSA_ASSIGN_OR_RETURN(
        const absl::CivilDay until,
        LastDayOf(*period, changed_on, /*calendar=*/nullptr));
    if (keeping->rule == nullptr || until > keeping->until) {
      *keeping = {rule->entry, until};
    }
  }
  return log.rule != nullptr ? log : counting;
}

}  // namespace subrosa
