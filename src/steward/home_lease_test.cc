#include "src/steward/home_lease.h"

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

class HomeLeaseTest : public testing::Test {
 protected:
  HomeLeaseTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    EXPECT_EQ(mkdir(folder_.c_str(), 0700), 0);
  }

  const std::string folder_;
};

TEST_F(HomeLeaseTest, AnyNumberShareAHome) {
  const auto first = HomeLease::Share(folder_);
  const auto second = HomeLease::Share(folder_);

  EXPECT_TRUE(first.ok()) << first.status();
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST_F(HomeLeaseTest, NobodyTakesAHomeThatIsUsed) {
  std::optional<HomeLease> shared = *HomeLease::Share(folder_);
  std::shared_ptr<const void> hold = shared->hold();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(HomeLease::TakeAlone(folder_).status()));

  shared.reset();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(HomeLease::TakeAlone(folder_).status()));

  hold.reset();
  EXPECT_TRUE(HomeLease::TakeAlone(folder_).ok());
}

TEST_F(HomeLeaseTest, NobodyUsesAHomeThatSomebodyHasAlone) {
  std::optional<HomeLease> alone = *HomeLease::TakeAlone(folder_);
  EXPECT_TRUE(absl::IsUnavailable(HomeLease::Share(folder_).status()));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(HomeLease::TakeAlone(folder_).status()));

  alone.reset();
  EXPECT_TRUE(HomeLease::Share(folder_).ok());
}

TEST_F(HomeLeaseTest, AFolderThatIsNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(HomeLease::Share(folder_ + "/no").status()));
  EXPECT_TRUE(absl::IsNotFound(HomeLease::TakeAlone(folder_ + "/no").status()));
}

TEST_F(HomeLeaseTest, ARestoreThatBeganIsRememberedUntilItIsDone) {
  const HomeLease alone = *HomeLease::TakeAlone(folder_);
  EXPECT_TRUE(CheckNoRestoreBegun(folder_).ok());

  ASSERT_TRUE(MarkRestoreBegun(alone).ok());
  EXPECT_TRUE(IsRestoreBegun(folder_));
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckNoRestoreBegun(folder_)));

  ASSERT_TRUE(MarkRestoreDone(alone).ok());
  EXPECT_TRUE(CheckNoRestoreBegun(folder_).ok());
}

}  // namespace
}  // namespace subrosa
