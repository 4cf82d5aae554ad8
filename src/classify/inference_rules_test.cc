#include "src/classify/inference_rules.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr absl::string_view kRule =
    "rule\ttest\ta purchase\tinferred\tpregnancy\t0.5\non\tpurchase\n";

absl::Status Parsed(absl::string_view lines) {
  return InferenceRules::Parse(absl::StrCat(kRule, lines, "\n")).status();
}

TEST(InferenceRulesTest, ARuleIsReadWithWhatItNeeds) {
  const absl::StatusOr<InferenceRules> rules = InferenceRules::Parse(
      absl::StrCat(kRule, "words\tpregnancy test\nspeaks\n"));
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->rules().size(), 1u);
  const InferenceRule& rule = rules->rules()[0];
  EXPECT_EQ(rule.id, "inference/test");
  EXPECT_TRUE(rule.IsOn(SignalKind::kPurchase));
  EXPECT_FALSE(rule.IsOn(SignalKind::kContent));
  EXPECT_TRUE(rule.speaks);
  EXPECT_EQ(rule.words.at(0), " pregnancy test ");
}

TEST(InferenceRulesTest, AFieldIsASignalByItsNamesLastWords) {
  const absl::StatusOr<InferenceRules> rules =
      InferenceRules::Parse("signal\tcontent\ttitle, content id\n");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->SignalOfField("article_title"), SignalKind::kContent);
  EXPECT_EQ(rules->SignalOfField("contentId"), SignalKind::kContent);
  EXPECT_EQ(rules->SignalOfField("subtitle"), std::nullopt);
  EXPECT_EQ(rules->SignalOfField("title_count"), std::nullopt);
  EXPECT_EQ(rules->SignalOfField(""), std::nullopt);
}

TEST(InferenceRulesTest, AFileThatIsNotAsTheFormatSaysIsRefused) {
  for (const absl::string_view lines :
       {"word\tx", "words", "words\tBig", "words\t", "on\tnothing", "on",
        "within\t0", "within\t9999", "within\tx", "hours\t5", "hours\t5-4",
        "hours\t0-24", "signal\tcontent", "signal\tnothing\tx", "speaks\tx",
        "signal\tcontent\tx, x"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Parsed(lines))) << lines;
    EXPECT_EQ(Parsed(lines).message().substr(0, 12), "line 3: want") << lines;
  }
}

constexpr absl::string_view kPattern =
    "rule\tagain\tpurchases\tinferred\t-\t0.5\n";

absl::Status ParsedPattern(absl::string_view lines) {
  return Parsed(absl::StrCat("speaks\n", kPattern, lines));
}

TEST(InferenceRulesTest, APatternIsReadWithTheRulesThatItRestsOn) {
  const absl::StatusOr<InferenceRules> rules = InferenceRules::Parse(
      absl::StrCat(kRule, "speaks\n", kPattern, "met\ttest\nweeks\t4 in 6"));
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->rules().size(), 2u);
  EXPECT_FALSE(rules->rules()[0].is_pattern());
  const InferenceRule& pattern = rules->rules()[1];
  EXPECT_TRUE(pattern.is_pattern() && pattern.is_weekly);
  EXPECT_EQ(pattern.met.at(0), "inference/test");
  EXPECT_EQ(pattern.times, 4);
  EXPECT_EQ(pattern.span, 6);
  EXPECT_TRUE(ParsedPattern("met\ttest\ndays\t2 in 2").ok());
}

TEST(InferenceRulesTest, APatternThatCannotHoldOrRestsOnNothingIsRefused) {
  for (const absl::string_view lines :
       {"met\ttest", "days\t2 in 9", "met\ttest\ndays\t1 in 9",
        "met\ttest\ndays\t61 in 90", "met\ttest\ndays\t9 in 8",
        "met\ttest\ndays\t2 in 367", "met\ttest\nweeks\t2 in 53",
        "met\ttest\ndays\t2", "met\ttest\ndays\tx in y",
        "met\ttest\ndays\t2 in 3\nweeks\t2 in 3", "met\tagain\ndays\t2 in 3",
        "met\tother\ndays\t2 in 3", "met\t\ndays\t2 in 3",
        "met\ttest\ndays\t2 in 3\non\turl",
        "met\ttest\ndays\t2 in 3\nspeaks"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParsedPattern(lines))) << lines;
  }
}

TEST(InferenceRulesTest, ARuleThatInfersNothingOrNeverHoldsIsRefused) {
  for (const absl::string_view rule :
       {"rule\ttest\ta\tinferred\t-\t0.5\nspeaks",
        "rule\tx\ta\tconditions\t-\t0.5\nspeaks",
        "rule\tx\ta\tinferred\t-\t0\nspeaks",
        "rule\tx\ta\tinferred\t-\t1.5\nspeaks", "rule\tx\ta\tinferred\t-",
        "rule\tx\ta\tinferred\t-\t0.5\nspeaks",
        "rule\tx\ta\tinferred\t-\t0.5\non\turl"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Parsed(absl::StrCat("speaks\n", rule))))
        << rule;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Parsed("")));
  EXPECT_TRUE(
      absl::IsInvalidArgument(InferenceRules::Parse("speaks\n").status()));
}

}  // namespace
}  // namespace subrosa
