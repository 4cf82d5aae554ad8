#include "src/ingest/apple_sample.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/ingest/apple_units.h"
#include "src/ingest/record_finisher.h"

namespace subrosa {
namespace {

// A pair of digits at `at`; -1 if there are none.
int Pair(absl::string_view text, size_t at) {
  const int tens = text[at] - '0';
  const int ones = text[at + 1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

absl::Status WrongTime(absl::string_view path, absl::string_view attribute) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ".", attribute,
                   ": want a time as 2024-05-01 08:00:00 +0200, got another"));
}

// A longer name than this is no type's.
constexpr size_t kMaxElementBytes = 128;

}  // namespace

std::optional<TextTime> ParseAppleTime(absl::string_view text) {
  // 0123456789012345678901234
  // 2024-05-01 08:00:00 +0200
  if (text.size() != 25 || text[4] != '-' || text[7] != '-' ||
      text[10] != ' ' || text[13] != ':' || text[16] != ':' ||
      text[19] != ' ' || (text[20] != '+' && text[20] != '-')) {
    return std::nullopt;
  }
  const int parts[] = {Pair(text, 0),  Pair(text, 2),  Pair(text, 5),
                       Pair(text, 8),  Pair(text, 11), Pair(text, 14),
                       Pair(text, 17), Pair(text, 21), Pair(text, 23)};
  for (const int part : parts) {
    if (part < 0) return std::nullopt;
  }
  const int minutes = parts[7] * 60 + parts[8];
  const std::optional<int64_t> day =
      SecondsOfDay(parts[0] * 100 + parts[1], parts[2], parts[3]);
  if (!day.has_value() || parts[4] > 23 || parts[5] > 59 || parts[6] > 59 ||
      parts[8] > 59 || minutes > 1080) {
    return std::nullopt;
  }
  TextTime time;
  time.utc_offset_minutes = text[20] == '-' ? -minutes : minutes;
  time.seconds = *day + parts[4] * 3600 + parts[5] * 60 + parts[6] -
                 int64_t{60} * *time.utc_offset_minutes;
  return time;
}

bool AppleSample::Begins(int depth, const char* name,
                         const char* const* /*attributes*/) {
  if (depth == 1) {
    is_health_data_ = absl::string_view(name) == "HealthData";
    return false;
  }
  return depth == 2 && absl::string_view(name) != "ExportDate";
}

void AppleSample::Start(const char* name, const char* const* attributes) {
  if (++depth_ > 1) {
    TakePart(name, attributes);
    return;
  }
  element_ = name;
  type_.clear();
  number_.clear();
  unit_.clear();
  start_.clear();
  end_.clear();
  created_.clear();
  wire_.Clear();
  keeps_raw_ = false;
  const bool is_sample = element_ == "Record" || element_ == "Correlation" ||
                         element_ == "Workout";
  is_known_ = is_sample || element_ == "ActivitySummary" || element_ == "Me" ||
              element_ == "ClinicalRecord";
  if (is_sample) {
    TakeSample(attributes);
  } else {
    TakeOther(attributes);
  }
}

void AppleSample::End(const char* /*name*/) { --depth_; }

void AppleSample::Drop() {
  depth_ = 0;
  wire_.Clear();
}

void AppleSample::TakeSample(const char* const* attributes) {
  for (; attributes[0] != nullptr; attributes += 2) {
    TakeAttribute(attributes[0], attributes[1]);
  }
  if (number_.empty()) return;
  if (absl::StartsWith(type_, "HKCategory")) {
    wire_.ValueCode(kHealthKit, number_);
  } else {
    wire_.Value({number_, UcumOfAppleUnit(unit_), unit_});
  }
}

void AppleSample::TakeAttribute(absl::string_view name,
                                absl::string_view value) {
  if (name == "type" || name == "workoutActivityType") {
    type_.assign(value.data(), value.size());
  } else if (name == "value" || name == "duration") {
    number_.assign(value.data(), value.size());
  } else if (name == "unit" || name == "durationUnit") {
    unit_.assign(value.data(), value.size());
  } else if (name == "startDate") {
    start_.assign(value.data(), value.size());
  } else if (name == "endDate") {
    end_.assign(value.data(), value.size());
  } else if (name == "creationDate") {
    created_name_ = "creationDate";
    created_.assign(value.data(), value.size());
  } else if (name == "sourceName") {
    wire_.SourceName(value);
  } else if (name == "sourceVersion") {
    wire_.SourceVersion(value);
  } else if (name == "device") {
    wire_.Device(value);
  } else {
    wire_.Detail(name, value);
  }
}

void AppleSample::TakeOther(const char* const* attributes) {
  // A clinical record has a type of HealthKit's; the others are one of a kind.
  const absl::string_view type = XmlAttribute(attributes, "type");
  type_ = !type.empty()                         ? std::string(type)
          : element_.size() <= kMaxElementBytes ? element_
                                                : "element";
  const absl::string_view day = XmlAttribute(attributes, "dateComponents");
  if (!day.empty()) start_ = absl::StrCat(day, " 00:00:00 +0000");
  for (; attributes[0] != nullptr; attributes += 2) {
    const absl::string_view name = attributes[0];
    if (name == "sourceName") {
      wire_.SourceName(attributes[1]);
    } else if (name == "receivedDate" || name == "creationDate") {
      created_name_ = name == "receivedDate" ? "receivedDate" : "creationDate";
      created_ = attributes[1];
    } else {
      wire_.Detail(name, attributes[1]);
    }
  }
}

void AppleSample::TakePart(absl::string_view name,
                           const char* const* attributes) {
  if (name == "MetadataEntry" && depth_ == 2) {
    wire_.Detail(XmlAttribute(attributes, "key"),
                 XmlAttribute(attributes, "value"));
    return;
  }
  // What has parts of its own is kept whole, with the sums beside.
  keeps_raw_ = true;
  if (name != "WorkoutStatistics" || depth_ != 2) return;
  const absl::string_view unit = XmlAttribute(attributes, "unit");
  const absl::string_view type = XmlAttribute(attributes, "type");
  for (const absl::string_view kind :
       {"sum", "average", "minimum", "maximum"}) {
    const absl::string_view value = XmlAttribute(attributes, kind);
    if (value.empty()) continue;
    wire_.Part(absl::StrCat(type, " ", kind),
               {value, UcumOfAppleUnit(unit), unit});
  }
}

absl::Status AppleSample::Fill(absl::string_view raw,
                               v1::HealthRecord* record) {
  // A name that nobody knows is the file's own, and is not repeated.
  const absl::string_view path =
      is_known_ ? absl::string_view(element_) : "element";
  if (type_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ".type: want one, got none"));
  }
  wire_.Type(kHealthKit, type_);
  if (keeps_raw_ || !is_known_) wire_.Raw(raw);
  wire_.MoveInto(record);
  if (created_.empty()) {
    record->clear_collected_at();
  } else {
    const std::optional<TextTime> created = ParseAppleTime(created_);
    if (!created.has_value()) return WrongTime(path, created_name_);
    record->mutable_collected_at()->set_seconds(created->seconds);
    record->mutable_collected_at()->set_nanos(0);
  }
  if (start_.empty()) {
    record->clear_effective();
    return absl::OkStatus();
  }
  const std::optional<TextTime> start = ParseAppleTime(start_);
  if (!start.has_value()) return WrongTime(path, "startDate");
  v1::Effective* const effective = record->mutable_effective();
  SetStart(*start, effective);
  effective->set_given_start(start_);
  if (end_.empty() || end_ == start_) {
    effective->clear_end();
    effective->clear_given_end();
    return absl::OkStatus();
  }
  const std::optional<TextTime> end = ParseAppleTime(end_);
  if (!end.has_value()) return WrongTime(path, "endDate");
  effective->mutable_end()->set_seconds(end->seconds);
  effective->mutable_end()->set_nanos(0);
  effective->set_given_end(end_);
  return absl::OkStatus();
}

}  // namespace subrosa
