#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/base/file.h"
#include "src/store/outbox.h"
#include "src/vault/key_rotation.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kMaxKeyringBytes = 1 << 20;

class KeyRetirementTest : public testing::Test {
 protected:
  KeyRetirementTest() { scratch_.MakeConsumers(0, 20); }

  void Rotate() {
    const auto result = scratch_.store().Rotation().Rotate(nullptr);
    ASSERT_TRUE(result.ok()) << result.status();
  }

  // Makes what was rotated today due.
  void AwaitTheDay() { scratch_.clock().Advance(absl::Hours(24 * 31)); }

  std::vector<RetiredEpoch> Retire(KeyStore& store) {
    const auto retired = store.Rotation().Retire();
    EXPECT_TRUE(retired.ok()) << retired.status();
    return retired.ok() ? *retired : std::vector<RetiredEpoch>();
  }

  std::vector<uint32_t> Objects() {
    std::vector<uint32_t> epochs;
    const auto objects = scratch_.provider().ListEpochs("rosewater");
    for (const EpochObject& object : *objects) epochs.push_back(object.epoch);
    return epochs;
  }

  // The leaves of retired epochs that wait for the log.
  std::vector<Leaf> RetiredLeaves() {
    const std::unique_ptr<Connection> database = scratch_.Connect();
    auto outbox = Outbox::Open(*database);
    std::vector<Leaf> leaves;
    EXPECT_TRUE(
        outbox
            ->Visit(0,
                    [&](const OutboxEntry& entry) -> absl::StatusOr<bool> {
                      auto leaf = ParseLeaf(entry.bytes);
                      EXPECT_TRUE(leaf.ok()) << leaf.status();
                      if (leaf->kind == LeafKind::kEpochRetired) {
                        leaves.push_back(*leaf);
                      }
                      return true;
                    })
            .ok());
    return leaves;
  }

  EpochRow Row(size_t index) {
    return scratch_.store().ReadEpochs().value().at(index);
  }

  ScratchKeyStore scratch_;
};

TEST_F(KeyRetirementTest, NothingIsDestroyedBeforeItsDay) {
  EXPECT_THAT(Retire(scratch_.store()), IsEmpty());
  Rotate();
  scratch_.clock().Advance(absl::Hours(24 * 30));

  EXPECT_THAT(Retire(scratch_.store()), IsEmpty());

  EXPECT_THAT(Objects(), ElementsAre(1, 2));
  EXPECT_EQ(Row(0).state, EpochState::kScheduled);
  EXPECT_THAT(RetiredLeaves(), IsEmpty());
}

TEST_F(KeyRetirementTest, OnItsDayTheObjectAndTheWorkingKeyAreDestroyed) {
  const std::vector<std::string> before = scratch_.RefsOf(0, 20);
  Rotate();
  AwaitTheDay();

  const std::vector<RetiredEpoch> retired = Retire(scratch_.store());

  ASSERT_EQ(retired.size(), 1);
  EXPECT_EQ(retired[0].epoch, 1);
  EXPECT_EQ(retired[0].evidence.assurance, Assurance::kRewrittenFile);
  EXPECT_THAT(Objects(), ElementsAre(2));
  EXPECT_EQ(Row(0).state, EpochState::kDestroyed);
  EXPECT_EQ(Row(0).destroy_day, scratch_.today());
  EXPECT_EQ(Row(0).working_key, "");
  EXPECT_EQ(Row(0).wrapped.inner + Row(0).wrapped.suppression, "");
  EXPECT_EQ(scratch_.RefsOf(0, 20), before);
  EXPECT_EQ(scratch_.Faults(), "");
  EXPECT_THAT(Retire(scratch_.store()), IsEmpty());
}

TEST_F(KeyRetirementTest, TheLogIsToldTheEvidence) {
  Rotate();
  AwaitTheDay();

  Retire(scratch_.store());

  const std::vector<Leaf> leaves = RetiredLeaves();
  ASSERT_EQ(leaves.size(), 1);
  EXPECT_EQ(leaves[0].day, scratch_.today());
  EXPECT_THAT(leaves[0].numbers,
              ElementsAre(1, static_cast<uint64_t>(Assurance::kRewrittenFile)));
  EXPECT_THAT(leaves[0].text, testing::StartsWith("keyring: "));
}

TEST_F(KeyRetirementTest, ACopyFromBeforeOpensUntilThenAndNeverAfter) {
  scratch_.CopyTo("copy");
  ASSERT_TRUE(scratch_.store().Erase("c-3", 0).ok());
  Rotate();
  {
    // That is what an erasure does not reach yet.
    const auto copy = scratch_.OpenCopy("copy");
    ASSERT_TRUE(copy.ok()) << copy.status();
    EXPECT_TRUE((*copy)->Find("c-3").ok());
  }
  AwaitTheDay();
  Retire(scratch_.store());

  const absl::Status closed = scratch_.OpenCopy("copy").status();

  EXPECT_TRUE(absl::IsFailedPrecondition(closed)) << closed;
  EXPECT_THAT(std::string(closed.message()), HasSubstr("closed for good"));
  EXPECT_TRUE(scratch_.OpenAnother()->Find("c-4").ok());
}

TEST_F(KeyRetirementTest, ACopyFromAmidTheRotationIsClosedToo) {
  int calls = 0;
  ASSERT_TRUE(scratch_.store()
                  .Rotation()
                  .Rotate([&](int64_t) {
                    if (calls++ == 0) scratch_.CopyTo("amid");
                  })
                  .ok());
  ASSERT_TRUE(scratch_.OpenCopy("amid").ok());
  AwaitTheDay();
  Retire(scratch_.store());

  const absl::Status closed = scratch_.OpenCopy("amid").status();

  EXPECT_TRUE(absl::IsFailedPrecondition(closed)) << closed;
}

TEST_F(KeyRetirementTest, StoppedOnceTheObjectIsGoneItIsTakenUp) {
  Rotate();
  AwaitTheDay();
  bool is_retiring = false;
  {
    const auto store = scratch_.OpenWatched([&](const std::string& sql) {
      return is_retiring && sql == "COMMIT"
                 ? absl::UnavailableError("power cut")
                 : absl::OkStatus();
    });
    is_retiring = true;
    EXPECT_TRUE(absl::IsUnavailable(store->Rotation().Retire().status()));
  }
  ASSERT_THAT(Objects(), ElementsAre(2));
  EXPECT_EQ(Row(0).state, EpochState::kScheduled);
  EXPECT_EQ(scratch_.Faults(), "1 object-missing");

  const std::vector<RetiredEpoch> retired = Retire(*scratch_.OpenAnother());

  ASSERT_EQ(retired.size(), 1);
  EXPECT_EQ(retired[0].evidence.facts, "the object was found destroyed");
  EXPECT_EQ(Row(0).state, EpochState::kDestroyed);
  EXPECT_EQ(RetiredLeaves().size(), 1);
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRetirementTest, TwoProcessesLeaveOneLeaf) {
  Rotate();
  AwaitTheDay();
  const std::unique_ptr<KeyStore> other = scratch_.OpenAnother();
  bool is_retiring = false;
  const auto store = scratch_.OpenWatched([&](const std::string& sql) {
    if (is_retiring && sql == "BEGIN IMMEDIATE") {
      EXPECT_EQ(Retire(*other).size(), 1);
    }
    return absl::OkStatus();
  });
  is_retiring = true;

  EXPECT_THAT(Retire(*store), IsEmpty());

  EXPECT_EQ(RetiredLeaves().size(), 1);
}

TEST_F(KeyRetirementTest, AnEpochThatSomethingIsLeftInIsNotDestroyed) {
  Rotate();
  AwaitTheDay();
  scratch_.Execute("UPDATE consumer_key SET epoch = 1 WHERE row = 1");

  const absl::Status refused = scratch_.store().Rotation().Retire().status();

  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("got 1;"));
  EXPECT_THAT(Objects(), ElementsAre(1, 2));
  EXPECT_EQ(Row(0).state, EpochState::kScheduled);
}

TEST_F(KeyRetirementTest,
       AnObjectThatCameBackWithAnOldKeyringIsDestroyedAgain) {
  scratch_.CopyTo("copy");
  Rotate();
  const auto keyring = ReadFile(scratch_.keyring_path(), kMaxKeyringBytes);
  AwaitTheDay();
  Retire(scratch_.store());
  ASSERT_TRUE(ReplaceFile(scratch_.keyring_path(), *keyring, 0600).ok());
  scratch_.Restart();
  ASSERT_TRUE(scratch_.OpenCopy("copy").ok());
  EXPECT_EQ(scratch_.Faults(), "1 object-back");

  const std::vector<RetiredEpoch> retired = Retire(scratch_.store());

  ASSERT_EQ(retired.size(), 1);
  EXPECT_THAT(retired[0].evidence.facts, HasSubstr("come back"));
  EXPECT_EQ(RetiredLeaves().size(), 2);
  EXPECT_TRUE(absl::IsFailedPrecondition(scratch_.OpenCopy("copy").status()));
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRetirementTest, SeveralThatAreDueGoTogether) {
  Rotate();
  Rotate();
  AwaitTheDay();
  Rotate();

  const std::vector<RetiredEpoch> retired = Retire(scratch_.store());

  ASSERT_EQ(retired.size(), 2);
  EXPECT_EQ(retired[0].epoch, 1);
  EXPECT_EQ(retired[1].epoch, 2);
  EXPECT_THAT(Objects(), ElementsAre(3, 4));
}

}  // namespace
}  // namespace subrosa
