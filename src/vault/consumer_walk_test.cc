#include "src/vault/consumer_walk.h"

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

using testing::ElementsAreArray;
using testing::SizeIs;

constexpr int kConsumers = 50;

std::string IdOf(const ConsumerHandle& consumer) {
  return std::string(reinterpret_cast<const char*>(consumer.key_ref.id.data()),
                     consumer.key_ref.id.size());
}

class ConsumerWalkTest : public testing::Test {
 protected:
  void SetUp() override { scratch_.MakeConsumers(0, kConsumers); }

  std::vector<std::string> Walk(const std::string& after, size_t at_once) {
    std::vector<std::string> visited;
    const absl::Status walked = WalkConsumers(
        scratch_.store(), after,
        [&](const ConsumerHandle& consumer) {
          visited.push_back(IdOf(consumer));
          return absl::OkStatus();
        },
        at_once);
    EXPECT_TRUE(walked.ok()) << walked;
    return visited;
  }

  ScratchKeyStore scratch_;
};

TEST_F(ConsumerWalkTest, EverybodyIsVisitedOnceHoweverMuchIsKeptInMemory) {
  const std::vector<std::string> all = Walk("", kWalkedAtOnce);

  EXPECT_THAT(all, SizeIs(kConsumers));
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), kConsumers);
  EXPECT_THAT(Walk("", 1), ElementsAreArray(all));
  EXPECT_THAT(Walk("", 7), ElementsAreArray(all));
}

TEST_F(ConsumerWalkTest, AWalkIsTakenUpWhereItWasAlsoAfterARotation) {
  const std::vector<std::string> all = Walk("", kWalkedAtOnce);

  ASSERT_TRUE(scratch_.store().Rotation().Rotate({}).ok());

  EXPECT_THAT(Walk(all[29], 7), ElementsAreArray(all.begin() + 30, all.end()));
}

TEST_F(ConsumerWalkTest, WhoIsErasedMeanwhileIsLeftOut) {
  auto other = scratch_.OpenAnother();
  std::vector<std::string> visited;

  const absl::Status walked =
      WalkConsumers(scratch_.store(), "", [&](const ConsumerHandle& consumer) {
        if (visited.empty()) {
          for (int i = 0; i < kConsumers; ++i) {
            EXPECT_TRUE(other->Erase(absl::StrCat("c-", i), 0).ok());
          }
        }
        visited.push_back(IdOf(consumer));
        return absl::OkStatus();
      });

  ASSERT_TRUE(walked.ok()) << walked;
  EXPECT_THAT(visited, SizeIs(1));
}

TEST_F(ConsumerWalkTest, AnErrorOfTheVisitEndsTheWalk) {
  int visited = 0;

  const absl::Status walked =
      WalkConsumers(scratch_.store(), "", [&](const ConsumerHandle&) {
        return ++visited == 3 ? absl::CancelledError("enough")
                              : absl::OkStatus();
      });

  EXPECT_TRUE(absl::IsCancelled(walked)) << walked;
  EXPECT_EQ(visited, 3);
}

TEST_F(ConsumerWalkTest, AnEntryThatDoesNotOpenEndsTheWalk) {
  scratch_.Execute("UPDATE directory_odd SET pointer = x'00' WHERE row = 9");

  EXPECT_TRUE(absl::IsDataLoss(
      WalkConsumers(scratch_.store(), "",
                    [](const ConsumerHandle&) { return absl::OkStatus(); })));
}

}  // namespace
}  // namespace subrosa
