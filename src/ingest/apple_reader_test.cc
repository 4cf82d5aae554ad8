#include "src/ingest/apple_reader.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/apple_sample.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

ReaderOptions OfRobin() {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.consumer = "robin";
  return options;
}

Reading ReadExport(const std::string& elements) {
  return ReadText(absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<!DOCTYPE HealthData [ <!ELEMENT broken > ]>\n"
                               "<HealthData locale=\"en_US\">\n"
                               "<ExportDate value=\"2024-05-02\"/>",
                               elements, "</HealthData>\n"),
                  OfRobin());
}

constexpr char kPulse[] =
    "<Record type=\"HKQuantityTypeIdentifierHeartRate\" "
    "sourceName=\"Robin&#8217;s Watch\" sourceVersion=\"9.3\" "
    "device=\"&lt;HKDevice&gt;, name:Watch\" unit=\"count/min\" "
    "creationDate=\"2024-05-01 08:01:00 +0200\" "
    "startDate=\"2024-05-01 08:00:00 +0200\" "
    "endDate=\"2024-05-01 08:00:30 +0200\" value=\"72.5\" extra=\"kept\">"
    "<MetadataEntry key=\"HKMotion\" value=\"1\"/></Record>";

v1::HealthSample SampleOf(const v1::HealthRecord& record) {
  v1::HealthSample sample;
  EXPECT_TRUE(record.payload().UnpackTo(&sample));
  return sample;
}

TEST(AppleReaderTest, AnAttributesNameMayHoldSpaces) {
  const std::string workout =
      "<Record type=\"HKQuantityTypeIdentifierStepCount\" value=\"7\" "
      "startDate=\"2024-05-01 08:00:00 +0200\" "
      "Health Mate App Version=\"2.6 b\"/>";
  const Reading reading = ReadExport(absl::StrCat(workout, kPulse));
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 2u);
  const std::string text = SampleOf(reading.records[0]).ShortDebugString();
  EXPECT_NE(text.find("Health_Mate_App_Version"), std::string::npos);
  EXPECT_NE(text.find("2.6 b"), std::string::npos);
}

TEST(AppleReaderTest, AnElementNestedTooDeepIsPassedOver) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  for (int i = 0; i < 100; ++i) deep += "</a>";
  const Reading reading = ReadExport(
      absl::StrCat("<Record type=\"x\">", deep, "</Record>", kPulse));
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_NE(reading.rejects[0].find("element: want at most 64 levels"),
            std::string::npos);
}

TEST(AppleReaderTest, ANameThatNobodyKnowsIsNotRepeated) {
  const Reading reading = ReadExport(
      "<Robin type=\"x\" creationDate=\"2024-13-01 08:00:00 +0200\"/>");
  ASSERT_EQ(reading.rejects.size(), 1u) << reading.status;
  EXPECT_EQ(reading.rejects[0].find("Robin"), std::string::npos);
  EXPECT_NE(reading.rejects[0].find("element.creationDate: want a time"),
            std::string::npos);
}

TEST(AppleReaderTest, ASampleBecomesARecordWithNothingLost) {
  const Reading reading = ReadExport(kPulse);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 1u);
  const v1::HealthRecord& record = reading.records[0];
  EXPECT_EQ(record.consumer(), "robin");
  EXPECT_EQ(record.origin().system(), "apple-health");
  EXPECT_EQ(record.origin().type(), "HKQuantityTypeIdentifierHeartRate");
  EXPECT_EQ(record.origin().raw_digest().size(), 32u);
  EXPECT_EQ(record.collected_at().seconds(), 1714543260);
  EXPECT_EQ(record.effective().start().seconds(), 1714543200);
  EXPECT_EQ(record.effective().end().seconds(), 1714543230);
  EXPECT_EQ(record.effective().utc_offset_minutes(), 120);
  EXPECT_EQ(record.effective().given_start(), "2024-05-01 08:00:00 +0200");
  const v1::HealthSample sample = SampleOf(record);
  EXPECT_EQ(sample.type().coding(0).system(), kHealthKit);
  EXPECT_EQ(sample.type().coding(0).code(),
            "HKQuantityTypeIdentifierHeartRate");
  EXPECT_EQ(sample.value().value(), 72.5);
  EXPECT_EQ(sample.value().unit(), "/min");
  EXPECT_EQ(sample.value().given_unit(), "count/min");
  EXPECT_EQ(sample.source_name(), "Robin\xE2\x80\x99s Watch");
  EXPECT_EQ(sample.source_version(), "9.3");
  EXPECT_EQ(sample.device(), "<HKDevice>, name:Watch");
  ASSERT_EQ(sample.details_size(), 2);
  EXPECT_EQ(sample.details(0).key(), "extra");
  EXPECT_EQ(sample.details(1).key(), "HKMotion");
  EXPECT_TRUE(sample.raw().empty());
}

TEST(AppleReaderTest, ACategoryIsACodeAndNoNumber) {
  const Reading reading = ReadExport(
      "<Record type=\"HKCategoryTypeIdentifierSleepAnalysis\" "
      "startDate=\"2024-05-01 23:00:00 -0700\" endDate=\"2024-05-02 07:00:00 "
      "-0700\" value=\"HKCategoryValueSleepAnalysisAsleepREM\"/>");
  ASSERT_EQ(reading.records.size(), 1u) << reading.status;
  const v1::HealthSample sample = SampleOf(reading.records[0]);
  EXPECT_EQ(sample.value_code().coding(0).code(),
            "HKCategoryValueSleepAnalysisAsleepREM");
  EXPECT_FALSE(sample.has_value());
  EXPECT_EQ(reading.records[0].effective().utc_offset_minutes(), -420);
}

TEST(AppleReaderTest, AWorkoutIsKeptWholeWithItsSumsBeside) {
  const std::string workout =
      "<Workout workoutActivityType=\"HKWorkoutActivityTypeYoga\" "
      "duration=\"30\" durationUnit=\"min\" "
      "startDate=\"2024-05-01 08:00:00 +0200\" "
      "endDate=\"2024-05-01 08:30:00 +0200\">"
      "<WorkoutStatistics type=\"HKQuantityTypeIdentifierActiveEnergyBurned\" "
      "sum=\"120\" unit=\"Cal\"/><WorkoutRoute><Location latitude=\"52.5\"/>"
      "</WorkoutRoute></Workout>";
  const Reading reading = ReadExport(workout);
  ASSERT_EQ(reading.records.size(), 1u) << reading.status;
  const v1::HealthSample sample = SampleOf(reading.records[0]);
  EXPECT_EQ(sample.type().coding(0).code(), "HKWorkoutActivityTypeYoga");
  EXPECT_EQ(sample.value().unit(), "min");
  ASSERT_EQ(sample.parts_size(), 1);
  EXPECT_EQ(sample.parts(0).name(),
            "HKQuantityTypeIdentifierActiveEnergyBurned sum");
  EXPECT_EQ(sample.parts(0).value().unit(), "kcal");
  EXPECT_EQ(sample.raw(), workout);
}

TEST(AppleReaderTest, WhatWeDoNotKnowIsKeptWhole) {
  const Reading reading =
      ReadExport("<StateOfMind kind=\"mood\" valence=\"-0.4\"/>");
  ASSERT_EQ(reading.records.size(), 1u) << reading.status;
  EXPECT_EQ(reading.records[0].origin().type(), "StateOfMind");
  EXPECT_EQ(SampleOf(reading.records[0]).raw(),
            "<StateOfMind kind=\"mood\" valence=\"-0.4\"/>");
}

TEST(AppleReaderTest, SeveralSourcesOfOneMeasureAreAllKept) {
  const std::string phone =
      "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"Phone\" "
      "startDate=\"2024-05-01 08:00:00 +0200\" value=\"100\" unit=\"count\"/>";
  const std::string watch =
      "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"Watch\" "
      "startDate=\"2024-05-01 08:00:00 +0200\" value=\"100\" unit=\"count\"/>";
  const Reading reading = ReadExport(phone + watch);
  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_NE(reading.records[0].origin().raw_digest(),
            reading.records[1].origin().raw_digest());
}

TEST(AppleReaderTest, AnExportThatIsNobodysIsRefused) {
  const Reading reading =
      ReadText("<HealthData></HealthData>", OptionsWithDefaults());
  EXPECT_TRUE(absl::IsInvalidArgument(reading.status));
  EXPECT_NE(reading.status.message().find("consumer: want whose export"),
            absl::string_view::npos);
}

TEST(AppleReaderTest, ATimeThatIsNoneIsRejectedAndTheNextIsTaken) {
  const Reading reading = ReadExport(absl::StrCat(
      "<Record type=\"HKQuantityTypeIdentifierStepCount\" "
      "startDate=\"2024-13-01 08:00:00 +0200\" value=\"1\"/>",
      "<Record type=\"HKQuantityTypeIdentifierStepCount\" "
      "creationDate=\"1.5.2024\" value=\"1\"/>",
      "<Record startDate=\"2024-05-01 08:00:00 +0200\" value=\"1\"/>", kPulse));
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
  ASSERT_EQ(reading.rejects.size(), 3u);
  EXPECT_NE(reading.rejects[0].find("Record.startDate: want a time"),
            std::string::npos);
  EXPECT_NE(reading.rejects[1].find("Record.creationDate: want a time"),
            std::string::npos);
  EXPECT_NE(reading.rejects[2].find("Record.type: want one, got none"),
            std::string::npos);
  for (const std::string& reject : reading.rejects) {
    EXPECT_EQ(reject.find("1.5.2024"), std::string::npos);
  }
}

TEST(AppleReaderTest, AnExportCutShortKeepsWhatWasWhole) {
  const Reading reading = ReadText(
      absl::StrCat("<HealthData>", kPulse, "<Record type=\"HKQua"), OfRobin());
  EXPECT_TRUE(absl::IsInvalidArgument(reading.status));
  EXPECT_EQ(reading.records.size(), 1u);
}

TEST(AppleReaderTest, ANumberThatIsNoneStaysAsItWasGiven) {
  const Reading reading = ReadExport(
      "<Record type=\"HKQuantityTypeIdentifierStepCount\" value=\"1e999\" "
      "unit=\"count\" startDate=\"2024-05-01 08:00:00 +0200\"/>");
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(SampleOf(reading.records[0]).value().value(), 0);
  EXPECT_EQ(SampleOf(reading.records[0]).value().given_value(), "1e999");
}

TEST(AppleReaderTest, TimesAreReadStrictly) {
  EXPECT_EQ(ParseAppleTime("1970-01-01 00:00:00 +0000")->seconds, 0);
  EXPECT_EQ(ParseAppleTime("2024-02-29 12:00:00 +0530")->seconds, 1709188200);
  EXPECT_EQ(ParseAppleTime("1900-03-01 00:00:00 +0000")->seconds, -2203891200);
  for (const char* wrong :
       {"2023-02-29 12:00:00 +0000", "1900-02-29 12:00:00 +0000",
        "2024-05-01T08:00:00 +0200", "2024-05-01 08:00:00 +02:00",
        "2024-05-01 24:00:00 +0200", "2024-05-01 08:00:00 +1901",
        "2024-00-01 08:00:00 +0200", "0000-01-01 08:00:00 +0200",
        "2024-05-01 08:00:00", ""}) {
    EXPECT_FALSE(ParseAppleTime(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace subrosa
