#include "tests/faults/fault_vfs.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

class FaultVfsTest : public testing::Test {
 protected:
  std::string Path() const {
    return testing::TempDir() + "/" +
           testing::UnitTest::GetInstance()->current_test_info()->name() +
           ".db";
  }
  std::string Name() const { return Path().substr(Path().rfind('/') + 1); }
  absl::StatusOr<std::unique_ptr<Connection>> Open() {
    SqliteOptions options;
    options.create = true;
    return OpenSqlite(Path(), options);
  }
  FaultPlan PlanOf(FaultKind kind, int64_t at, bool is_lasting) const {
    FaultPlan plan;
    plan.kind = kind;
    plan.file = Name();
    plan.at = at;
    plan.is_lasting = is_lasting;
    return plan;
  }

  FaultVfs faults_;
};

TEST_F(FaultVfsTest, WithoutAPlanNothingFailsAndNothingIsCounted) {
  const auto database = Open();

  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_TRUE((*database)->Execute("CREATE TABLE t(a)").ok());
  EXPECT_EQ(faults_.calls(), 0);
}

TEST_F(FaultVfsTest, OneCallFailsAndTheNextOnesDoNot) {
  const auto database = Open();
  faults_.Arm(PlanOf(FaultKind::kInputOutput, 1, false));

  EXPECT_TRUE(absl::IsUnavailable((*database)->Execute("CREATE TABLE t(a)")));
  EXPECT_EQ(faults_.failed(), 1);
  EXPECT_FALSE(faults_.first_failed().empty());
  EXPECT_TRUE((*database)->Execute("CREATE TABLE t(a)").ok());
}

TEST_F(FaultVfsTest, AFullDiskStaysFullAndCanStillBeRead) {
  const auto database = Open();
  ASSERT_TRUE((*database)->Execute("CREATE TABLE t(a)").ok());
  faults_.Arm(PlanOf(FaultKind::kDiskFull, 1, true));

  EXPECT_TRUE(absl::IsUnavailable((*database)->Execute("CREATE TABLE u(a)")));
  EXPECT_TRUE(absl::IsUnavailable((*database)->Execute("CREATE TABLE u(a)")));
  EXPECT_TRUE((*database)->Prepare("SELECT * FROM t").ok());
  EXPECT_GE(faults_.failed(), 2);

  faults_.Disarm();
  EXPECT_TRUE((*database)->Execute("CREATE TABLE u(a)").ok());
}

TEST_F(FaultVfsTest, AnotherFileIsLeftAlone) {
  FaultPlan plan = PlanOf(FaultKind::kInputOutput, 1, true);
  plan.file = "another.db";
  faults_.Arm(plan);

  const auto database = Open();

  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_TRUE((*database)->Execute("CREATE TABLE t(a)").ok());
  EXPECT_EQ(faults_.failed(), 0);
}

TEST_F(FaultVfsTest, AFileThatCannotBeOpenedIsUnavailable) {
  faults_.Arm(PlanOf(FaultKind::kInputOutput, 1, true));

  EXPECT_TRUE(absl::IsUnavailable(Open().status()));
  EXPECT_EQ(faults_.first_failed(), "open " + Name());
}

}  // namespace
}  // namespace subrosa
