#include "src/steward/background_writer.h"

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/any.pb.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/steward/intake.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/vault/group_writer.h"
#include "src/vault/put_item.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::HealthRecord CheckIn(const std::string& consumer, const std::string& id) {
  v1::MoodCheckIn check_in;
  check_in.set_score(4);
  check_in.set_note("planted-value");
  return RecordOf(consumer, id, check_in);
}

std::unique_ptr<BackgroundWriter> OpenWriter(ScratchHome& home) {
  return std::move(home.steward().OpenWriter({})).value();
}

PutResult Put(BackgroundWriter& writer, v1::HealthRecord record) {
  absl::StatusOr<std::future<PutResult>> result = writer.Put(std::move(record));
  EXPECT_TRUE(result.ok()) << result.status();
  return result->get();
}

TEST(BackgroundWriterTest, WhatIsPutInTheBackgroundIsClassifiedAndHeld) {
  ScratchHome home;
  const auto writer = OpenWriter(home);

  const PutResult result = Put(*writer, CheckIn("ada", "1"));

  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.outcome, PutOutcome::kAdded);
  const auto found = home.steward().Get("mood-tracking", "ada", "ios-app", "1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(CategorySet::FromBits(found->facts.categories)
                  .Has(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(BackgroundWriterTest, ThreadsOfAServiceShareAWriter) {
  ScratchHome home;
  const auto writer = OpenWriter(home);
  std::vector<std::thread> services;

  for (int service = 0; service < 4; ++service) {
    services.emplace_back([&writer, service] {
      for (int i = 0; i < 25; ++i) {
        const PutResult result = Put(
            *writer,
            CheckIn(absl::StrCat("c-", i % 5), absl::StrCat(service, "-", i)));
        EXPECT_TRUE(result.status.ok()) << result.status;
      }
    });
  }
  for (std::thread& service : services) service.join();

  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(home.steward().CountRows(absl::StrCat("c-", i)).value(), 20);
  }
}

TEST(BackgroundWriterTest, TheLogIsToldOfWhatWasPutInTheBackground) {
  ScratchHome home;
  const auto writer = OpenWriter(home);
  ASSERT_TRUE(writer->Put(CheckIn("ada", "1")).ok());

  writer->Flush();

  const absl::Status told = home.steward().AwaitCheckpoint();
  EXPECT_TRUE(told.ok()) << told;
}

TEST(BackgroundWriterTest, ARecordThatIsWrongIsRefusedAtOnceAndWithoutAValue) {
  ScratchHome home;
  const auto writer = OpenWriter(home);
  v1::HealthRecord nobody = CheckIn("", "1");

  const absl::Status refused = writer->Put(std::move(nobody)).status();

  EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("consumer: want"));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("planted-value")));
}

TEST(BackgroundWriterTest, APayloadWithoutMarksIsRefused) {
  ScratchHome home;
  const auto writer = OpenWriter(home);
  v1::HealthRecord unmarked = CheckIn("ada", "1");
  unmarked.mutable_payload()->PackFrom(google::protobuf::Any());

  const absl::Status refused = writer->Put(std::move(unmarked)).status();

  EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
  EXPECT_TRUE(absl::IsNotFound(home.steward().CountRows("ada").status()));
}

TEST(BackgroundWriterTest, ARecordOfAnErasedConsumerIsNotHeld) {
  ScratchHome home;
  home.Put({CheckIn("ada", "1")});
  const auto writer = OpenWriter(home);
  ASSERT_TRUE(home.Erase("ada").ok());

  const PutResult result = Put(*writer, CheckIn("ada", "2"));

  EXPECT_TRUE(absl::IsFailedPrecondition(result.status)) << result.status;
  EXPECT_TRUE(absl::IsNotFound(home.steward().CountRows("ada").status()));
}

TEST(BackgroundWriterTest, AClosedWriterRefuses) {
  ScratchHome home;
  const auto writer = OpenWriter(home);
  writer->Close();

  EXPECT_TRUE(
      absl::IsFailedPrecondition(writer->Put(CheckIn("ada", "1")).status()));
}

TEST(BackgroundWriterTest, AWriterWithoutRoomIsNotOpened) {
  ScratchHome home;
  GroupWriterOptions options;
  options.max_held_records = 0;

  EXPECT_TRUE(
      absl::IsInvalidArgument(home.steward().OpenWriter(options).status()));
}

}  // namespace
}  // namespace subrosa
