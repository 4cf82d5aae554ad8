#include "src/vault/record_putter.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/key_store.h"
#include "src/vault/key_tables.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/put_item.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

PartSelection Record(const std::string& id) {
  PartSelection selection;
  selection.source = "ios-app";
  selection.id = id;
  return selection;
}

absl::Status Fine(const std::string&) { return absl::OkStatus(); }

// Puts while keys are followed by others.
class RecordPutterTest : public testing::Test {
 protected:
  std::vector<std::string> NotesOf(const std::string& consumer) {
    return ScratchVault::NotesOf(vault(), consumer);
  }
  void ExpectAllFits() {
    const auto check = vault().CheckRecords(nullptr);
    ASSERT_TRUE(check.ok()) << check.status();
    EXPECT_EQ(check->lost, 0);
    EXPECT_EQ(check->rows, scratch_.RowsHeld());
  }
  Vault& vault() { return scratch_.vault(); }

  // Another process puts, and has sealed already when `meanwhile` goes on.
  template <typename Meanwhile>
  std::vector<PutOutcome> PutWhile(const std::string& id,
                                   const std::string& note,
                                   Meanwhile meanwhile) {
    bool is_first = true;
    const auto another =
        std::move(scratch_.OpenWatched(Fine, [&](const std::string& sql) {
          if (sql == "COMMIT" && is_first) {
            is_first = false;
            meanwhile();
          }
          return absl::OkStatus();
        })).value();
    return ScratchVault::PutInto(*another, {"ada"}, id, note).value();
  }

  ScratchVault scratch_;
};

TEST_F(RecordPutterTest, ARepeatIsStillOneAndAChangeFollowsTheOldRevision) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  ASSERT_TRUE(vault().Parts().Begin("ada", {}).ok());

  // Neither is resealed yet.
  EXPECT_THAT(*ScratchVault::PutInto(vault(), {"ada"}, "m-1", "one"),
              ElementsAre(PutOutcome::kUnchanged));
  EXPECT_THAT(*ScratchVault::PutInto(vault(), {"ada"}, "m-2", "two again"),
              ElementsAre(PutOutcome::kRevised));

  EXPECT_EQ(scratch_.RowsHeld(), 3);
  EXPECT_THAT(NotesOf("ada"), UnorderedElementsAre("one", "two again"));
  ExpectAllFits();
}

TEST_F(RecordPutterTest, APutBringsNoErasedRevisionAlong) {
  scratch_.Put({"ada"}, "m-1", "one");
  // As if the erasure had been stopped before it deleted anything.
  const auto another =
      std::move(scratch_.OpenWatched(Fine, [](const std::string& sql) {
        return sql == "BEGIN" ? absl::OkStatus()
                              : absl::UnavailableError("stopped");
      })).value();
  ASSERT_TRUE(absl::IsUnavailable(
      another->Parts().Begin("ada", Record("m-1")).status()));
  ASSERT_EQ(scratch_.RowsHeld(), 1);
  EXPECT_THAT(NotesOf("ada"), ElementsAre());

  EXPECT_THAT(*ScratchVault::PutInto(vault(), {"ada"}, "m-1", "two"),
              ElementsAre(PutOutcome::kAdded));

  EXPECT_EQ(scratch_.RowsHeld(), 1);
  ASSERT_TRUE(vault().FinishErasures().ok());
  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
  ExpectAllFits();
}

TEST_F(RecordPutterTest, WhatWasSealedUnderTheOldVersionIsResealedAtOnce) {
  scratch_.Put({"ada"}, "m-1", "one");

  PutWhile("m-1", "two", [&] {
    const auto next = vault().Parts().Begin("ada", {});
    EXPECT_TRUE(next.ok()) << next.status();
  });

  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
  EXPECT_EQ(scratch_.RowsHeld(), 2);
  EXPECT_EQ(
      scratch_.Number("records", "SELECT count(DISTINCT data_ref) FROM record"),
      1);
  ASSERT_TRUE(vault().Parts().Continue(kAll)->is_done);
  EXPECT_EQ(scratch_.RowsHeld(), 2);
  ExpectAllFits();
}

TEST_F(RecordPutterTest, ARecordOfAnErasedPartThatComesDuringTheErasureIsNew) {
  scratch_.Put({"ada"}, "m-1", "one");

  PutWhile("m-1", "two", [&] {
    // It cannot delete yet: the put holds the store.
    EXPECT_TRUE(absl::IsUnavailable(
        scratch_
            .OpenWatched(Fine,
                         [](const std::string& sql) {
                           return sql == "BEGIN IMMEDIATE"
                                      ? absl::UnavailableError("stopped")
                                      : absl::OkStatus();
                         })
            .value()
            ->Parts()
            .Begin("ada", Record("m-1"))
            .status()));
  });

  ASSERT_TRUE(vault().FinishErasures().ok());
  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
  EXPECT_EQ(scratch_.RowsHeld(), 1);
  ExpectAllFits();
}

// Where no law asks that the erased be remembered, they may come again at once,
// under another key of the same version.
TEST_F(RecordPutterTest, WhoIsErasedAndTakenInAgainMeanwhileIsNotHeldByThePut) {
  scratch_.Put({"ada"}, "m-1", "one");

  const std::vector<PutOutcome> outcomes = PutWhile("m-2", "two", [&] {
    KeyStore& keys = vault().keys();
    PreparedErasure erasure =
        keys.PrepareErasure("ada", *keys.FindShared("ada").value()).value();
    erasure.suppression = Suppression::kNone;
    EXPECT_TRUE(keys.EraseAll({erasure}, 0).ok());
    EXPECT_TRUE(keys.FindOrCreate({std::string("ada")}).ok());
  });

  EXPECT_THAT(outcomes, ElementsAre(PutOutcome::kErased));
  EXPECT_THAT(NotesOf("ada"), ElementsAre());
  EXPECT_EQ(scratch_.RowsHeld(), 0);
}

}  // namespace
}  // namespace subrosa
