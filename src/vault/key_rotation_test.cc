#include "src/vault/key_rotation.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/key_policy.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::Not;

// More than one transaction moves.
constexpr int kMany = 20000;

std::string Id(int number) { return absl::StrCat("c-", number); }

class KeyRotationTest : public testing::Test {
 protected:
  RotationResult Rotate(KeyStore& store,
                        const std::function<void(int64_t)>& on_progress = {}) {
    const auto result = store.Rotation().Rotate(on_progress);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : RotationResult();
  }

  // Makes one consumer, finds one and erases one, in another process.
  void LiveOn(KeyStore& other, int made, int found, int erased) {
    EXPECT_TRUE(other.FindOrCreate({Id(made)}).ok());
    EXPECT_TRUE(other.Find(Id(found)).ok());
    const auto gone = other.Erase(Id(erased), 0);
    EXPECT_TRUE(gone.ok()) << gone.status();
  }

  // That `id` is erased, and stays it.
  void ExpectErased(int id) {
    EXPECT_TRUE(absl::IsNotFound(scratch_.store().Find(Id(id)).status()));
    const auto again = scratch_.store().FindOrCreate({Id(id)});
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->front().consumer, nullptr);
  }

  int64_t KeysUnder(uint32_t epoch) {
    return scratch_.Number(absl::StrCat(
        "SELECT count(*) FROM consumer_key WHERE epoch = ", epoch));
  }
  int64_t Entries(uint32_t epoch) {
    return scratch_.Number(
        absl::StrCat("SELECT count(*) FROM ", DirectoryTable(epoch)));
  }
  int64_t StateOf(uint32_t epoch) {
    return scratch_.Number(
        absl::StrCat("SELECT state FROM epoch WHERE epoch = ", epoch));
  }

  ScratchKeyStore scratch_;
};

TEST_F(KeyRotationTest, EverybodyIsFoundAfterwardsAndTheOldEpochIsEmpty) {
  scratch_.MakeConsumers(0, kMany);
  const std::vector<std::string> before = scratch_.RefsOf(0, 2000);
  int64_t told = 0;

  const RotationResult result =
      Rotate(scratch_.store(), [&](int64_t rows) { told = rows; });

  EXPECT_EQ(result.from_epoch, 1);
  EXPECT_EQ(result.to_epoch, 2);
  EXPECT_EQ(result.consumer_keys, kMany);
  EXPECT_EQ(result.directory_entries, kMany);
  EXPECT_EQ(result.destroy_day, scratch_.today() + 31);
  EXPECT_EQ(told, 2 * kMany);
  EXPECT_EQ(scratch_.RefsOf(0, 2000), before);
  EXPECT_EQ(scratch_.OpenAnother()->Find(Id(7)).value()->data_ref, before[7]);
  EXPECT_EQ(KeysUnder(1), 0);
  EXPECT_EQ(KeysUnder(2), kMany);
  EXPECT_EQ(Entries(1), 0);
  EXPECT_EQ(Entries(2), kMany);
  EXPECT_EQ(StateOf(1), static_cast<int64_t>(EpochState::kScheduled));
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRotationTest, ConsumersKeysStayTheSameAndTheirWrappingDoesNot) {
  scratch_.MakeConsumers(0, 1);
  const auto before = scratch_.store().Find(Id(0));
  scratch_.Execute("CREATE TABLE was AS SELECT wrapped FROM consumer_key");

  Rotate(scratch_.store());

  const auto after = scratch_.OpenAnother()->Find(Id(0));
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_TRUE((*after)->key->Equals(*(*before)->key));
  EXPECT_EQ((*after)->consumer_ref, (*before)->consumer_ref);
  EXPECT_EQ(
      scratch_.Number("SELECT count(*) FROM was NATURAL JOIN consumer_key"), 0);
}

TEST_F(KeyRotationTest, OneRotationAfterAnotherUsesTheTablesInTurn) {
  scratch_.MakeConsumers(0, 50);
  const std::vector<std::string> before = scratch_.RefsOf(0, 50);

  for (uint32_t epoch = 2; epoch < 6; ++epoch) {
    const RotationResult result = Rotate(scratch_.store());
    EXPECT_EQ(result.to_epoch, epoch);
    EXPECT_EQ(Entries(epoch), 50);
    EXPECT_EQ(Entries(epoch - 1), 0);
    EXPECT_EQ(scratch_.RefsOf(0, 50), before);
  }
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRotationTest, AnEmptyStoreRotatesToo) {
  const RotationResult result = Rotate(scratch_.store());

  EXPECT_EQ(result.consumer_keys + result.directory_entries, 0);
  EXPECT_EQ(scratch_.Faults(), "");
  scratch_.MakeConsumers(0, 1);
  EXPECT_EQ(KeysUnder(2), 1);
}

TEST_F(KeyRotationTest, WhoWasErasedBeforeIsStillRefusedAfterwards) {
  scratch_.MakeConsumers(0, 3);
  ASSERT_TRUE(scratch_.store().Erase(Id(1), 0).ok());

  Rotate(scratch_.store());

  ExpectErased(1);
}

TEST_F(KeyRotationTest, AnotherProcessGoesOnMeanwhileAndAfterwards) {
  scratch_.MakeConsumers(0, kMany);
  const std::unique_ptr<KeyStore> other = scratch_.OpenAnother();
  int calls = 0;

  Rotate(scratch_.store(), [&](int64_t) {
    LiveOn(*other, /*made=*/kMany + calls, /*found=*/100 + calls,
           /*erased=*/calls);
    ++calls;
  });
  const int made = calls;
  LiveOn(*other, kMany + calls, 100 + calls, calls);

  ASSERT_GE(made, 4);
  for (int i = 0; i <= made; ++i) ExpectErased(i);
  EXPECT_THAT(scratch_.RefsOf(100, 50), Each(Not(IsEmpty())));
  EXPECT_THAT(scratch_.RefsOf(kMany, made + 1), Each(Not(IsEmpty())));
  EXPECT_EQ(KeysUnder(2), kMany);
  EXPECT_EQ(Entries(2), kMany);
  EXPECT_EQ(Entries(1), 0);
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRotationTest, WhoIsErasedBeforeAnyOfItsStepsDoesNotComeBack) {
  scratch_.MakeConsumers(0, 60);
  const std::unique_ptr<KeyStore> other = scratch_.OpenAnother();
  int steps = 0;
  const auto store = scratch_.OpenWatched([&](const std::string& sql) {
    if (sql == "COMMIT") return absl::OkStatus();
    LiveOn(*other, /*made=*/100 + steps, /*found=*/50, /*erased=*/steps);
    ++steps;
    return absl::OkStatus();
  });

  Rotate(*store);

  ASSERT_GE(steps, 4);
  for (int i = 0; i < steps; ++i) ExpectErased(i);
  EXPECT_THAT(scratch_.RefsOf(100, steps), Each(Not(IsEmpty())));
  EXPECT_EQ(Entries(2), 60);
  EXPECT_EQ(KeysUnder(1), 0);
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRotationTest, WhereverItIsStoppedTheNextCallTakesItUp) {
  scratch_.MakeConsumers(0, 20);
  const std::vector<std::string> before = scratch_.RefsOf(0, 20);
  int stop_at = 0;
  for (bool was_stopped = true; was_stopped; ++stop_at) {
    bool is_rotating = false;
    int step = 0;
    {
      const auto store = scratch_.OpenWatched([&](const std::string&) {
        return is_rotating && step++ == stop_at
                   ? absl::UnavailableError("power cut")
                   : absl::OkStatus();
      });
      is_rotating = true;
      was_stopped = !store->Rotation().Rotate(nullptr).ok();
    }
    // Half rotated, it serves everyone.
    EXPECT_EQ(scratch_.RefsOf(0, 20), before);
    EXPECT_THAT(scratch_.Faults(), testing::AnyOf("", "1 object-orphaned"));

    const RotationResult result = Rotate(*scratch_.OpenAnother());

    EXPECT_EQ(StateOf(result.to_epoch),
              static_cast<int64_t>(EpochState::kEnabled));
    EXPECT_EQ(KeysUnder(result.to_epoch), 20);
    EXPECT_EQ(Entries(result.from_epoch), 0);
    EXPECT_EQ(scratch_.RefsOf(0, 20), before);
    EXPECT_EQ(scratch_.Faults(), "") << stop_at;
  }
  EXPECT_GE(stop_at, 8);
}

TEST_F(KeyRotationTest, WhatIsFoundUnderTheOldEpochAtItsEndIsMovedToo) {
  scratch_.MakeConsumers(0, 20);
  scratch_.Execute("CREATE TABLE was AS SELECT * FROM consumer_key");
  bool is_rotating = false;
  int step = 0;
  const auto store = scratch_.OpenWatched([&](const std::string& sql) {
    // Begin, keys, entries, end.
    if (is_rotating && sql == "BEGIN IMMEDIATE" && ++step == 4) {
      scratch_.Execute(
          "UPDATE consumer_key SET epoch = 1, wrapped ="
          " (SELECT wrapped FROM was WHERE row = 7) WHERE row = 7");
    }
    return absl::OkStatus();
  });
  is_rotating = true;

  EXPECT_EQ(Rotate(*store).consumer_keys, 21);

  EXPECT_EQ(KeysUnder(1), 0);
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRotationTest,
       AnObjectWithoutARowIsRetiredAsAnEpochAndItsNumberUsedUp) {
  scratch_.MakeConsumers(0, 5);
  ASSERT_TRUE(scratch_.provider()
                  .CreateEpoch("rosewater", 2, scratch_.clock().Now())
                  .ok());
  ASSERT_EQ(scratch_.Faults(), "1 object-orphaned");

  const RotationResult result = Rotate(scratch_.store());

  // 3 would go into the table of 1.
  EXPECT_EQ(result.to_epoch, 4);
  EXPECT_EQ(StateOf(2), static_cast<int64_t>(EpochState::kScheduled));
  EXPECT_EQ(scratch_.Faults(), "");
  // Copies of a key store that knew it may be kept as long as others.
  EXPECT_TRUE(scratch_.store().Rotation().Retire()->empty());
  scratch_.clock().Advance(absl::Hours(24) * (kDefaultKeyBackupDays + 1));
  const auto retired = scratch_.store().Rotation().Retire();
  ASSERT_TRUE(retired.ok()) << retired.status();
  ASSERT_EQ(retired->size(), 2);
  EXPECT_EQ(retired->at(1).epoch, 2);
  EXPECT_EQ(StateOf(2), static_cast<int64_t>(EpochState::kDestroyed));
  const auto objects = scratch_.provider().ListEpochs("rosewater");
  ASSERT_EQ(objects->size(), 1);
  EXPECT_EQ(objects->at(0).epoch, 4);
  EXPECT_EQ(scratch_.Faults(), "");
}

TEST_F(KeyRotationTest, TwoProcessesThatRotateAtOnceDoNotHarmEachOther) {
  scratch_.MakeConsumers(0, 2000);
  const std::vector<std::string> before = scratch_.RefsOf(0, 2000);

  for (int round = 0; round < 8; ++round) {
    std::vector<std::thread> processes;
    processes.reserve(2);
    for (int i = 0; i < 2; ++i) {
      processes.emplace_back([&] {
        const auto store = scratch_.OpenAnother();
        Rotate(*store);
      });
    }
    for (std::thread& process : processes) process.join();

    EXPECT_EQ(scratch_.Faults(), "") << round;
  }
  EXPECT_EQ(scratch_.RefsOf(0, 2000), before);
}

TEST_F(KeyRotationTest, OneThatSleepsWhileOthersRotateTwiceDoesNoHarm) {
  scratch_.MakeConsumers(0, 20);
  const std::vector<std::string> before = scratch_.RefsOf(0, 20);
  int slept_at = 0;
  for (bool has_slept = true; has_slept; ++slept_at) {
    const std::unique_ptr<KeyStore> other = scratch_.OpenAnother();
    has_slept = false;
    bool is_rotating = false;
    int step = 0;
    const auto store = scratch_.OpenWatched([&](const std::string& sql) {
      if (!is_rotating || sql == "COMMIT") return absl::OkStatus();
      if (step++ == slept_at) {
        has_slept = true;
        Rotate(*other);
        // More rows than the sleeper knows of.
        EXPECT_TRUE(other->FindOrCreate({Id(100 + slept_at)}).ok());
        Rotate(*other);
      }
      return absl::OkStatus();
    });
    is_rotating = true;

    Rotate(*store);

    EXPECT_EQ(scratch_.RefsOf(0, 20), before) << slept_at;
    EXPECT_EQ(scratch_.Faults(), "") << slept_at;
  }
  EXPECT_GE(slept_at, 4);
}

}  // namespace
}  // namespace subrosa
