#include <string>

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

constexpr absl::string_view kInstant =
    R"("time":"2024-05-01T06:30:00Z","zoneOffset":"+02:00")";
constexpr absl::string_view kSpan =
    R"("startTime":"2024-05-01T06:30:00Z","startZoneOffset":"+02:00",)"
    R"("endTime":"2024-05-01T07:30:00Z","endZoneOffset":"+02:00")";

std::string Of(absl::string_view type, absl::string_view members) {
  return absl::StrCat(
      R"({"type":")", type, R"(","metadata":{"id":"h-1","dataOrigin":)",
      R"({"packageName":"org.example.fit"},"lastModifiedTime":)",
      R"("2024-05-01T08:00:00Z","clientRecordId":"r-7",)",
      R"("clientRecordVersion":3,"device":{"manufacturer":"Acme","model":)",
      R"("Band 2"},"recordingMethod":2},)", members, "}");
}

std::string Steps() {
  return Of("StepsRecord", absl::StrCat(kSpan, R"(,"count":812)"));
}

ReaderOptions OfOnePerson() {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.consumer = "c-1";
  options.defaults.collection = v1::COLLECTION_UNSPECIFIED;
  return options;
}

v1::HealthSample SampleOf(const std::string& text) {
  const Reading reading = ReadText(text, OfOnePerson());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u)
      << (reading.rejects.empty() ? "" : reading.rejects[0]);
  v1::HealthSample sample;
  if (reading.records.size() == 1) {
    EXPECT_TRUE(reading.records[0].payload().UnpackTo(&sample));
  }
  return sample;
}

std::string RejectOf(const std::string& text) {
  ReaderOptions options = OfOnePerson();
  options.format = Format::kHealthConnect;
  const Reading reading = ReadText(text, options);
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.rejects.size(), 1u) << text;
  return reading.rejects.empty() ? "" : reading.rejects[0];
}

TEST(HealthConnectTest, ATypeIsKnownWithoutThePackageOfItsClass) {
  for (const char* package : {"androidx.health.connect.client.records.",
                              "android.health.connect.datatypes."}) {
    for (const char* type :
         {"IntermenstrualBleedingRecord", "CyclingPedalingCadenceRecord",
          "HeartRateVariabilityRmssdRecord", "StepsRecord", "Steps"}) {
      const v1::HealthSample sample = SampleOf(absl::StrReplaceAll(
          Of("@", absl::StrCat(kInstant, ",", kSpan,
                               R"(,"samples":[],"count":)"
                               R"(1,"heartRateVariabilityMillis":40)")),
          {{"@", absl::StrCat(package, type)}}));

      const std::string code = sample.type().coding(0).code();
      EXPECT_EQ(code, absl::EndsWith(type, "Record")
                          ? std::string(type)
                          : absl::StrCat(type, "Record"));
      EXPECT_NE(sample.raw().find(package), std::string::npos) << code;
    }
  }
}

TEST(HealthConnectTest, WhatIsNoTypesNameIsRejectedWithoutSayingIt) {
  for (const char* type :
       {"", ".", "steps", "a.", ".steps", "Jane Doe.StepsRecord",
        "Jane.StepsRecord", "a/b.StepsRecord", "a.Steps-Record", "a.Schritteü",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
        "StepsRecord"}) {
    const std::string reject = RejectOf(absl::StrReplaceAll(
        Of("@", absl::StrCat(kSpan, R"(,"count":812)")), {{"@", type}}));

    EXPECT_TRUE(absl::StrContains(
        reject, "type: want a type of Health Connect's, got something else"))
        << reject;
  }
}

TEST(HealthConnectTest, ARecordSaysWhenWhatAndWhereItCameFrom) {
  const Reading reading = ReadText(Steps(), OfOnePerson());
  ASSERT_EQ(reading.records.size(), 1u) << reading.rejects[0];
  const v1::HealthRecord& record = reading.records[0];
  v1::HealthSample sample;
  ASSERT_TRUE(record.payload().UnpackTo(&sample));

  EXPECT_EQ(record.consumer(), "c-1");
  EXPECT_EQ(record.id(), "h-1");
  EXPECT_EQ(record.origin().system(), "health-connect");
  EXPECT_EQ(record.origin().type(), "StepsRecord");
  EXPECT_EQ(record.effective().utc_offset_minutes(), 120);
  EXPECT_EQ(record.effective().given_start(), "2024-05-01T06:30:00Z +02:00");
  EXPECT_EQ(
      record.effective().end().seconds() - record.effective().start().seconds(),
      3600);
  EXPECT_EQ(record.collected_at().seconds(), 1714550400);
  EXPECT_EQ(record.provenance().collection(), v1::COLLECTION_DEVICE);
  EXPECT_EQ(sample.type().coding(0).code(), "StepsRecord");
  EXPECT_EQ(sample.value().value(), 812);
  EXPECT_EQ(sample.source_name(), "org.example.fit");
  EXPECT_EQ(sample.device(), "Acme Band 2");
  EXPECT_EQ(sample.details(1).key(), "clientRecordVersion");
  EXPECT_EQ(sample.details(1).value(), "3");
  EXPECT_EQ(sample.raw(), Steps());
}

TEST(HealthConnectTest, TheShortNameOfATypeIsTheSameType) {
  const v1::HealthSample sample = SampleOf(absl::StrReplaceAll(
      Steps(), {{R"("type":"StepsRecord")", R"("recordType":"Steps")"}}));

  EXPECT_EQ(sample.type().coding(0).code(), "StepsRecord");
  EXPECT_EQ(sample.value().value(), 812);
}

TEST(HealthConnectTest, AMeasureMayNameItsUnitInEitherWay) {
  for (const absl::string_view weight :
       {R"({"value":70.5,"unit":"kilograms"})", R"({"inKilograms":70.5})",
        R"({"inKilograms":70.5,"inPounds":155.4})"}) {
    const v1::HealthSample sample = SampleOf(
        Of("WeightRecord", absl::StrCat(kInstant, R"(,"weight":)", weight)));

    EXPECT_EQ(sample.value().value(), 70.5);
    EXPECT_EQ(sample.value().unit(), "kg");
    EXPECT_EQ(sample.value().given_unit(), "kilograms");
  }
}

TEST(HealthConnectTest, EachHeartbeatSampleIsAPartWithItsTime) {
  const v1::HealthSample sample = SampleOf(Of(
      "HeartRateRecord",
      absl::StrCat(kSpan, R"(,"samples":[)",
                   R"({"time":"2024-05-01T06:31:00Z","beatsPerMinute":61},)",
                   R"({"time":"2024-05-01T06:32:00Z","beatsPerMinute":64}])")));

  ASSERT_EQ(sample.parts_size(), 2);
  EXPECT_EQ(sample.parts(1).value().value(), 64);
  EXPECT_EQ(sample.parts(1).value().unit(), "/min");
  EXPECT_EQ(sample.parts(1).given_start(), "2024-05-01T06:32:00Z");
}

TEST(HealthConnectTest, StagesOfSleepAreKeptWithTheirSpans) {
  const v1::HealthSample sample = SampleOf(
      Of("SleepSessionRecord",
         absl::StrCat(kSpan, R"(,"title":"nap","stages":[{"startTime":)",
                      R"("2024-05-01T06:30:00Z","endTime":)",
                      R"("2024-05-01T06:50:00Z","stage":5}])")));

  ASSERT_EQ(sample.parts_size(), 1);
  EXPECT_EQ(sample.parts(0).name(), "stage");
  EXPECT_EQ(sample.parts(0).text(), "5");
  EXPECT_EQ(sample.parts(0).given_end(), "2024-05-01T06:50:00Z");
}

TEST(HealthConnectTest, WhatAConsumerTypedInWasCollectedFromTheConsumer) {
  const Reading reading = ReadText(
      absl::StrReplaceAll(
          Of("MenstruationFlowRecord", absl::StrCat(kInstant, R"(,"flow":2)")),
          {{R"("recordingMethod":2)", R"("recordingMethod":3)"}}),
      OfOnePerson());

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].provenance().collection(),
            v1::COLLECTION_CONSUMER);
}

TEST(HealthConnectTest, ATypeThatIsNotMappedIsKeptWhole) {
  const v1::HealthSample sample = SampleOf(
      Of("SkinTemperatureRecord", absl::StrCat(kSpan, R"(,"baseline":1)")));

  EXPECT_EQ(sample.type().coding(0).code(), "SkinTemperatureRecord");
  EXPECT_TRUE(absl::StrContains(sample.raw(), "baseline"));
}

TEST(HealthConnectTest, ADocumentAListAndLinesHoldTheSameRecords) {
  const std::string steps = Steps();
  for (const std::string& text :
       {absl::StrCat(steps, "\n", steps, "\n"),
        absl::StrCat("[", steps, ",\n", steps, "]"),
        absl::StrCat(R"({"records":[)", steps, ",", steps, "]}"),
        absl::StrCat("{\n\"version\": 1, \"app\":{\"records\":[]},\n",
                     R"("records":[)", steps, ",", steps,
                     "],\n\"more\":[{}]}\n")}) {
    ReaderOptions options = OfOnePerson();
    options.format = Format::kHealthConnect;
    const Reading reading = ReadText(text, options);

    EXPECT_TRUE(reading.status.ok()) << reading.status;
    EXPECT_EQ(reading.records.size(), 2u) << text;
    EXPECT_TRUE(reading.rejects.empty());
  }
}

TEST(HealthConnectTest, AnExportIsAboutNobodyUntilTheCallerSaysWho) {
  const Reading reading = ReadText(Steps(), OptionsWithDefaults());

  EXPECT_TRUE(reading.records.empty());
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0],
                                "consumer: want 1 to 256 bytes, got 0"));
}

TEST(HealthConnectTest, ARecordThatSaysTooLittleOrWrongIsRejected) {
  const struct {
    std::string text;
    absl::string_view reason;
  } kCases[] = {
      {"{}", "type: want one of `type` and `recordType`, got none"},
      {R"({"type":"zoe smith","metadata":{"id":"1"}})",
       "type: want a type of Health Connect's, got something else"},
      {R"({"type":"StepsRecord"})", "metadata: want an object, got none"},
      {R"({"type":"StepsRecord","metadata":{}})", "metadata.id: want text"},
      {Of("StepsRecord", R"("count":1)"), "startTime: want text, got none"},
      {Of("StepsRecord", absl::StrCat(kInstant, R"(,"count":1)")),
       "startTime: want text, got none"},
      {Of("StepsRecord", kSpan), "count: want a number, got none"},
      {Of("StepsRecord", absl::StrCat(kSpan, R"(,"count":"zoe")")),
       "count: want a number, got something else"},
      {Of("StepsRecord",
          absl::StrReplaceAll(absl::StrCat(kSpan, R"(,"count":1)"),
                              {{"T06:30:00Z", "T06:30"}})),
       "startTime: want a time of RFC 3339, got another string"},
      {Of("StepsRecord",
          absl::StrReplaceAll(absl::StrCat(kSpan, R"(,"count":1)"),
                              {{"T07:30", "T05:30"}})),
       "effective.end: want a time not before `start`"},
      {Of("StepsRecord",
          absl::StrReplaceAll(absl::StrCat(kSpan, R"(,"count":1)"),
                              {{"+02:00", "zoe"}})),
       "startZoneOffset: want an offset from UTC"},
      {Of("WeightRecord", absl::StrCat(kInstant, R"(,"weight":70)")),
       "weight: want an object, got something else"},
      {Of("WeightRecord",
          absl::StrCat(kInstant, R"(,"weight":{"value":70,"unit":"zoe"})")),
       "weight.unit: want a unit of the type's"},
      {Of("WeightRecord",
          absl::StrCat(kInstant, R"(,"weight":{"inMeters":7})")),
       "weight: want a value with its unit, got neither"},
      {Of("HeartRateRecord", absl::StrCat(kSpan, R"(,"samples":[{}])")),
       "samples[0].time: want text, got none"},
      {Of("HeartRateRecord", absl::StrCat(kSpan, R"(,"samples":{})")),
       "samples: want a list, got something else"},
      {Of("HeartRateRecord", kSpan), "samples: want a list, got none"},
      {Of("SleepSessionRecord",
          absl::StrCat(kSpan, R"(,"stages":[{"startTime":)",
                       R"("2024-05-01T06:30:00Z","endTime":)",
                       R"("2024-05-01T06:20:00Z","stage":5}])")),
       "stages[0].endTime: want a time not before startTime"},
      {Of("MenstruationFlowRecord", absl::StrCat(kInstant, R"(,"flow":[])")),
       "flow: want a constant of the type's, by number or name"},
      {Of("StepsRecord", absl::StrCat(kSpan, R"(,"count":1,"count":2)")),
       "want each key of an object once, got one twice"},
  };
  for (const auto& c : kCases) {
    const std::string reject = RejectOf(c.text);

    EXPECT_TRUE(absl::StrContains(reject, c.reason))
        << reject << "\nwanted " << c.reason;
    EXPECT_FALSE(absl::StrContains(reject, "zoe"));
  }
}

}  // namespace
}  // namespace subrosa
