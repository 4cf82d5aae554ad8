#include "tools/sample/record_json.h"

#include <cstdint>
#include <memory>
#include <string>

#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tools/sample/json_text.h"
#include "tools/sample/wellness.h"

namespace subrosa::sample {
namespace {

// What protobuf's own parser makes of a line.
v1::HealthRecord ReadBack(const std::string& line) {
  v1::HealthRecord record;
  const auto status =
      google::protobuf::util::JsonStringToMessage(line, &record);
  EXPECT_TRUE(status.ok()) << status << " in " << line;
  return record;
}

TEST(RecordJsonTest, EveryKindOfRecordReadsBackAsItWas) {
  Wellness wellness({/*seed=*/5, /*until_day=*/20634, /*days=*/365}, 400, 0);
  v1::HealthRecord record;
  for (uint64_t number = 1; number <= 12; ++number) {
    const Persona who = wellness.people().Make(number);
    for (uint32_t index = 0; index < 400; ++index) {
      const auto& payload = wellness.Make(who, index, &record);

      std::string line;
      AppendRecordLine(record, payload, &line);

      v1::HealthRecord read = ReadBack(line);
      const std::unique_ptr<google::protobuf::Message> inner(payload.New());
      ASSERT_TRUE(read.payload().UnpackTo(inner.get())) << line;
      read.clear_payload();
      EXPECT_EQ(read.SerializeAsString(), record.SerializeAsString()) << line;
      EXPECT_EQ(inner->SerializeAsString(), payload.SerializeAsString())
          << line;
    }
  }
}

TEST(RecordJsonTest, QuotesControlCharactersAndOtherAlphabetsReadBack) {
  v1::HealthRecord record;
  record.set_consumer("c-\"1\"\\\n\t\x01");
  v1::JournalEntry payload;
  payload.set_text("Zoë said «naïve» 🎉 </script> \x1f\x7f");

  std::string line;
  AppendRecordLine(record, payload, &line);

  const v1::HealthRecord read = ReadBack(line);
  v1::JournalEntry entry;
  ASSERT_TRUE(read.payload().UnpackTo(&entry));
  EXPECT_EQ(read.consumer(), record.consumer());
  EXPECT_EQ(entry.text(), payload.text());
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "one record, one line";
}

TEST(RecordJsonTest, AnEmptyRecordAndPayloadAreOnlyTheType) {
  std::string line;
  AppendRecordLine(v1::HealthRecord(), v1::JournalEntry(), &line);

  EXPECT_TRUE(ReadBack(line).payload().Is<v1::JournalEntry>());
}

TEST(RecordJsonTest, TimesBefore1970AreWrittenRight) {
  v1::HealthRecord record;
  record.mutable_collected_at()->set_seconds(-1);
  std::string line;
  AppendRecordLine(record, v1::JournalEntry(), &line);

  EXPECT_NE(line.find("\"1969-12-31T23:59:59Z\""), std::string::npos) << line;
}

TEST(JsonTextTest, NumbersHaveTheFewestDigits) {
  std::string text;
  for (const double value : {72.0, 36.6, -0.5, 0.1, 47.668123}) {
    AppendJsonNumber(value, &text);
    text.push_back(' ');
  }

  EXPECT_EQ(text, "72 36.6 -0.5 0.1 47.668123 ");
}

}  // namespace
}  // namespace subrosa::sample
