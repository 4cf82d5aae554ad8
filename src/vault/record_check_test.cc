#include "src/vault/record_check.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/vault/scratch_vault.h"

namespace subrosa {
namespace {

class RecordCheckTest : public testing::Test {
 protected:
  // Three consumers with two revisions of one record each.
  RecordCheckTest() {
    scratch_.Put({"ada", "bo", "cy"}, "1", "calm");
    scratch_.Put({"ada", "bo", "cy"}, "1", "calmer");
  }

  RecordCheck Check() {
    const auto check = scratch_.vault().CheckRecords(nullptr);
    EXPECT_TRUE(check.ok()) << check.status();
    return check.ok() ? *check : RecordCheck();
  }

  ScratchVault scratch_;
};

TEST_F(RecordCheckTest, EveryRowOpensOldRevisionsToo) {
  int64_t told = 0;

  const auto check =
      scratch_.vault().CheckRecords([&](int64_t rows) { told = rows; });

  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->consumers, 3);
  EXPECT_EQ(check->rows, 6);
  EXPECT_EQ(check->lost, 0);
  EXPECT_EQ(told, 6);
}

TEST_F(RecordCheckTest, AChangedByteAnywhereInARowIsFound) {
  for (const char* change :
       {"envelope = substr(envelope, 1, 80) || x'00' || substr(envelope, 82)",
        "row_tag = zeroblob(16)", "categories = categories + 1",
        "collected_day = collected_day - 1", "labels = labels + 1",
        "source = purpose", "revision = revision + 7"}) {
    const std::string copy = scratch_.PathOf(absl::StrCat("copy-", change));
    scratch_.CopyStore("records", copy);
    scratch_.Execute("records", absl::StrCat("UPDATE record SET ", change,
                                             " WHERE row = 2"));

    EXPECT_EQ(Check().lost, 1) << change;
    EXPECT_EQ(Check().rows, 6) << change;

    scratch_.PutBack(copy, "records");
  }
}

TEST_F(RecordCheckTest, ARowInAnothersPlaceIsFound) {
  scratch_.Execute("records",
                   "UPDATE record SET data_ref = (SELECT data_ref FROM record"
                   " WHERE row = 1) WHERE row = 2");

  EXPECT_EQ(Check().lost, 1);
}

TEST_F(RecordCheckTest, RowsOfNobodyAreNotLookedAt) {
  scratch_.Execute("records",
                   "UPDATE record SET data_ref = zeroblob(16) WHERE row = 2");

  EXPECT_EQ(Check().rows, 5);
  EXPECT_EQ(Check().lost, 0);
}

TEST_F(RecordCheckTest, EveryRowIsFoundWhileARotationIsUnderWay) {
  ASSERT_TRUE(scratch_.vault().Custody().Rotate(nullptr).ok());

  EXPECT_EQ(Check().rows, 6);
  EXPECT_EQ(Check().consumers, 3);
}

TEST_F(RecordCheckTest, CopiesOfAnyDaysAreOpenedAndNotChanged) {
  const std::string keys = scratch_.PathOf("keys-copy");
  const std::string records = scratch_.PathOf("records-copy");
  scratch_.CopyStore("records", records);
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());
  scratch_.CopyStore("keys", keys);

  const auto vault = scratch_.OpenCopies(keys, records);
  ASSERT_TRUE(vault.ok()) << vault.status();

  EXPECT_EQ((*vault)->CheckRecords(nullptr)->rows, 4);
  EXPECT_EQ((*vault)->CountOrphans()->rows, 2);
  EXPECT_TRUE(absl::IsPermissionDenied((*vault)->SweepOrphans().status()));
}

TEST_F(RecordCheckTest, AnEntryOrAKeyThatDoesNotOpenIsAnError) {
  scratch_.Execute("keys", "UPDATE consumer_key SET wrapped = zeroblob(72)");
  EXPECT_TRUE(
      absl::IsDataLoss(scratch_.vault().CheckRecords(nullptr).status()));

  scratch_.Execute("keys", "UPDATE directory_odd SET pointer = zeroblob(120)");
  EXPECT_TRUE(
      absl::IsDataLoss(scratch_.vault().CheckRecords(nullptr).status()));
}

}  // namespace
}  // namespace subrosa
