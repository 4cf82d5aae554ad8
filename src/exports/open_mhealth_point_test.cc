#include "src/exports/open_mhealth_point.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSubject[] = "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";
constexpr char kSchemas[] = "https://www.openmhealth.org/schemas";
constexpr char kHealthKit[] =
    "https://developer.apple.com/documentation/healthkit";
constexpr char kHealthConnect[] =
    "https://developer.android.com/health-connect";

v1::HealthRecord RecordAt(int64_t start, int64_t end = 0) {
  v1::HealthRecord record;
  record.set_consumer("ada");
  record.set_id("r-1");
  record.mutable_collected_at()->set_seconds(1714550400);
  record.mutable_provenance()->set_collection(v1::COLLECTION_DEVICE);
  record.mutable_effective()->mutable_start()->set_seconds(start);
  if (end != 0) record.mutable_effective()->mutable_end()->set_seconds(end);
  record.mutable_effective()->set_utc_offset_minutes(-420);
  return record;
}

v1::HealthRecord AtSix() { return RecordAt(1714537800); }

v1::HealthSample Sample(const std::string& system, const std::string& code,
                        double value, const std::string& unit) {
  v1::HealthSample sample;
  sample.mutable_type()->add_coding()->set_system(system);
  sample.mutable_type()->mutable_coding(0)->set_code(code);
  sample.mutable_value()->set_value(value);
  sample.mutable_value()->set_unit(unit);
  return sample;
}

v1::HealthSample HeartRate(const std::string& version) {
  v1::HealthSample sample = Sample(kSchemas, "omh:heart-rate", 62, "/min");
  v1::SampleDetail* const detail = sample.add_details();
  detail->set_key("schema_id.version");
  detail->set_value(version);
  return sample;
}

v1::VitalSample Vital(const std::string& loinc, double value,
                      const std::string& unit) {
  v1::VitalSample sample;
  sample.mutable_type()->add_coding()->set_system("http://loinc.org");
  sample.mutable_type()->mutable_coding(0)->set_code(loinc);
  sample.mutable_value()->set_value(value);
  sample.mutable_value()->set_unit(unit);
  return sample;
}

// The point of `payload`; null if it has none.
Json PointOf(const google::protobuf::Message& payload,
             const v1::HealthRecord& record = AtSix()) {
  std::string out = "kept";
  if (!AppendOpenMHealthPoint(kSubject, record, payload, &out)) {
    EXPECT_EQ(out, "kept");
    return nullptr;
  }
  return Json::parse(out.substr(4));
}

TEST(OpenMHealthPointTest, APointSaysWhoseWhenAndWhat) {
  v1::VitalSample sample = Vital("8867-4", 62.5, "/min");
  sample.set_device_id("PLANTED");

  const Json point = PointOf(sample);

  EXPECT_EQ(
      point.dump(),
      R"({"header":{"id":"r-1","creation_date_time":"2024-05-01T08:00:00Z",)"
      R"("schema_id":{"namespace":"omh","name":"heart-rate","version":"2.0"},)"
      R"("user_id":"0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11"},"body":{)"
      R"("heart_rate":{"value":62.5,"unit":"beats/min"},)"
      R"("effective_time_frame":{"date_time":"2024-04-30T21:30:00-07:00"}}})");
}

TEST(OpenMHealthPointTest, SamplesOfPhonesGetTheSchemaThatSaysTheSame) {
  const v1::HealthRecord span = RecordAt(1714537800, 1714541400);
  const Json apple = PointOf(
      Sample(kHealthKit, "HKQuantityTypeIdentifierStepCount", 812, "1"), span);
  const Json android =
      PointOf(Sample(kHealthConnect, "WeightRecord", 71.2, "kg"));

  EXPECT_EQ(apple["body"]["step_count"].dump(),
            R"({"value":812,"unit":"steps"})");
  EXPECT_TRUE(apple["body"]["effective_time_frame"]["time_interval"].contains(
      "end_date_time"));
  EXPECT_EQ(android["header"]["schema_id"]["name"], "body-weight");
  EXPECT_EQ(android["body"]["body_weight"]["unit"], "kg");
}

TEST(OpenMHealthPointTest, ANightIsASleepEpisode) {
  v1::SleepSession sleep;
  sleep.mutable_asleep()->set_seconds(25200);
  sleep.set_awakenings(2);
  v1::HealthRecord night = RecordAt(1714537800, 1714566600);
  night.mutable_provenance()->set_application("Rosewater iOS 7.2");

  const Json point = PointOf(sleep, night);

  EXPECT_EQ(point["header"]["acquisition_provenance"]["modality"], "sensed");
  EXPECT_EQ(point["body"]["total_sleep_time"].dump(),
            R"({"value":25200,"unit":"sec"})");
  EXPECT_EQ(point["body"]["number_of_awakenings"].dump(), "2");
  EXPECT_TRUE(PointOf(sleep).is_null()) << "a night has an end";
  EXPECT_TRUE(PointOf(v1::SleepSession(), night).is_null());
}

TEST(OpenMHealthPointTest, AVitalWithoutATimeHoldsWhenItWasCollected) {
  v1::HealthRecord record = AtSix();
  record.clear_effective();

  EXPECT_EQ(PointOf(Vital("8867-4", 62, "/min"),
                    record)["body"]["effective_time_frame"]["date_time"],
            "2024-05-01T08:00:00Z");
}

TEST(OpenMHealthPointTest, APointWithoutAnIdGetsOneThatStays) {
  v1::HealthRecord record = AtSix();
  record.clear_id();
  const Json point = PointOf(HeartRate("2.0"), record);

  EXPECT_EQ(point["header"]["id"].get<std::string>().size(), 36u);
  EXPECT_EQ(point, PointOf(HeartRate("2.0"), record));
}

TEST(OpenMHealthPointTest, WhatNoSchemaSaysHasNoForm) {
  EXPECT_TRUE(PointOf(v1::Condition()).is_null());
  EXPECT_TRUE(PointOf(v1::HealthSample()).is_null());
  EXPECT_TRUE(PointOf(v1::VitalSample()).is_null());
  EXPECT_TRUE(PointOf(Vital("8462-4", 80, "mm[Hg]")).is_null());
  EXPECT_TRUE(PointOf(Vital("8867-4", 62, "Hz")).is_null());
  EXPECT_TRUE(PointOf(Vital("8867-4", 62, "")).is_null());
  EXPECT_TRUE(PointOf(Vital("29463-7", 62, "/min")).is_null());
  for (const char* const code :
       {"HKQuantityTypeIdentifierOxygenSaturation",
        "HKQuantityTypeIdentifierRestingHeartRate", "unknown"}) {
    EXPECT_TRUE(PointOf(Sample(kHealthKit, code, 0.97, "%")).is_null()) << code;
  }
  // A count of steps at an instant.
  EXPECT_TRUE(
      PointOf(Sample(kHealthConnect, "StepsRecord", 8, "{steps}")).is_null());
}

TEST(OpenMHealthPointTest, WhatBreaksItsSchemaHasNoForm) {
  EXPECT_FALSE(PointOf(HeartRate("1.1")).is_null());
  for (const char* const version : {"3.0", "x", "", "-"}) {
    EXPECT_TRUE(PointOf(HeartRate(version)).is_null()) << version;
  }
  v1::HealthSample no_version = HeartRate("2.0");
  no_version.clear_details();
  EXPECT_TRUE(PointOf(no_version).is_null());
  v1::HealthSample no_value = HeartRate("2.0");
  no_value.clear_value();
  EXPECT_TRUE(PointOf(no_value).is_null());
  v1::HealthSample bound = HeartRate("2.0");
  bound.mutable_value()->set_given_value("<62");
  EXPECT_TRUE(PointOf(bound).is_null());
  v1::HealthSample no_digit = HeartRate("2.0");
  no_digit.mutable_value()->set_value(0);
  no_digit.mutable_value()->set_given_value("none");
  EXPECT_TRUE(PointOf(no_digit).is_null());
  v1::HealthSample spelled = HeartRate("2.0");
  spelled.mutable_value()->set_given_value("62,0");
  EXPECT_FALSE(PointOf(spelled).is_null());
  v1::HealthSample endless = HeartRate("2.0");
  endless.mutable_value()->set_value(std::numeric_limits<double>::infinity());
  EXPECT_TRUE(PointOf(endless).is_null());
  v1::HealthSample word = HeartRate("2.0");
  word.add_details()->set_key("body_posture");
  word.mutable_details(1)->set_value("upside down");
  EXPECT_TRUE(PointOf(word).is_null());
  v1::HealthSample other = HeartRate("2.0");
  other.mutable_type()->mutable_coding(0)->set_code("granola:heart-rate");
  EXPECT_TRUE(PointOf(other).is_null());
  v1::HealthRecord timeless = AtSix();
  timeless.clear_effective();
  EXPECT_TRUE(PointOf(HeartRate("2.0"), timeless).is_null());
  EXPECT_FALSE(PointOf(HeartRate("1.0"), timeless).is_null());
}

TEST(OpenMHealthPointTest, AnAverageWithoutItsDenominatorIsNotHandedOut) {
  v1::HealthSample average = HeartRate("2.0");
  average.set_raw(R"({"body":{"descriptive_statistic_denominator":"d"}})");

  EXPECT_TRUE(PointOf(average).is_null());
}

TEST(OpenMHealthPointTest, OnlySamplesOfTheBodyMayHaveAForm) {
  EXPECT_TRUE(HasOpenMHealthForm(*v1::HealthSample::descriptor()));
  EXPECT_TRUE(HasOpenMHealthForm(*v1::SleepSession::descriptor()));
  EXPECT_FALSE(HasOpenMHealthForm(*v1::Condition::descriptor()));
  EXPECT_FALSE(HasOpenMHealthForm(*v1::CycleEntry::descriptor()));
}

}  // namespace
}  // namespace subrosa
