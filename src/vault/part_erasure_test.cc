#include "src/vault/part_erasure.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/part_selection.h"
#include "src/vault/record_counts.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

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

class PartErasureTest : public testing::Test {
 protected:
  std::vector<std::string> NotesOf(const std::string& consumer) {
    return ScratchVault::NotesOf(vault(), consumer);
  }

  std::string NoteOf(const std::string& consumer, const std::string& id) {
    const auto found = vault().Get(consumer, "ios-app", id);
    if (!found.ok()) return std::string(found.status().message());
    v1::MoodCheckIn check_in;
    EXPECT_TRUE(found->record.payload().UnpackTo(&check_in));
    return check_in.note();
  }

  void Begin(const std::string& consumer, const PartSelection& selection) {
    const auto begun = vault().Parts().Begin(consumer, selection);
    ASSERT_TRUE(begun.ok()) << begun.status();
  }
  void Erase(const std::string& consumer, const PartSelection& selection) {
    Begin(consumer, selection);
    const auto done = vault().Parts().Continue(kAll);
    ASSERT_TRUE(done.ok()) << done.status();
    ASSERT_TRUE(done->is_done);
    ASSERT_EQ(done->lost, 0);
  }
  int64_t KeysHeld() {
    return scratch_.Number("keys", "SELECT count(*) FROM consumer_key");
  }
  // Rows that another process finds, under the newest versions alone.
  void ExpectAllFits() {
    const auto orphans = vault().CountOrphans();
    ASSERT_TRUE(orphans.ok()) << orphans.status();
    EXPECT_EQ(orphans->rows, 0);
    const auto check = vault().CheckRecords(nullptr);
    ASSERT_TRUE(check.ok()) << check.status();
    EXPECT_EQ(check->lost, 0);
    EXPECT_EQ(check->rows, scratch_.RowsHeld());
    const auto counts = CheckRecordCounts(vault().records().database());
    ASSERT_TRUE(counts.ok()) << counts.status();
    EXPECT_EQ(counts->shapes_off, 0);
  }
  void DaysLater(int days) { scratch_.clock().Advance(absl::Hours(24) * days); }

  Vault& vault() { return scratch_.vault(); }

  ScratchVault scratch_;
};

TEST_F(PartErasureTest, AnErasedRecordIsGoneAndTheOthersStay) {
  scratch_.Put({"ada", "bea"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");

  Erase("ada", Record("m-1"));

  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
  EXPECT_TRUE(absl::IsNotFound(vault().Get("ada", "ios-app", "m-1").status()));
  EXPECT_EQ(NoteOf("ada", "m-2"), "two");
  EXPECT_EQ(NoteOf("bea", "m-1"), "one");
  EXPECT_EQ(scratch_.RowsHeld(), 2);
  ExpectAllFits();
}

TEST_F(PartErasureTest, ItIsGoneForReadersBeforeAnythingIsResealed) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  const auto another = std::move(scratch_.OpenAnother()).value();

  Begin("ada", Record("m-1"));

  EXPECT_THAT(ScratchVault::NotesOf(*another, "ada"), ElementsAre("two"));
  EXPECT_EQ(NoteOf("ada", "m-2"), "two");
  EXPECT_TRUE(absl::IsNotFound(another->Get("ada", "ios-app", "m-1").status()));
  EXPECT_EQ(vault().CountRows("ada").value(), 1);
  ExpectAllFits();
}

TEST_F(PartErasureTest, WhatStaysStandsUnderOtherReferences) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  scratch_.Put({"ada"}, "m-2", "two again");
  scratch_.Execute("records", "CREATE TABLE was AS SELECT * FROM record");

  Erase("ada", Record("m-1"));

  for (const std::string column :
       {"data_ref", "record_ref", "digest", "row_tag", "envelope"}) {
    EXPECT_EQ(scratch_.Number("records",
                              absl::StrCat("SELECT count(*) FROM was, record"
                                           " WHERE was.",
                                           column, " = record.", column)),
              0)
        << column;
  }
  EXPECT_EQ(scratch_.Number("records", "SELECT max(revision) FROM record"), 2);
}

TEST_F(PartErasureTest, APseudonymOutlivesIt) {
  scratch_.Put({"ada"}, "m-1", "one");
  const std::string before = *vault().PseudonymOf("ada", "study", "2026");

  Erase("ada", Record("m-1"));
  Erase("ada", {});

  EXPECT_EQ(*vault().PseudonymOf("ada", "study", "2026"), before);
}

TEST_F(PartErasureTest, OldRevisionsGoAndTheNewestStays) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-1", "two");
  scratch_.Put({"ada"}, "m-1", "three");
  PartSelection selection;
  selection.old_revisions = true;
  EXPECT_EQ(vault().Parts().ReadSelected("ada", selection)->rows, 2);

  Erase("ada", selection);

  EXPECT_THAT(NotesOf("ada"), ElementsAre("three"));
  EXPECT_EQ(scratch_.RowsHeld(), 1);
  scratch_.Put({"ada"}, "m-1", "four");
  EXPECT_THAT(NotesOf("ada"), ElementsAre("four"));
  EXPECT_EQ(scratch_.Number("records", "SELECT max(revision) FROM record"), 4);
}

TEST_F(PartErasureTest, ACategoryGoesAndTheConsumerMayBePutAgain) {
  scratch_.Put({"ada"}, "m-1", "one");
  PartSelection selection;
  selection.categories = 1 << v1::HEALTH_CATEGORY_CONDITIONS;

  Erase("ada", selection);
  EXPECT_EQ(scratch_.RowsHeld(), 0);
  scratch_.Put({"ada"}, "m-2", "two");

  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
}

TEST_F(PartErasureTest, WhatHasNothingOfItIsResealedAllTheSame) {
  scratch_.Put({"ada"}, "m-1", "one");
  PartSelection selection;
  selection.purpose = "research";

  Erase("ada", selection);

  EXPECT_THAT(NotesOf("ada"), ElementsAre("one"));
  EXPECT_EQ(scratch_.Number(
                "keys", "SELECT count(*) FROM part_erasure WHERE destroy_day"),
            1);
}

TEST_F(PartErasureTest, TwoErasuresThatOverlapBothHold) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  scratch_.Put({"ada"}, "m-3", "three");

  Begin("ada", Record("m-1"));
  Begin("ada", Record("m-2"));

  EXPECT_THAT(NotesOf("ada"), ElementsAre("three"));
  ExpectAllFits();
  ASSERT_TRUE(vault().Parts().Continue(kAll)->is_done);
  EXPECT_THAT(NotesOf("ada"), ElementsAre("three"));
  EXPECT_EQ(scratch_.RowsHeld(), 1);
  EXPECT_EQ(KeysHeld(), 3);
}

TEST_F(PartErasureTest, ResealingGoesOnInPiecesOfTheBudget) {
  for (int i = 0; i < 25; ++i) {
    scratch_.Put({"ada"}, absl::StrCat("m-", i), absl::StrCat("note ", i));
  }
  Begin("ada", {});

  int pieces = 1;
  while (!vault().Parts().Continue(10)->is_done) {
    ++pieces;
    EXPECT_EQ(NotesOf("ada").size(), 25u);
    ExpectAllFits();
  }

  EXPECT_EQ(pieces, 3);
}

TEST_F(PartErasureTest, ItIsTakenUpWhereverItWasStopped) {
  // Each call stops one transaction later, in one of the stores.
  for (int stop = 1; stop <= 12; ++stop) {
    const std::string ada = absl::StrCat("ada-", stop);
    scratch_.Put({ada}, "m-1", "one");
    scratch_.Put({ada}, "m-2", "two");
    int left = stop;
    const auto before = [&left](const std::string& sql) -> absl::Status {
      if (sql == "BEGIN" || --left > 0) return absl::OkStatus();
      return absl::UnavailableError("stopped");
    };
    const auto stopped =
        std::move(scratch_.OpenWatched(before, before)).value();
    auto begun = stopped->Parts().Begin(ada, Record("m-1"));
    if (begun.ok()) begun = stopped->Parts().Continue(kAll);

    const auto next = std::move(scratch_.OpenAnother()).value();
    ASSERT_TRUE(next->FinishErasures().ok());

    // Nothing was begun before the first commit.
    if (stop <= 2) {
      EXPECT_THAT(ScratchVault::NotesOf(*next, ada),
                  UnorderedElementsAre("one", "two"));
    } else {
      EXPECT_THAT(ScratchVault::NotesOf(*next, ada), ElementsAre("two"))
          << stop;
    }
    ExpectAllFits();
    EXPECT_EQ(scratch_.Number("keys",
                              "SELECT count(*) FROM part_erasure"
                              " WHERE destroy_day = 0"),
              0)
        << stop;
  }
}

TEST_F(PartErasureTest, AVersionIsDestroyedOnItsDayAndNotBefore) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  Erase("ada", Record("m-1"));

  EXPECT_EQ(vault().Parts().DestroyDue().value(), 0);
  DaysLater(30);
  EXPECT_EQ(vault().Parts().DestroyDue().value(), 0);
  EXPECT_EQ(KeysHeld(), 2);
  DaysLater(1);
  EXPECT_EQ(vault().Parts().DestroyDue().value(), 1);

  EXPECT_EQ(KeysHeld(), 1);
  EXPECT_EQ(scratch_.Number("keys", "SELECT count(*) FROM part_erasure"), 0);
  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
  EXPECT_EQ(vault().Parts().DestroyDue().value(), 0);
}

TEST_F(PartErasureTest, NoVersionIsDestroyedWhileRecordsStandUnderIt) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.CopyStore("records", scratch_.PathOf("copy"));
  Erase("ada", {});
  scratch_.PutBack(scratch_.PathOf("copy"), "records");
  DaysLater(60);

  EXPECT_EQ(vault().Parts().DestroyDue().value(), 0);
  EXPECT_THAT(NotesOf("ada"), ElementsAre("one"));

  // They are resealed again, and again a copy of that may be needed.
  ASSERT_TRUE(vault().FinishErasures().ok());
  EXPECT_EQ(vault().Parts().DestroyDue().value(), 0);
  DaysLater(31);
  EXPECT_EQ(vault().Parts().DestroyDue().value(), 1);
  EXPECT_THAT(NotesOf("ada"), ElementsAre("one"));
}

TEST_F(PartErasureTest, AnOlderRecordStoreGivesTheErasedPartNoMore) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  scratch_.CopyStore("records", scratch_.PathOf("copy"));
  Erase("ada", Record("m-1"));

  // The keys still open it, and whoever opens it may not read it all the same.
  {
    scratch_.CopyStore("keys", scratch_.PathOf("keys-copy"));
    const auto copies =
        std::move(scratch_.OpenCopies(scratch_.PathOf("keys-copy"),
                                      scratch_.PathOf("copy")))
            .value();
    EXPECT_THAT(ScratchVault::NotesOf(*copies, "ada"), ElementsAre("two"));
  }
  DaysLater(31);
  ASSERT_EQ(vault().Parts().DestroyDue().value(), 1);

  // Now nothing leads to the rows, nor to whose they are.
  scratch_.PutBack(scratch_.PathOf("copy"), "records");
  EXPECT_THAT(NotesOf("ada"), ElementsAre());
  EXPECT_EQ(vault().CountOrphans()->rows, 2);
  ASSERT_TRUE(vault().FinishErasures().ok());
  EXPECT_EQ(scratch_.RowsHeld(), 0);
}

TEST_F(PartErasureTest, AnOlderRecordStoreThatIsPutBackInTimeLosesTheRestNot) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  scratch_.CopyStore("records", scratch_.PathOf("copy"));
  Erase("ada", Record("m-1"));

  scratch_.PutBack(scratch_.PathOf("copy"), "records");
  ASSERT_TRUE(vault().FinishErasures().ok());

  EXPECT_THAT(NotesOf("ada"), ElementsAre("two"));
  EXPECT_EQ(scratch_.RowsHeld(), 1);
  ExpectAllFits();
}

TEST_F(PartErasureTest, ErasingTheConsumerDestroysEveryVersion) {
  scratch_.Put({"ada", "bea"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  Begin("ada", {});
  scratch_.Put({"ada"}, "m-3", "three");

  const auto erased = vault().Erase("ada");

  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->rows, 3);
  EXPECT_EQ(KeysHeld(), 1);
  EXPECT_EQ(scratch_.Number("keys", "SELECT count(*) FROM part_erasure"), 0);
  EXPECT_EQ(scratch_.RowsHeld(), 1);
  EXPECT_THAT(*ScratchVault::PutInto(vault(), {"ada"}, "m-1", "one"),
              ElementsAre(PutOutcome::kSuppressed));
}

TEST_F(PartErasureTest, ARotationTakesAllVersionsAlong) {
  scratch_.Put({"ada"}, "m-1", "one");
  Begin("ada", {});
  const std::string pseudonym = *vault().PseudonymOf("ada", "study", "2026");

  ASSERT_TRUE(vault().Custody().Rotate(nullptr).ok());

  EXPECT_THAT(NotesOf("ada"), ElementsAre("one"));
  ASSERT_TRUE(vault().Parts().Continue(kAll)->is_done);
  EXPECT_THAT(NotesOf("ada"), ElementsAre("one"));
  EXPECT_EQ(*vault().PseudonymOf("ada", "study", "2026"), pseudonym);
  EXPECT_THAT(vault().Custody().Verify(nullptr)->findings, ElementsAre());
  EXPECT_EQ(vault().Custody().ReadStatus()->epochs.back().consumers, 1);
}

TEST_F(PartErasureTest, ARecordThatDoesNotOpenKeepsItsVersion) {
  scratch_.Put({"ada"}, "m-1", "one");
  scratch_.Put({"ada"}, "m-2", "two");
  scratch_.Execute("records",
                   "UPDATE record SET envelope = zeroblob(200) WHERE row = 1");
  Begin("ada", {});

  const auto done = vault().Parts().Continue(kAll);

  EXPECT_EQ(done->lost, 1);
  EXPECT_EQ(done->resealed, 1);
  DaysLater(60);
  EXPECT_EQ(vault().Parts().DestroyDue().value(), 0);
  EXPECT_EQ(NoteOf("ada", "m-2"), "two");
}

TEST_F(PartErasureTest, WhatStandsBesideAVersionDoesNotOpenElsewhere) {
  scratch_.Put({"ada", "bea"}, "m-1", "one");
  Begin("ada", {});
  Begin("bea", {});

  scratch_.Execute(
      "keys",
      "UPDATE part_erasure SET job ="
      " (SELECT job FROM part_erasure WHERE key_id = (SELECT key_id"
      " FROM consumer_key WHERE row = 1))");

  EXPECT_TRUE(absl::IsDataLoss(vault().CountRows("bea").status()));
  EXPECT_EQ(vault().CountRows("ada").value(), 1);
}

TEST_F(PartErasureTest, NobodysPartIsErased) {
  EXPECT_TRUE(absl::IsNotFound(
      vault().Parts().Begin("nobody", Record("m-1")).status()));
  EXPECT_TRUE(absl::IsNotFound(
      vault().Parts().ReadSelected("nobody", Record("m-1")).status()));
  PartSelection half;
  half.source = "ios-app";
  scratch_.Put({"ada"}, "m-1", "one");
  EXPECT_TRUE(
      absl::IsInvalidArgument(vault().Parts().Begin("ada", half).status()));
  EXPECT_EQ(KeysHeld(), 1);
}

}  // namespace
}  // namespace subrosa
