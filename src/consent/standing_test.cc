#include "src/consent/standing.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr int32_t kToday = 20000;

class StandingTest : public testing::Test {
 protected:
  absl::Status Fold(const std::string& text) {
    v1::Choice choice;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &choice));
    return FoldChoice(choice, ++number_, kToday, &standing_);
  }
  // The numbers of the entries that stand, in order.
  std::string Numbers() const {
    std::string numbers;
    for (const v1::StandingChoice& choice : standing_.choice()) {
      absl::StrAppend(&numbers, choice.number());
    }
    return numbers;
  }

  v1::Standing standing_;
  uint64_t number_ = 0;
};

constexpr char kYes[] =
    "kind: CHOICE_KIND_CONSENT action: ACTION_SHARE purpose: 'coaching'"
    " category: [ 1, 2 ] recipient: 'a'";

TEST_F(StandingTest, AConsentAgainTakesThePlaceOfTheFirst) {
  ASSERT_TRUE(Fold(kYes).ok());
  ASSERT_TRUE(Fold(kYes).ok());
  EXPECT_EQ(Numbers(), "2");
}

TEST_F(StandingTest, AWithdrawalTakesThePlaceOfAllThatItCovers) {
  ASSERT_TRUE(Fold(kYes).ok());
  ASSERT_TRUE(Fold("kind: CHOICE_KIND_WITHDRAWAL action: ACTION_SHARE").ok());
  EXPECT_EQ(Numbers(), "2");
}

TEST_F(StandingTest, AWithdrawalOfAPartLeavesTheConsentBeforeIt) {
  ASSERT_TRUE(Fold(kYes).ok());
  ASSERT_TRUE(Fold("kind: CHOICE_KIND_WITHDRAWAL category: 1").ok());
  EXPECT_EQ(Numbers(), "12");
}

TEST_F(StandingTest, ARefusalDoesNotSoftenAnOptOut) {
  ASSERT_TRUE(Fold("kind: CHOICE_KIND_OPT_OUT purpose: 'coaching'").ok());
  ASSERT_TRUE(Fold("kind: CHOICE_KIND_REFUSAL purpose: 'coaching'").ok());
  EXPECT_EQ(Numbers(), "12");
}

TEST_F(StandingTest, AConsentThatEndsLeavesTheOptOutToStandAgain) {
  ASSERT_TRUE(
      Fold("kind: CHOICE_KIND_OPT_OUT action: ACTION_SHARE purpose: 'coaching'"
           " category: 1 recipient: 'a'")
          .ok());
  ASSERT_TRUE(
      Fold(absl::StrCat(kYes, " expires_at { seconds: 1900000000 }")).ok());
  EXPECT_EQ(Numbers(), "12");
  ASSERT_TRUE(Fold(kYes).ok());
  EXPECT_EQ(Numbers(), "3");
}

TEST_F(StandingTest, WhatIsOverIsDropped) {
  ASSERT_TRUE(Fold(absl::StrCat(kYes, " expires_at { seconds: 86400 }")).ok());
  ASSERT_TRUE(Fold("kind: CHOICE_KIND_LIMIT").ok());
  EXPECT_EQ(Numbers(), "222") << "of use, sharing and sale";
}

TEST_F(StandingTest, ASignalIsAnOptOutOfSharingAndSale) {
  ASSERT_TRUE(Fold("kind: CHOICE_KIND_SIGNAL").ok());
  ASSERT_EQ(standing_.choice_size(), 2);
  EXPECT_EQ(standing_.choice(0).action(), v1::ACTION_SHARE);
  EXPECT_EQ(standing_.choice(1).action(), v1::ACTION_SELL);
}

TEST_F(StandingTest, TooManyCombinationsAreRefused) {
  std::string text = "kind: CHOICE_KIND_OPT_OUT";
  for (int i = 0; i < 65; ++i) absl::StrAppend(&text, " purpose: 'p", i, "'");
  EXPECT_EQ(Fold(text).message(),
            "choice: want at most 64 combinations of action, purpose and"
            " recipient, got 65");
  EXPECT_EQ(standing_.choice_size(), 0);
}

TEST_F(StandingTest, TooManyStandingChoicesAreRefusedAndNothingChanges) {
  for (int i = 0; i < kMaxStandingChoices; ++i) {
    ASSERT_TRUE(
        Fold(absl::StrCat("kind: CHOICE_KIND_OPT_OUT purpose: 'p", i, "'"))
            .ok());
  }
  EXPECT_TRUE(absl::IsResourceExhausted(
      Fold("kind: CHOICE_KIND_OPT_OUT purpose: 'last'")));
  EXPECT_EQ(standing_.choice_size(), kMaxStandingChoices);
}

}  // namespace
}  // namespace subrosa
