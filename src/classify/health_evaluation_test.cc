#include "src/classify/health_evaluation.h"

#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/classify/health_reader.h"

namespace subrosa {
namespace {

TEST(HealthEvaluationTest, ALineOfTheGuideIsRead) {
  const absl::StatusOr<HealthLine> line =
      ParseHealthLine("held\thealth\tsleep\tself\tpresent\tI can't sleep");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->half, "held");
  EXPECT_TRUE(line->is_health);
  EXPECT_EQ(line->finer, v1::HEALTH_LABEL_SLEEP);
  EXPECT_EQ(line->experiencer, "self");
  EXPECT_EQ(line->text, "I can't sleep");
}

TEST(HealthEvaluationTest, ALineOfTwoColumnsIsRead) {
  const absl::StatusOr<HealthLine> line = ParseHealthLine("nonhealth\ta fee");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_FALSE(line->is_health);
  EXPECT_EQ(line->half, "all");
}

TEST(HealthEvaluationTest, OtherLinesAreRefusedWithoutBeingRepeated) {
  for (const absl::string_view text :
       {"secret", "secret\ttext", "a\tb\tsecret", "held\tsecret\t\t\t\ttext",
        "secret\thealth\t\t\t\ttext", "held\thealth\tsecret\t\t\ttext",
        "held\thealth\t\tsecret\t\ttext", "held\thealth\t\t\tsecret\ttext"}) {
    const absl::Status status = ParseHealthLine(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_EQ(status.message().find("secret"), absl::string_view::npos);
  }
}

// The figures that docs/classification.md quotes. Of the held half only totals
// are told: whoever changes rules must not see which of its lines fail.
TEST(HealthEvaluationTest, OurOwnLinesAreToldApart) {
  const absl::StatusOr<std::string> file =
      ReadFile("docs/examples/labelled/health_lines.tsv", 1 << 20);
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::StatusOr<HealthReader> reader = HealthReader::Create();
  ASSERT_TRUE(reader.ok()) << reader.status();
  HealthEvaluation evaluation;
  for (const absl::string_view text :
       absl::StrSplit(*file, '\n', absl::SkipEmpty())) {
    const absl::StatusOr<HealthLine> line = ParseHealthLine(text);
    ASSERT_TRUE(line.ok()) << line.status();
    evaluation.Add(*reader, *line);
  }
  ASSERT_EQ(evaluation.tallies().size(), 2u);
  for (const auto& [half, tally] : evaluation.tallies()) {
    EXPECT_GE(tally.health + tally.not_health, 300u);
    EXPECT_GE(tally.accuracy(), 0.88) << half;
    std::cout << half << ": accuracy " << tally.accuracy() << ", recall "
              << tally.recall() << ", alarms " << tally.alarm_rate()
              << ", finer label " << tally.right_finer << "/"
              << tally.with_finer << ", experiencer " << tally.right_experiencer
              << "/" << tally.with_experiencer << ", assertion "
              << tally.right_assertion << "/" << tally.with_assertion << "\n";
  }
}

}  // namespace
}  // namespace subrosa
