#include "src/store/outbox.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxTest()
      : path_(testing::TempDir() + "/" +
              testing::UnitTest::GetInstance()->current_test_info()->name()),
        database_(Connect(true)),
        outbox_(Migrated(*database_)) {}

  std::unique_ptr<Connection> Connect(bool create) {
    SqliteOptions options;
    options.create = create;
    return *OpenSqlite(path_, options);
  }

  static Outbox Migrated(Connection& database) {
    EXPECT_TRUE(Migrate(database, "test", {kOutboxMigration}).ok());
    return *Outbox::Open(database);
  }

  int64_t Append(const std::vector<std::string>& entries, int64_t seen = 0) {
    Transaction transaction = *Transaction::Begin(*database_);
    const int64_t last = *outbox_.Append(entries, seen);
    EXPECT_TRUE(transaction.Commit().ok());
    return last;
  }

  void Acknowledge(int64_t sequenced) {
    Transaction transaction = *Transaction::Begin(*database_);
    EXPECT_TRUE(outbox_.Acknowledge({sequenced, 7, "root"}).ok());
    EXPECT_TRUE(transaction.Commit().ok());
  }

  std::vector<std::string> EntriesAfter(int64_t after) {
    std::vector<std::string> entries;
    EXPECT_TRUE(outbox_
                    .Visit(after,
                           [&](const OutboxEntry& entry) {
                             entries.emplace_back(entry.bytes);
                             return true;
                           })
                    .ok());
    return entries;
  }

  std::string path_;
  std::unique_ptr<Connection> database_;
  Outbox outbox_;
};

TEST_F(OutboxTest, EntriesAreNumberedFromOneInTheOrderOfCommits) {
  EXPECT_EQ(*outbox_.ReadIssued(), 0);
  EXPECT_EQ(Append({"a"}), 1);
  EXPECT_EQ(Append({"b", "c"}), 3);

  EXPECT_EQ(EntriesAfter(0), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(EntriesAfter(2), std::vector<std::string>{"c"});
}

TEST_F(OutboxTest, WhatIsRolledBackLeavesNoEntryAndNoGap) {
  Append({"a"});
  {
    const Transaction transaction = *Transaction::Begin(*database_);
    ASSERT_TRUE(outbox_.Append({"lost"}, 0).ok());
  }

  EXPECT_EQ(Append({"b"}), 2);
  EXPECT_EQ(EntriesAfter(0), (std::vector<std::string>{"a", "b"}));
}

TEST_F(OutboxTest, NumbersGoOnAfterAllEntriesWereTaken) {
  Append({"a", "b"});
  Acknowledge(2);

  EXPECT_TRUE(EntriesAfter(0).empty());
  EXPECT_EQ(*outbox_.ReadIssued(), 2);
  EXPECT_EQ(Append({"c"}), 3);
}

TEST_F(OutboxTest, AnotherProcessGoesOnWithTheNextNumber) {
  Append({"a"});
  const std::unique_ptr<Connection> other = Connect(false);
  Outbox same = *Outbox::Open(*other);

  EXPECT_EQ(*same.ReadIssued(), 1);
  EXPECT_EQ(*same.Append({"b"}, 0), 2);
  EXPECT_EQ(*outbox_.ReadIssued(), 2);
}

TEST_F(OutboxTest, AnEntrySaysHowFarTheOtherOutboxHadBeenSeen) {
  Append({"a"}, 41);

  ASSERT_TRUE(outbox_
                  .Visit(0,
                         [](const OutboxEntry& entry) {
                           EXPECT_EQ(entry.sequence, 1);
                           EXPECT_EQ(entry.seen, 41);
                           return true;
                         })
                  .ok());
}

TEST_F(OutboxTest, TheMostThatAWaitingEntryHasSeenIsTold) {
  EXPECT_EQ(*outbox_.ReadMaxSeen(), 0);
  Append({"a"}, 41);
  Append({"b"}, 7);
  EXPECT_EQ(*outbox_.ReadMaxSeen(), 41);

  Acknowledge(1);
  EXPECT_EQ(*outbox_.ReadMaxSeen(), 7);
}

TEST_F(OutboxTest, WhatIsKnownOfTheLogIsRemembered) {
  EXPECT_EQ(outbox_.ReadState()->log_root, "");
  Append({"a", "b"});
  Acknowledge(1);

  EXPECT_EQ(outbox_.ReadState()->sequenced, 1);
  EXPECT_EQ(outbox_.ReadState()->log_size, 7);
  EXPECT_EQ(outbox_.ReadState()->log_root, "root");
  EXPECT_EQ(EntriesAfter(0), std::vector<std::string>{"b"});
}

TEST_F(OutboxTest, AVisitStopsWhereItIsToldTo) {
  Append({"a", "b", "c"});
  int visited = 0;

  EXPECT_TRUE(
      outbox_.Visit(0, [&](const OutboxEntry&) { return ++visited < 2; }).ok());
  EXPECT_EQ(visited, 2);
  EXPECT_TRUE(absl::IsAborted(outbox_.Visit(
      0, [](const OutboxEntry&) { return absl::AbortedError("enough"); })));
}

TEST_F(OutboxTest, ADatabaseWithoutAnOutboxIsRefused) {
  SqliteOptions options;
  options.create = true;
  const std::unique_ptr<Connection> bare =
      *OpenSqlite(path_ + ".bare", options);

  EXPECT_FALSE(Outbox::Open(*bare).ok());
}

}  // namespace
}  // namespace subrosa
