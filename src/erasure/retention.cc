#include "src/erasure/retention.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/consent/consent_ledger.h"
#include "src/consent/decision.h"
#include "src/law/deadline.h"
#include "src/law/law_book.h"
#include "src/steward/consent_gate.h"
#include "src/vault/part_selection.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

constexpr uint32_t kInferredBit = uint32_t{1} << v1::HEALTH_CATEGORY_INFERRED;

// "P7Y"; empty for anything else.
std::optional<v1::Period> ParsePeriod(absl::string_view text) {
  if (text.size() < 3 || text.front() != 'P') return std::nullopt;
  v1::Period period;
  int count = 0;
  const absl::string_view digits = text.substr(1, text.size() - 2);
  const bool is_number = std::all_of(digits.begin(), digits.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  constexpr int kMost = 10000;  // As packs have it.
  if (!is_number || !absl::SimpleAtoi(digits, &count) || count < 1 ||
      count > kMost) {
    return std::nullopt;
  }
  period.set_count(count);
  switch (text.back()) {
    case 'Y':
      period.set_unit(v1::PERIOD_UNIT_YEARS);
      return period;
    case 'M':
      period.set_unit(v1::PERIOD_UNIT_MONTHS);
      return period;
    case 'W':
      period.set_count(7 * count);
      period.set_unit(v1::PERIOD_UNIT_CALENDAR_DAYS);
      return 7 * count > kMost ? std::nullopt : std::make_optional(period);
    case 'D':
      period.set_unit(v1::PERIOD_UNIT_CALENDAR_DAYS);
      return period;
    default:
      return std::nullopt;
  }
}

absl::CivilDay TodayAt(Steward& steward) {
  return CivilDayOf(DayOf(steward.clock().Now()));
}

int32_t DayNumberOf(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

struct Kept {
  std::string retention;
  std::optional<absl::CivilDay> first_day;
};

std::map<std::string, Kept> KeptByPurpose(Steward& steward) {
  std::map<std::string, Kept> kept;
  const absl::CivilDay today = TodayAt(steward);
  for (const v1::Purpose& purpose : steward.gate().policy().proto().purpose()) {
    kept[purpose.id()] = {purpose.retention(),
                          FirstDayKept(purpose.retention(), today)};
  }
  return kept;
}

bool IsPastDue(const Kept& kept, int32_t collected_day) {
  return kept.first_day.has_value() &&
         collected_day < DayNumberOf(*kept.first_day);
}

// From which day on inferences without consent are kept; empty where the
// consumer lives elsewhere.
absl::StatusOr<std::optional<int32_t>> FirstInferenceKept(
    Steward& steward, absl::string_view consumer) {
  const LawEntry* const rule = steward.gate().law().Find("co-cpa/inference");
  const absl::CivilDay today = TodayAt(steward);
  if (rule == nullptr || !rule->HoldsOn(today)) return std::nullopt;
  SUBROSA_ASSIGN_OR_RETURN(const StandingState state,
                           steward.gate().ReadStanding(consumer));
  if (state.standing.facts().residence() != rule->pack->jurisdiction()) {
    return std::nullopt;
  }
  constexpr int kHoursADay = 24;
  const v1::Period& within = rule->rule->deadline().within();
  if (within.unit() != v1::PERIOD_UNIT_HOURS) {
    return absl::InternalError(
        "law: want hours in co-cpa/inference, got another unit");
  }
  const int days = within.count() / kHoursADay;
  return DayNumberOf(today) - days + 1;
}

// The rule by which biometric data is reviewed; null where none is.
const LawEntry* ReviewRule(Steward& steward, absl::CivilDay today) {
  const v1::Policy& policy = steward.gate().policy().proto();
  for (const LawEntry& entry : steward.gate().law().entries()) {
    if (entry.rule->frequency().what() == "review" && entry.HoldsOn(today) &&
        std::find(policy.pack().begin(), policy.pack().end(),
                  entry.pack->id()) != policy.pack().end()) {
      return &entry;
    }
  }
  return nullptr;
}

absl::Status AddReview(const LawEntry& rule, absl::CivilDay today,
                       RetentionLine* line) {
  absl::CivilDay by = CivilDayOf(line->earliest_day);
  while (by <= CivilDayOf(line->earliest_day) || by < today) {
    SUBROSA_ASSIGN_OR_RETURN(
        by, LastDayOf(rule.rule->frequency().per(), by, nullptr));
  }
  line->review_rule = rule.id;
  line->review_by = by;
  return absl::OkStatus();
}

// What is past due of one purpose.
PartSelection SelectionOf(const std::string& purpose, uint32_t categories,
                          int32_t before) {
  PartSelection selection;
  selection.purpose = purpose;
  selection.categories = categories;
  selection.collected_before = before;
  return selection;
}

// Erases it, or only counts, and adds to `notices`. Returns how many rows were
// erased; `counted`, if none were to be.
absl::StatusOr<int64_t> Erase(PartEraser& eraser, absl::string_view consumer,
                              const PartSelection& selection, int64_t counted,
                              RetentionMode mode, int64_t* notices) {
  if (mode == RetentionMode::kCount) {
    SUBROSA_ASSIGN_OR_RETURN(const PartPlan plan,
                             eraser.Plan(consumer, selection));
    *notices += plan.notices;
    return counted;
  }
  SUBROSA_ASSIGN_OR_RETURN(const PartErased erased,
                           eraser.Erase(consumer, selection));
  *notices += erased.notices;
  return erased.work.erased;
}

}  // namespace

std::optional<absl::CivilDay> FirstDayKept(absl::string_view retention,
                                           absl::CivilDay today) {
  const std::optional<v1::Period> period = ParsePeriod(retention);
  if (!period.has_value()) return std::nullopt;
  // Not shorter than the period: from there it is looked for upwards.
  constexpr int kMostDaysOfYear = 366;
  constexpr int kMostDaysOfMonth = 31;
  const int unit = period->unit() == v1::PERIOD_UNIT_YEARS    ? kMostDaysOfYear
                   : period->unit() == v1::PERIOD_UNIT_MONTHS ? kMostDaysOfMonth
                                                              : 1;
  absl::CivilDay first = today - int64_t{unit} * period->count();
  while (true) {
    const absl::StatusOr<absl::CivilDay> last =
        LastDayOf(*period, first, nullptr);
    if (!last.ok()) return std::nullopt;
    if (*last >= today) return first;
    // The last day moves with the first, but for the ends of months: far from
    // the end, half of the way passes over none.
    constexpr int64_t kFar = 16;
    const int64_t left = today - *last;
    first += left > kFar ? left / 2 : 1;
  }
}

absl::StatusOr<std::vector<RetentionLine>> ReadRetention(Steward& steward) {
  const std::map<std::string, Kept> kept = KeptByPurpose(steward);
  std::map<std::pair<std::string, v1::HealthCategory>, RetentionLine> lines;
  SUBROSA_RETURN_IF_ERROR(steward.VisitFacts([&](const RecordRow& row) {
    const RowFacts& facts = row.facts;
    std::vector<v1::HealthCategory> categories =
        CategorySet::FromBits(facts.categories).Values();
    if (categories.empty()) {
      categories.push_back(v1::HEALTH_CATEGORY_UNSPECIFIED);
    }
    const auto of_purpose = kept.find(facts.purpose);
    for (const v1::HealthCategory category : categories) {
      RetentionLine& line = lines[{facts.purpose, category}];
      if (line.records == 0) {
        line.purpose = facts.purpose;
        line.category = category;
        line.earliest_day = facts.collected_day;
        if (of_purpose != kept.end()) {
          line.retention = of_purpose->second.retention;
          line.first_day_kept = of_purpose->second.first_day;
        }
      }
      ++line.records;
      line.earliest_day = std::min(line.earliest_day, facts.collected_day);
      if (of_purpose != kept.end() &&
          IsPastDue(of_purpose->second, facts.collected_day)) {
        ++line.past_due;
      }
    }
    return absl::OkStatus();
  }));
  const absl::CivilDay today = TodayAt(steward);
  const LawEntry* const review = ReviewRule(steward, today);
  std::vector<RetentionLine> listed;
  for (auto& [key, line] : lines) {
    if (review != nullptr && line.category == v1::HEALTH_CATEGORY_BIOMETRIC) {
      SUBROSA_RETURN_IF_ERROR(AddReview(*review, today, &line));
    }
    listed.push_back(std::move(line));
  }
  return listed;
}

absl::Status EraseWhatIsPastDue(Steward& steward, ErasureBook& orders,
                                PartEraser& eraser, absl::string_view consumer,
                                RetentionMode mode, RetentionErased* erased) {
  *erased = RetentionErased();
  SUBROSA_ASSIGN_OR_RETURN(erased->hold_rule, orders.FindHold(consumer));
  if (!erased->hold_rule.empty()) return absl::OkStatus();
  const std::map<std::string, Kept> kept = KeptByPurpose(steward);
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<int32_t> inference,
                           FirstInferenceKept(steward, consumer));
  // Rows by purpose; an inference that is past its purpose's retention counts
  // with that.
  std::map<std::string, int64_t> past_due;
  std::map<std::string, int64_t> inferred;
  SUBROSA_RETURN_IF_ERROR(
      steward.VisitFactsOf(consumer, [&](const RecordRow& row) {
        const RowFacts& facts = row.facts;
        const auto of_purpose = kept.find(facts.purpose);
        if (of_purpose != kept.end() &&
            IsPastDue(of_purpose->second, facts.collected_day)) {
          ++past_due[facts.purpose];
        } else if (inference.has_value() && facts.collected_day < *inference &&
                   (facts.categories & kInferredBit) != 0) {
          ++inferred[facts.purpose];
        }
        return absl::OkStatus();
      }));
  for (const auto& [purpose, count] : past_due) {
    SUBROSA_ASSIGN_OR_RETURN(
        const int64_t rows,
        Erase(eraser, consumer,
              SelectionOf(purpose, 0, DayNumberOf(*kept.at(purpose).first_day)),
              count, mode, &erased->notices));
    erased->rows += rows;
  }
  for (const auto& [purpose, count] : inferred) {
    SUBROSA_ASSIGN_OR_RETURN(
        const Decision decision,
        steward.gate().Decide(
            consumer,
            steward.gate().UseOf(v1::ACTION_USE, purpose, "", kInferredBit)));
    if (decision.Permits()) continue;
    SUBROSA_ASSIGN_OR_RETURN(
        const int64_t rows,
        Erase(eraser, consumer, SelectionOf(purpose, kInferredBit, *inference),
              count, mode, &erased->notices));
    erased->inferences += rows;
  }
  return absl::OkStatus();
}

}  // namespace subrosa
