#include "src/classify/health_record_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "src/classify/facility_list.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

class HealthRecordReaderTest : public testing::Test {
 protected:
  HealthRecordReaderTest()
      : health_(std::move(HealthReader::Create()).value()),
        inference_(
            std::move(
                InferenceReader::Create(
                    health_,
                    std::move(FacilityList::Parse("0\t10\tclinic\n")).value()))
                .value()),
        codes_(std::move(CodeTable::BuiltIn()).value()),
        reader_(health_, inference_, codes_,
                *google::protobuf::DescriptorPool::generated_pool()) {}

  static v1::HealthRecord RecordOf(const google::protobuf::Message& payload) {
    v1::HealthRecord record;
    record.set_consumer("consumer-17");
    record.mutable_payload()->PackFrom(payload);
    return record;
  }

  // "field rule" of each finding, with "; " between.
  std::string Read(const v1::HealthRecord& record) {
    findings_.clear();
    const absl::Status status = reader_.Read(record, &findings_);
    if (!status.ok()) return std::string(status.message());
    std::string told;
    for (const Finding& finding : findings_) {
      absl::StrAppend(&told, told.empty() ? "" : "; ", finding.field_path, " ",
                      finding.rule_id);
    }
    return told;
  }

  const HealthReader health_;
  const InferenceReader inference_;
  const CodeTable codes_;
  HealthRecordReader reader_;
  std::vector<Finding> findings_;
};

TEST_F(HealthRecordReaderTest, AContentViewOfANamedConsumerYieldsTheInference) {
  v1::ContentView view;
  view.set_content_id("therapy-for-emotional-unavailability");
  view.add_topics("gardening");
  view.add_topics("couples-therapy");

  EXPECT_EQ(Read(RecordOf(view)),
            "payload.content_id inference/content-view; "
            "payload.topics[1] inference/content-view");
  ASSERT_EQ(findings_.size(), 2u);
  EXPECT_EQ(findings_[0].clause, "RCW 19.373.010(8)(b)(xiii)");
  EXPECT_TRUE(
      absl::StrContains(findings_[0].reason,
                        "derived from payload.content_id, language/therapy"));
  EXPECT_EQ(RecordOf(view).payload().value().substr(findings_[1].span.offset,
                                                    findings_[1].span.length),
            "couples-therapy");
}

TEST_F(HealthRecordReaderTest, AJournalLineOnASisterIsReadAsSomebodyElses) {
  v1::JournalEntry entry;
  entry.set_text("my sister stopped her antidepressants");

  EXPECT_EQ(Read(RecordOf(entry)), "payload.text language/psychotropic");
  EXPECT_TRUE(absl::StrContains(findings_.at(0).reason, "whose: family"));
}

TEST_F(HealthRecordReaderTest, APlanForTherapyIsSeekingServices) {
  v1::SubscriptionEvent event;
  event.set_plan("therapy-plus");
  EXPECT_EQ(Read(RecordOf(event)),
            "payload.plan inference/purchase; "
            "payload.plan inference/therapy-service; "
            "payload.plan inference/therapy-service");
}

TEST_F(HealthRecordReaderTest, AVisitOnTheEquatorNearAClinicIsFound) {
  v1::LocationVisit visit;
  visit.set_longitude(10.0001);
  EXPECT_TRUE(
      absl::StartsWith(Read(RecordOf(visit)), "payload inference/care-visit"));
  visit.set_longitude(10.1);
  EXPECT_EQ(Read(RecordOf(visit)), "");
}

TEST_F(HealthRecordReaderTest, ACycleEntryTellsMoreThanItSays) {
  v1::CycleEntry entry;
  entry.set_flow(v1::FLOW_LIGHT);
  EXPECT_EQ(Read(RecordOf(entry)), "payload inference/cycle-record");
}

TEST_F(HealthRecordReaderTest, TheHourCountsOnlyWhereTheOffsetIsKnown) {
  v1::ContentView view;
  view.set_content_id("gardening");
  v1::HealthRecord record = RecordOf(view);
  record.mutable_effective()->mutable_start()->set_seconds(23 * 3600);
  EXPECT_EQ(Read(record), "");
  record.mutable_effective()->set_utc_offset_minutes(180);
  EXPECT_EQ(Read(record), "effective.start inference/night-use");
  record.mutable_effective()->mutable_start()->set_seconds(-3600);
  EXPECT_EQ(Read(record), "effective.start inference/night-use");
  record.mutable_effective()->set_utc_offset_minutes(-600);
  EXPECT_EQ(Read(record), "");
}

TEST_F(HealthRecordReaderTest, EverydayRecordsYieldNothing) {
  v1::ContentView view;
  view.set_content_id("ten-ways-to-fold-a-map");
  EXPECT_EQ(Read(RecordOf(view)), "");
  v1::SubscriptionEvent event;
  event.set_plan("premium-yearly");
  event.set_sponsor("therapy guild");
  EXPECT_EQ(Read(RecordOf(event)), "");
}

TEST_F(HealthRecordReaderTest, AReferenceToAPatientDoesNotSpeakOfCare) {
  v1::FhirResource resource;
  resource.set_json(
      R"({"resourceType":"Observation","id":"c1","status":"final",)"
      R"("code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},)"
      R"("subject":{"reference":"Patient/p1","type":"Patient"},)"
      R"("valueQuantity":{"value":60,"unit":"/min"}})");
  EXPECT_EQ(Read(RecordOf(resource)), "");

  v1::CdaEntry entry;
  entry.set_xml(
      "<procedure classCode=\"PROC\"><patient><id root=\"2.16\"/></patient>"
      "</procedure>");
  EXPECT_EQ(Read(RecordOf(entry)), "");
}

TEST_F(HealthRecordReaderTest, OfAResourceThePatientIsTheConsumer) {
  v1::FhirResource resource;
  resource.set_json(R"({"resourceType":"Observation","note":[{"text":)"
                    R"("Patient\u0027s asthma: he says it\nis worse"},)"
                    R"({"text":"his mother had depression"}]})");
  v1::HealthRecord record = RecordOf(resource);
  record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);

  Read(record);
  ASSERT_FALSE(findings_.empty());
  std::string asthma;
  for (const Finding& finding : findings_) {
    EXPECT_FALSE(absl::StrContains(finding.reason, "whose: other"))
        << finding.rule_id;
    const std::string words = record.payload().value().substr(
        finding.span.offset, finding.span.length);
    if (words == "asthma") asthma = finding.reason;
    EXPECT_EQ(absl::StrContains(finding.reason, "whose: family"),
              words == "depression")
        << finding.rule_id;
  }
  EXPECT_TRUE(absl::StrContains(asthma, "whose: self")) << asthma;
}

TEST_F(HealthRecordReaderTest, HeOfAConsumersOwnDiaryIsSomebodyElse) {
  v1::JournalEntry entry;
  entry.set_text("he takes antidepressants");
  v1::HealthRecord record = RecordOf(entry);
  record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  Read(record);
  EXPECT_TRUE(absl::StrContains(findings_.at(0).reason, "whose: other"));

  record.mutable_provenance()->set_collection(v1::COLLECTION_PROVIDER);
  Read(record);
  EXPECT_TRUE(absl::StrContains(findings_.at(0).reason, "whose: self"));
}

TEST_F(HealthRecordReaderTest, WhatIsNoRecordIsRefusedAndAddsNothing) {
  v1::ContentView view;
  view.set_content_id("therapy");
  v1::HealthRecord record = RecordOf(view);
  record.mutable_payload()->mutable_value()->append("\x0a\x7f");
  EXPECT_TRUE(absl::StartsWith(Read(record), "payload: want well-formed"));
  EXPECT_TRUE(findings_.empty());
  record.mutable_payload()->set_type_url("x/none.Such");
  EXPECT_TRUE(absl::StartsWith(Read(record), "payload: want a message type"));
}

}  // namespace
}  // namespace subrosa
