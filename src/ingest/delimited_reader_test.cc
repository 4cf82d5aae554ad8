#include "src/ingest/delimited_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

ReaderOptions Delimited() {
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kDelimited;
  return options;
}

ReaderOptions DelimitedCheckIns() {
  ReaderOptions options = Delimited();
  options.message_type = acme::v1::CheckIn::descriptor()->full_name();
  return options;
}

std::string WithLength(const std::string& message) {
  std::string out;
  AppendVarint(message.size(), &out);
  return out + message;
}

v1::HealthRecord MoodRecord() {
  v1::MoodCheckIn mood;
  mood.set_score(3);
  v1::HealthRecord record;
  record.set_consumer("c-1");
  record.mutable_payload()->PackFrom(mood);
  return record;
}

acme::v1::CheckIn MorningCheckIn() {
  acme::v1::CheckIn check_in;
  check_in.set_account_id("c-7");
  check_in.set_entry_id("e-1");
  check_in.mutable_felt_at()->set_seconds(1700000000);
  check_in.set_score(2);
  return check_in;
}

TEST(DelimitedReaderTest, RecordsAreReadOneAfterAnother) {
  const std::string one = WithLength(MoodRecord().SerializeAsString());

  const Reading reading = ReadText(one + one, Delimited());

  ASSERT_EQ(reading.records.size(), 2u) << reading.rejects[0];
  EXPECT_EQ(reading.records[1].consumer(), "c-1");
  EXPECT_EQ(reading.records[1].origin().system(), "protobuf");
  EXPECT_EQ(reading.records[1].origin().type(), "subrosa.v1.MoodCheckIn");
  EXPECT_EQ(reading.records[1].origin().raw_digest().size(), 32u);
  EXPECT_EQ(reading.end, absl::StrCat("2 records, ", 2 * one.size(), " bytes"));
}

TEST(DelimitedReaderTest, ABareMessageBecomesARecordByItsRoles) {
  const std::string message = MorningCheckIn().SerializeAsString();

  const Reading reading = ReadText(WithLength(message), DelimitedCheckIns());

  ASSERT_EQ(reading.records.size(), 1u) << reading.rejects[0];
  EXPECT_EQ(reading.records[0].consumer(), "c-7");
  EXPECT_EQ(reading.records[0].id(), "e-1");
  EXPECT_EQ(reading.records[0].effective().start().seconds(), 1700000000);
  EXPECT_EQ(reading.records[0].payload().value(), message);
}

TEST(DelimitedReaderTest, ABareMessageWithoutItsConsumerIsRejected) {
  acme::v1::CheckIn check_in = MorningCheckIn();
  check_in.clear_account_id();

  const Reading reading =
      ReadText(WithLength(check_in.SerializeAsString()), DelimitedCheckIns());

  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{"record 1, byte 0: account_id: want the "
                                      "consumer's id, got none"}));
}

TEST(DelimitedReaderTest, ABadRecordIsRejectedAndTheRestIsRead) {
  const std::string good = WithLength(MoodRecord().SerializeAsString());

  const Reading reading =
      ReadText(WithLength("\x0A\x05xy") + good, Delimited());

  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                "record 1, byte 0: record: want subrosa.v1.HealthRecord, got "
                "bytes that end too early"}));
}

TEST(DelimitedReaderTest, AnEmptyRecordLacksItsConsumer) {
  const Reading reading = ReadText(std::string(1, '\0'), Delimited());

  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                "record 1, byte 0: consumer: want 1 to 256 bytes, got 0"}));
}

TEST(DelimitedReaderTest, AFileThatEndsInARecordSaysSo) {
  const std::string good = WithLength(MoodRecord().SerializeAsString());
  const size_t size = good.size() - 1;

  const Reading reading =
      ReadText(good + good.substr(0, good.size() - 10), Delimited());

  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{absl::StrCat(
                "record 2, byte ", good.size(), ": record: want ", size,
                " bytes, got ", size - 10, " and the end of the file")}));
}

TEST(DelimitedReaderTest, ARecordOverTheLimitIsPassedOver) {
  ReaderOptions options = Delimited();
  options.max_record_bytes = 1000;
  const std::string good = WithLength(MoodRecord().SerializeAsString());

  const Reading reading =
      ReadText(good + WithLength(std::string(3000000, 'x')) + good, options);

  EXPECT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{absl::StrCat(
                "record 2, byte ", good.size(),
                ": record: want at most 1000 bytes, got a length of "
                "3000000")}));
}

TEST(DelimitedReaderTest, AHugeLengthReadsToTheEndAndIsRejected) {
  std::string content;
  AppendVarint(~uint64_t{0}, &content);

  const Reading reading = ReadText(content + "rest", Delimited());

  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                "record 1, byte 0: record: want at most 1048576 bytes, got a "
                "length of 18446744073709551615"}));
  EXPECT_EQ(reading.end, "1 records, 14 bytes");
}

TEST(DelimitedReaderTest, WithoutALengthNothingMoreCanBeRead) {
  const std::string good = WithLength(MoodRecord().SerializeAsString());

  const Reading reading =
      ReadText(good + std::string(11, '\xFF') + good, Delimited());

  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.status,
            absl::InvalidArgumentError(absl::StrCat(
                "record 2 at byte ", good.size(),
                ": want a length of at most 10 bytes, got bytes that are "
                "none; what follows cannot be read")));
  EXPECT_EQ(ReadText(good + "\x80", Delimited()).status,
            absl::InvalidArgumentError(absl::StrCat(
                "record 2 at byte ", good.size(),
                ": want a length of at most 10 bytes, got the end of the file "
                "in it; what follows cannot be read")));
}

}  // namespace
}  // namespace subrosa
