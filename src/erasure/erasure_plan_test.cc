#include "src/erasure/erasure_plan.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/consent/entity_law.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/party_teller.h"
#include "src/erasure/scratch_grace_pack.h"
#include "src/law/law_book.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/vault.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::Pair;

v1::MoodCheckIn CheckIn(int score) {
  v1::MoodCheckIn check_in;
  check_in.set_score(score);
  return check_in;
}

class ErasurePlanTest : public testing::Test {
 protected:
  void PutCheckIns(const std::string& consumer, int count) {
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < count; ++i) {
      records.push_back(RecordOf(consumer, std::to_string(i), CheckIn(3)));
    }
    home_.Put(records);
  }

  ErasureOrder OrderOf(const std::string& residence = "") {
    ErasureOrder order;
    order.consumer = "ada";
    order.times = {home_.clock().Now(), home_.clock().Now()};
    order.facts.set_residence(residence);
    return order;
  }

  absl::StatusOr<ErasurePlan> Plan(const ErasureOrder& order) {
    run_ = ErasureRun::Open(home_.steward()).value();
    return run_->planner().Plan(order);
  }
  absl::StatusOr<ErasurePlan> Plan() { return Plan(OrderOf()); }

  absl::Status Erase() {
    run_ = ErasureRun::Open(home_.steward()).value();
    const absl::Status ordered = run_->Order({OrderOf()})->front();
    return ordered.ok() ? run_->Continue().status() : ordered;
  }

  ScratchHome home_;
  std::unique_ptr<ErasureRun> run_;
};

TEST_F(ErasurePlanTest, APlanCountsRecordsByTypeAndChangesNothing) {
  v1::SleepSession sleep;
  sleep.set_awakenings(1);
  home_.Put({RecordOf("ada", "1", CheckIn(1)), RecordOf("ada", "2", CheckIn(2)),
             RecordOf("ada", "3", sleep), RecordOf("bo", "1", CheckIn(3))});

  for (int round = 0; round < 2; ++round) {
    const auto plan = Plan();
    ASSERT_TRUE(plan.ok());
    EXPECT_THAT(plan->records_by_schema,
                ElementsAre(Pair("subrosa.v1.MoodCheckIn", 2),
                            Pair("subrosa.v1.SleepSession", 1)));
    EXPECT_EQ(plan->records, 3);
    EXPECT_EQ(plan->old_revisions, 0);
    EXPECT_FALSE(plan->has_more);
  }
}

TEST_F(ErasurePlanTest, OldRevisionsAreCountedApart) {
  home_.Put({RecordOf("ada", "1", CheckIn(1)), RecordOf("ada", "1", CheckIn(2)),
             RecordOf("ada", "1", CheckIn(3))});

  const auto plan = Plan();

  EXPECT_EQ(plan->records, 1);
  EXPECT_EQ(plan->old_revisions, 2);
  ASSERT_TRUE(Erase().ok());
  EXPECT_EQ(home_.steward().FinishErasures(nullptr).value(), 3);
}

TEST_F(ErasurePlanTest, OfWhoHasVeryManyRecordsItSaysThatThereAreMore) {
  PutCheckIns("ada", static_cast<int>(kMaxPlannedRecords) + 1);

  const auto plan = Plan();

  EXPECT_EQ(plan->records, kMaxPlannedRecords);
  EXPECT_TRUE(plan->has_more);
}

TEST_F(ErasurePlanTest, APlanSaysFromWhenOnItHoldsInBackupsToo) {
  PutCheckIns("ada", 1);
  const int32_t today = DayOf(home_.clock().Now());
  EXPECT_EQ(Plan()->holds_from_if_rotated, today + 31);

  ASSERT_TRUE(home_.steward().Custody().SetKeyBackupDays(7).ok());

  EXPECT_EQ(Plan()->holds_from_if_rotated, today + 8);
}

TEST_F(ErasurePlanTest, WhatStaysIsNamedWithTheRuleThatItRestsOn) {
  PutCheckIns("ada", 1);

  const auto california = Plan(OrderOf("US-CA"));
  const auto washington = Plan(OrderOf("US-WA"));

  ASSERT_EQ(california->draft.erasure.certificate().kept_size(), 1);
  EXPECT_EQ(california->draft.erasure.certificate().kept(0).rule(),
            "ca-ccpa/suppress-deleted");
  EXPECT_EQ(washington->draft.erasure.certificate().kept_size(), 0);
  EXPECT_EQ(washington->draft.terms.live.rule, "wa-mhmda/delete");
}

// Covers: ca-ccpa/hold-deletion
TEST_F(ErasurePlanTest, AHoldNeedsAStatuteThatGivesItAndWashingtonsDoesNot) {
  PutCheckIns("ada", 1);
  ErasureOrder california = OrderOf("US-CA");
  california.hold = true;
  ErasureOrder washington = OrderOf("US-WA");
  washington.hold = true;

  EXPECT_EQ(Plan(california)->draft.erasure.hold_rule(),
            "ca-ccpa/hold-deletion");
  EXPECT_TRUE(absl::IsFailedPrecondition(Plan(washington).status()));
}

TEST_F(ErasurePlanTest, AnUnknownConsumerHasNoPlan) {
  EXPECT_TRUE(absl::IsNotFound(Plan().status()));
}

TEST_F(ErasurePlanTest, AnErasedConsumerHasNoPlanAnyMore) {
  PutCheckIns("ada", 1);
  ASSERT_TRUE(Erase().ok());

  EXPECT_TRUE(absl::IsNotFound(Plan().status()));
}

TEST_F(ErasurePlanTest, ADamagedRecordIsPlannedAndErasedLikeAnyOther) {
  PutCheckIns("ada", 1);
  const auto database =
      OpenSqlite(home_.folder() + "/records.db", SqliteOptions());
  ASSERT_TRUE(
      (*database)->Execute("UPDATE record SET envelope = zeroblob(200)").ok());

  EXPECT_EQ(Plan()->records, 1);
  ASSERT_TRUE(Erase().ok());
  EXPECT_EQ(home_.steward().FinishErasures(nullptr).value(), 1);
}

// Plans by a statute that is made up, as none that ships gives grace.
class GraceTest : public ErasurePlanTest {
 protected:
  // The day before which an erasure is not carried out that was asked for
  // `asked` ago, where the policy says `grace_days`.
  int32_t NotBefore(absl::Duration asked, int grace_days,
                    const std::string& residence = "US-WY") {
    const absl::Status written = ReplaceFile(
        PolicyOf(home_.folder()),
        absl::StrCat(ScratchHomePolicy(), " erasure_grace_days: ", grace_days),
        0600);
    EXPECT_TRUE(written.ok()) << written;
    home_.Close();
    EXPECT_TRUE(home_.Open().ok());
    v1::Policy policy = home_.steward().gate().policy().proto();
    policy.add_pack("xx-grace");
    const std::unique_ptr<Vault> vault =
        home_.steward().OpenUngatedVault().value();
    const auto ledger = DisclosureLedger::Open(*vault, home_.clock()).value();
    const PartyTeller teller(v1::ConnectorFile(), home_.folder(),
                             vault->entity(), home_.clock());
    ErasurePlanner planner(home_.steward(), *vault, *ledger, teller,
                           EntityLaw::Create(law_, policy).value());
    ErasureOrder order = OrderOf(residence);
    order.times.requested_at -= asked;
    const auto draft = planner.Draft(order);
    EXPECT_TRUE(draft.ok()) << draft.status();
    return draft->erasure.not_before_day();
  }

  const LawBook law_ =
      LawBook::WithPacks({{"grace", ScratchGracePack()}}).value();
};

TEST_F(GraceTest, GraceCountsFromTheRequestInsideTheStatutesTime) {
  PutCheckIns("ada", 1);
  const int32_t today = DayOf(home_.clock().Now());

  EXPECT_EQ(NotBefore(absl::ZeroDuration(), 10), today + 10);
  EXPECT_EQ(NotBefore(absl::Hours(24 * 4), 10), today + 6);
  // Twenty days from the request on, of which the last is left for the work.
  EXPECT_EQ(NotBefore(absl::ZeroDuration(), 30), today + 19);
  EXPECT_EQ(NotBefore(absl::Hours(24 * 18), 30), today + 1);
}

TEST_F(GraceTest, WithoutAStatuteThatGivesItThePolicyMakesNobodyWait) {
  PutCheckIns("ada", 1);

  EXPECT_EQ(NotBefore(absl::ZeroDuration(), 10, "US-WA"), 0);
  EXPECT_EQ(NotBefore(absl::ZeroDuration(), 10, "US-CA"), 0);
  EXPECT_EQ(NotBefore(absl::ZeroDuration(), 0), 0);
}

}  // namespace
}  // namespace subrosa
