#include "src/steward/home_policy.h"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

class HomePolicyTest : public testing::Test {
 protected:
  HomePolicyTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    mkdir(folder_.c_str(), 0700);
  }

  absl::Status Write(const std::string& text) {
    return WriteHomePolicy(folder_, "new.textproto", text, Book());
  }
  absl::StatusOr<Policy> Read(const std::string& entity = "rosewater") {
    return ReadHomePolicy(folder_, entity, Book());
  }
  static std::string PolicyFor(const std::string& entity) {
    return StarterPolicy(entity, Book());
  }
  static const LawBook& Book() {
    static const LawBook* const book =
        new LawBook(*std::move(LawBook::BuiltIn()));
    return *book;
  }

  std::string folder_;
};

TEST_F(HomePolicyTest, WhatIsPutThereIsRead) {
  ASSERT_TRUE(Write(PolicyFor("rosewater")).ok());

  const absl::StatusOr<Policy> policy = Read();

  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->proto().entity(), "rosewater");
}

TEST_F(HomePolicyTest, APolicyIsItsOwnersAlone) {
  ASSERT_TRUE(Write(PolicyFor("rosewater")).ok());

  struct stat status;
  ASSERT_EQ(stat(PolicyOf(folder_).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(HomePolicyTest, AHomeWithoutAPolicySaysHowToGetOne) {
  const absl::Status status = Read().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "subrosa policy set"));
  EXPECT_TRUE(absl::StrContains(status.message(), PolicyOf(folder_)));
}

TEST_F(HomePolicyTest, AnotherEntitysPolicyIsNotRead) {
  ASSERT_TRUE(Write(PolicyFor("rosewater")).ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(Read("thornfield").status()));
}

TEST_F(HomePolicyTest, AnotherEntitysPolicyReplacesNone) {
  ASSERT_TRUE(Write(PolicyFor("rosewater")).ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(Write(PolicyFor("thornfield"))));
  EXPECT_TRUE(Read().ok());
}

TEST_F(HomePolicyTest, AWrongPolicyIsRefusedAndTheOldOneStands) {
  ASSERT_TRUE(Write(PolicyFor("rosewater")).ok());

  const absl::Status status = Write("entity: \"rosewater\"\nname: 7\n");

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_TRUE(absl::StartsWith(status.message(), "new.textproto:2: "));
  EXPECT_TRUE(Read().ok());
}

TEST_F(HomePolicyTest, ADamagedPolicyMayBeReplaced) {
  ASSERT_TRUE(ReplaceFile(PolicyOf(folder_), "entity: ", 0600).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Read().status()));

  EXPECT_TRUE(Write(PolicyFor("rosewater")).ok());

  EXPECT_TRUE(Read().ok());
}

}  // namespace
}  // namespace subrosa
