#include "src/vault/epochs.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

class EpochsTest : public testing::Test {
 protected:
  EpochsTest() : database_(scratch_.Connect()) {}

  absl::StatusOr<std::unique_ptr<Epochs>> Open() {
    return Epochs::Open(*database_, scratch_.provider(), "rosewater", 1);
  }

  void Rotate() {
    ASSERT_TRUE(scratch_.store().Rotation().Rotate(nullptr).ok());
  }

  ScratchKeyStore scratch_;
  std::unique_ptr<Connection> database_;
};

TEST_F(EpochsTest, ANewKeyStoreHasItsFirstEpochEnabled) {
  const auto epochs = Open();

  ASSERT_TRUE(epochs.ok()) << epochs.status();
  EXPECT_EQ((*epochs)->enabled().epoch(), 1);
  EXPECT_EQ((*epochs)->NewestFirst().size(), 1);
  EXPECT_EQ((*epochs)->Find(2), nullptr);
  EXPECT_FALSE((*epochs)->Refresh().value());
}

TEST_F(EpochsTest, ARotationElsewhereIsSeenWhenAskedFor) {
  const auto epochs = Open();
  Rotate();
  EXPECT_EQ((*epochs)->enabled().epoch(), 1);

  EXPECT_TRUE((*epochs)->Refresh().value());

  EXPECT_EQ((*epochs)->enabled().epoch(), 2);
  EXPECT_EQ((*epochs)->Find(1), nullptr);
  EXPECT_FALSE((*epochs)->Refresh().value());
}

TEST_F(EpochsTest, WhileARotationIsUnderWayBothAreOpenAndKeysStayWhereTheyAre) {
  const auto epochs = Open();
  const EntityKeys* const old = (*epochs)->Find(1);
  bool was_seen = false;

  ASSERT_TRUE(scratch_.store().FindOrCreate({"c-1"}).ok());
  ASSERT_TRUE(scratch_.store()
                  .Rotation()
                  .Rotate([&](int64_t) {
                    was_seen = true;
                    EXPECT_TRUE((*epochs)->Refresh().ok());
                    EXPECT_EQ((*epochs)->NewestFirst().size(), 2);
                    EXPECT_EQ((*epochs)->NewestFirst().front()->epoch(), 2);
                    EXPECT_EQ((*epochs)->Find(1), old);
                  })
                  .ok());
  EXPECT_TRUE(was_seen);
}

TEST_F(EpochsTest, WhatDoesNotOpenLeavesThoseThatAreOpenAsTheyWere) {
  const auto epochs = Open();
  Rotate();
  ASSERT_TRUE(scratch_.provider().DestroyEpoch("rosewater", 2).ok());

  EXPECT_TRUE(absl::IsFailedPrecondition((*epochs)->Refresh().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition((*epochs)->Refresh().status()));

  EXPECT_EQ((*epochs)->enabled().epoch(), 1);
}

TEST_F(EpochsTest, AnEpochWhoseObjectIsGoneIsClosedForGood) {
  ASSERT_TRUE(scratch_.provider()
                  .CreateEpoch("rosewater", 2, scratch_.clock().Now())
                  .ok());
  ASSERT_TRUE(scratch_.provider().DestroyEpoch("rosewater", 1).ok());

  const absl::Status status = Open().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_NE(status.message().find("closed for good"), std::string::npos);
}

TEST_F(EpochsTest, AKeyringFromBeforeARotationIsToldApart) {
  Rotate();
  ASSERT_TRUE(scratch_.provider().DestroyEpoch("rosewater", 2).ok());

  const absl::Status status = Open().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_NE(status.message().find("newest copy of the keyring"),
            std::string::npos);
}

TEST_F(EpochsTest, AnotherKeyringsObjectOpensNothing) {
  ASSERT_TRUE(scratch_.provider().DestroyEpoch("rosewater", 1).ok());
  ASSERT_TRUE(scratch_.provider()
                  .CreateEpoch("rosewater", 1, scratch_.clock().Now())
                  .ok());

  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
}

TEST_F(EpochsTest, AStoreWithoutAnOpenEpochIsDamaged) {
  const auto epochs = Open();
  scratch_.Execute("UPDATE epoch SET state = 3");

  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
  EXPECT_TRUE(absl::IsDataLoss((*epochs)->Refresh().status()));
  scratch_.Execute("DELETE FROM epoch");
  EXPECT_TRUE(absl::IsDataLoss(Open().status()));

  EXPECT_EQ((*epochs)->enabled().epoch(), 1);
}

TEST_F(EpochsTest, ARowThatIsNotThereIsDamage) {
  const auto epochs = Open();

  EXPECT_EQ((*epochs)->ReadRow(1)->opened_day, scratch_.today());
  EXPECT_TRUE(absl::IsDataLoss((*epochs)->ReadRow(2).status()));
}

TEST_F(EpochsTest, NeighboursHaveTheirDirectoriesInDifferentTables) {
  for (uint32_t epoch = 1; epoch < 5; ++epoch) {
    EXPECT_NE(DirectoryTable(epoch), DirectoryTable(epoch + 1));
    EXPECT_EQ(DirectoryTable(epoch), DirectoryTable(epoch + 2));
  }
}

TEST_F(EpochsTest, EveryStateHasAName) {
  EXPECT_EQ(EpochStateName(EpochState::kEnabled), "ENABLED");
  EXPECT_EQ(EpochStateName(EpochState::kDecryptOnly), "DECRYPT_ONLY");
  EXPECT_EQ(EpochStateName(EpochState::kScheduled), "SCHEDULED");
  EXPECT_EQ(EpochStateName(EpochState::kDestroyed), "DESTROYED");
}

}  // namespace
}  // namespace subrosa
