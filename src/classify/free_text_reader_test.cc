#include "src/classify/free_text_reader.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/text_scanner.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FreeTextReaderTest : public testing::Test {
 protected:
  FreeTextReaderTest()
      : scanner_(std::move(TextScanner::Create({})).value()),
        codes_(std::move(CodeTable::BuiltIn()).value()),
        reader_(
            std::move(FreeTextReader::Create(
                          *scanner_, codes_,
                          *google::protobuf::DescriptorPool::generated_pool()))
                .value()) {}

  static v1::HealthRecord RecordOf(const google::protobuf::Message& payload) {
    v1::HealthRecord record;
    record.mutable_payload()->PackFrom(payload);
    return record;
  }

  std::vector<Finding> Read(const v1::HealthRecord& record) {
    std::vector<Finding> findings;
    const absl::Status status = reader_->Read(record, &findings);
    EXPECT_TRUE(status.ok()) << status;
    return findings;
  }

  const std::unique_ptr<TextScanner> scanner_;
  const CodeTable codes_;
  const std::unique_ptr<FreeTextReader> reader_;
};

TEST_F(FreeTextReaderTest, AnAddressInANoteIsFoundWhereItStands) {
  v1::MoodCheckIn mood;
  mood.set_note("slept badly, write to ann@example.org");
  const v1::HealthRecord record = RecordOf(mood);

  const std::vector<Finding> findings = Read(record);
  ASSERT_EQ(1, findings.size());
  EXPECT_EQ("payload.note", findings[0].field_path);
  EXPECT_EQ("text/email", findings[0].rule_id);
  EXPECT_EQ(FindingBasis::kIdentifier, findings[0].basis);
  EXPECT_EQ("ann@example.org",
            record.payload().value().substr(findings[0].span.offset,
                                            findings[0].span.length));
  EXPECT_THAT(findings[0].reason, Not(HasSubstr("ann")));
}

TEST_F(FreeTextReaderTest, FieldsThatAreNoFreeTextAreNotRead) {
  v1::MoodCheckIn mood;
  mood.set_device_id("ann@example.org");

  EXPECT_TRUE(Read(RecordOf(mood)).empty());
}

TEST_F(FreeTextReaderTest, ATextWithoutIdentifiersHasNoFinding) {
  v1::JournalEntry entry;
  entry.set_text("the river was loud");

  EXPECT_TRUE(Read(RecordOf(entry)).empty());
}

TEST_F(FreeTextReaderTest, TheSystemOfACodeIsNobodysWebAddress) {
  v1::FhirResource resource;
  resource.set_json(
      R"({"code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},)"
      R"("text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">ok</div>"},)"
      R"("note":[{"text":"see\nhttp://jo.example/diary"}],)"
      R"("identifier":[{"ssn":"219099999"}]})");
  const v1::HealthRecord record = RecordOf(resource);

  const std::vector<Finding> findings = Read(record);
  ASSERT_EQ(2, findings.size());
  EXPECT_EQ("text/url", findings[0].rule_id);
  EXPECT_EQ("http://jo.example/diary",
            record.payload().value().substr(findings[0].span.offset,
                                            findings[0].span.length));
  EXPECT_EQ("text/ssn", findings[1].rule_id);
}

TEST_F(FreeTextReaderTest, WhatIsNoRecordIsRefusedAndAddsNothing) {
  v1::HealthRecord unknown;
  unknown.mutable_payload()->set_type_url("type.googleapis.com/canary");
  v1::MoodCheckIn mood;
  mood.set_note("ann@example.org");
  v1::HealthRecord cut = RecordOf(mood);
  cut.mutable_payload()->mutable_value()->append("\x1a\x7f");
  for (const v1::HealthRecord& record : {v1::HealthRecord(), unknown, cut}) {
    std::vector<Finding> findings(1);

    const absl::Status status = reader_->Read(record, &findings);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
    EXPECT_EQ(1, findings.size());
  }
}

}  // namespace
}  // namespace subrosa
