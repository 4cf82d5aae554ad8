#include "src/vault/record_tally.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/record_row.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

class RecordTallyTest : public testing::Test {
 protected:
  RecordTallyTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name(),
            ".db")),
        store_(std::move(RecordStore::Open(Database(), "rosewater",
                                           std::string(16, 'i')))
                   .value()) {
    EXPECT_TRUE(store_->LearnWords("schema", "source", "purpose").ok());
  }

  std::unique_ptr<Connection> Database() {
    SqliteOptions options;
    options.create = true;
    return std::move(OpenSqlite(path_, options)).value();
  }

  absl::StatusOr<RecordTally> Tally() { return CountRecords(*Database()); }

  // Puts one row, and tells the log of `told`.
  void Put(char record, uint64_t told) {
    auto transaction = store_->Begin();
    RecordRow row;
    row.place.data_ref = std::string(16, 'd');
    row.place.record_ref = std::string(16, record);
    row.place.revision = 1;
    row.facts.schema = "schema";
    row.facts.source = "source";
    row.facts.purpose = "purpose";
    EXPECT_TRUE(store_->Insert(row, std::nullopt).ok());
    Leaf leaf = NewLeaf(LeafKind::kRecordsPut, 20782);
    leaf.numbers = {told, 0};
    leaf.commitments.resize(1);
    EXPECT_TRUE(store_->AppendEntries({*SerializeLeaf(leaf)}, 0).ok());
    EXPECT_TRUE(transaction->Commit().ok());
  }

  // All that waits is in the log now, which has `size` leaves.
  void TakeIntoLog(uint64_t size) {
    const std::unique_ptr<Connection> database = Database();
    auto outbox = Outbox::Open(*database);
    OutboxState state;
    state.sequenced = *outbox->ReadIssued();
    state.log_size = size;
    auto transaction = Transaction::Begin(*database);
    EXPECT_TRUE(outbox->Acknowledge(state).ok());
    EXPECT_TRUE(transaction->Commit().ok());
  }

  std::string path_;
  std::unique_ptr<RecordStore> store_;
};

TEST_F(RecordTallyTest, RowsAreCountedBesideWhatTheLogIsStillToBeTold) {
  Put('a', 1);
  TakeIntoLog(7);
  Put('b', 1);

  const absl::StatusOr<RecordTally> tally = Tally();

  ASSERT_TRUE(tally.ok()) << tally.status();
  EXPECT_EQ(tally->rows, 2);
  EXPECT_EQ(tally->rows_waiting, 1);
  EXPECT_EQ(tally->log_size, 7u);
}

TEST_F(RecordTallyTest, WhatWasDeletedAndWaitsCountsAgainstWhatStands) {
  Put('a', 1);
  TakeIntoLog(7);
  ASSERT_EQ(*store_->DeleteRows({std::string(16, 'd')}, 20782, 0), 1);

  EXPECT_EQ(Tally()->rows, 0);
  EXPECT_EQ(Tally()->rows_waiting, -1);
}

TEST_F(RecordTallyTest, WhatTheLogWasToldFalselyShows) {
  Put('a', 5);

  EXPECT_NE(Tally()->rows, Tally()->rows_waiting);
}

TEST_F(RecordTallyTest, AnEntryThatIsNoLeafIsLostData) {
  {
    auto transaction = store_->Begin();
    ASSERT_TRUE(store_->AppendEntries({"canary"}, 0).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  const absl::Status status = Tally().status();

  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_EQ(std::string(status.message()).find("canary"), std::string::npos);
}

TEST_F(RecordTallyTest, ADatabaseWithoutRecordsIsRefused) {
  SqliteOptions options;
  options.create = true;
  const auto empty = OpenSqlite(path_ + ".empty", options);

  EXPECT_FALSE(CountRecords(**empty).ok());
}

}  // namespace
}  // namespace subrosa
