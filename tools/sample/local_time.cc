#include "tools/sample/local_time.h"

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "tools/sample/calendar.h"

namespace subrosa::sample {
namespace {

void AppendTwo(int number, std::string* out) {
  out->push_back(static_cast<char>('0' + number / 10));
  out->push_back(static_cast<char>('0' + number % 10));
}

void AppendTime(const LocalTime& time, absl::string_view before_time,
                absl::string_view before_offset, absl::string_view in_offset,
                std::string* out) {
  int64_t second = int64_t{time.minute} * 60 + time.second;
  int32_t day = time.day;
  for (; second < 0; second += 86400) --day;
  for (; second >= 86400; second -= 86400) ++day;
  AppendDate(day, out);
  out->append(before_time.data(), before_time.size());
  AppendTwo(static_cast<int>(second / 3600), out);
  out->push_back(':');
  AppendTwo(static_cast<int>(second / 60 % 60), out);
  out->push_back(':');
  AppendTwo(static_cast<int>(second % 60), out);
  out->append(before_offset.data(), before_offset.size());
  out->push_back('-');
  AppendTwo(-PacificOffsetMinutes(day) / 60, out);
  out->append(in_offset.data(), in_offset.size());
  out->append("00");
}

}  // namespace

void AppendDate(int32_t day, std::string* out) {
  const absl::CivilDay civil = CivilDayOf(day);
  const int year = static_cast<int>(civil.year());
  AppendTwo(year / 100, out);
  AppendTwo(year % 100, out);
  out->push_back('-');
  AppendTwo(civil.month(), out);
  out->push_back('-');
  AppendTwo(civil.day(), out);
}

void AppendFhirTime(const LocalTime& time, std::string* out) {
  AppendTime(time, "T", "", ":", out);
}

void AppendAppleTime(const LocalTime& time, std::string* out) {
  AppendTime(time, " ", " ", "", out);
}

}  // namespace subrosa::sample
