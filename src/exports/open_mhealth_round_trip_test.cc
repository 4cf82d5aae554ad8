// Open mHealth in, out, and in again, by the reader's own table.
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/exports/open_mhealth_point.h"
#include "src/ingest/open_mhealth_types.h"
#include "src/ingest/sample_units.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

constexpr char kSubject[] = "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";
constexpr char kInstant[] =
    R"("effective_time_frame":{"date_time":"2024-05-01T06:30:00.250+02:00"})";
constexpr char kInterval[] =
    R"("effective_time_frame":{"time_interval":{"start_date_time":)"
    R"("2024-05-01T06:30:00+02:00","end_date_time":"2024-05-01T07:00:00Z"}})";

// As Open mHealth writes them.
constexpr absl::string_view kUnits[] = {
    "%",     "C",    "F",         "K",           "L/min",  "Metric Ton",
    "Mo",    "Ton",  "beats/min", "breaths/min", "cm",     "d",
    "fg",    "fm",   "ft",        "g",           "gr",     "h",
    "in",    "kcal", "kg",        "kg/m2",       "kg/m^2", "km",
    "lb",    "m",    "mg",        "mg/dL",       "mi",     "min",
    "mm",    "mmHg", "mmol/L",    "ms",          "ng",     "nm",
    "ns",    "oz",   "pg",        "pm",          "ps",     "sec",
    "steps", "ug",   "um",        "us",          "wk",     "yd",
    "yr"};

std::string Point(absl::string_view id, absl::string_view name, int version,
                  absl::string_view body, absl::string_view modality) {
  return absl::StrCat(
      R"({"header":{"id":")", id,
      R"(","creation_date_time":"2024-05-01T08:00:00.125Z","schema_id":)",
      R"({"namespace":"omh","name":")", name, R"(","version":")", version,
      R"(.0"},"acquisition_provenance":{"source_name":"Band \"2\"",)",
      R"("modality":")", modality, R"("},"user_id":"u-1"},"body":{)", body,
      "}}");
}

bool Holds(int since, int version) { return since != 0 && version >= since; }

// What may stand for `member` in a body of `version`.
std::vector<std::string> ValuesOf(const BodyMember& member, bool is_quantity) {
  std::vector<std::string> values;
  if (is_quantity) {
    for (const absl::string_view unit : kUnits) {
      if (OpenMHealthUnit(member.unit, unit).empty()) continue;
      if (!member.units.empty() && !absl::c_linear_search(member.units, unit)) {
        continue;
      }
      values.push_back(
          absl::StrCat(R"({"value":62.125,"unit":")", unit, R"("})"));
    }
    return values;
  }
  switch (member.kind) {
    case BodyKind::kWord:
      for (const absl::string_view word : member.words) {
        values.push_back(absl::StrCat("\"", word, "\""));
      }
      return values;
    case BodyKind::kTruth:
      return {"true", "false"};
    case BodyKind::kName:
      return {R"("\"long\" walk é")"};
    default:
      return {"0", "7", "-0.5", "12345678.875"};
  }
}

// Bodies of `type` that have, beside what they must, each value of each member.
std::vector<std::string> BodiesOf(const OpenMHealthType& type, int version) {
  std::vector<std::string> bodies;
  std::vector<BodyMember> members(type.members.begin(), type.members.end());
  const absl::Span<const BodyMember> common = CommonBodyMembers();
  members.insert(members.end(), common.begin(), common.end());
  for (const BodyMember& varied : members) {
    const auto is_quantity = [&](const BodyMember& member) {
      return member.kind == BodyKind::kQuantity ||
             (member.kind == BodyKind::kCount &&
              version >= type.quantity_since);
    };
    for (const std::string& value : ValuesOf(varied, is_quantity(varied))) {
      std::string body = absl::StrCat("\"", varied.name, "\":", value);
      for (const BodyMember& member : members) {
        if (!member.is_required || member.name == varied.name) continue;
        absl::StrAppend(&body, ",\"", member.name,
                        "\":", ValuesOf(member, is_quantity(member))[0]);
      }
      bodies.push_back(absl::StrCat(body, ",", kInterval));
      if (!Holds(type.interval_since, version)) {
        bodies.push_back(absl::StrCat(body, ",", kInstant));
      }
      if (!Holds(type.time_required_since, version)) bodies.push_back(body);
    }
  }
  return bodies;
}

std::vector<v1::HealthRecord> Read(const std::string& text) {
  const Reading reading = ReadText(text, OptionsWithDefaults());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_TRUE(reading.rejects.empty()) << reading.rejects[0];
  return reading.records;
}

// `record` without what a point does not give back: whom it is about, its text
// and its digest.
std::string KeptOf(v1::HealthRecord record) {
  record.clear_consumer();
  record.mutable_origin()->clear_raw_digest();
  v1::HealthSample sample;
  EXPECT_TRUE(record.payload().UnpackTo(&sample));
  sample.clear_raw();
  record.clear_payload();
  return absl::StrCat(record.DebugString(), sample.DebugString());
}

void ExpectRoundTrip(const std::string& text) {
  const std::vector<v1::HealthRecord> records = Read(text);
  std::string points;
  for (const v1::HealthRecord& record : records) {
    v1::HealthSample sample;
    ASSERT_TRUE(record.payload().UnpackTo(&sample));
    ASSERT_TRUE(AppendOpenMHealthPoint(kSubject, record, sample, &points))
        << sample.raw();
    points.push_back('\n');
  }
  const std::vector<v1::HealthRecord> again = Read(points);
  ASSERT_EQ(again.size(), records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(KeptOf(again[i]), KeptOf(records[i]));
    EXPECT_EQ(again[i].consumer(), kSubject);
  }
}

TEST(OpenMHealthRoundTripTest, EveryMemberUnitAndWordOfEverySchemaComesBack) {
  for (const OpenMHealthType& type : OpenMHealthTypes()) {
    for (int version = 1; version <= type.last_version; ++version) {
      std::string lines;
      int id = 0;
      for (const std::string& body : BodiesOf(type, version)) {
        const bool is_sensed = ++id % 2 == 0;
        absl::StrAppend(&lines,
                        Point(absl::StrCat("d-", id), type.name, version, body,
                              is_sensed ? "sensed" : "self-reported"),
                        "\n");
      }
      ASSERT_GT(id, 0) << type.name;

      ExpectRoundTrip(lines);
      if (HasFailure()) FAIL() << type.name << " " << version;
    }
  }
}

TEST(OpenMHealthRoundTripTest, EveryFormOfATimeComesBack) {
  const char* const kFrames[] = {
      R"({"date_time":"2024-05-01T06:30:00Z"})",
      R"({"date_time":"2024-05-01T06:30:00.000000001-08:00"})",
      R"({"time_interval":{"start_date_time":"2024-05-01T06:30:00+02:00",)"
      R"("end_date_time":"2024-05-02T06:30:00-07:00"}})",
      R"({"time_interval":{"start_date_time":"2024-05-01T06:30:00+02:00",)"
      R"("duration":{"value":90.5,"unit":"min"}}})",
      R"({"time_interval":{"end_date_time":"2024-05-01T06:30:00+02:00",)"
      R"("duration":{"value":1,"unit":"Mo"}}})",
      R"({"time_interval":{"end_date_time":"2024-05-01T06:30:00Z",)"
      R"("duration":{"value":250,"unit":"ms"}}})",
      R"({"time_interval":{"date":"2024-05-01","part_of_day":"morning"}})",
  };
  int id = 0;
  std::string lines;
  for (const char* const frame : kFrames) {
    absl::StrAppend(
        &lines,
        Point(absl::StrCat("d-", ++id), "heart-rate", 2,
              absl::StrCat(R"("heart_rate":{"value":62,"unit":"beats/min"},)",
                           R"("effective_time_frame":)", frame),
              "sensed"),
        "\n");
  }

  ExpectRoundTrip(lines);
}

}  // namespace
}  // namespace subrosa
