#include "src/vault/erasure_count.h"

#include <memory>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

class ErasureCountTest : public testing::Test {
 protected:
  ErasureCountTest() : count_(ErasureCount::Open(*database_, 1).value()) {
    scratch_.MakeConsumers(0, 3);
  }

  int64_t Count() { return count_.Read().value(); }

  ScratchKeyStore scratch_;
  const std::unique_ptr<Connection> database_ = scratch_.Connect();
  ErasureCount count_;
};

TEST_F(ErasureCountTest, AnErasureByAnotherIsCountedAtOnce) {
  EXPECT_EQ(Count(), 0);
  ASSERT_TRUE(scratch_.store().Erase("c-0", /*records_seen=*/0).ok());
  EXPECT_EQ(Count(), 1);
  EXPECT_EQ(Count(), 1);
  ASSERT_TRUE(scratch_.OpenAnother()->Erase("c-1", /*records_seen=*/0).ok());
  EXPECT_EQ(Count(), 2);
}

TEST_F(ErasureCountTest, OtherChangesLeaveTheCount) {
  ASSERT_EQ(Count(), 0);
  scratch_.MakeConsumers(3, 2);
  EXPECT_EQ(Count(), 0);
}

TEST_F(ErasureCountTest, WithinATransactionItsOwnErasuresCount) {
  ASSERT_EQ(Count(), 0);
  auto transaction = Transaction::Begin(*database_);
  ASSERT_TRUE(transaction.ok()) << transaction.status();

  ASSERT_TRUE(
      database_->Execute("UPDATE entity SET erasures = erasures + 1").ok());

  EXPECT_EQ(Count(), 1);
}

TEST_F(ErasureCountTest, WhatWasTakenBackIsNotCounted) {
  {
    auto transaction = Transaction::Begin(*database_);
    ASSERT_TRUE(
        database_->Execute("UPDATE entity SET erasures = erasures + 1").ok());
    ASSERT_EQ(Count(), 1);
  }

  EXPECT_EQ(Count(), 0);
}

TEST_F(ErasureCountTest, AnEntityThatIsGoneIsLostData) {
  scratch_.Execute("DELETE FROM entity");

  EXPECT_TRUE(absl::IsDataLoss(count_.Read().status()));
}

}  // namespace
}  // namespace subrosa
