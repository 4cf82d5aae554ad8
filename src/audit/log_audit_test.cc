#include "src/audit/log_audit.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_files.h"
#include "src/audit/log_reader.h"
#include "src/audit/scratch_log.h"
#include "src/audit/sequencer.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string Entry(LeafKind kind, const std::vector<uint64_t>& numbers) {
  Leaf leaf = NewLeaf(kind, 20782);
  leaf.numbers = numbers;
  if (kind == LeafKind::kRecordsPut) leaf.commitments.resize(1);
  return *SerializeLeaf(leaf);
}

class LogAuditTest : public testing::Test {
 protected:
  void Take(const std::string& store, const std::vector<std::string>& entries) {
    log_.Commit(store, entries);
    const std::unique_ptr<Sequencer> sequencer = log_.Open();
    log_.TakeAll(*sequencer);
    EXPECT_TRUE(sequencer->Release().ok());
  }

  // One opened epoch, 300 records put, 4 of them deleted.
  void TakeAFewYears() {
    Take("keys", {Entry(LeafKind::kEpochOpened, {1})});
    std::vector<std::string> puts(300);
    for (std::string& put : puts) put = Entry(LeafKind::kRecordsPut, {1, 0});
    Take("records", puts);
    Take("records", {Entry(LeafKind::kRecordsDeleted, {4})});
  }

  Checkpoint Now() {
    return LogReader::Open(log_.log_folder(), kCheckpointFile, log_.Keys())
        ->checkpoint();
  }

  LogAudit Audit(const LogAuditOptions& options = {}) {
    const absl::StatusOr<LogAudit> audit =
        AuditLog(log_.log_folder(), Now(), options);
    EXPECT_TRUE(audit.ok()) << audit.status();
    return audit.value_or(LogAudit());
  }

  ScratchLog log_;
};

TEST_F(LogAuditTest, ASoundLogIsCountedByKind) {
  TakeAFewYears();

  const LogAudit audit = Audit();

  EXPECT_THAT(audit.check.faults, IsEmpty());
  EXPECT_EQ(audit.check.entries, 302u);
  EXPECT_THAT(audit.leaves, ElementsAre(Pair(LeafKind::kRecordsPut, 300u),
                                        Pair(LeafKind::kRecordsDeleted, 1u),
                                        Pair(LeafKind::kEpochOpened, 1u)));
}

TEST_F(LogAuditTest, LeavesSayHowManyRowsStoodWhenTheLogWasThatLong) {
  TakeAFewYears();
  LogAuditOptions options;
  options.rows_within = 302;
  EXPECT_EQ(Audit(options).rows, 296);
  options.rows_within = 101;
  EXPECT_EQ(Audit(options).rows, 100);
  options.rows_within = 0;
  EXPECT_EQ(Audit(options).rows, 0);
}

TEST_F(LogAuditTest, AnEntryThatIsNoLeafIsAFaultThatNoRepairMends) {
  Take("keys", {Entry(LeafKind::kEpochOpened, {1}), "a love letter"});
  LogAuditOptions options;
  for (const bool repair : {false, true}) {
    options.repair = repair;

    const LogAudit audit = Audit(options);

    EXPECT_THAT(audit.check.faults,
                ElementsAre(HasSubstr("leaf 1: leaf.magic: want")));
    EXPECT_FALSE(audit.check.ok());
  }
}

TEST_F(LogAuditTest, FaultsBeyondThoseListedAreCounted) {
  Take("keys", std::vector<std::string>(150, "a love letter"));

  const LogAudit audit = Audit();

  EXPECT_EQ(audit.check.fault_count, 150u);
  ASSERT_EQ(audit.check.faults.size(), 100u);
  EXPECT_THAT(audit.check.faults[0], HasSubstr("leaf 0: "));
}

TEST_F(LogAuditTest, AnEarlierCheckpointIsContinued) {
  TakeAFewYears();
  LogAuditOptions options;
  options.earlier = {{"since", Now()}};
  Take("records",
       std::vector<std::string>(300, Entry(LeafKind::kRecordsDeleted, {1})));

  EXPECT_THAT(Audit(options).check.faults, IsEmpty());
}

TEST_F(LogAuditTest, AnEarlierCheckpointOfAnotherHistoryIsAFault) {
  TakeAFewYears();
  LogAuditOptions options;
  options.earlier = {{"since", Now()}};
  options.earlier[0].checkpoint.size = 300;

  EXPECT_THAT(Audit(options).check.faults,
              ElementsAre(HasSubstr("since: want a log that begins with")));
}

TEST_F(LogAuditTest, ALogThatWasShortenedIsAFault) {
  TakeAFewYears();
  LogAuditOptions options;
  options.earlier = {{"since", Now()}};
  options.earlier[0].checkpoint.size = 400;

  EXPECT_THAT(Audit(options).check.faults,
              ElementsAre("since: want a log of 400 leaves or more, as it "
                          "says, got 302"));
}

TEST_F(LogAuditTest, AnotherLogsCheckpointIsAFault) {
  LogAuditOptions options;
  options.earlier = {{"since", Now()}};
  options.earlier[0].checkpoint.origin = "other.example/audit";

  EXPECT_THAT(Audit(options).check.faults,
              ElementsAre(HasSubstr("got another log's")));
}

TEST_F(LogAuditTest, AMissingTileIsAFaultUntilItIsRepaired) {
  TakeAFewYears();
  const std::string tile = log_.log_folder() + "/tile/0/000";
  const std::string before = *ReadFile(tile, 1 << 20);
  unlink(tile.c_str());
  LogAuditOptions options;
  options.earlier = {{"since", Now()}};
  EXPECT_THAT(Audit(options).check.faults,
              testing::Contains(HasSubstr("tile/0/000")));

  options.repair = true;
  const LogAudit repaired = Audit(options);

  EXPECT_THAT(repaired.check.faults, IsEmpty());
  EXPECT_THAT(repaired.check.repaired,
              testing::Contains(HasSubstr("tile/0/000")));
  EXPECT_EQ(*ReadFile(tile, 1 << 20), before);
}

}  // namespace
}  // namespace subrosa
