#include "src/vault/key_check.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/vault/key_fault.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

class KeyCheckTest : public testing::Test {
 protected:
  KeyCheckTest() { scratch_.MakeConsumers(0, 10); }

  void Rotate() {
    ASSERT_TRUE(scratch_.store().Rotation().Rotate(nullptr).ok());
  }

  // Leaves a rotation half done, after `steps` of its progress.
  void StopRotationAfter(int steps) {
    bool is_rotating = false;
    const auto store = scratch_.OpenWatched([&](const std::string& sql) {
      if (!is_rotating || sql != "BEGIN IMMEDIATE") return absl::OkStatus();
      return steps-- > 0 ? absl::OkStatus() : absl::UnavailableError("");
    });
    is_rotating = true;
    ASSERT_FALSE(store->Rotation().Rotate(nullptr).ok());
  }

  ScratchKeyStore scratch_;
};

TEST_F(KeyCheckTest, AWholeStoreHasNoFault) {
  int64_t told = 0;

  const auto check = CheckKeys(scratch_.store().Tables(), scratch_.provider(),
                               [&](int64_t rows) { told = rows; });

  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_TRUE(check->ok());
  EXPECT_EQ(check->consumer_keys, 10);
  EXPECT_EQ(check->directory_entries, 10);
  EXPECT_EQ(check->epochs, 1);
  EXPECT_EQ(told, 10);
}

TEST_F(KeyCheckTest, AnEmptyStoreHasNoFault) {
  scratch_.Execute("DELETE FROM consumer_key; DELETE FROM directory_odd");

  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyCheckTest, AStoreHalfRotatedHasNoFaultAndEverybodyCountsOnce) {
  for (const int steps : {1, 2, 3}) {
    StopRotationAfter(steps);

    const auto check =
        CheckKeys(scratch_.store().Tables(), scratch_.provider(), nullptr);

    ASSERT_TRUE(check.ok()) << check.status();
    EXPECT_TRUE(check->ok()) << steps << ": " << scratch_.Faults();
    EXPECT_EQ(check->directory_entries, 10);
    Rotate();
  }
}

TEST_F(KeyCheckTest, AKeyThatWasDeletedLeavesAnEntryThatLeadsNowhere) {
  scratch_.Execute("DELETE FROM consumer_key WHERE row IN (3, 4)");

  EXPECT_EQ(scratch_.Faults(), "2 entry-without-key");
}

TEST_F(KeyCheckTest, AnEntryThatWasDeletedLeavesAKeyThatNobodyFinds) {
  scratch_.Execute("DELETE FROM directory_odd WHERE row = 3");

  EXPECT_EQ(scratch_.Faults(), "1 key-without-entry");
}

TEST_F(KeyCheckTest, OneOfEachIsFoundThoughTheCountsAgree) {
  scratch_.Execute(
      "DELETE FROM directory_odd WHERE row = 3;"
      "DELETE FROM consumer_key WHERE row = 5");

  EXPECT_EQ(scratch_.Faults(), "1 entry-without-key, 1 key-without-entry");
}

TEST_F(KeyCheckTest, AKeyThatWasChangedDoesNotOpen) {
  scratch_.Execute(
      "UPDATE consumer_key SET wrapped = zeroblob(length(wrapped))"
      " WHERE row = 2; UPDATE consumer_key SET version = 2 WHERE row = 3");

  EXPECT_EQ(scratch_.Faults(), "2 key-does-not-open");
}

TEST_F(KeyCheckTest, KeysThatWereSwappedDoNotOpen) {
  scratch_.Execute(
      "UPDATE consumer_key SET wrapped = (SELECT wrapped FROM consumer_key"
      " WHERE row = 2) WHERE row = 1");

  EXPECT_EQ(scratch_.Faults(), "1 key-does-not-open");
}

TEST_F(KeyCheckTest, AKeyUnderAnEpochThatIsNotOpenIsToldApart) {
  Rotate();
  scratch_.Execute("UPDATE consumer_key SET epoch = 1 WHERE row = 1");

  EXPECT_EQ(scratch_.Faults(), "1 key-under-closed-epoch");
}

TEST_F(KeyCheckTest, AnEntryThatWasChangedOrMovedDoesNotOpen) {
  scratch_.Execute(
      "UPDATE directory_odd SET pointer = zeroblob(length(pointer))"
      " WHERE row = 2;"
      "UPDATE directory_odd SET token = zeroblob(32) WHERE row = 3");

  EXPECT_EQ(scratch_.Faults(), "2 entry-does-not-open");
}

TEST_F(KeyCheckTest, AnEntryUnderAnotherTokenThanItsOwnIsMisplaced) {
  const KeyTables tables = scratch_.store().Tables();
  const EntityKeys& keys = tables.epochs.enabled();
  DirectoryPointer pointer =
      tables.directory.Find(keys.InnerToken("c-3")).value();
  const std::string token(32, 'x');
  auto move = tables.database.Prepare(
      "UPDATE directory_odd SET token = $1, pointer = $2 WHERE token = $3");
  const std::string was = keys.DirectoryToken(pointer.inner_token);
  const std::string sealed = keys.SealPointer(token, pointer).value();
  (*move)->BindBytes(1, token);
  (*move)->BindBytes(2, sealed);
  (*move)->BindBytes(3, was);
  ASSERT_TRUE((*move)->Run().ok());

  EXPECT_EQ(scratch_.Faults(), "1 entry-misplaced");
}

TEST_F(KeyCheckTest, TwoEntriesOfOneKeyAreFound) {
  const KeyTables tables = scratch_.store().Tables();
  DirectoryPointer pointer =
      tables.directory.Find(tables.epochs.enabled().InnerToken("c-3")).value();
  pointer.inner_token = tables.epochs.enabled().InnerToken("someone else");
  ASSERT_TRUE(tables.directory.Insert(pointer).ok());
  EXPECT_EQ(scratch_.Faults(), "1 key-with-two-entries");

  scratch_.Execute("DELETE FROM directory_odd WHERE row = 5");

  EXPECT_EQ(scratch_.Faults(), "1 key-without-entry, 1 key-with-two-entries");
}

TEST_F(KeyCheckTest, EntriesWhereNoEpochIsOpenAreFound) {
  scratch_.Execute(
      "INSERT INTO directory_even SELECT * FROM directory_odd LIMIT 3");

  EXPECT_EQ(scratch_.Faults(), "3 entry-under-closed-epoch");
}

TEST_F(KeyCheckTest, ObjectsThatAreMissingOrTooManyAreFound) {
  Rotate();
  Rotate();
  ASSERT_TRUE(scratch_.provider().DestroyEpoch("rosewater", 1).ok());
  EXPECT_EQ(scratch_.Faults(), "1 object-missing");
  ASSERT_TRUE(scratch_.provider()
                  .CreateEpoch("rosewater", 9, scratch_.clock().Now())
                  .ok());

  EXPECT_EQ(scratch_.Faults(), "1 object-missing, 1 object-orphaned");
}

TEST_F(KeyCheckTest, WhatIsLeftOfADestroyedEpochIsFound) {
  Rotate();
  scratch_.Execute("UPDATE epoch SET state = 4 WHERE epoch = 1");

  EXPECT_EQ(scratch_.Faults(), "1 object-back, 1 destroyed-key-remains");
}

TEST_F(KeyCheckTest, EveryFaultHasASlugAndWords) {
  for (int fault = 0; fault <= static_cast<int>(KeyFault::kDestroyedKeyRemains);
       ++fault) {
    EXPECT_NE(KeyFaultSlug(static_cast<KeyFault>(fault)), "");
    EXPECT_GT(KeyFaultText(static_cast<KeyFault>(fault)).size(), 20);
  }
}

TEST_F(KeyCheckTest, ADatabaseThatCannotBeReadIsAnErrorAndNotAFinding) {
  scratch_.Execute("DROP TABLE directory_odd");

  EXPECT_FALSE(
      CheckKeys(scratch_.store().Tables(), scratch_.provider(), nullptr).ok());
}

}  // namespace
}  // namespace subrosa
