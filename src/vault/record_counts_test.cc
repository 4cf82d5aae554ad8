#include "src/vault/record_counts.h"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/vault/part_selection.h"
#include "src/vault/put_item.h"
#include "src/vault/record_row.h"
#include "src/vault/record_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr uint32_t kConditions = 1 << v1::HEALTH_CATEGORY_CONDITIONS;
constexpr uint32_t kBiometric = 1 << v1::HEALTH_CATEGORY_BIOMETRIC;

// Source, purpose, categories.
using Alike = std::tuple<std::string, std::string, uint32_t>;
using Held = std::map<Alike, int64_t>;

v1::HealthRecord RecordFor(const std::string& consumer, const std::string& id,
                           const std::string& source,
                           const std::string& purpose,
                           const std::string& note) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.set_source(source);
  record.set_purpose(purpose);
  record.mutable_collected_at()->set_seconds(1'750'000'000);
  v1::MoodCheckIn check_in;
  check_in.set_note(note);
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

class RecordCountsTest : public testing::Test {
 protected:
  void Put(const v1::HealthRecord& record, uint32_t categories) {
    const PutItem item = {&record, {categories}};
    const auto outcomes = vault().PutBatch({item});
    ASSERT_TRUE(outcomes.ok()) << outcomes.status();
  }

  // As the table has it, which the rows say too.
  Held HeldNow() {
    Held counted;
    const auto held = vault().records().ReadHeld();
    EXPECT_TRUE(held.ok()) << held.status();
    for (const HeldRecords& each : *held) {
      counted[{each.source, each.purpose, each.categories}] += each.records;
    }
    Held scanned;
    EXPECT_TRUE(
        vault()
            .VisitFacts([&](const RecordRow& row) {
              const RowFacts& facts = row.facts;
              ++scanned[{facts.source, facts.purpose, facts.categories}];
              return absl::OkStatus();
            })
            .ok());
    EXPECT_EQ(counted, scanned);
    const CountsCheck check = Check();
    EXPECT_EQ(check.shapes_off, 0);
    EXPECT_EQ(check.records, check.counted);
    return counted;
  }

  CountsCheck Check() {
    const auto check = CheckRecordCounts(vault().records().database());
    EXPECT_TRUE(check.ok()) << check.status();
    return *check;
  }

  Vault& vault() { return scratch_.vault(); }

  ScratchVault scratch_;
};

TEST_F(RecordCountsTest, RecordsAreCountedByWhatTheyHaveInCommon) {
  Put(RecordFor("ada", "1", "app", "diary", "a"), kConditions);
  Put(RecordFor("bea", "1", "app", "diary", "b"), kConditions);
  Put(RecordFor("bea", "2", "watch", "diary", "c"), kBiometric);

  EXPECT_THAT(HeldNow(),
              ElementsAre(Pair(Alike("app", "diary", kConditions), 2),
                          Pair(Alike("watch", "diary", kBiometric), 1)));
}

TEST_F(RecordCountsTest, ARevisionCountsInPlaceOfTheOneBeforeIt) {
  Put(RecordFor("ada", "1", "app", "diary", "a"), kConditions);
  Put(RecordFor("ada", "1", "app", "coaching", "b"), kBiometric);

  EXPECT_THAT(HeldNow(),
              ElementsAre(Pair(Alike("app", "coaching", kBiometric), 1)));
}

TEST_F(RecordCountsTest, OfTheErasedNothingIsLeftInTheTable) {
  Put(RecordFor("ada", "1", "app", "diary", "a"), kConditions);
  Put(RecordFor("ada", "1", "app", "diary", "b"), kConditions);
  Put(RecordFor("ada", "2", "app", "diary", "c"), kBiometric);

  ASSERT_TRUE(vault().Erase("ada").ok());

  EXPECT_THAT(HeldNow(), IsEmpty());
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM record_count"), 0);
}

TEST_F(RecordCountsTest, ARowCountsUntilItIsSwept) {
  for (const std::string id : {"1", "2", "3"}) {
    Put(RecordFor("ada", id, "app", "diary", "a"), kConditions);
    Put(RecordFor("ada", id, "app", "diary", "b"), kBiometric);
  }
  ASSERT_TRUE(vault().DestroyKeys("ada").ok());
  const Alike newest("app", "diary", kBiometric);
  EXPECT_THAT(HeldNow(), ElementsAre(Pair(newest, 3)));

  // Six rows: two of a record, one by one.
  ErasureSweep sweep = vault().Sweep();
  std::vector<int64_t> left;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(sweep.Next(1).ok());
    Held held = HeldNow();
    left.push_back(held[newest]);
  }
  EXPECT_THAT(left, ElementsAre(3, 2, 2, 1, 1, 0));
}

TEST_F(RecordCountsTest, WhatIsRolledBackWasNotCounted) {
  Put(RecordFor("ada", "1", "app", "diary", "a"), kConditions);
  RecordStore& records = vault().records();
  std::vector<RowPlace> places;
  ASSERT_TRUE(records
                  .VisitFacts([&](const RecordRow& row) {
                    places.push_back(row.place);
                    return absl::OkStatus();
                  })
                  .ok());
  {
    const auto transaction = records.Begin();
    ASSERT_TRUE(records.DeleteRow(places[0]).ok());
  }
  Put(RecordFor("bea", "1", "app", "diary", "a"), kConditions);

  EXPECT_THAT(HeldNow(),
              ElementsAre(Pair(Alike("app", "diary", kConditions), 2)));
}

TEST_F(RecordCountsTest, NothingChangesOutsideOfATransactionThatCounts) {
  RecordStore& records = vault().records();
  const auto transaction = Transaction::Begin(records.database());

  EXPECT_TRUE(absl::IsInternal(records.DeleteRow(RowPlace())));
  EXPECT_TRUE(absl::IsInternal(records.Insert(RecordRow(), std::nullopt)));
}

TEST_F(RecordCountsTest, ANumberThatIsWrongIsFoundAndCountedAnew) {
  Put(RecordFor("ada", "1", "app", "diary", "a"), kConditions);
  Put(RecordFor("bea", "1", "watch", "diary", "a"), kConditions);
  for (const std::string damage :
       {"UPDATE record_count SET records = records + 7",
        "DELETE FROM record_count",
        "INSERT INTO record_count VALUES(1, 90, 90, 90, 90, 90, 3)"}) {
    scratch_.Execute("records", damage);
    EXPECT_NE(Check().shapes_off, 0) << damage;
    EXPECT_EQ(Check().records, 2) << damage;

    ASSERT_TRUE(CountRecordsAnew(vault().records().database()).ok());

    EXPECT_EQ(HeldNow().size(), 2u) << damage;
  }
}

// Puts, revisions, erasures of consumers and of parts, sweeps and resealing in
// any order.
TEST_F(RecordCountsTest, TheCountsAreRightAfterWhateverHappened) {
  std::mt19937 random(20261126);
  const auto any = [&](size_t of) {
    return static_cast<size_t>(random() % of);
  };
  const std::vector<std::string> consumers = {"ada", "bea", "cleo", "dot"};
  int erased = 0;
  for (int step = 0; step < 400; ++step) {
    // Who is erased does not come back; somebody else does.
    const std::string consumer =
        absl::StrCat(consumers[any(consumers.size())], erased);
    const std::string id = absl::StrCat(any(4));
    const std::string purpose = any(2) == 0 ? "diary" : "coaching";
    const std::string source = any(2) == 0 ? "app" : "watch";
    absl::Status done;
    switch (any(12)) {
      case 0:
        done = vault().DestroyKeys(consumer).status();
        ++erased;
        break;
      case 1:
        done = vault().Sweep().Next(1 + static_cast<int64_t>(any(4))).status();
        break;
      case 2: {
        PartSelection selection;
        if (any(2) == 0) {
          selection.purpose = purpose;
        } else {
          selection.source = source;
          selection.id = id;
        }
        selection.old_revisions = any(3) == 0;
        done = vault().Parts().Begin(consumer, selection).status();
        break;
      }
      case 3:
        done =
            vault().Parts().Continue(1 + static_cast<int64_t>(any(3))).status();
        break;
      default:
        Put(RecordFor(consumer, id, source, purpose, absl::StrCat(any(5))),
            any(2) == 0 ? kConditions : kBiometric);
    }
    ASSERT_TRUE(done.ok() || absl::IsNotFound(done)) << step << ": " << done;
    HeldNow();
    ASSERT_FALSE(HasFailure()) << step;
  }
  EXPECT_GT(erased, 5);
}

}  // namespace
}  // namespace subrosa
