#include "tests/faults/vault_model.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/vault/put_item.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class VaultModelTest : public testing::Test {
 protected:
  void Put(const std::string& consumer, int64_t number) {
    const v1::HealthRecord record = NumberedRecord(consumer, "1", number);
    const PutItem item = {&record, {4, 8}};
    ASSERT_TRUE(scratch_.vault().PutBatch({item}).ok());
  }
  void Tell(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      EXPECT_TRUE(model_.Apply(line)) << line;
    }
  }
  std::vector<std::string> Compare() {
    return model_.Compare(scratch_.vault());
  }

  ScratchVault scratch_;
  VaultModel model_;
};

TEST_F(VaultModelTest, WhatWasAcknowledgedAndIsHeldIsRight) {
  Put("ada", 7);
  Tell({"begin put ada 1 7", "done put added"});

  EXPECT_THAT(Compare(), IsEmpty());
  EXPECT_THAT(model_.HeldConsumers(), ElementsAre("ada"));
}

TEST_F(VaultModelTest, AnUnansweredPutMayBeThereOrNot) {
  Put("ada", 7);
  Tell({"begin put ada 1 7", "failed put", "begin put bea 1 8"});

  EXPECT_THAT(Compare(), IsEmpty());
  EXPECT_THAT(model_.HeldConsumers(), ElementsAre("ada"));
  EXPECT_EQ(model_.pending(), "put");
}

TEST_F(VaultModelTest, WhatWasOnceSeenMayNotGoAgain) {
  Put("ada", 7);
  Tell({"begin put ada 1 7"});
  ASSERT_THAT(Compare(), IsEmpty());

  scratch_.Execute("records", "DELETE FROM record");

  EXPECT_THAT(Compare(), ElementsAre(HasSubstr("is not what was put: ada 1")));
}

TEST_F(VaultModelTest, ALostConsumerIsTold) {
  Tell({"begin put ada 1 7", "done put added"});

  EXPECT_THAT(Compare(), ElementsAre("a consumer is lost: ada",
                                     "a record is lost: ada 1"));
}

TEST_F(VaultModelTest, AnOlderContentIsTold) {
  Put("ada", 7);
  Tell({"begin put ada 1 7", "done put added", "begin put ada 1 8",
        "done put revised"});

  EXPECT_THAT(Compare(), ElementsAre(HasSubstr("want 8, got 7")));
}

TEST_F(VaultModelTest, AnErasedConsumerWhoIsFoundIsTold) {
  Put("ada", 7);
  Tell(
      {"begin put ada 1 7", "done put added", "begin erase ada", "done erase"});

  EXPECT_THAT(Compare(), testing::Contains("an erased consumer is found: ada"));
  EXPECT_EQ(model_.erasures(), 1);
}

TEST_F(VaultModelTest, AnUnansweredErasureMayBeDoneOrNotAndStaysSo) {
  Put("ada", 7);
  Put("bea", 8);
  Tell({"begin put ada 1 7 bea 1 8", "done put added added", "begin erase ada",
        "failed erase", "begin erase bea", "failed erase"});
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());

  EXPECT_THAT(Compare(), IsEmpty());
  EXPECT_THAT(model_.ErasedConsumers(), ElementsAre("ada"));
  EXPECT_THAT(model_.HeldConsumers(), ElementsAre("bea"));
}

TEST_F(VaultModelTest, APutThatIsTakenOfAnErasedConsumerIsTold) {
  Tell(
      {"begin erase ada", "done erase", "begin put ada 1 7", "done put added"});

  EXPECT_THAT(Compare(),
              testing::Contains(HasSubstr("of one who was erased: ada")));
}

TEST_F(VaultModelTest, ARestoreTakesRecordsBackAndErasuresNot) {
  Put("ada", 7);
  Tell({"begin put ada 1 7 bea 1 8", "done put added added",
        "begin backup copy", "done backup", "begin put ada 1 9",
        "done put revised", "begin erase bea", "done erase",
        "begin restore copy both"});
  EXPECT_EQ(model_.pending(), "restore");
  Tell({"done restore"});

  EXPECT_THAT(Compare(), IsEmpty());
  EXPECT_THAT(model_.ErasedConsumers(), ElementsAre("bea"));
  EXPECT_TRUE(model_.may_have_orphaned_rows());
}

TEST_F(VaultModelTest, AnErasedRecordThatIsBackIsToldAfterARestoreToo) {
  Put("ada", 7);
  Tell({"begin put ada 1 7", "done put added", "begin backup copy",
        "done backup", "begin part ada 1", "done part"});
  EXPECT_TRUE(model_.has_new_versions());
  Tell({"begin restore copy records", "done restore"});

  EXPECT_THAT(Compare(), ElementsAre(HasSubstr("want 0, got 7")));
}

TEST_F(VaultModelTest, AnOlderKeyStoreMayTakeInWhoCameAndWasErasedSince) {
  Tell({"begin backup copy", "done backup", "begin put ada 1 7",
        "done put added", "begin erase ada", "done erase",
        "begin restore copy both", "done restore"});
  ASSERT_THAT(Compare(), IsEmpty());
  Put("ada", 8);

  Tell({"begin put ada 1 8", "done put added"});

  EXPECT_THAT(Compare(), IsEmpty());
}

TEST_F(VaultModelTest, WhatAComparisonSettledStaysSettledForTheNextReader) {
  Put("ada", 7);
  Tell({"begin put ada 1 7 ada 2 8 bea 1 9"});
  ASSERT_THAT(Compare(), IsEmpty());
  const std::vector<std::string> seen = model_.TakeSeen();
  EXPECT_THAT(seen, ElementsAre("seen ada held 1 7 2 0", "seen bea gone 1 0"));

  model_ = VaultModel();
  Tell({"begin put ada 1 7 ada 2 8 bea 1 9"});
  Tell(seen);
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());

  EXPECT_THAT(Compare(), ElementsAre("a consumer is lost: ada",
                                     "a record is lost: ada 1"));
}

TEST_F(VaultModelTest, ALineThatAnswersNothingIsNone) {
  EXPECT_FALSE(model_.Apply("done put added"));
  EXPECT_FALSE(model_.Apply("begin"));
  EXPECT_FALSE(model_.Apply(""));
  Tell({"begin rotate"});
  EXPECT_FALSE(model_.Apply("done retire"));
  EXPECT_TRUE(model_.may_have_orphaned_object());
}

}  // namespace
}  // namespace subrosa
