#include "src/consent/choice_history.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/consent/choice_form.h"
#include "src/consent/choice_time.h"
#include "src/law/deadline.h"
#include "src/law/law_text.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// Names that packs give to a duty and to a frequency.
constexpr absl::string_view kTwoSteps = "two-step-opt-in";
constexpr absl::string_view kAskAgain = "ask-again";

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

uint32_t BitsOf(const google::protobuf::RepeatedField<int>& categories) {
  uint32_t bits = 0;
  for (const int category : categories) bits |= uint32_t{1} << (category & 31);
  return bits;
}

bool IsOptOut(v1::ChoiceKind kind) {
  return kind == v1::CHOICE_KIND_OPT_OUT || kind == v1::CHOICE_KIND_SIGNAL;
}

bool IsNo(v1::ChoiceKind kind) {
  return IsOptOut(kind) || kind == v1::CHOICE_KIND_LIMIT ||
         kind == v1::CHOICE_KIND_REFUSAL || kind == v1::CHOICE_KIND_WITHDRAWAL;
}

// Whether both speak of an action, purpose, recipient and category. What is
// empty in either speaks of all.
bool Meet(const v1::StandingChoice& old, const v1::Choice& choice) {
  const uint32_t categories = BitsOf(choice.category());
  return (old.action() == v1::ACTION_UNSPECIFIED || choice.action().empty() ||
          Has(choice.action(), old.action())) &&
         (old.purpose().empty() || choice.purpose().empty() ||
          Has(choice.purpose(), old.purpose())) &&
         (old.recipient().empty() || choice.recipient().empty() ||
          Has(choice.recipient(), old.recipient())) &&
         (old.categories() == 0 || categories == 0 ||
          (old.categories() & categories) != 0);
}

// -1, 0 or 1: `old` was given before `choice`, at its time, or after it, as far
// as is known.
int CompareTimes(const v1::StandingChoice& old, const v1::Choice& choice) {
  const int64_t given = choice.given_at().seconds();
  if (old.given_at_s() != 0) {
    return old.given_at_s() < given ? -1 : old.given_at_s() > given ? 1 : 0;
  }
  const int32_t day = DayOf(TimeOf(choice.given_at()));
  return old.from_day() < day ? -1 : old.from_day() > day ? 1 : 0;
}

// Whether `old` came of an entry that says the same as `choice`.
bool IsOfSame(const v1::StandingChoice& old, const v1::Choice& choice) {
  const auto one_of = [](const auto& values, const auto& value) {
    return values.empty() || Has(values, value);
  };
  return old.kind() == choice.kind() &&
         old.given_at_s() == choice.given_at().seconds() &&
         old.actor() == choice.actor().kind() &&
         old.categories() == BitsOf(choice.category()) &&
         one_of(choice.action(), old.action()) &&
         one_of(choice.purpose(), old.purpose()) &&
         old.purpose().empty() == choice.purpose().empty() &&
         one_of(choice.recipient(), old.recipient()) &&
         old.recipient().empty() == choice.recipient().empty();
}

// Whether a signal stands that stops `action` for every purpose, and no yes was
// given after it. A browser sends its signal with every request: one is enough.
bool IsSignalled(v1::Action action, const v1::Standing& standing) {
  bool is_signalled = false;
  for (const v1::StandingChoice& old : standing.choice()) {
    if (old.action() != action && old.action() != v1::ACTION_UNSPECIFIED) {
      continue;
    }
    if (IsYes(old.kind())) {
      is_signalled = false;
    } else if (old.kind() == v1::CHOICE_KIND_SIGNAL && old.purpose().empty() &&
               old.recipient().empty() && old.categories() == 0) {
      is_signalled = true;
    }
  }
  return is_signalled;
}

absl::Status CheckIsNew(const v1::Choice& choice,
                        const v1::Standing& standing) {
  const bool changes_nothing = choice.kind() == v1::CHOICE_KIND_SIGNAL &&
                               IsSignalled(v1::ACTION_SHARE, standing) &&
                               IsSignalled(v1::ACTION_SELL, standing);
  const bool is_there =
      changes_nothing ||
      std::any_of(
          standing.choice().begin(), standing.choice().end(),
          [&](const v1::StandingChoice& old) { return IsOfSame(old, choice); });
  return is_there ? absl::AlreadyExistsError(
                        "choice: want one that is not there, got one again")
                  : absl::OkStatus();
}

absl::Status CheckWithdraws(const v1::Choice& choice,
                            const v1::Standing& standing) {
  bool was_given = false;
  for (const v1::StandingChoice& old : standing.choice()) {
    if (!IsYes(old.kind()) || !Meet(old, choice)) continue;
    was_given = true;
    if (CompareTimes(old, choice) <= 0) return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      was_given ? "given_at: want a withdrawal after what it takes back was "
                  "given, got one before"
                : "choice: want a withdrawal of what stands, got one of what "
                  "was never given, or stands no more; what rests on another "
                  "ground is stopped by an opt-out");
}

absl::Status CheckIsLater(const v1::Choice& choice,
                          const v1::Standing& standing) {
  for (const v1::StandingChoice& old : standing.choice()) {
    if (IsNo(old.kind()) && Meet(old, choice) &&
        CompareTimes(old, choice) > 0) {
      return absl::InvalidArgumentError(
          "given_at: want a time after the consumer's last no, got one before");
    }
  }
  return absl::OkStatus();
}

// Whether `rule`'s pack says who of the consumer's age has to consent: such a
// consumer is a minor to it.
bool IsMinorTo(const DatedRule& rule, const v1::Choice& choice,
               const ChoiceSetting& setting, absl::string_view actor) {
  const auto& rules = setting.law.rules();
  return std::any_of(rules.begin(), rules.end(), [&](const DatedRule& other) {
    const v1::Permits& permits = other.rule().permits();
    return other.pack == rule.pack &&
           other.HoldsAt(TimeOf(choice.given_at())) &&
           (actor.empty() || permits.actor() == actor) &&
           NamesActor(permits, choice, setting.age);
  });
}

absl::Status CheckConfirmed(const DatedRule& rule, const v1::Choice& choice,
                            const v1::Standing& standing,
                            const ChoiceSetting& setting) {
  if (choice.has_confirmed_at()) return absl::OkStatus();
  bool asks = IsMinorTo(rule, choice, setting, "self");
  for (const v1::StandingChoice& old : standing.choice()) {
    asks = asks ||
           ((IsOptOut(old.kind()) || old.kind() == v1::CHOICE_KIND_LIMIT) &&
            Meet(old, choice));
  }
  return asks ? absl::InvalidArgumentError(absl::StrCat(
                    "confirmed_at: want when the consumer confirmed it in a "
                    "second step, got none (",
                    rule.id(), ")"))
              : absl::OkStatus();
}

// Whether `rule` says to wait after a no of this kind.
bool WaitsAfter(const DatedRule& rule, const v1::StandingChoice& old,
                const v1::Choice& choice, const ChoiceSetting& setting) {
  const auto& requests = rule.rule().frequency().request();
  if (IsOptOut(old.kind())) return Has(requests, v1::REQUEST_KIND_OPT_OUT);
  if (old.kind() == v1::CHOICE_KIND_LIMIT) {
    return Has(requests, v1::REQUEST_KIND_LIMIT);
  }
  return old.kind() == v1::CHOICE_KIND_REFUSAL &&
         IsMinorTo(rule, choice, setting, "");
}

absl::Status CheckNotTooSoon(const DatedRule& rule, const v1::Choice& choice,
                             const v1::Standing& standing,
                             const ChoiceSetting& setting) {
  if (choice.unprompted()) return absl::OkStatus();
  const v1::Period& period = rule.rule().frequency().per();
  const int32_t day = DayOf(TimeOf(choice.given_at()));
  for (const v1::StandingChoice& old : standing.choice()) {
    if (!Meet(old, choice) || !WaitsAfter(rule, old, choice, setting)) continue;
    SUBROSA_ASSIGN_OR_RETURN(
        const absl::CivilDay last,
        LastDayOf(period, CivilDayOf(old.from_day()), nullptr));
    if (CivilDayOf(day) <= last) {
      return absl::InvalidArgumentError(absl::StrCat(
          "unprompted: want true, or that ", PeriodText(period),
          " are over since the consumer's no, got neither (", rule.id(), ")"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckHistory(const v1::Choice& choice,
                          const v1::Standing& standing,
                          const ChoiceSetting& setting) {
  SUBROSA_RETURN_IF_ERROR(CheckIsNew(choice, standing));
  if (choice.kind() == v1::CHOICE_KIND_WITHDRAWAL) {
    return CheckWithdraws(choice, standing);
  }
  if (!IsYes(choice.kind())) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(CheckIsLater(choice, standing));
  for (const DatedRule& rule : setting.law.rules()) {
    if ((rule.pack & setting.packs) == 0 ||
        !rule.HoldsAt(TimeOf(choice.given_at()))) {
      continue;
    }
    if (rule.rule().duty().duty() == kTwoSteps) {
      SUBROSA_RETURN_IF_ERROR(CheckConfirmed(rule, choice, standing, setting));
    }
    if (rule.rule().frequency().what() == kAskAgain) {
      SUBROSA_RETURN_IF_ERROR(CheckNotTooSoon(rule, choice, standing, setting));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
