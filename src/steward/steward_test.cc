#include "src/steward/steward.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/any.pb.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/steward/scratch_home.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::MoodCheckIn CheckIn(const std::string& note) {
  v1::MoodCheckIn check_in;
  check_in.set_score(4);
  check_in.set_note(note);
  return check_in;
}

CategorySet CategoriesOf(Steward& steward, const std::string& consumer) {
  CategorySet categories;
  EXPECT_TRUE(steward
                  .ScanForConsumer(
                      consumer,
                      [&](const v1::HealthRecord&, const RowFacts& facts) {
                        categories |= CategorySet::FromBits(facts.categories);
                        return absl::OkStatus();
                      })
                  .ok());
  return categories;
}

TEST(StewardTest, APutRecordRestsWithTheCategoriesOfItsMarks) {
  ScratchHome home;

  home.Put({RecordOf("ada", "1", CheckIn("calm"))});

  EXPECT_TRUE(
      CategoriesOf(home.steward(), "ada").Has(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(StewardTest, ACodeAddsItsCategoryToTheMark) {
  ScratchHome home;
  v1::Condition condition;
  v1::Coding* coding = condition.mutable_condition()->add_coding();
  coding->set_system("http://hl7.org/fhir/sid/icd-10-cm");
  coding->set_code("O80");

  home.Put({RecordOf("ada", "1", condition)});

  EXPECT_TRUE(CategoriesOf(home.steward(), "ada")
                  .Has(v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL));
}

TEST(StewardTest, ARefusedRecordDoesNotStopTheOthers) {
  ScratchHome home;
  v1::HealthRecord nobody = RecordOf("", "1", CheckIn("calm"));
  v1::HealthRecord unknown = RecordOf("ada", "2", CheckIn("calm"));
  unknown.mutable_payload()->set_type_url("type.googleapis.com/acme.Nothing");
  v1::HealthRecord malformed = RecordOf("ada", "3", CheckIn("calm"));
  malformed.mutable_payload()->set_value("\xff\xff");
  const v1::HealthRecord good = RecordOf("ada", "4", CheckIn("calm"));

  const auto results =
      home.steward().Put({&nobody, &unknown, &malformed, &good});

  ASSERT_TRUE(results.ok());
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[0].status));
  EXPECT_THAT(std::string((*results)[0].status.message()),
              HasSubstr("consumer: want 1 to 256"));
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[1].status));
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[2].status));
  EXPECT_TRUE((*results)[3].status.ok());
}

TEST(StewardTest, AMessageThatNobodyMarkedIsRefused) {
  ScratchHome home;
  const v1::HealthRecord unmarked =
      RecordOf("ada", "1", google::protobuf::Any());

  const auto results = home.steward().Put({&unmarked, &unmarked});

  ASSERT_TRUE(results.ok());
  for (const PutResult& result : *results) {
    EXPECT_TRUE(absl::IsInvalidArgument(result.status));
    EXPECT_EQ(std::string(result.status.message()),
              "payload.@type: want a message with marks, got "
              "google.protobuf.Any");
  }
}

TEST(StewardTest, NoErrorHoldsAValueOfTheRecord) {
  ScratchHome home;
  v1::HealthRecord record =
      RecordOf("canary-consumer", "canary-id", CheckIn("canary-note"));
  std::vector<v1::HealthRecord> broken(6, record);
  broken[0].set_source("Canary Source");
  broken[1].set_purpose("canary purpose!");
  broken[2].mutable_collected_at()->set_seconds(1LL << 60);
  broken[3].mutable_payload()->set_value("canary-bytes\xff");
  broken[4].set_consent_ref("canary-short");
  broken[5].set_consumer(std::string(300, 'c') + "canary");

  for (const v1::HealthRecord& each : broken) {
    const auto results = home.steward().Put({&each});
    ASSERT_TRUE(results.ok());
    EXPECT_FALSE((*results)[0].status.ok());
    const std::string message((*results)[0].status.message());
    EXPECT_THAT(message, Not(HasSubstr("anary"))) << message;
  }
}

TEST(StewardTest, WhatAPartsErasureLeavesIsResealedInTheBackground) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm")),
            RecordOf("ada", "2", CheckIn("tired"))});
  PartSelection selection;
  selection.source = "ios-app";
  selection.id = "1";
  const auto begun = home.steward().ErasePart("ada", selection);
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->erased, 1);

  ASSERT_TRUE(home.steward().ContinueInBackground().ok());
  ASSERT_TRUE(home.steward().FinishErasures(nullptr).ok());

  const auto left = home.steward().Parts().Continue(100);
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->resealed, 0);
  EXPECT_TRUE(left->is_done);
  EXPECT_TRUE(home.steward().Get("mood-tracking", "ada", "ios-app", "2").ok());
  EXPECT_TRUE(absl::IsNotFound(
      home.steward().Get("mood-tracking", "ada", "ios-app", "1").status()));
}

TEST(StewardTest, AnErasedConsumersRecordIsRefusedAsAFailedPrecondition) {
  ScratchHome home;
  const v1::HealthRecord record = RecordOf("ada", "1", CheckIn("calm"));
  home.Put({record});
  ASSERT_TRUE(home.Erase("ada").ok());

  const auto results = home.steward().Put({&record});

  EXPECT_TRUE(absl::IsFailedPrecondition((*results)[0].status));
  EXPECT_EQ((*results)[0].status.message(),
            "consumer: want one that may be held, got one that was erased");
}

TEST(StewardTest, APutAgainIsUnchanged) {
  ScratchHome home;
  const v1::HealthRecord record = RecordOf("ada", "1", CheckIn("calm"));
  home.Put({record});

  EXPECT_EQ((*home.steward().Put({&record}))[0].outcome,
            PutOutcome::kUnchanged);
}

TEST(StewardTest, ARecordIsHadByItsSourceAndIdAsItWasLastPut) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm")),
            RecordOf("ada", "2", CheckIn("tired"))});
  home.Put({RecordOf("ada", "1", CheckIn("calmer"))});

  const auto found = home.steward().Get("mood-tracking", "ada", "ios-app", "1");

  ASSERT_TRUE(found.ok()) << found.status();
  v1::MoodCheckIn check_in;
  ASSERT_TRUE(found->record.payload().UnpackTo(&check_in));
  EXPECT_EQ(check_in.note(), "calmer");
  EXPECT_EQ(found->facts.source, "ios-app");
}

TEST(StewardTest, ARecordOfAnotherConsumerSourceOrIdIsNotFound) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm")),
            RecordOf("bea", "2", CheckIn("tired"))});

  for (const auto& [consumer, source, id] :
       std::vector<std::array<std::string, 3>>{{"ada", "ios-app", "2"},
                                               {"ada", "web", "1"},
                                               {"ada", "ios-app", ""},
                                               {"nobody", "ios-app", "1"}}) {
    EXPECT_TRUE(absl::IsNotFound(
        home.steward().Get("mood-tracking", consumer, source, id).status()))
        << consumer << source << id;
  }
}

TEST(StewardTest, APseudonymIsOneRecipientsAndOnePeriods) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm")),
            RecordOf("bea", "1", CheckIn("calm"))});
  Steward& steward = home.steward();
  const std::string pseudonym = *steward.PseudonymOf("ada", "study", "2026");

  EXPECT_EQ(pseudonym.size(), 32u);
  EXPECT_EQ(*steward.PseudonymOf("ada", "study", "2026"), pseudonym);
  EXPECT_NE(*steward.PseudonymOf("ada", "sponsor", "2026"), pseudonym);
  EXPECT_NE(*steward.PseudonymOf("ada", "study", "2027"), pseudonym);
  EXPECT_NE(*steward.PseudonymOf("ada", "study2", "026"), pseudonym);
  EXPECT_NE(*steward.PseudonymOf("bea", "study", "2026"), pseudonym);
}

TEST(StewardTest, AnErasedConsumerHasNoPseudonymAnyMore) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm"))});
  ASSERT_TRUE(home.steward().PseudonymOf("ada", "study", "2026").ok());
  ASSERT_TRUE(home.Erase("ada").ok());

  EXPECT_TRUE(absl::IsNotFound(
      home.steward().PseudonymOf("ada", "study", "2026").status()));
}

TEST(StewardTest, AnEmptyBatchIsFine) {
  ScratchHome home;

  EXPECT_TRUE(home.steward().Put({})->empty());
}

TEST(StewardTest, AHomeThatIsNotThereIsNotFound) {
  ScratchHome home;

  const absl::Status status =
      Steward::Open(home.folder() + "/none", home.passphrase(), {}).status();

  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("subrosa init"));
}

}  // namespace
}  // namespace subrosa
