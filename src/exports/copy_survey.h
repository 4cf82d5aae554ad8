// What a copy's first page shows of records: how many of which type and when,
// and what their numbers did. Gathered in one walk over the records.
//
// Memory: some hundred bytes for each type and month, each type and day, and
// each name of a charted value and month; days are kept of the newest
// kMostDays, charted names of the kMostSeries first of a type.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_EXPORTS_COPY_SURVEY_H_
#define SUBROSA_SRC_EXPORTS_COPY_SURVEY_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "src/exports/charted_value.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A month of one charted value. Months are counted from January 1970.
struct ChartedMonth {
  int64_t values = 0;
  double sum = 0;
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};
using ChartedMonths = std::map<int32_t, ChartedMonth>;

// A day of one type.
struct TypeDay {
  int64_t records = 0;
  int64_t values = 0;
  double sum = 0;
};

struct SurveyedType {
  explicit SurveyedType(const google::protobuf::Descriptor& type)
      : descriptor(&type), chart(type) {}

  const google::protobuf::Descriptor* descriptor;
  ValueChart chart;
  std::string title;  // "mood check-in".
  std::string stem;   // Of its files: "mood-check-in".
  std::string schema;
  int64_t records = 0;
  uint32_t categories = 0;  // As bits.
  int32_t first_day = std::numeric_limits<int32_t>::max();
  int32_t last_day = std::numeric_limits<int32_t>::min();
  std::map<int32_t, int64_t> months;  // Records.
  std::map<std::string, ChartedMonths> series;
  std::map<int32_t, TypeDay> days;
};

class CopySurvey {
 public:
  static constexpr size_t kMostDays = 4000;
  static constexpr size_t kMostSeries = 12;

  // Makes `type` known, of which there is a record with `facts`; it must
  // outlive the survey. Whether it is.
  void AddType(const google::protobuf::Descriptor& type,
               const RowFacts& facts) {
    TypeOf(type, facts);
  }
  bool Has(absl::string_view schema) const {
    return types_.find(schema) != types_.end();
  }

  // Counts `record`, whose payload type must outlive the survey.
  void Add(const v1::HealthRecord& record, const RowFacts& facts,
           const google::protobuf::Message& payload);

  // By title. Stems are unique.
  std::vector<const SurveyedType*> types() const;
  int64_t records() const { return records_; }

 private:
  SurveyedType& TypeOf(const google::protobuf::Descriptor& type,
                       const RowFacts& facts);

  std::map<std::string, SurveyedType, std::less<>> types_;  // By schema.
  int64_t records_ = 0;
};

// The month of a day since 1970-01-01, counted from January 1970, and its name:
// "2026-05".
int32_t MonthOf(int32_t day);
std::string MonthText(int32_t month);
std::string DayText(int32_t day);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_SURVEY_H_
