// Blind indexes as the vault uses them: puts, finds, erasures, rotations.
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/part_selection.h"
#include "src/vault/scratch_index.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class VaultFindTest : public testing::Test {
 protected:
  Vault& vault() { return scratch_.vault(); }

  void Put(const std::vector<std::string>& consumers, const std::string& device,
           const std::string& id = "r-1") {
    const absl::Status put = PutFrom(vault(), consumers, device, id);
    ASSERT_TRUE(put.ok()) << put;
  }
  void AddIndex(const IndexVerdict& plan = HandMadePlan(12)) {
    const absl::Status added = AddDeviceIndex(vault(), plan);
    ASSERT_TRUE(added.ok()) << added;
  }
  void Rotate() {
    const auto result = vault().Custody().Rotate({});
    ASSERT_TRUE(result.ok()) << result.status();
  }

  std::set<std::string> Found(const std::string& device) {
    const auto found = FindByDevice(vault(), device);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : std::set<std::string>();
  }

  int64_t Entries() {
    return scratch_.Number("keys",
                           "SELECT (SELECT count(*) FROM blind_entry_odd) +"
                           " (SELECT count(*) FROM blind_entry_even)");
  }

  ScratchVault scratch_;
};

TEST_F(VaultFindTest, WithoutAnIndexNothingIsSearched) {
  Put({"ada"}, "d-1");

  const auto found = FindByDevice(vault(), "d-1");

  EXPECT_TRUE(absl::IsFailedPrecondition(found.status())) << found.status();
  EXPECT_EQ(Entries(), 0);
}

TEST_F(VaultFindTest, WhoWasHeldBeforeAndWhoComesAfterAreFound) {
  Put({"ada", "ben"}, "d-1");
  AddIndex();
  Put({"cy"}, "d-1");
  Put({"dot"}, "d-2");

  EXPECT_THAT(Found("d-1"), ElementsAre("ada", "ben", "cy"));
  EXPECT_THAT(Found("D-2"), ElementsAre("dot"));
  EXPECT_THAT(Found("d-3"), IsEmpty());
}

TEST_F(VaultFindTest, WhoSharesATokenAndNotTheValueIsNotFound) {
  AddIndex(HandMadePlan(/*bits=*/1, /*partitions=*/2));
  for (int i = 0; i < 40; ++i) {
    Put({absl::StrCat("c-", i)}, absl::StrCat("d-", i));
  }

  for (int i = 0; i < 40; ++i) {
    EXPECT_THAT(Found(absl::StrCat("d-", i)),
                ElementsAre(absl::StrCat("c-", i)));
  }
}

TEST_F(VaultFindTest, ASlowIndexFindsToo) {
  Put({"ada"}, "078-05-1120");
  AddIndex(HandMadePlan(8, 1, IndexKind::kSlow));
  Put({"ben"}, "078-05-1121");

  EXPECT_THAT(Found("078-05-1120"), ElementsAre("ada"));
  EXPECT_THAT(Found("078-05-1121"), ElementsAre("ben"));
}

TEST_F(VaultFindTest, HowOftenAValueIsRecordedDoesNotShow) {
  AddIndex();
  for (int i = 0; i < 5; ++i) Put({"ada"}, "d-1", absl::StrCat("r-", i));

  EXPECT_EQ(Entries(), 1);
}

TEST_F(VaultFindTest, AValueThatWasRevisedAwayIsNotFound) {
  AddIndex();
  Put({"ada"}, "d-1");
  Put({"ada"}, "d-2");

  EXPECT_THAT(Found("d-1"), IsEmpty());
  EXPECT_THAT(Found("d-2"), ElementsAre("ada"));
}

TEST_F(VaultFindTest, AnErasureLeavesNoEntryInAnyTable) {
  AddIndex(HandMadePlan(12, 4));
  for (int i = 0; i < 9; ++i) {
    Put({"ada", "ben"}, absl::StrCat("d-", i), absl::StrCat("r-", i));
  }
  ASSERT_EQ(Entries(), 18);

  ASSERT_TRUE(vault().Erase("ada").ok());

  EXPECT_EQ(Entries(), 9);
  EXPECT_THAT(Found("d-3"), ElementsAre("ben"));
}

TEST_F(VaultFindTest, WhatWasErasedInPartIsFoundNoMoreAndTheRestIs) {
  AddIndex();
  Put({"ada"}, "d-1", "r-1");
  Put({"ada"}, "d-2", "r-2");
  PartSelection first;
  first.source = "ios-app";
  first.id = "r-1";

  const auto begun = vault().ErasePart("ada", first);

  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->erased, 1);
  EXPECT_EQ(Entries(), 1);
  EXPECT_THAT(Found("d-1"), IsEmpty());
  EXPECT_THAT(Found("d-2"), ElementsAre("ada"));
  ASSERT_TRUE(vault().Parts().Continue(1000).ok());
  EXPECT_THAT(Found("d-2"), ElementsAre("ada"));
}

// Half of it stands under the older version.
TEST_F(VaultFindTest, AnIndexThatIsBuiltWhileAKeyIsRenewedFindsAll) {
  Put({"ada"}, "d-1", "r-1");
  Put({"ada"}, "d-2", "r-2");
  ASSERT_TRUE(vault().ErasePart("ada", PartSelection()).ok());
  Put({"ada"}, "d-3", "r-3");

  AddIndex();

  for (const char* device : {"d-1", "d-2", "d-3"}) {
    EXPECT_THAT(Found(device), ElementsAre("ada")) << device;
  }
  ASSERT_TRUE(vault().Parts().Continue(1000).ok());
  for (const char* device : {"d-1", "d-2", "d-3"}) {
    EXPECT_THAT(Found(device), ElementsAre("ada")) << device;
  }
  ASSERT_TRUE(vault().Erase("ada").ok());
  EXPECT_EQ(Entries(), 0);
}

TEST_F(VaultFindTest, RotationsMoveEveryEntryAndEmptyTheOldTable) {
  AddIndex(HandMadePlan(12, 2));
  Put({"ada", "ben"}, "d-1");
  Put({"cy"}, "d-2");

  for (int i = 0; i < 3; ++i) {
    Rotate();
    EXPECT_EQ(Entries(), 3);
    EXPECT_THAT(Found("d-1"), ElementsAre("ada", "ben"));
    EXPECT_THAT(Found("d-2"), ElementsAre("cy"));
  }
  ASSERT_TRUE(vault().Erase("ben").ok());
  EXPECT_EQ(Entries(), 2);
}

TEST_F(VaultFindTest, NoEntryStaysTheSameInTheNextEpoch) {
  AddIndex();
  Put({"ada"}, "d-1");
  scratch_.Execute("keys",
                   "CREATE TABLE was AS SELECT token, owner, pointer"
                   " FROM blind_entry_odd");

  Rotate();

  EXPECT_EQ(scratch_.Number("keys",
                            "SELECT count(*) FROM was, blind_entry_even e"
                            " WHERE was.token = e.token OR"
                            " was.owner = e.owner OR was.pointer = e.pointer"),
            0);
}

// A rotation that was stopped: both epochs are open, and entries stand in both
// tables.
TEST_F(VaultFindTest, InTheMidstOfARotationAllAreFoundAndErased) {
  AddIndex();
  Put({"ada", "ben"}, "d-1");
  Rotate();
  scratch_.Execute("keys", "UPDATE epoch SET state = 2 WHERE epoch = 1");
  auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(PutFrom(**other, {"cy"}, "d-1").ok());

  EXPECT_THAT(FindByDevice(**other, "d-1").value(),
              ElementsAre("ada", "ben", "cy"));
  ASSERT_TRUE((*other)->Erase("ada").ok());
  EXPECT_THAT(FindByDevice(**other, "d-1").value(), ElementsAre("ben", "cy"));
  EXPECT_EQ(Entries(), 2);
}

TEST_F(VaultFindTest, AnIndexThatAnotherProcessMadeIsKeptFromThenOn) {
  auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(PutFrom(**other, {"ada"}, "d-1").ok());
  AddIndex();

  ASSERT_TRUE(PutFrom(**other, {"ben"}, "d-1").ok());

  EXPECT_THAT(Found("d-1"), ElementsAre("ada", "ben"));
}

TEST_F(VaultFindTest, AnIndexThatAnotherProcessDroppedGetsNoEntries) {
  AddIndex();
  auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE((*other)->Indexes().Drop(kCheckInSchema, kDeviceField).ok());

  Put({"ada"}, "d-1");

  EXPECT_EQ(Entries(), 0);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(FindByDevice(vault(), "d-1").status()));
}

TEST_F(VaultFindTest, WhatIsNoValueIsRefusedAndNotRepeated) {
  AddIndex();

  EXPECT_TRUE(absl::IsInvalidArgument(FindByDevice(vault(), "").status()));
  const auto unknown =
      vault().Find(kCheckInSchema, "note", "secret words",
                   [](const v1::HealthRecord&, const RowFacts&) {
                     return absl::OkStatus();
                   });
  EXPECT_TRUE(absl::IsFailedPrecondition(unknown));
  EXPECT_THAT(std::string(unknown.message()), Not(HasSubstr("secret")));
}

TEST_F(VaultFindTest, AnEntryThatWasMovedInTheFileDoesNotOpen) {
  AddIndex();
  Put({"ada"}, "d-1");
  Put({"ben"}, "d-2");
  scratch_.Execute("keys",
                   "UPDATE blind_entry_odd SET pointer = (SELECT pointer FROM"
                   " blind_entry_odd o WHERE o.row <> blind_entry_odd.row)");

  EXPECT_TRUE(absl::IsDataLoss(FindByDevice(vault(), "d-1").status()));
}

TEST_F(VaultFindTest, AnErrorOfTheVisitorEndsTheSearch) {
  AddIndex();
  Put({"ada", "ben"}, "d-1");

  const absl::Status found =
      vault().Find(kCheckInSchema, kDeviceField, "d-1",
                   [](const v1::HealthRecord&, const RowFacts&) {
                     return absl::CancelledError("enough");
                   });

  EXPECT_TRUE(absl::IsCancelled(found)) << found;
}

}  // namespace
}  // namespace subrosa
