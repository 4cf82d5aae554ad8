#include "src/vault/consumer_erasure.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/crypto/commitment.h"
#include "src/vault/consumer_removal.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

class ConsumerErasureTest : public testing::Test {
 protected:
  ConsumerErasureTest() { scratch_.Put({"ada", "bo", "cy"}, "1", "calm"); }

  PreparedErasure Prepare(const std::string& consumer) {
    KeyStore& keys = scratch_.vault().keys();
    return keys.PrepareErasure(consumer, *keys.FindShared(consumer).value())
        .value();
  }

  absl::StatusOr<std::vector<std::optional<DestroyedKey>>> EraseAll(
      const std::vector<PreparedErasure>& erasures) {
    return scratch_.vault().keys().EraseAll(
        erasures, scratch_.vault().records().ReadIssued().value());
  }

  bool IsThere(const std::string& consumer) {
    return scratch_.vault().CountRows(consumer).ok();
  }

  ScratchVault scratch_;
};

TEST_F(ConsumerErasureTest, ManyAreErasedAtOnceAndOthersStay) {
  const auto destroyed = EraseAll({Prepare("ada"), Prepare("cy")});

  ASSERT_TRUE(destroyed.ok()) << destroyed.status();
  ASSERT_EQ(destroyed->size(), 2);
  EXPECT_TRUE((*destroyed)[0].has_value() && (*destroyed)[1].has_value());
  EXPECT_FALSE(IsThere("ada"));
  EXPECT_TRUE(IsThere("bo"));
  EXPECT_FALSE(IsThere("cy"));
}

TEST_F(ConsumerErasureTest, WhatIsPreparedProvesTheErasureToItsConsumer) {
  const PreparedErasure prepared = Prepare("ada");
  const auto leaf = ParseLeaf(prepared.leaf);
  ASSERT_TRUE(leaf.ok());

  EXPECT_TRUE(IsThere("ada"));
  EXPECT_TRUE(VerifyCommitment(leaf->commitments[1], prepared.opening,
                               kLeafConsumerLabel, {"ada", ""})
                  .ok());
  EXPECT_FALSE(VerifyCommitment(leaf->commitments[1], prepared.opening,
                                kLeafConsumerLabel, {"bo", ""})
                   .ok());
}

TEST_F(ConsumerErasureTest, OnlyWhoIsChosenIsErasedAndNobodyIfThatFails) {
  const std::vector<PreparedErasure> prepared = {Prepare("ada"), Prepare("bo")};
  KeyStore& keys = scratch_.vault().keys();

  const auto failed = keys.EraseChosen(
      []() -> absl::StatusOr<absl::Span<const PreparedErasure>> {
        return absl::CancelledError("nobody");
      },
      /*records_seen=*/0);
  EXPECT_TRUE(absl::IsCancelled(failed.status()));
  EXPECT_TRUE(IsThere("bo"));
  const auto destroyed = keys.EraseChosen(
      [&]() -> absl::StatusOr<absl::Span<const PreparedErasure>> {
        return absl::MakeConstSpan(prepared).subspan(1);
      },
      scratch_.vault().records().ReadIssued().value());

  ASSERT_TRUE(destroyed.ok()) << destroyed.status();
  EXPECT_EQ(destroyed->size(), 1);
  EXPECT_TRUE(IsThere("ada"));
  EXPECT_FALSE(IsThere("bo"));
}

TEST_F(ConsumerErasureTest, TheSecondTimeThereIsNobodyToErase) {
  const PreparedErasure prepared = Prepare("ada");
  ASSERT_TRUE(EraseAll({prepared}).ok());
  const int64_t leaves =
      scratch_.Number("keys", "SELECT max(sequence) FROM outbox");

  const auto again = EraseAll({prepared, prepared});

  ASSERT_TRUE(again.ok());
  EXPECT_FALSE((*again)[0].has_value() || (*again)[1].has_value());
  EXPECT_EQ(scratch_.Number("keys", "SELECT max(sequence) FROM outbox"),
            leaves);
}

TEST_F(ConsumerErasureTest, ANewConsumerOfTheSameIdIsNotErasedByAnOldOrder) {
  PreparedErasure prepared = Prepare("ada");
  prepared.suppression = Suppression::kNone;
  ASSERT_TRUE(EraseAll({prepared}).ok());
  scratch_.Put({"ada"}, "2", "back");

  const auto again = EraseAll({prepared});

  EXPECT_FALSE(again->front().has_value());
  EXPECT_TRUE(IsThere("ada"));
}

TEST_F(ConsumerErasureTest, WithoutABasisNoTokenOfTheIdIsKept) {
  PreparedErasure ada = Prepare("ada");
  ada.suppression = Suppression::kNone;
  const PreparedErasure bo = Prepare("bo");

  ASSERT_TRUE(EraseAll({ada, bo}).ok());

  EXPECT_EQ(scratch_.Number("keys", "SELECT count(*) FROM suppression"), 1);
  const auto outcomes =
      ScratchVault::PutInto(scratch_.vault(), {"bo"}, "2", "back");
  EXPECT_FALSE(outcomes.ok() && outcomes->front() == PutOutcome::kAdded);
}

}  // namespace
}  // namespace subrosa
