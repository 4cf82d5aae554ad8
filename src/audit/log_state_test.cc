#include "src/audit/log_state.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/log_batch.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

constexpr absl::Duration kLease = absl::Seconds(3);
const absl::Time kNoon = absl::FromUnixSeconds(1782907200);

class LogStateTest : public testing::Test {
 protected:
  LogStateTest() : database_(Migrated()), state_(*LogState::Open(*database_)) {}

  static std::unique_ptr<Connection> Migrated() {
    SqliteOptions options;
    options.create = true;
    auto database = std::move(OpenSqlite(testing::TempDir() + "/" +
                                             testing::UnitTest::GetInstance()
                                                 ->current_test_info()
                                                 ->name(),
                                         options))
                        .value();
    EXPECT_TRUE(Migrate(*database, "key store", {kLogStateMigration}).ok());
    return database;
  }

  void MakeLog() {
    LogStatus log;
    log.origin = "example.org/audit";
    log.checkpoint = "signed";
    Transaction transaction = *Transaction::Begin(*database_);
    ASSERT_TRUE(state_.Create(log).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }

  // The term of the lease, if `holder` gets it.
  std::optional<int64_t> Acquire(const std::string& holder, absl::Time now) {
    const absl::StatusOr<std::optional<LogStatus>> held =
        state_.Acquire(holder, now, kLease);
    EXPECT_TRUE(held.ok()) << held.status();
    if (!held->has_value()) return std::nullopt;
    EXPECT_EQ((*held)->holder, holder);
    return (*held)->term;
  }

  LogStatus Grown(uint64_t size, const OutboxPosition& through) {
    LogStatus grown = *state_.Read();
    grown.size = size;
    grown.root.fill(static_cast<uint8_t>(size));
    grown.checkpoint = "signed anew";
    grown.sequenced = through;
    return grown;
  }

  std::unique_ptr<Connection> database_;
  LogState state_;
};

TEST_F(LogStateTest, AStoreWithoutALogSaysSo) {
  EXPECT_TRUE(absl::IsNotFound(state_.Read().status()));
  EXPECT_FALSE(Acquire("ada", kNoon).has_value());
}

TEST_F(LogStateTest, ANewLogIsNobodysAndEmpty) {
  MakeLog();

  const LogStatus log = *state_.Read();
  EXPECT_EQ(log.origin, "example.org/audit");
  EXPECT_EQ(log.size, 0u);
  EXPECT_EQ(log.checkpoint, "signed");
  EXPECT_EQ(log.sequenced, OutboxPosition());
  EXPECT_EQ(log.assigned, OutboxPosition());
  EXPECT_EQ(log.holder, "");
}

TEST_F(LogStateTest, ALeaseIsRespectedUntilItExpires) {
  MakeLog();

  EXPECT_EQ(Acquire("ada", kNoon), 1);
  EXPECT_EQ(Acquire("bo", kNoon), std::nullopt);
  EXPECT_EQ(Acquire("bo", kNoon + kLease - absl::Milliseconds(1)),
            std::nullopt);
  EXPECT_EQ(Acquire("bo", kNoon + kLease), 2);
  EXPECT_EQ(Acquire("ada", kNoon + kLease), std::nullopt);
}

TEST_F(LogStateTest, AHolderRenewsItsLeaseWithoutANewTerm) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);

  EXPECT_EQ(Acquire("ada", kNoon + absl::Seconds(2)), 1);
  EXPECT_EQ(Acquire("bo", kNoon + kLease), std::nullopt);
  // Late, but nobody was faster.
  EXPECT_EQ(Acquire("ada", kNoon + absl::Minutes(1)), 1);
}

TEST_F(LogStateTest, ALeaseGivenBackIsFreeAtOnce) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);

  ASSERT_TRUE(state_.Release("ada", 1).ok());

  EXPECT_EQ(Acquire("bo", kNoon), 2);
}

TEST_F(LogStateTest, AClockThatWasSetBackKeepsNobodyFromTheLease) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon + absl::Hours(5)), 1);

  EXPECT_EQ(Acquire("bo", kNoon), 2);
}

TEST_F(LogStateTest, AClockThatIsALittleBehindRespectsTheLease) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon + absl::Seconds(2)), 1);

  EXPECT_EQ(Acquire("bo", kNoon), std::nullopt);
}

TEST_F(LogStateTest, WhoeverWasOvertakenGivesNothingBackAndSettlesNothing) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);
  ASSERT_EQ(Acquire("bo", kNoon + kLease), 2);

  ASSERT_TRUE(state_.Release("ada", 1).ok());
  EXPECT_EQ(*state_.Assign("ada", 1, {5, 5}), false);
  EXPECT_EQ(*state_.Assign("bo", 1, {5, 5}), false);
  EXPECT_EQ(*state_.Assign("ada", 2, {5, 5}), false);

  EXPECT_EQ(state_.Read()->holder, "bo");
  EXPECT_EQ(state_.Read()->assigned, OutboxPosition());
}

TEST_F(LogStateTest, AHolderOfTheSameLeaseAgainIsOfAnotherTerm) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);
  ASSERT_EQ(Acquire("bo", kNoon + kLease), 2);
  ASSERT_EQ(Acquire("ada", kNoon + 2 * kLease), 3);

  EXPECT_EQ(*state_.Assign("ada", 1, {5, 5}), false);
  EXPECT_EQ(*state_.Assign("ada", 3, {5, 5}), true);
}

TEST_F(LogStateTest, SettledPlacesStandUntilTheLogHasGrownByThem) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);
  ASSERT_EQ(*state_.Assign("ada", 1, {2, 3}), true);

  EXPECT_EQ(state_.Read()->assigned, (OutboxPosition{2, 3}));
  EXPECT_EQ(state_.Read()->sequenced, OutboxPosition());
  ASSERT_EQ(*state_.Finish(0, Grown(5, {2, 3})), true);

  const LogStatus log = *state_.Read();
  EXPECT_EQ(log.size, 5u);
  EXPECT_EQ(log.root[31], 5u);
  EXPECT_EQ(log.checkpoint, "signed anew");
  EXPECT_EQ(log.sequenced, (OutboxPosition{2, 3}));
  EXPECT_EQ(log.assigned, (OutboxPosition{2, 3}));
}

TEST_F(LogStateTest, ALogGrowsByWhatIsSettledAndByNothingElse) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);
  ASSERT_EQ(*state_.Assign("ada", 1, {2, 3}), true);

  EXPECT_EQ(*state_.Finish(0, Grown(4, {2, 2})), false);
  EXPECT_EQ(*state_.Finish(0, Grown(6, {3, 3})), false);
  EXPECT_EQ(state_.Read()->size, 0u);
}

TEST_F(LogStateTest, ALogDoesNotGrowTwiceFromTheSameSizeNorShrink) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);
  ASSERT_EQ(*state_.Assign("ada", 1, {2, 3}), true);
  ASSERT_EQ(*state_.Finish(0, Grown(5, {2, 3})), true);

  EXPECT_EQ(*state_.Finish(0, Grown(5, {2, 3})), false);
  EXPECT_EQ(*state_.Finish(0, Grown(3, {2, 3})), false);
  EXPECT_EQ(state_.Read()->size, 5u);
}

TEST_F(LogStateTest, WhoeverIsDoneFirstFinishesWhatIsSettled) {
  MakeLog();
  ASSERT_EQ(Acquire("ada", kNoon), 1);
  ASSERT_EQ(*state_.Assign("ada", 1, {2, 3}), true);
  const LogStatus grown = Grown(5, {2, 3});
  ASSERT_EQ(Acquire("bo", kNoon + kLease), 2);

  EXPECT_EQ(*state_.Finish(0, grown), true);

  EXPECT_EQ(state_.Read()->holder, "bo");
  EXPECT_EQ(state_.Read()->size, 5u);
}

TEST_F(LogStateTest, KeysAreReadInTheirOrderAndRetiredOnes) {
  MakeLog();
  {
    Transaction transaction = *Transaction::Begin(*database_);
    ASSERT_TRUE(state_.AddKey({2, "log/2", "vkey 2", 17, false}).ok());
    ASSERT_TRUE(state_.AddKey({1, "log/1", "vkey 1", 0, false}).ok());
    ASSERT_TRUE(state_.RetireKey(1).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }

  const std::vector<LogKey> keys = *state_.ReadKeys();
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].name, "log/1");
  EXPECT_TRUE(keys[0].retired);
  EXPECT_EQ(keys[1].vkey, "vkey 2");
  EXPECT_EQ(keys[1].announced_by, 17);
  EXPECT_FALSE(keys[1].retired);
}

TEST_F(LogStateTest, TheSameKeyIsNotAddedTwice) {
  MakeLog();
  ASSERT_TRUE(state_.AddKey({1, "log/1", "vkey", 0, false}).ok());

  EXPECT_TRUE(
      absl::IsAlreadyExists(state_.AddKey({1, "log/1", "another", 0, false})));
}

TEST_F(LogStateTest, ARootOfAnotherLengthIsLostData) {
  MakeLog();
  ASSERT_TRUE(database_->Execute("UPDATE log SET root = 'short'").ok());

  EXPECT_TRUE(absl::IsDataLoss(state_.Read().status()));
}

}  // namespace
}  // namespace subrosa
