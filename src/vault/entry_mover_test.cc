// Index entries in rotations, and what a check says of them.
#include "src/vault/entry_mover.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/vault/index_planner.h"
#include "src/vault/index_writer.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

constexpr int kConsumers = 12;

class EntryMoverTest : public testing::Test {
 protected:
  // One index, and for each consumer two entries.
  void SetUp() override {
    scratch_.MakeConsumers(0, kConsumers);
    const auto writer = IndexWriter::Open(scratch_.store().Tables());
    ASSERT_TRUE(writer.ok()) << writer.status();
    IndexVerdict plan;
    plan.bits = 8;
    plan.partitions = 1;
    ASSERT_EQ((*writer)->indexes().Add("clinic.v1.Visit", "room", plan).value(),
              1);
    for (int i = 0; i < kConsumers; ++i) {
      const auto consumer = scratch_.store().Find(absl::StrCat("c-", i));
      const std::vector<IndexEntry> entries = {
          {1, PointerTo(**consumer, "in-1t")},
          {1, PointerTo(**consumer, "in-2t")}};
      ASSERT_TRUE((*writer)->Insert(entries).ok());
    }
  }

  int64_t Entries(uint32_t epoch) {
    return scratch_.Number(
        absl::StrCat("SELECT count(*) FROM ", BlindEntryTable(epoch)));
  }
  size_t FoundBy(const std::string& inner_token) {
    return BlindEntries::Open(scratch_.store().database(),
                              scratch_.store().Tables().epochs, 1)
        ->FindAll(1, inner_token)
        ->size();
  }

  ScratchKeyStore scratch_;
};

TEST_F(EntryMoverTest, ARotationMovesEntriesAndSaysHowMany) {
  int64_t told = 0;

  const auto result =
      scratch_.store().Rotation().Rotate([&](int64_t rows) { told = rows; });

  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->index_entries, 2 * kConsumers);
  EXPECT_EQ(told, 4 * kConsumers);
  EXPECT_EQ(Entries(1), 0);
  EXPECT_EQ(Entries(2), 2 * kConsumers);
  EXPECT_EQ(FoundBy("in-1t"), kConsumers);
  EXPECT_EQ(FoundBy("other"), 0);
  EXPECT_EQ(scratch_.Faults(), "");
}

// At the beginning of each of its transactions somebody else is erased: before
// their entries were read, between that and the move, and after it.
TEST_F(EntryMoverTest, WhoIsErasedAtAnyMomentOfARotationLeavesNoEntry) {
  auto other = scratch_.OpenAnother();
  int erased = 0;
  auto rotating = scratch_.OpenWatched([&](const std::string& sql) {
    if (sql != "COMMIT" && erased < kConsumers - 1) {
      EXPECT_TRUE(other->Erase(absl::StrCat("c-", erased++), 0).ok());
    }
    return absl::OkStatus();
  });

  const auto result = rotating->Rotation().Rotate({});

  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_GE(erased, 5);
  EXPECT_EQ(Entries(1), 0);
  EXPECT_EQ(Entries(2), 2 * (kConsumers - erased));
  EXPECT_EQ(scratch_.Faults(), "");
}

// Stopped before each of its commits in turn.
TEST_F(EntryMoverTest, ARotationThatIsStoppedAtAnyCommitIsTakenUpAgain) {
  for (int stop = 1;; ++stop) {
    int commits = 0;
    auto rotating = scratch_.OpenWatched([&](const std::string& sql) {
      if (sql == "COMMIT" && ++commits == stop) {
        return absl::UnavailableError("stopped");
      }
      return absl::OkStatus();
    });
    const bool is_done = rotating->Rotation().Rotate({}).ok();
    rotating.reset();
    scratch_.Restart();

    EXPECT_EQ(FoundBy("in-1t"), kConsumers) << stop;
    // Of an epoch that was not written down.
    EXPECT_EQ(scratch_.Faults(), stop == 1 ? "1 object-orphaned" : "") << stop;
    if (is_done) break;
    ASSERT_LT(stop, 20);
  }
  EXPECT_EQ(Entries(1) + Entries(2), 2 * kConsumers);
}

TEST_F(EntryMoverTest, AnEntryThatDoesNotOpenStopsTheRotationAndIsTold) {
  scratch_.Execute("UPDATE blind_entry_odd SET pointer = x'00' WHERE row = 3");

  EXPECT_TRUE(
      absl::IsDataLoss(scratch_.store().Rotation().Rotate({}).status()));
  EXPECT_EQ(scratch_.Faults(), "1 index-entry-does-not-open");
}

TEST_F(EntryMoverTest, ACheckTellsEntriesThatLeadToNobodyOrStandElsewhere) {
  scratch_.Execute(
      "INSERT INTO blind_entry_even SELECT * FROM blind_entry_odd"
      " WHERE row = 1");
  scratch_.Execute("UPDATE blind_entry_odd SET owner = x'00' WHERE row = 2");
  scratch_.Execute("DELETE FROM consumer_key WHERE row = 7");

  EXPECT_EQ(scratch_.Faults(),
            "1 entry-without-key, 1 index-entry-misplaced, 2 "
            "index-entry-without-key, 1 index-entry-under-closed-epoch");
}

}  // namespace
}  // namespace subrosa
