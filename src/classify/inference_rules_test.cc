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
