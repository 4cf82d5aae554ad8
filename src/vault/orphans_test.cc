#include "src/vault/orphans.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "src/vault/scratch_vault.h"

namespace subrosa {
namespace {

std::vector<std::string> Consumers(int first, int count) {
  std::vector<std::string> consumers;
  for (int i = first; i < first + count; ++i) {
    consumers.push_back(absl::StrCat("c-", i));
  }
  return consumers;
}

// Forwards to a connection, and does something before a directory is read.
class Watching final : public Connection {
 public:
  Watching(std::unique_ptr<Connection> inner, std::function<void()> before)
      : inner_(std::move(inner)), before_(std::move(before)) {}
  absl::Status Execute(const std::string& sql) override {
    // A directory is about to be read.
    if (sql == "BEGIN") before_();
    return inner_->Execute(sql);
  }
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(
      absl::string_view sql) override {
    return inner_->Prepare(sql);
  }
  int64_t Changes() const override { return inner_->Changes(); }
  absl::Status SetCacheBytes(int64_t bytes) override {
    return inner_->SetCacheBytes(bytes);
  }
  absl::Status SetOverwriting(bool overwrites) override {
    return inner_->SetOverwriting(overwrites);
  }
  absl::Status SetDurable(bool durable) override {
    return inner_->SetDurable(durable);
  }
  absl::Status FlushJournal(absl::Duration patience) override {
    return inner_->FlushJournal(patience);
  }

 private:
  std::unique_ptr<Connection> inner_;
  std::function<void()> before_;
};

class OrphansTest : public testing::Test {
 protected:
  // Twenty consumers with two rows each, of whom the first `count` are erased
  // and come back with an older copy of the record store.
  void BringBack(int count) {
    scratch_.Put(Consumers(0, 20), "1", "calm");
    scratch_.Put(Consumers(0, 20), "1", "calmer");
    const std::string copy = scratch_.PathOf("copy");
    scratch_.CopyStore("records", copy);
    for (const std::string& consumer : Consumers(0, count)) {
      ASSERT_TRUE(scratch_.vault().Erase(consumer).ok());
    }
    scratch_.PutBack(copy, "records");
    scratch_.Execute("keys", "DELETE FROM due_deletion");
  }

  // The two stores of another process.
  void OpenStores() {
    keys_ = std::move(KeyStore::Open(Connect("keys"), scratch_.provider(),
                                     scratch_.clock()))
                .value();
    records_ = std::move(RecordStore::Open(Connect("records"), keys_->entity(),
                                           keys_->installation()))
                   .value();
  }

  std::unique_ptr<Connection> Connect(const std::string& store) {
    return std::move(OpenSqlite(scratch_.PathOf(store), {})).value();
  }

  int64_t Leaves() {
    return scratch_.Number("records", "SELECT count(*) FROM outbox");
  }

  ScratchVault scratch_;
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<RecordStore> records_;
};

TEST_F(OrphansTest, RowsOfTheErasedThatCameBackAreCountedAndSwept) {
  BringBack(5);
  const int64_t leaves = Leaves();

  const auto counted = scratch_.vault().CountOrphans();
  EXPECT_EQ(scratch_.RowsHeld(), 40);
  const auto swept = scratch_.vault().SweepOrphans();

  ASSERT_TRUE(counted.ok() && swept.ok()) << counted.status();
  EXPECT_EQ(counted->consumers, 5);
  EXPECT_EQ(counted->rows, 10);
  EXPECT_EQ(swept->consumers, 5);
  EXPECT_EQ(swept->rows, 10);
  EXPECT_EQ(scratch_.RowsHeld(), 30);
  // One entry for the log, for all of them.
  EXPECT_EQ(Leaves(), leaves + 1);
  EXPECT_EQ(scratch_.vault().CountOrphans()->rows, 0);
}

TEST_F(OrphansTest, WhoIsHeldKeepsEveryRow) {
  scratch_.Put(Consumers(0, 20), "1", "calm");

  EXPECT_EQ(scratch_.vault().SweepOrphans()->rows, 0);

  EXPECT_EQ(scratch_.RowsHeld(), 20);
}

TEST_F(OrphansTest, AnEmptyVaultHasNone) {
  EXPECT_EQ(scratch_.vault().CountOrphans()->consumers, 0);
  EXPECT_EQ(scratch_.vault().SweepOrphans()->consumers, 0);
}

TEST_F(OrphansTest, TheSameIsFoundHoweverFewAreSearchedForAtOneTime) {
  BringBack(7);
  OpenStores();

  for (const size_t refs_at_once : {1, 3, 20, 1000}) {
    const auto counted = CountOrphans(*keys_, *records_, refs_at_once);
    ASSERT_TRUE(counted.ok()) << counted.status();
    EXPECT_EQ(counted->consumers, 7) << refs_at_once;
  }
  EXPECT_EQ(SweepOrphans(*keys_, *records_, 20000, 2)->rows, 14);

  EXPECT_EQ(CountOrphans(*keys_, *records_, 2)->rows, 0);
  EXPECT_EQ(scratch_.RowsHeld(), 26);
}

TEST_F(OrphansTest, WhoeverIsTakenInWhileItSearchesIsLeftAlone) {
  BringBack(1);
  OpenStores();

  // Rows are read one consumer at a time; between each two, others come.
  int taken = 0;
  keys_ =
      std::move(KeyStore::Open(std::make_unique<Watching>(
                                   Connect("keys"),
                                   [&] {
                                     if (taken < 30) {
                                       scratch_.Put(Consumers(100 + taken, 1),
                                                    "1", "new");
                                       ++taken;
                                     }
                                   }),
                               scratch_.provider(), scratch_.clock()))
          .value();

  const auto swept = SweepOrphans(*keys_, *records_, 20000, 1);

  ASSERT_TRUE(swept.ok()) << swept.status();
  EXPECT_EQ(swept->consumers, 1);
  EXPECT_GE(taken, 20);
  EXPECT_EQ(scratch_.RowsHeld(), 38 + taken);
}

TEST_F(OrphansTest, WhoWasMovedIntoTheNextEpochMeanwhileIsLeftAlone) {
  BringBack(1);
  OpenStores();
  ASSERT_TRUE(scratch_.vault().Custody().Rotate(nullptr).ok());

  EXPECT_EQ(SweepOrphans(*keys_, *records_, 20000)->consumers, 1);

  EXPECT_EQ(scratch_.RowsHeld(), 38);
}

TEST_F(OrphansTest, AnEntryThatDoesNotOpenStopsItBeforeAnythingIsDeleted) {
  BringBack(5);
  scratch_.Execute(
      "keys",
      "UPDATE directory_odd SET pointer = zeroblob(120) WHERE row ="
      " (SELECT max(row) FROM directory_odd)");

  EXPECT_TRUE(absl::IsDataLoss(scratch_.vault().CountOrphans().status()));
  EXPECT_TRUE(absl::IsDataLoss(scratch_.vault().SweepOrphans().status()));

  EXPECT_EQ(scratch_.RowsHeld(), 40);
}

TEST_F(OrphansTest, ARowWithoutAReferenceStopsItBeforeAnythingIsDeleted) {
  BringBack(5);
  scratch_.Execute("records",
                   "UPDATE record SET data_ref = x'ff' WHERE row = 1");

  EXPECT_TRUE(absl::IsDataLoss(scratch_.vault().SweepOrphans().status()));

  EXPECT_EQ(scratch_.RowsHeld(), 40);
}

TEST_F(OrphansTest, WhomAnEntryLeadsToIsLeftAloneEvenIfTheKeyIsGone) {
  scratch_.Put(Consumers(0, 3), "1", "calm");
  scratch_.Execute("keys", "DELETE FROM consumer_key");

  EXPECT_EQ(scratch_.vault().SweepOrphans()->rows, 0);

  EXPECT_EQ(scratch_.RowsHeld(), 3);
}

}  // namespace
}  // namespace subrosa
