#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kHeart =
    R"("heart_rate":{"value":62,"unit":"beats/min"})";
constexpr absl::string_view kAtSix =
    R"("effective_time_frame":{"date_time":"2024-05-01T06:30:00+02:00"})";

std::string Point(absl::string_view schema, absl::string_view version,
                  absl::string_view body) {
  return absl::StrCat(
      R"({"header":{"id":"d-1","creation_date_time":"2024-05-01T08:00:00Z",)",
      R"("schema_id":{"namespace":"omh","name":")", schema, R"(","version":")",
      version,
      R"("},"acquisition_provenance":{"source_name":"Band","modality":)",
      R"("sensed"},"user_id":"u-1"},"body":{)", body, "}}");
}

std::string HeartPoint() {
  return Point("heart-rate", "2.0", absl::StrCat(kHeart, ",", kAtSix));
}

std::string Over(absl::string_view interval) {
  return absl::StrCat(R"("effective_time_frame":{"time_interval":{)", interval,
                      "}}");
}

ReaderOptions Bare(absl::string_view schema_id) {
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kOpenMHealth;
  options.message_type = std::string(schema_id);
  options.defaults.consumer = "c-1";
  return options;
}

v1::HealthSample SampleOf(const Reading& reading) {
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u)
      << (reading.rejects.empty() ? "" : reading.rejects[0]);
  v1::HealthSample sample;
  if (reading.records.size() == 1) {
    EXPECT_TRUE(reading.records[0].payload().UnpackTo(&sample));
  }
  return sample;
}

TEST(OpenMHealthTest, ADataPointSaysWhomWhenAndWhat) {
  const Reading reading = ReadText(HeartPoint(), OptionsWithDefaults());
  const v1::HealthSample sample = SampleOf(reading);
  ASSERT_EQ(reading.records.size(), 1u);
  const v1::HealthRecord& record = reading.records[0];

  EXPECT_EQ(record.consumer(), "u-1");
  EXPECT_EQ(record.id(), "d-1");
  EXPECT_EQ(record.collected_at().seconds(), 1714550400);
  EXPECT_EQ(record.effective().start().seconds(), 1714537800);
  EXPECT_EQ(record.effective().utc_offset_minutes(), 120);
  EXPECT_EQ(record.effective().given_start(), "2024-05-01T06:30:00+02:00");
  EXPECT_EQ(record.provenance().collection(), v1::COLLECTION_DEVICE);
  EXPECT_EQ(record.origin().system(), "open-mhealth");
  EXPECT_EQ(record.origin().type(), "omh:heart-rate");
  EXPECT_EQ(record.origin().id(), "d-1");
  EXPECT_EQ(record.origin().raw_digest().size(), 32u);
  EXPECT_EQ(sample.type().coding(0).code(), "omh:heart-rate");
  EXPECT_EQ(sample.value().value(), 62);
  EXPECT_EQ(sample.value().unit(), "/min");
  EXPECT_EQ(sample.value().given_unit(), "beats/min");
  EXPECT_EQ(sample.source_name(), "Band");
  EXPECT_EQ(sample.raw(), HeartPoint());
}

TEST(OpenMHealthTest, UnitsGetTheirUcumCodeBesideWhatWasGiven) {
  const struct {
    absl::string_view schema;
    absl::string_view body;
    absl::string_view unit;
    absl::string_view given;
  } kCases[] = {
      {"omh:body-weight:1.0", R"("body_weight":{"value":150,"unit":"lb"})",
       "[lb_av]", "lb"},
      {"omh:body-height:1.0", R"("body_height":{"value":180,"unit":"cm"})",
       "cm", ""},
      {"omh:body-temperature:1.0",
       R"("body_temperature":{"value":98.6,"unit":"F"})", "[degF]", "F"},
      {"omh:sleep-duration:1.0", R"("sleep_duration":{"value":7,"unit":"sec"})",
       "s", "sec"},
      {"omh:step-count:1.0", R"("step_count":6000)", "{steps}", ""},
  };
  for (const auto& c : kCases) {
    const v1::HealthSample sample =
        SampleOf(ReadText(absl::StrCat("{", c.body, "}"), Bare(c.schema)));

    EXPECT_EQ(sample.value().unit(), c.unit);
    EXPECT_EQ(sample.value().given_unit(), c.given);
  }
}

TEST(OpenMHealthTest, ABloodPressureHasTwoNamedParts) {
  const v1::HealthSample sample = SampleOf(
      ReadText(R"({"systolic_blood_pressure":{"value":120,"unit":"mmHg"},)"
               R"("diastolic_blood_pressure":{"value":80,"unit":"mmHg"}})",
               Bare("omh:blood-pressure:1.0")));

  ASSERT_EQ(sample.parts_size(), 2);
  EXPECT_EQ(sample.parts(0).name(), "systolic_blood_pressure");
  EXPECT_EQ(sample.parts(1).value().value(), 80);
  EXPECT_EQ(sample.parts(1).value().unit(), "mm[Hg]");
}

TEST(OpenMHealthTest, AnIntervalMayBeGivenByItsDuration) {
  const Reading reading = ReadText(
      absl::StrCat("{", R"("total_sleep_time":{"value":8,"unit":"h"},)",
                   Over(R"("end_date_time":"2024-05-01T06:30:00.5+02:00",)"
                        R"("duration":{"value":1.5,"unit":"h"})"),
                   "}"),
      Bare("omh:total-sleep-time:1.0"));
  SampleOf(reading);
  ASSERT_EQ(reading.records.size(), 1u);
  const v1::Effective& effective = reading.records[0].effective();

  EXPECT_EQ(effective.end().seconds() - effective.start().seconds(), 5400);
  EXPECT_EQ(effective.start().nanos(), 500000000);
  EXPECT_EQ(effective.utc_offset_minutes(), 120);
  EXPECT_EQ(effective.given_start(), "");
}

TEST(OpenMHealthTest, APartOfADayStandsForTheDayAndIsKeptAsGiven) {
  const Reading reading = ReadText(
      absl::StrCat("{", kHeart, ",",
                   Over(R"("date":"2024-05-01","part_of_day":"morning")"), "}"),
      Bare("omh:heart-rate:2.0"));
  SampleOf(reading);
  ASSERT_EQ(reading.records.size(), 1u);
  const v1::Effective& effective = reading.records[0].effective();

  EXPECT_EQ(effective.end().seconds() - effective.start().seconds(), 86399);
  EXPECT_FALSE(effective.has_utc_offset_minutes());
  EXPECT_EQ(effective.given_start(), "2024-05-01 morning");
}

TEST(OpenMHealthTest, ATypeThatIsNotMappedIsKeptWhole) {
  const v1::HealthSample sample =
      SampleOf(ReadText(Point("pace", "1.0", kAtSix), OptionsWithDefaults()));

  EXPECT_EQ(sample.type().coding(0).code(), "omh:pace");
  EXPECT_FALSE(sample.has_value());
  EXPECT_TRUE(absl::StrContains(sample.raw(), "date_time"));
}

TEST(OpenMHealthTest, AListAndLinesAndObjectsOverManyLinesAreTheSamePoints) {
  const std::string point = HeartPoint();
  const std::string spread = absl::StrReplaceAll(point, {{"{", "{\n  "}});
  for (const std::string& text :
       {absl::StrCat(point, "\n", point, "\n"),
        absl::StrCat("[", point, ",", point, "]"),
        absl::StrCat("\xEF\xBB\xBF[\n", spread, " ,\r\n", spread, "\n]\n"),
        absl::StrCat(spread, "\n\n", spread)}) {
    const Reading reading = ReadText(text, OptionsWithDefaults());

    EXPECT_TRUE(reading.status.ok()) << reading.status;
    EXPECT_EQ(reading.records.size(), 2u) << text;
    EXPECT_TRUE(reading.rejects.empty());
  }
}

TEST(OpenMHealthTest, ABadLineIsRejectedAndTheOthersAreTaken) {
  const Reading reading =
      ReadText(absl::StrCat(HeartPoint(), "\n{\"header\":[}\n", HeartPoint()),
               OptionsWithDefaults());

  EXPECT_EQ(reading.records.size(), 2u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0], "line 2"));
}

TEST(OpenMHealthTest, AListThatIsCutOffKeepsWhatCameBefore) {
  const Reading reading =
      ReadText(absl::StrCat("[", HeartPoint(), ",", HeartPoint().substr(0, 90)),
               OptionsWithDefaults());

  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0], "the end of the file"));
}

TEST(OpenMHealthTest, AListThatNobodyCanReadOnEndsTheReading) {
  const Reading reading =
      ReadText(absl::StrCat("[", HeartPoint(), ";", HeartPoint(), "]"),
               OptionsWithDefaults());

  EXPECT_TRUE(absl::IsInvalidArgument(reading.status)) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
}

TEST(OpenMHealthTest, ADataPointThatIsTooLongIsPassedOver) {
  ReaderOptions options = OptionsWithDefaults();
  options.max_record_bytes = 1000;
  const std::string large =
      Point("heart-rate", "2.0",
            absl::StrCat("\"x\":\"", std::string(5000, 'x'), "\""));
  const Reading reading = ReadText(
      absl::StrCat("[", HeartPoint(), ",", large, ",", HeartPoint(), "]"),
      options);

  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 2u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0], "at most 1000 bytes"));
}

TEST(OpenMHealthTest, WhatItsSchemaDoesNotTakeIsRejectedWithItsPlace) {
  const std::string kNow = std::string(kAtSix);
  const struct {
    absl::string_view schema;
    std::string body;
    absl::string_view reason;
  } kCases[] = {
      {"omh:heart-rate:2.0", kNow, "heart_rate: want an object, got none"},
      {"omh:heart-rate:2.0", std::string(kHeart),
       "effective_time_frame: want an object, got none"},
      {"omh:heart-rate:2.0", R"("heart_rate":62,)" + kNow,
       "heart_rate: want an object, got something else"},
      {"omh:heart-rate:2.0",
       R"("heart_rate":{"value":62,"unit":"bpm"},)" + kNow,
       "heart_rate.unit: want a unit of the schema's"},
      {"omh:heart-rate:2.0",
       R"("heart_rate":{"value":"62","unit":"beats/min"})",
       "heart_rate.value: want a number, got something else"},
      {"omh:heart-rate:1.0",
       absl::StrCat(kHeart, R"(,"descriptive_statistic":"zoe")"),
       "descriptive_statistic: want a word of the schema's"},
      {"omh:heart-rate:1.0",
       absl::StrCat(kHeart,
                    R"(,"effective_time_frame":{"date_time":"2024-05-01"})"),
       "effective_time_frame.date_time: want a time of RFC 3339"},
      {"omh:heart-rate:1.0",
       absl::StrCat(kHeart, R"(,"effective_time_frame":{})"),
       "want a date_time or a time_interval, got neither"},
      {"omh:heart-rate:1.0",
       absl::StrCat(kHeart, ",",
                    Over(R"("start_date_time":"2024-05-01T06:30:00Z")")),
       "time_interval: want two of start, end and duration"},
      {"omh:heart-rate:1.0",
       absl::StrCat(kHeart, ",",
                    Over(R"("start_date_time":"2024-05-01T06:30:00Z",)"
                         R"("duration":{"value":-1,"unit":"h"})")),
       "duration: want 0 to 150 years"},
      {"omh:heart-rate:1.0",
       absl::StrCat(kHeart, ",",
                    Over(R"("start_date_time":"2024-05-01T06:30:00Z",)"
                         R"("end_date_time":"2024-05-01T06:29:59Z")")),
       "effective.end: want a time not before `start`"},
      {"omh:blood-pressure:4.0",
       absl::StrCat(R"("systolic_blood_pressure":{"value":1,"unit":"mmHg"},)",
                    R"("diastolic_blood_pressure":{"value":1,"unit":"mmHg"},)",
                    Over(R"("date":"2024-05-01","part_of_day":"morning")")),
       "time_interval: want two of start, end and duration, got others"},
      {"omh:step-count:2.0", R"("step_count":60,)" + kNow,
       "effective_time_frame: want a time_interval, got a date_time"},
      {"omh:step-count:3.0", R"("step_count":60,)" + kNow,
       "step_count: want an object"},
      {"omh:step-count:1.0", R"("step_count":60,"step_count":61)",
       "want each key of an object once, got one twice"},
      {"omh:step-count:1.0", R"("step_count":1e999)",
       "a number that is none or out of range"},
  };
  for (const auto& c : kCases) {
    const Reading reading =
        ReadText(absl::StrCat("{", c.body, "}"), Bare(c.schema));

    ASSERT_TRUE(reading.status.ok()) << reading.status;
    ASSERT_EQ(reading.rejects.size(), 1u) << c.reason;
    EXPECT_TRUE(absl::StrContains(reading.rejects[0], c.reason))
        << reading.rejects[0] << "\nwanted " << c.reason;
    EXPECT_FALSE(absl::StrContains(reading.rejects[0], "zoe"));
  }
}

TEST(OpenMHealthTest, AHeaderThatSaysTooLittleOrWrongIsRejected) {
  const struct {
    absl::string_view from;
    absl::string_view to;
    absl::string_view reason;
  } kCases[] = {
      {R"("id":"d-1",)", "", "header.id: want text, got none"},
      {R"("id":"d-1",)", R"("id":1,)", "header.id: want text, got something"},
      {"2024-05-01T08", "204-05-01T08",
       "header.creation_date_time: want a time of RFC 3339"},
      {R"("namespace":"omh",)", "", "header.schema_id.namespace: want text"},
      {"heart-rate", "Zoe Smith",
       "header.schema_id: want a schema's namespace, name and version"},
      {"sensed", "zoe", "modality: want sensed or self-reported"},
      {R"("user_id":"u-1")", R"("user_id":1)", "header.user_id: want text"},
      {R"(,"user_id":"u-1")", "", "consumer: want 1 to 256 bytes, got 0"},
      {R"("source_name":"Band",)", "", "source_name: want text, got none"},
  };
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kOpenMHealth;
  for (const auto& c : kCases) {
    const Reading reading =
        ReadText(absl::StrReplaceAll(HeartPoint(), {{c.from, c.to}}), options);

    ASSERT_EQ(reading.rejects.size(), 1u) << c.reason;
    EXPECT_TRUE(absl::StrContains(reading.rejects[0], c.reason))
        << reading.rejects[0];
    EXPECT_FALSE(absl::StrContains(reading.rejects[0], "zoe"));
  }
}

TEST(OpenMHealthTest, ASchemaIdOfAnotherFormIsRefusedAtTheStart) {
  for (const absl::string_view id :
       {"heart-rate", "omh:heart-rate", "omh:Heart Rate:1.0", "omh::1.0"}) {
    const Reading reading = ReadText("{}", Bare(id));

    EXPECT_TRUE(absl::IsInvalidArgument(reading.status)) << id;
  }
}

}  // namespace
}  // namespace subrosa
