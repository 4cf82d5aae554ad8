#include "src/classify/column_evaluation.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

ColumnReport Reported(const std::string& name, v1::IdentifierKind identifier,
                      double score) {
  ColumnReport report;
  report.name = name;
  if (identifier != v1::IDENTIFIER_UNSPECIFIED) {
    ColumnFinding found;
    found.finding.identifier = identifier;
    found.finding.rule_id = "text/rule";
    found.finding.score = score;
    report.findings.push_back(found);
  }
  return report;
}

absl::Status Refusal(absl::string_view labels) {
  return ParseColumnLabels(labels).status();
}

TEST(ColumnEvaluationTest, AColumnCountsOnceForEachOfItsKinds) {
  const auto labels = ParseColumnLabels(
      "# reviewed\nmail\tidentifier:email\r\nring\tidentifier:phone\n"
      "dx\tconditions,identifier:other-unique\nrow\t-\n");
  ASSERT_TRUE(labels.ok()) << labels.status();
  const std::vector<ColumnReport> reports = {
      Reported("mail", v1::IDENTIFIER_EMAIL, 0.9),
      Reported("ring", v1::IDENTIFIER_PHONE, 0.3),
      Reported("dx", v1::IDENTIFIER_OTHER_UNIQUE, 0.5),
      Reported("row", v1::IDENTIFIER_SSN, 0.7)};

  const auto measured = EvaluateColumns(*labels, reports, 1);

  ASSERT_TRUE(measured.ok()) << measured.status();
  EXPECT_EQ(measured->columns, 4u);
  EXPECT_EQ(measured->all.labelled, 4);
  EXPECT_EQ(measured->all.found, 3);
  EXPECT_EQ(measured->all.right, 2);
  EXPECT_DOUBLE_EQ(measured->all.score.recall, 0.5);
  EXPECT_LE(measured->all.f2_interval.low, measured->all.score.f2);
  EXPECT_GE(measured->all.f2_interval.high, measured->all.score.f2);
  std::string errors;
  for (const ColumnError& error : measured->errors) {
    absl::StrAppend(&errors, error.is_missed ? "missed " : "alarm ",
                    error.column, " ", error.kind, "\n");
  }
  EXPECT_EQ(errors,
            "missed ring identifier:phone\nmissed dx conditions\n"
            "alarm row identifier:ssn\n");
}

TEST(ColumnEvaluationTest, ATableAndItsLabelsHaveTheSameColumns) {
  const auto labels = ParseColumnLabels("a\t-\nb\t-\n");
  ASSERT_TRUE(labels.ok());
  const ColumnReport a = Reported("a", v1::IDENTIFIER_UNSPECIFIED, 0);
  const ColumnReport c = Reported("c", v1::IDENTIFIER_UNSPECIFIED, 0);

  EXPECT_TRUE(
      absl::IsInvalidArgument(EvaluateColumns(*labels, {a}, 1).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(EvaluateColumns(*labels, {a, c}, 1).status()));
}

TEST(ColumnEvaluationTest, WhatIsNoLabelIsRefusedByItsLine) {
  for (const char* bad :
       {"a\t-\nname", "a\t-\n\t-", "a\t-\nb\t", "a\t-\nb\tcanary",
        "a\t-\nb\tidentifier:canary", "a\t-\na\t-", "a\t-\nb\tconditions,",
        "a\t-\nb\t-\t-"}) {
    const absl::Status refused = Refusal(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << bad;
    EXPECT_TRUE(absl::StrContains(refused.message(), "line 2: ")) << refused;
    EXPECT_FALSE(absl::StrContains(refused.message(), "canary")) << refused;
  }
  std::string many;
  for (size_t i = 0; i <= TableClassifier::kMaxColumns; ++i) {
    absl::StrAppend(&many, "c", i, "\t-\n");
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Refusal(many)));
}

}  // namespace
}  // namespace subrosa
