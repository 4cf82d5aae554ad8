#include "src/exports/copy_survey.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kFirstDay(1970, 1, 1);

// A title as the name of a file: "mood-check-in".
std::string StemOf(absl::string_view title) {
  std::string stem;
  for (const char c : title) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      stem.push_back(absl::ascii_tolower(byte));
    } else if (!stem.empty() && stem.back() != '-') {
      stem.push_back('-');
    }
  }
  return stem;
}

}  // namespace

int32_t MonthOf(int32_t day) {
  const absl::CivilDay civil = kFirstDay + day;
  return static_cast<int32_t>((civil.year() - 1970) * 12 + civil.month() - 1);
}

std::string MonthText(int32_t month) {
  const int32_t year = month >= 0 ? month / 12 : (month - 11) / 12;
  return absl::StrFormat("%04d-%02d", 1970 + year, month - year * 12 + 1);
}

std::string DayText(int32_t day) {
  return absl::FormatCivilTime(kFirstDay + day);
}

SurveyedType& CopySurvey::TypeOf(const google::protobuf::Descriptor& type,
                                 const RowFacts& facts) {
  const auto found = types_.find(facts.schema);
  if (found != types_.end()) return found->second;
  SurveyedType& made =
      types_.emplace(facts.schema, SurveyedType(type)).first->second;
  made.title = TypeTitle(type);
  made.schema = facts.schema;
  made.stem = StemOf(made.title);
  for (const auto& [schema, other] : types_) {
    // Two services may call two types the same.
    if (schema != facts.schema && other.stem == made.stem) {
      made.stem = StemOf(facts.schema);
    }
  }
  return made;
}

void CopySurvey::Add(const v1::HealthRecord& record, const RowFacts& facts,
                     const google::protobuf::Message& payload) {
  SurveyedType& type = TypeOf(*payload.GetDescriptor(), facts);
  const int32_t day = DayOf(WhenOf(record));
  ++records_;
  ++type.records;
  type.categories |= facts.categories;
  type.first_day = std::min(type.first_day, day);
  type.last_day = std::max(type.last_day, day);
  ++type.months[MonthOf(day)];
  TypeDay& that_day = type.days[day];
  ++that_day.records;
  if (const std::optional<ChartedValue> charted = type.chart.Of(payload)) {
    if (type.series.size() < kMostSeries ||
        type.series.count(charted->name) > 0) {
      ChartedMonth& month = type.series[charted->name][MonthOf(day)];
      ++month.values;
      month.sum += charted->value;
      month.least = std::min(month.least, charted->value);
      month.most = std::max(month.most, charted->value);
    }
    ++that_day.values;
    that_day.sum += charted->value;
  }
  if (type.days.size() > kMostDays) type.days.erase(type.days.begin());
}

std::vector<const SurveyedType*> CopySurvey::types() const {
  std::vector<const SurveyedType*> types;
  for (const auto& [schema, type] : types_) types.push_back(&type);
  std::sort(types.begin(), types.end(),
            [](const SurveyedType* a, const SurveyedType* b) {
              return a->title != b->title ? a->title < b->title
                                          : a->schema < b->schema;
            });
  return types;
}

}  // namespace subrosa
