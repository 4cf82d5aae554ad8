#include "src/ingest/record_finisher.h"

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/consumer_map.h"
#include "src/ingest/testing/scratch_reader.h"

namespace subrosa {
namespace {

v1::HealthRecord RecordOf(absl::string_view consumer) {
  v1::HealthRecord record;
  record.set_consumer(std::string(consumer));
  record.mutable_payload()->set_type_url("type.googleapis.com/a.B");
  return record;
}

ReadOrigin Anywhere() { return {"ndjson", "a.B", "", "raw"}; }

RecordDefaults About(absl::string_view consumer) {
  RecordDefaults defaults = OptionsWithDefaults().defaults;
  defaults.consumer = std::string(consumer);
  return defaults;
}

TEST(RecordFinisherTest, WithoutAnyOptionTheFileSaysWhoItIsAbout) {
  RecordFinisher finisher(About(""));
  v1::HealthRecord record = RecordOf("p-1");

  ASSERT_TRUE(finisher.Finish(Anywhere(), &record).ok());
  EXPECT_EQ(record.consumer(), "p-1");
}

TEST(RecordFinisherTest, ARecordThatNamesNobodyIsRejected) {
  RecordFinisher finisher(About(""));
  v1::HealthRecord record = RecordOf("");

  EXPECT_TRUE(absl::IsInvalidArgument(finisher.Finish(Anywhere(), &record)));
}

TEST(RecordFinisherTest, AFileThatNamesNobodyIsAboutWhomTheCallerSays) {
  RecordFinisher finisher(About("c-1"));
  v1::HealthRecord record = RecordOf("");

  ASSERT_TRUE(finisher.Finish(Anywhere(), &record).ok());
  EXPECT_EQ(record.consumer(), "c-1");
}

TEST(RecordFinisherTest, ASecondPersonInAFileAboutOneIsRejected) {
  RecordFinisher finisher(About("c-1"));
  v1::HealthRecord first = RecordOf("p-1");
  v1::HealthRecord second = RecordOf("p-2");
  v1::HealthRecord third = RecordOf("p-1");

  ASSERT_TRUE(finisher.Finish(Anywhere(), &first).ok());
  const absl::Status status = finisher.Finish(Anywhere(), &second);
  ASSERT_TRUE(finisher.Finish(Anywhere(), &third).ok());

  EXPECT_EQ(status.message(),
            "consumer: want one person in the file, got a second one");
  EXPECT_EQ(first.consumer(), "c-1");
  EXPECT_EQ(third.consumer(), "c-1");
}

TEST(RecordFinisherTest, WhoIsNotInTheMapIsRejectedAndNotGuessed) {
  const std::string path = absl::StrCat(testing::TempDir(), "/people");
  std::ofstream(path) << "source,consumer\np-1,c-1\n";
  const absl::StatusOr<ConsumerMap> people = ConsumerMap::Load(path);
  ASSERT_TRUE(people.ok()) << people.status();
  RecordDefaults defaults = About("");
  defaults.consumers = &*people;
  RecordFinisher finisher(defaults);
  v1::HealthRecord known = RecordOf("p-1");
  v1::HealthRecord stranger = RecordOf("p-2");
  v1::HealthRecord of_service = RecordOf("c-1");
  v1::HealthRecord nobody = RecordOf("");

  ASSERT_TRUE(finisher.Finish(Anywhere(), &known).ok());
  EXPECT_EQ(known.consumer(), "c-1");
  EXPECT_EQ(finisher.Finish(Anywhere(), &stranger).message(),
            "consumer: want a person in the map, got one that is not in it");
  EXPECT_FALSE(finisher.Finish(Anywhere(), &of_service).ok());
  EXPECT_FALSE(finisher.Finish(Anywhere(), &nobody).ok());
}

// A record that a mapper made in place of one that said everything.
v1::HealthRecord MadeInPlaceOfAnother() {
  v1::HealthRecord record = RecordOf("p-1");
  record.set_source("another");
  record.set_purpose("another");
  record.set_basis(v1::BASIS_CONSENT);
  record.set_consent_ref(std::string(16, 'r'));
  record.mutable_provenance()->set_collection(v1::COLLECTION_DEVICE);
  record.mutable_provenance()->set_inference_rule("another");
  record.mutable_origin()->set_id("another");
  return record;
}

TEST(RecordFinisherTest, WhatTheRecordBeforeSaidIsReplaced) {
  RecordFinisher finisher(About(""));
  v1::HealthRecord made = MadeInPlaceOfAnother();
  v1::HealthRecord fresh = RecordOf("p-1");

  ASSERT_TRUE(finisher.FinishMade(Anywhere(), &made).ok());
  ASSERT_TRUE(finisher.Finish(Anywhere(), &fresh).ok());

  EXPECT_EQ(made.SerializeAsString(), fresh.SerializeAsString());
}

TEST(RecordFinisherTest, WhatTheRecordBeforeSaidDoesNotFillAGap) {
  RecordDefaults defaults = About("");
  defaults.purpose.clear();
  RecordFinisher finisher(defaults);
  v1::HealthRecord made = MadeInPlaceOfAnother();
  v1::HealthRecord nobody = MadeInPlaceOfAnother();
  nobody.clear_consumer();

  EXPECT_TRUE(absl::IsInvalidArgument(finisher.FinishMade(Anywhere(), &made)));
  EXPECT_TRUE(
      absl::IsInvalidArgument(finisher.FinishMade(Anywhere(), &nobody)));
}

}  // namespace
}  // namespace subrosa
