#include "src/vault/housekeeper.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

constexpr int kRecords = 300;  // More than one transaction's.

class HousekeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < kRecords; ++i) {
      scratch_.Put({"anna"}, absl::StrCat("m-", i), "fine");
    }
    scratch_.Put({"bea"}, "m-1", "fine");
  }

  std::unique_ptr<Housekeeper> Start() {
    return std::make_unique<Housekeeper>(
        std::move(scratch_.OpenAnother()).value());
  }

  ScratchVault scratch_;
};

TEST_F(HousekeeperTest, RowsOfTheErasedAreDeletedAndOthersStay) {
  const auto housekeeper = Start();
  ASSERT_TRUE(scratch_.vault().DestroyKeys("anna").ok());
  EXPECT_EQ(scratch_.RowsHeld(), kRecords + 1);
  housekeeper->Wake();

  EXPECT_EQ(housekeeper->Finish(nullptr).value(), kRecords);
  EXPECT_EQ(scratch_.RowsHeld(), 1);
  EXPECT_TRUE(scratch_.vault().Get("bea", "ios-app", "m-1").ok());
}

TEST_F(HousekeeperTest, NothingIsDeletedWhereNobodyWasErased) {
  const auto housekeeper = Start();
  EXPECT_EQ(housekeeper->Finish(nullptr).value(), 0);
  EXPECT_EQ(scratch_.RowsHeld(), kRecords + 1);
}

TEST_F(HousekeeperTest, WhoeverIsErasedLaterIsSweptToo) {
  const auto housekeeper = Start();
  ASSERT_TRUE(scratch_.vault().DestroyKeys("anna").ok());
  EXPECT_EQ(housekeeper->Finish(nullptr).value(), kRecords);
  ASSERT_TRUE(scratch_.vault().DestroyKeys("bea").ok());
  EXPECT_EQ(housekeeper->Finish(nullptr).value(), kRecords + 1);
  EXPECT_EQ(scratch_.RowsHeld(), 0);
}

TEST_F(HousekeeperTest, WhatItDidNotFinishAnotherDoes) {
  ASSERT_TRUE(scratch_.vault().DestroyKeys("anna").ok());
  Start()->Wake();  // And stopped at once.
  EXPECT_GE(scratch_.RowsHeld(), 1);

  ASSERT_TRUE(Start()->Finish(nullptr).ok());
  EXPECT_EQ(scratch_.RowsHeld(), 1);
}

TEST_F(HousekeeperTest, AFailureIsToldAndTheNextAttemptGoesOn) {
  const auto housekeeper = Start();
  ASSERT_TRUE(scratch_.vault().DestroyKeys("anna").ok());
  scratch_.Execute("records", "ALTER TABLE record RENAME TO away");
  EXPECT_FALSE(housekeeper->Finish(nullptr).ok());

  scratch_.Execute("records", "ALTER TABLE away RENAME TO record");
  EXPECT_EQ(housekeeper->Finish(nullptr).value(), kRecords);
}

}  // namespace
}  // namespace subrosa
