#include "src/exports/aggregate_policy.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;

constexpr char kHead[] =
    "entity: 'rosewater' least_group: 11 period: AGGREGATE_PERIOD_QUARTER ";
constexpr char kQuestion[] =
    "question { id: 'mood' title: 'Mood' recipient: 'employer' purpose: 'care'"
    " schema: 'subrosa.v1.MoodCheckIn' } ";

absl::Status Parse(const std::string& text) {
  return ParseAggregatePolicy("file", text, "rosewater").status();
}

TEST(AggregatePolicyTest, AWholePolicyIsRead) {
  EXPECT_TRUE(Parse(absl::StrCat(kHead, kQuestion)).ok());
}

TEST(AggregatePolicyTest, APolicyThatIsHalfUnderstoodIsRefused) {
  for (const std::string& text : {
           std::string(kHead),
           absl::StrCat(kHead, kQuestion, kQuestion),
           absl::StrCat("entity: 'other' least_group: 11"
                        " period: AGGREGATE_PERIOD_YEAR ",
                        kQuestion),
           absl::StrCat("entity: 'rosewater' least_group: 4"
                        " period: AGGREGATE_PERIOD_YEAR ",
                        kQuestion),
           absl::StrCat("entity: 'rosewater' least_group: 11 ", kQuestion),
           absl::StrCat(kHead, "question { id: 'A b' title: 'x' }"),
           absl::StrCat(kHead, "question { id: 'a' title: 'x' }"),
           absl::StrCat(kHead, "answer: 'everything' ", kQuestion),
       }) {
    const absl::Status parsed = Parse(text);
    EXPECT_TRUE(absl::IsInvalidArgument(parsed)) << text;
    EXPECT_THAT(std::string(parsed.message()), HasSubstr("file:"));
  }
}

TEST(AggregatePolicyTest, PeriodsAreWholeDaysOfTheirUnit) {
  const auto quarter = ParsePeriod(v1::AGGREGATE_PERIOD_QUARTER, "1970-Q2");
  ASSERT_TRUE(quarter.ok());
  EXPECT_EQ(quarter->first_day, 90);
  EXPECT_EQ(quarter->last_day, 180);
  const auto month = ParsePeriod(v1::AGGREGATE_PERIOD_MONTH, "1972-02");
  ASSERT_TRUE(month.ok());
  EXPECT_EQ(month->last_day - month->first_day, 28);
  EXPECT_TRUE(ParsePeriod(v1::AGGREGATE_PERIOD_YEAR, "2026").ok());
  for (const char* text : {"", "26", "2026-Q5", "2026-Q0", "2026-05", "2026Q1",
                           "2026-Q11", "+026-Q1", "20x6-Q1"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ParsePeriod(v1::AGGREGATE_PERIOD_QUARTER, text).status()))
        << text;
  }
  for (const char* text : {"2026-13", "2026-00", "2026-+1", "2026-5", "2026"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ParsePeriod(v1::AGGREGATE_PERIOD_MONTH, text).status()))
        << text;
  }
}

TEST(AggregatePolicyTest, NobodyIsGroupedByWhatTheyWroteOrAreKnownBy) {
  const auto& mood = *v1::MoodCheckIn::descriptor();
  const auto& visit = *v1::LocationVisit::descriptor();

  EXPECT_TRUE(ParseGroupPath(mood, "score").ok());
  EXPECT_TRUE(ParseNumberPath(mood, "score").ok());
  EXPECT_TRUE(absl::IsInvalidArgument(ParseGroupPath(mood, "note").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseGroupPath(mood, "").status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ParseGroupPath(mood, "score.x").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseNumberPath(mood, "note").status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ParseNumberPath(visit, "latitude").status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ParseGroupPath(visit, "latitude").status()));
}

}  // namespace
}  // namespace subrosa
