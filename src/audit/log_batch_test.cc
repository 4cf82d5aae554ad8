#include "src/audit/log_batch.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/outbox.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

using testing::ElementsAre;

// A database in memory that has nothing but an outbox.
class Store {
 public:
  Store() : database_(Connect()), outbox_(*Outbox::Open(*database_)) {}

  Outbox& outbox() { return outbox_; }

  void Append(const std::string& entry, int64_t seen) {
    ASSERT_TRUE(outbox_.Append({entry}, seen).ok());
  }
  void Run(const std::string& sql) {
    ASSERT_TRUE(database_->Execute(sql).ok());
  }

 private:
  static std::unique_ptr<Connection> Connect() {
    SqliteOptions options;
    options.create = true;
    static int count = 0;
    const std::string path = absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name(), ++count);
    auto database = std::move(OpenSqlite(path, options)).value();
    // Thousands of single appends: what a power cut leaves is not asked here.
    EXPECT_TRUE(database->Execute("PRAGMA synchronous = OFF").ok());
    EXPECT_TRUE(Migrate(*database, "store", {kOutboxMigration}).ok());
    return database;
  }

  std::unique_ptr<Connection> database_;
  Outbox outbox_;
};

class LogBatchTest : public testing::Test {
 protected:
  absl::StatusOr<LogBatch> Read(const OutboxPosition& after = {}) {
    return ReadBatch(keys_.outbox(), records_.outbox(), after);
  }
  absl::StatusOr<LogBatch> ReadAssigned(const OutboxPosition& after,
                                        const OutboxPosition& through) {
    return ReadAssignedBatch(keys_.outbox(), records_.outbox(), after, through);
  }

  static std::vector<std::string> EntriesOf(const LogBatch& batch) {
    std::vector<std::string> entries;
    for (size_t i = 0; i < batch.size(); ++i) {
      entries.emplace_back(batch.entry(i));
    }
    return entries;
  }

  Store keys_;
  Store records_;
};

TEST_F(LogBatchTest, NothingWaitingIsAnEmptyBatchThatEndsWhereItBegan) {
  const absl::StatusOr<LogBatch> batch = Read({0, 0});

  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_EQ(batch->size(), 0u);
  EXPECT_EQ(batch->through(), (OutboxPosition{0, 0}));
}

TEST_F(LogBatchTest, AKeyIsMadeBeforeTheFirstRecordAndDestroyedAfterTheLast) {
  keys_.Append("key made", 0);
  records_.Append("record", 1);
  keys_.Append("key destroyed", 1);
  records_.Append("rows deleted", 2);

  const LogBatch batch = *Read();

  EXPECT_THAT(EntriesOf(batch), ElementsAre("key made", "record",
                                            "key destroyed", "rows deleted"));
  EXPECT_EQ(batch.through(), (OutboxPosition{2, 2}));
}

TEST_F(LogBatchTest, WhereNeitherHasSeenTheOtherRecordsComeFirst) {
  keys_.Append("k1", 0);
  keys_.Append("k2", 0);
  records_.Append("r1", 0);
  records_.Append("r2", 0);

  EXPECT_THAT(EntriesOf(*Read()), ElementsAre("r1", "r2", "k1", "k2"));
}

TEST_F(LogBatchTest, ABatchGoesOnWhereTheLastOneEnded) {
  keys_.Append("k1", 0);
  records_.Append("r1", 1);
  const OutboxPosition through = Read()->through();
  keys_.Append("k2", 1);
  records_.Append("r2", 2);

  EXPECT_THAT(EntriesOf(*Read(through)), ElementsAre("k2", "r2"));
}

TEST_F(LogBatchTest, WhatCameAfterTheSettledEntriesStaysOutOfThem) {
  keys_.Append("k1", 0);
  records_.Append("r1", 1);
  const LogBatch first = *Read();
  keys_.Append("k2", 0);
  records_.Append("r2", 0);

  const absl::StatusOr<LogBatch> again = ReadAssigned({}, first.through());

  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(EntriesOf(*again), EntriesOf(first));
  EXPECT_EQ(again->through(), first.through());
}

TEST_F(LogBatchTest, NoBatchHoldsMoreEntriesOfAStoreThanTheBound) {
  keys_.Run(absl::StrCat(
      "INSERT INTO outbox WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT"
      " i + 1 FROM n WHERE i < ",
      kMaxBatchEntries + 1, ") SELECT i, 0, 'x' FROM n"));

  const LogBatch first = *Read();
  EXPECT_EQ(first.size(), kMaxBatchEntries);
  EXPECT_EQ(Read(first.through())->size(), 1u);
}

TEST_F(LogBatchTest, NoBatchHoldsMoreBytesOfAStoreThanTheBoundAndOneEntry) {
  for (int i = 0; i < 10; ++i) {
    records_.Append(std::string(kMaxBatchBytes / 4, 'x'), 0);
  }

  EXPECT_EQ(Read()->size(), 4u);
  EXPECT_EQ(Read({0, 8})->size(), 2u);
}

TEST_F(LogBatchTest, AnEntryBeyondTheBoundIsWaitedForAndNotTakenForLost) {
  for (int i = 0; i < 6; ++i) {
    records_.Append(std::string(kMaxBatchBytes / 4, 'x'), 0);
  }
  keys_.Append("k1", 5);

  const LogBatch first = *Read();
  EXPECT_EQ(first.through(), (OutboxPosition{0, 4}));
  EXPECT_EQ(Read(first.through())->through(), (OutboxPosition{1, 6}));
}

TEST_F(LogBatchTest, AMissingEntryIsLostDataAndNamedByItsStoreAndNumber) {
  for (int i = 0; i < 4; ++i) records_.Append("r", 0);
  records_.Run("DELETE FROM outbox WHERE sequence = 3");

  const absl::Status status = Read().status();

  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_EQ(status.message(), "record store.outbox: want entry 3, got 4");
}

TEST_F(LogBatchTest, EntriesMissingAtTheFrontAreLostData) {
  keys_.Append("k1", 0);
  keys_.Append("k2", 0);
  keys_.Run("DELETE FROM outbox WHERE sequence = 1");

  EXPECT_TRUE(absl::IsDataLoss(Read().status()));
  EXPECT_TRUE(absl::IsDataLoss(ReadAssigned({}, {2, 0}).status()));
}

TEST_F(LogBatchTest, SettledEntriesThatAreGoneAreLostData) {
  keys_.Append("k1", 0);

  for (const OutboxPosition through :
       {OutboxPosition{2, 0}, OutboxPosition{1, 1}, OutboxPosition{0, 1}}) {
    const absl::Status status = ReadAssigned({}, through).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "an older copy")) << status;
  }
}

TEST_F(LogBatchTest, AStoreThatHasSeenMoreThanThereIsNamesTheOtherAsOlder) {
  keys_.Append("k1", 2);
  records_.Append("r1", 0);
  const OutboxPosition through = Read()->through();
  EXPECT_EQ(through, (OutboxPosition{0, 1}));

  const absl::Status status = Read(through).status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(status.message(),
            "record store.outbox: want 2 entries, which the key store has seen,"
            " got 1; the record store is an older copy");
}

TEST_F(LogBatchTest, ARecordStoreThatHasSeenMoreNamesTheKeyStoreAsOlder) {
  records_.Append("r1", 7);

  const absl::Status status = Read().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_TRUE(
      absl::StrContains(status.message(), "the key store is an older copy"))
      << status;
}

// What a writer did: entry `name` of a store, having seen some of the other.
struct Written {
  bool is_key = false;
  int64_t number = 0;
  int64_t seen = 0;
};

// Any number of writers: each first looks how far the other store has got, and
// commits some time later, when others may have written meanwhile.
std::vector<Written> WriteAtRandom(std::mt19937& random, int writes,
                                   Store& keys, Store& records) {
  struct Writer {
    bool is_key;
    int64_t seen;
  };
  std::vector<Writer> under_way;
  std::vector<Written> written;
  int64_t issued[2] = {0, 0};
  while (writes > 0) {
    if (under_way.size() < 4 && random() % 2 == 0) {
      const bool is_key = random() % 2 == 0;
      under_way.push_back({is_key, issued[is_key ? 0 : 1]});
    } else if (!under_way.empty()) {
      const size_t which = random() % under_way.size();
      const Writer writer = under_way[which];
      under_way.erase(under_way.begin() + static_cast<int64_t>(which));
      const int64_t number = ++issued[writer.is_key ? 1 : 0];
      Store& store = writer.is_key ? keys : records;
      store.Append(absl::StrCat(writer.is_key ? "k" : "r", number),
                   writer.seen);
      written.push_back({writer.is_key, number, writer.seen});
      --writes;
    }
  }
  return written;
}

TEST_F(LogBatchTest, HoweverWritersInterleaveTheOrderIsTheirsAndTheSameAgain) {
  std::mt19937 random(20260701);
  OutboxPosition position;
  std::vector<std::string> log;
  std::vector<Written> written;
  for (int round = 0; round < 60; ++round) {
    Store keys, records;
    written = WriteAtRandom(random, 40, keys, records);
    log.clear();
    position = {};
    for (;;) {
      const absl::StatusOr<LogBatch> batch =
          ReadBatch(keys.outbox(), records.outbox(), position);
      ASSERT_TRUE(batch.ok()) << batch.status();
      if (batch->size() == 0) break;
      const absl::StatusOr<LogBatch> again = ReadAssignedBatch(
          keys.outbox(), records.outbox(), position, batch->through());
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(EntriesOf(*again), EntriesOf(*batch));
      const std::vector<std::string> entries = EntriesOf(*batch);
      log.insert(log.end(), entries.begin(), entries.end());
      position = batch->through();
    }

    ASSERT_EQ(log.size(), written.size());
    std::map<std::string, size_t> places;
    for (size_t i = 0; i < log.size(); ++i) places[log[i]] = i;
    ASSERT_EQ(places.size(), written.size());
    for (const Written& each : written) {
      const auto place = [&](bool is_key, int64_t number) {
        return places.at(absl::StrCat(is_key ? "k" : "r", number));
      };
      const size_t own = place(each.is_key, each.number);
      if (each.number > 1) {
        EXPECT_LT(place(each.is_key, each.number - 1), own);
      }
      if (each.seen > 0) EXPECT_LT(place(!each.is_key, each.seen), own);
    }
  }
}

TEST_F(LogBatchTest, WhatIsSettledMidwayIsTheSameWhateverComesAfterIt) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    Store keys, records;
    WriteAtRandom(random, 12, keys, records);
    const LogBatch settled =
        *ReadBatch(keys.outbox(), records.outbox(), OutboxPosition{});
    // What one that has seen everything writes comes after all.
    keys.Append("late", settled.through().records);
    records.Append("later", settled.through().keys);

    const absl::StatusOr<LogBatch> again = ReadAssignedBatch(
        keys.outbox(), records.outbox(), OutboxPosition{}, settled.through());

    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(EntriesOf(*again), EntriesOf(settled));
  }
}

}  // namespace
}  // namespace subrosa
