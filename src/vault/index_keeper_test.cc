#include "src/vault/index_keeper.h"

#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/scratch_index.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// More than one transaction of a build.
constexpr int kMany = 3000;

class IndexKeeperTest : public testing::Test {
 protected:
  Vault& vault() { return scratch_.vault(); }

  // `count` consumers, each with a device of their own.
  void PutMany(int count) {
    const absl::Status put = PutEach(vault(), count);
    ASSERT_TRUE(put.ok()) << put;
  }

  IndexVerdict Plan(const IndexedField& field = DeviceField()) {
    const auto verdict = vault().Indexes().Plan(field, {}, nullptr);
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return verdict.ok() ? *verdict : IndexVerdict();
  }

  int64_t Entries() {
    return scratch_.Number("keys", "SELECT count(*) FROM blind_entry_odd");
  }
  IndexState State() { return vault().Indexes().List().value().at(0).state; }

  ScratchVault scratch_;
};

TEST_F(IndexKeeperTest, ThePlanCountsConsumersAndNotRecords) {
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(PutFrom(vault(), {"ada"}, "d-1", absl::StrCat("r-", i)).ok());
  }
  ASSERT_TRUE(PutFrom(vault(), {"ben"}, "D-1").ok());
  ASSERT_TRUE(PutFrom(vault(), {"ben"}, "d-2", "r-2").ok());

  const IndexVerdict verdict = Plan();

  EXPECT_EQ(verdict.refusal, IndexRefusal::kTooFewValues);
  EXPECT_EQ(verdict.figures.consumers, 2);
  EXPECT_EQ(verdict.figures.entries, 3);
  EXPECT_EQ(verdict.figures.distinct_values, 2);
}

TEST_F(IndexKeeperTest, ManyDevicesMayBeIndexed) {
  PutMany(400);

  const IndexVerdict verdict = Plan();

  EXPECT_TRUE(verdict.ok()) << verdict.reason;
  EXPECT_EQ(verdict.figures.distinct_values, 400);
  EXPECT_EQ(verdict.figures.entries, 400);
}

TEST_F(IndexKeeperTest, AMoodIsRefused) {
  const auto feelings = IndexedField::Resolve(kCheckInSchema, "feelings",
                                              *MessageTypes::Linked());

  EXPECT_FALSE(Plan(*feelings).ok());
}

TEST_F(IndexKeeperTest, AddingTellsHowFarItIsAndThenTheIndexIsReady) {
  PutMany(20);
  int64_t told = 0;

  const absl::Status added = vault().Indexes().Add(
      DeviceField(), HandMadePlan(4), [&](int64_t done) { told = done; });

  ASSERT_TRUE(added.ok()) << added;
  EXPECT_EQ(told, 20);
  EXPECT_EQ(Entries(), 20);
  EXPECT_EQ(State(), IndexState::kReady);
}

TEST_F(IndexKeeperTest, AFieldHasOneIndex) {
  ASSERT_TRUE(AddDeviceIndex(vault(), HandMadePlan(4)).ok());

  EXPECT_TRUE(absl::IsAlreadyExists(AddDeviceIndex(vault(), HandMadePlan(5))));
  EXPECT_THAT(vault().Indexes().List().value(), SizeIs(1));
}

// Stopped after a transaction, by a record that does not open: the 1,501st in
// the order of key ids, which stand in the envelopes.
TEST_F(IndexKeeperTest, ABuildThatWasStoppedIsTakenUpWhereItWas) {
  PutMany(kMany);
  scratch_.Execute("records",
                   "CREATE TABLE was AS SELECT row, envelope FROM record"
                   " ORDER BY substr(envelope, 9, 16) LIMIT 1 OFFSET 1500;"
                   "UPDATE record SET envelope = x'00'"
                   " WHERE row = (SELECT row FROM was)");
  EXPECT_TRUE(absl::IsDataLoss(AddDeviceIndex(vault(), HandMadePlan(8))));
  EXPECT_EQ(Entries(), 1024);
  EXPECT_EQ(State(), IndexState::kBuilding);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(FindByDevice(vault(), "d-7").status()));

  scratch_.Execute("records",
                   "UPDATE record SET envelope = (SELECT envelope FROM was)"
                   " WHERE row = (SELECT row FROM was)");
  auto other = scratch_.OpenAnother();
  int64_t walked = 0;
  const absl::Status added = (*other)->Indexes().Add(
      DeviceField(), HandMadePlan(3), [&](int64_t done) { walked = done; });

  ASSERT_TRUE(added.ok()) << added;
  EXPECT_EQ(walked, kMany - 1024);
  EXPECT_EQ(Entries(), kMany);
  const BlindIndex index = (*other)->Indexes().List().value().at(0);
  EXPECT_EQ(index.bits, 8);  // As it was planned.
  EXPECT_EQ(index.state, IndexState::kReady);
  EXPECT_THAT(FindByDevice(vault(), "d-2999").value(), ElementsAre("c-2999"));
}

TEST_F(IndexKeeperTest, WhatIsPutWhileAnIndexIsBuiltIsFound) {
  PutMany(5);
  auto other = scratch_.OpenAnother();

  const absl::Status added =
      vault().Indexes().Add(DeviceField(), HandMadePlan(8), [&](int64_t done) {
        ASSERT_TRUE(
            PutFrom(**other, {absl::StrCat("new-", done)}, "d-new").ok());
      });

  ASSERT_TRUE(added.ok()) << added;
  EXPECT_THAT(FindByDevice(vault(), "d-new").value(),
              ElementsAre("new-1", "new-2", "new-3", "new-4", "new-5"));
}

TEST_F(IndexKeeperTest, WhoIsErasedWhileAnIndexIsBuiltGetsNoEntry) {
  PutMany(5);
  auto other = scratch_.OpenAnother();

  const absl::Status added =
      vault().Indexes().Add(DeviceField(), HandMadePlan(8), [&](int64_t done) {
        if (done != 3) return;
        for (int i = 0; i < 5; ++i) {
          ASSERT_TRUE((*other)->Erase(absl::StrCat("c-", i)).ok());
        }
      });

  ASSERT_TRUE(added.ok()) << added;
  EXPECT_EQ(Entries(), 0);
}

TEST_F(IndexKeeperTest, AnIndexThatIsDroppedWhileItIsBuiltStaysDropped) {
  PutMany(kMany);
  auto other = scratch_.OpenAnother();

  const absl::Status added =
      vault().Indexes().Add(DeviceField(), HandMadePlan(8), [&](int64_t done) {
        if (done != 1500) return;
        ASSERT_TRUE(
            (*other)->Indexes().Drop(kCheckInSchema, kDeviceField).ok());
      });

  EXPECT_TRUE(absl::IsFailedPrecondition(added)) << added;
  EXPECT_EQ(Entries(), 0);
  EXPECT_THAT(vault().Indexes().List().value(), IsEmpty());
}

TEST_F(IndexKeeperTest, DroppingTakesEveryEntryOut) {
  PutMany(20);
  ASSERT_TRUE(AddDeviceIndex(vault(), HandMadePlan(4)).ok());

  ASSERT_TRUE(vault().Indexes().Drop(kCheckInSchema, kDeviceField).ok());

  EXPECT_EQ(Entries(), 0);
  EXPECT_THAT(vault().Indexes().List().value(), IsEmpty());
  EXPECT_TRUE(
      absl::IsNotFound(vault().Indexes().Drop(kCheckInSchema, kDeviceField)));
  EXPECT_TRUE(AddDeviceIndex(vault(), HandMadePlan(4)).ok());
  EXPECT_EQ(Entries(), 20);
}

TEST_F(IndexKeeperTest, ADropThatWasStoppedFindsNothingUntilItIsFinished) {
  PutMany(3);
  ASSERT_TRUE(AddDeviceIndex(vault(), HandMadePlan(4)).ok());
  scratch_.Execute("keys",
                   "UPDATE blind_index SET state = 3;"
                   "UPDATE entity SET index_changes = index_changes + 1");

  EXPECT_TRUE(
      absl::IsFailedPrecondition(FindByDevice(vault(), "d-1").status()));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(AddDeviceIndex(vault(), HandMadePlan(4))));
  ASSERT_TRUE(vault().Indexes().Drop(kCheckInSchema, kDeviceField).ok());
  EXPECT_EQ(Entries(), 0);
}

TEST_F(IndexKeeperTest, ReindexingTakesOutWhatNoRecordSaysAnyMore) {
  ASSERT_TRUE(AddDeviceIndex(vault(), HandMadePlan(12)).ok());
  ASSERT_TRUE(PutFrom(vault(), {"ada", "ben"}, "d-1").ok());
  ASSERT_TRUE(PutFrom(vault(), {"ada"}, "d-2").ok());
  ASSERT_EQ(Entries(), 3);

  ASSERT_TRUE(vault().Reindex("ada").ok());

  EXPECT_EQ(Entries(), 2);
  EXPECT_THAT(FindByDevice(vault(), "d-1").value(), ElementsAre("ben"));
  EXPECT_THAT(FindByDevice(vault(), "d-2").value(), ElementsAre("ada"));
  EXPECT_TRUE(absl::IsNotFound(vault().Reindex("nobody")));
}

}  // namespace
}  // namespace subrosa
