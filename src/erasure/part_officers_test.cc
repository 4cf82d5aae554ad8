#include "src/erasure/part_officers.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_run.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/vault/part_selection.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

PartSelection OfPurpose(const std::string& purpose) {
  PartSelection selection;
  selection.purpose = purpose;
  return selection;
}

class PartOfficersTest : public testing::Test {
 protected:
  void SetUp() override { WantTwo(true); }

  void WantTwo(bool wants) {
    vault_.reset();
    ASSERT_TRUE(
        ReplaceFile(
            PolicyOf(home_.folder()),
            absl::StrCat(ScratchHomePolicy(),
                         wants ? " erasure_wants_two_officers: true" : ""),
            0600)
            .ok());
    home_.Close();
    ASSERT_TRUE(home_.Open().ok());
    vault_ = home_.steward().OpenUngatedVault().value();
  }

  absl::StatusOr<PartLeave> Ask(const std::string& purpose,
                                const std::string& officer,
                                const std::string& consumer = "ada") {
    ErasureBook book(*vault_, home_.clock());
    return PartOfficers(home_.steward(), book)
        .Ask(consumer, OfPurpose(purpose), officer);
  }

  absl::Status Forget() {
    ErasureBook book(*vault_, home_.clock());
    return PartOfficers(home_.steward(), book).Forget("ada");
  }

  ScratchHome home_;
  std::unique_ptr<Vault> vault_;
};

TEST_F(PartOfficersTest, OneOfficerAloneMayNotErase) {
  EXPECT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);
  EXPECT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);
}

TEST_F(PartOfficersTest, ASecondWhoAsksForTheSamePartMay) {
  ASSERT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);

  EXPECT_EQ(Ask("sleep", "lin").value(), PartLeave::kGiven);
  // It may have been stopped before it was carried out.
  EXPECT_EQ(Ask("sleep", "lin").value(), PartLeave::kGiven);
}

TEST_F(PartOfficersTest, ASecondWhoAsksForAnotherPartMayNot) {
  ASSERT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);

  EXPECT_TRUE(absl::IsFailedPrecondition(Ask("mood", "lin").status()));
  EXPECT_EQ(Ask("mood", "lin", "bo").value(), PartLeave::kWaits)
      << "of another consumer";
}

TEST_F(PartOfficersTest, WhoAsksAgainReplacesWhatTheyAskedFor) {
  ASSERT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);
  ASSERT_EQ(Ask("mood", "rosa").value(), PartLeave::kWaits);

  EXPECT_TRUE(absl::IsFailedPrecondition(Ask("sleep", "lin").status()));
  EXPECT_EQ(Ask("mood", "lin").value(), PartLeave::kGiven);
}

TEST_F(PartOfficersTest, OnceItIsErasedTwoAreWantedAgain) {
  ASSERT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);
  ASSERT_EQ(Ask("sleep", "lin").value(), PartLeave::kGiven);
  ASSERT_TRUE(Forget().ok());
  EXPECT_TRUE(Forget().ok()) << "twice is once";

  EXPECT_EQ(Ask("sleep", "lin").value(), PartLeave::kWaits);
}

TEST_F(PartOfficersTest, WhatWaitsFromLastYearIsFoundInThis) {
  ASSERT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);
  home_.clock().Advance(absl::Hours(24 * 366));

  EXPECT_EQ(Ask("sleep", "lin").value(), PartLeave::kGiven);
}

TEST_F(PartOfficersTest, WhoIsNamedHasToBeAnOfficer) {
  EXPECT_TRUE(absl::IsInvalidArgument(Ask("sleep", "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Ask("sleep", "Rosa M.").status()));
}

TEST_F(PartOfficersTest, WherePolicyWantsOneNobodyIsAsked) {
  WantTwo(false);

  EXPECT_EQ(Ask("sleep", "").value(), PartLeave::kGiven);
  EXPECT_TRUE(absl::IsInvalidArgument(Ask("sleep", "rosa").status()));
}

TEST_F(PartOfficersTest, APartThatWaitsIsNoErasureOfTheConsumer) {
  ASSERT_EQ(Ask("sleep", "rosa").value(), PartLeave::kWaits);
  const auto run = ErasureRun::Open(home_.steward()).value();

  EXPECT_TRUE(absl::IsNotFound(run->Find("ada").status()));
  const auto progress = run->Continue();
  ASSERT_TRUE(progress.ok()) << progress.status();
  EXPECT_EQ(progress->waiting + progress->keys_destroyed, 0);
  EXPECT_EQ(Ask("sleep", "lin").value(), PartLeave::kGiven);
}

}  // namespace
}  // namespace subrosa
