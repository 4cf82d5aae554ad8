#include "src/exports/payload_text.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "gtest/gtest.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> ValuesOf(const google::protobuf::Message& payload) {
  std::vector<std::string> values;
  EXPECT_TRUE(VisitValues(payload, [&values](absl::string_view path,
                                             absl::string_view text) {
                values.push_back(absl::StrCat(path, "=", text));
                return absl::OkStatus();
              }).ok());
  return values;
}

TEST(PayloadTextTest, EveryValueIsVisitedWithItsPath) {
  v1::Assessment assessment;
  assessment.set_instrument(v1::INSTRUMENT_GAD7);
  v1::AssessmentItem* item = assessment.add_items();
  item->set_number(1);
  item->set_answer(0);
  assessment.add_items()->set_number(2);

  EXPECT_THAT(ValuesOf(assessment),
              ElementsAre("instrument=INSTRUMENT_GAD7", "items[0].number=1",
                          "items[0].answer=0", "items[1].number=2"));
}

TEST(PayloadTextTest, ADurationIsOneValue) {
  v1::SleepSession sleep;
  sleep.mutable_asleep()->set_seconds(27000);
  sleep.set_awakenings(2);

  EXPECT_THAT(ValuesOf(sleep), ElementsAre("asleep=27000s", "awakenings=2"));
}

TEST(PayloadTextTest, NumbersAndListsKeepTheirText) {
  v1::VitalSample vital;
  vital.mutable_value()->set_value(36.6);
  vital.mutable_value()->set_unit("Cel");
  v1::MoodCheckIn check_in;
  check_in.add_feelings("calm");
  check_in.add_feelings("sleepy");

  EXPECT_THAT(ValuesOf(vital),
              ElementsAre("value.value=36.6", "value.unit=Cel"));
  EXPECT_THAT(ValuesOf(check_in),
              ElementsAre("feelings[0]=calm", "feelings[1]=sleepy"));
}

TEST(PayloadTextTest, AValueOfAnEnumThatHasNoNameIsCalledByItsNumber) {
  v1::Assessment assessment;
  assessment.set_instrument(static_cast<v1::Instrument>(9999));

  EXPECT_THAT(ValuesOf(assessment),
              ElementsAre("instrument=UNKNOWN_ENUM_VALUE_Instrument_9999"));
}

TEST(PayloadTextTest, AVisitorsErrorStopsTheVisit) {
  v1::MoodCheckIn check_in;
  check_in.set_score(3);
  check_in.set_note("x");
  int visits = 0;

  const absl::Status status =
      VisitValues(check_in, [&visits](absl::string_view, absl::string_view) {
        ++visits;
        return absl::CancelledError("enough");
      });

  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(visits, 1);
}

TEST(PayloadTextTest, ATypeIsCalledByItsTitle) {
  EXPECT_EQ(TypeTitle(*v1::CycleEntry::descriptor()), "cycle entry");
  EXPECT_EQ(TypeTitle(*google::protobuf::Duration::descriptor()),
            "google.protobuf.Duration");
}

TEST(PayloadTextTest, APayloadOfAnUnknownTypeAsksForItsDescription) {
  v1::HealthRecord record;
  record.mutable_payload()->set_type_url("type.googleapis.com/acme.Pulse");

  const absl::Status status =
      ParsePayload(record, *MessageTypes::Linked()).status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("descriptor set"));
}

TEST(PayloadTextTest, BytesThatAreNoMessageAreLostData) {
  v1::HealthRecord record;
  record.mutable_payload()->PackFrom(v1::MoodCheckIn());
  record.mutable_payload()->set_value("canary\xff");

  const absl::Status status =
      ParsePayload(record, *MessageTypes::Linked()).status();

  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace subrosa
