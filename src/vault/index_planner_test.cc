#include "src/vault/index_planner.h"

#include <cmath>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::AllOf;
using testing::DoubleNear;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

IndexFieldFacts AccountNumber() {
  IndexFieldFacts field;
  field.is_exact = true;
  field.is_marked = true;
  return field;
}

IndexFieldFacts Sensitive() {
  IndexFieldFacts field = AccountNumber();
  field.is_sensitive = true;
  return field;
}

// `values` values, each of `count` consumers.
IndexHistogram Even(int64_t values, int64_t count) {
  IndexHistogram histogram;
  histogram.consumers = values * count;
  histogram.values_by_count[count] = values;
  return histogram;
}

IndexVerdict Plan(const IndexHistogram& histogram,
                  const IndexFieldFacts& field = AccountNumber(),
                  const IndexLimits& limits = {}) {
  return PlanIndex(histogram, field, limits);
}

TEST(IndexPlannerTest, ATruthValueOrAnEnumIsRefusedWhateverItsSpread) {
  IndexFieldFacts field = AccountNumber();
  field.has_few_values = true;

  const IndexVerdict verdict = Plan(Even(100000, 1), field);

  EXPECT_EQ(verdict.refusal, IndexRefusal::kFewValuesByType);
  EXPECT_THAT(verdict.reason, HasSubstr("go through the records"));
  EXPECT_EQ(verdict.figures.distinct_values, 100000);
}

TEST(IndexPlannerTest, WhatIsNotMatchedExactlyIsRefused) {
  IndexFieldFacts field = AccountNumber();
  field.is_exact = false;

  EXPECT_EQ(Plan(Even(100000, 1), field).refusal, IndexRefusal::kNotExact);
}

TEST(IndexPlannerTest, AnUnmarkedFieldIsRefused) {
  IndexFieldFacts field = AccountNumber();
  field.is_marked = false;

  EXPECT_EQ(Plan(Even(100000, 1), field).refusal, IndexRefusal::kUnmarked);
}

TEST(IndexPlannerTest, FreeTextIsRefused) {
  IndexFieldFacts field = AccountNumber();
  field.is_free_text = true;

  EXPECT_EQ(Plan(Even(100000, 1), field).refusal, IndexRefusal::kFreeText);
}

TEST(IndexPlannerTest, HivStatusSexPregnancyAndIcdChaptersAreRefusedByName) {
  IndexFieldFacts field = AccountNumber();
  field.is_denied_by_name = true;

  EXPECT_EQ(Plan(Even(100000, 1), field).refusal, IndexRefusal::kDeniedByName);
}

TEST(IndexPlannerTest, NothingHeldYetIsTooFewValues) {
  const IndexVerdict verdict = Plan(IndexHistogram{});

  EXPECT_EQ(verdict.refusal, IndexRefusal::kTooFewValues);
  EXPECT_THAT(verdict.reason, HasSubstr("hold 0 values: at least 9"));
}

// sqrt(8) > 2, and 4 is not below 8/2.
TEST(IndexPlannerTest, EightValuesAreTooFewAndNineFitTheLengthRule) {
  EXPECT_EQ(Plan(Even(8, 1000)).refusal, IndexRefusal::kTooFewValues);
  // They fit, and tell too much.
  const IndexVerdict nine = Plan(Even(9, 1000));
  EXPECT_EQ(nine.refusal, IndexRefusal::kTellsTooMuch);
  EXPECT_EQ(nine.bits, 2);
}

TEST(IndexPlannerTest, TheBitsLieBetweenTheRootAndHalfOfTheValues) {
  for (const int64_t values : {200, 1000, 4096, 4097, 65536, 1000000}) {
    const IndexVerdict verdict = Plan(Even(values, 3));

    ASSERT_TRUE(verdict.ok()) << values << ": " << verdict.reason;
    EXPECT_THAT(std::exp2(verdict.bits),
                AllOf(Ge(std::sqrt(static_cast<double>(values))),
                      Le(static_cast<double>(values) / 2 - 0.5)))
        << values;
  }
}

TEST(IndexPlannerTest, TheFiguresOfAnEvenSpreadAreWhatOneComputesByHand) {
  const IndexVerdict verdict = Plan(Even(1000000, 1));

  ASSERT_TRUE(verdict.ok()) << verdict.reason;
  EXPECT_EQ(verdict.bits, 16);
  EXPECT_EQ(verdict.partitions, 1);
  EXPECT_EQ(verdict.figures.entries, 1000000);
  EXPECT_EQ(verdict.figures.distinct_values, 1000000);
  EXPECT_THAT(verdict.figures.false_matches, DoubleNear(15.26, 0.01));
  EXPECT_THAT(verdict.figures.guess_advantage, DoubleNear(0.0655, 0.0001));
  EXPECT_THAT(verdict.figures.distinguishable_bits, DoubleNear(15.9, 0.1));
  EXPECT_LT(verdict.figures.largest_token_share, 0.00002);
}

TEST(IndexPlannerTest, SensitiveDataGetsFewerBits) {
  const IndexVerdict plain = Plan(Even(1000000, 1));
  const IndexVerdict sensitive = Plan(Even(1000000, 1), Sensitive());

  ASSERT_TRUE(sensitive.ok()) << sensitive.reason;
  EXPECT_LT(sensitive.bits, plain.bits);
  EXPECT_LE(sensitive.figures.guess_advantage, 0.02);
  EXPECT_GT(sensitive.figures.false_matches, plain.figures.false_matches);
}

TEST(IndexPlannerTest, AThousandEvenCodesAreTooFewForHealthData) {
  EXPECT_TRUE(Plan(Even(1000, 50)).ok());

  const IndexVerdict verdict = Plan(Even(1000, 50), Sensitive());

  EXPECT_EQ(verdict.refusal, IndexRefusal::kTellsTooMuch);
  EXPECT_THAT(verdict.reason, HasSubstr("for sensitive data"));
  EXPECT_GT(verdict.figures.guess_advantage, 0.02);
}

TEST(IndexPlannerTest, AValueOfEveryThirdConsumerIsRefused) {
  IndexHistogram histogram = Even(20000, 1);
  histogram.values_by_count[10000] = 1;

  const IndexVerdict verdict = Plan(histogram);

  EXPECT_EQ(verdict.refusal, IndexRefusal::kOneValueDominates);
  EXPECT_THAT(verdict.reason, HasSubstr("33.3 %"));
}

TEST(IndexPlannerTest, AFrequentValueIsSpreadOverPartitions) {
  IndexHistogram histogram = Even(85000, 1);
  histogram.values_by_count[15000] = 1;

  const IndexVerdict verdict = Plan(histogram);

  ASSERT_TRUE(verdict.ok()) << verdict.reason;
  EXPECT_EQ(verdict.partitions, 4);
  EXPECT_LE(verdict.figures.largest_token_share, 0.05);
}

TEST(IndexPlannerTest, WithoutPartitionsTheSameSpreadIsRefused) {
  IndexHistogram histogram = Even(85000, 1);
  histogram.values_by_count[15000] = 1;
  IndexLimits limits;
  limits.most_partitions = 1;

  const IndexVerdict verdict = Plan(histogram, AccountNumber(), limits);

  EXPECT_EQ(verdict.refusal, IndexRefusal::kTellsTooMuch);
  EXPECT_THAT(verdict.reason, HasSubstr("more partitions"));
}

TEST(IndexPlannerTest, NoMoreBitsAreGivenThanAreAllowed) {
  IndexLimits limits;
  limits.most_bits = 11;

  EXPECT_EQ(Plan(Even(1000000, 1), AccountNumber(), limits).bits, 11);
}

TEST(IndexPlannerTest, FewerBitsThanTheRootAreRefused) {
  IndexLimits limits;
  limits.most_bits = 9;

  EXPECT_EQ(Plan(Even(1000000, 1), AccountNumber(), limits).refusal,
            IndexRefusal::kTooFewValues);
}

TEST(IndexPlannerTest, ADomainThatCanBeTriedOutGetsSlowTokens) {
  IndexFieldFacts field = AccountNumber();
  EXPECT_EQ(Plan(Even(1000000, 1), field).kind, IndexKind::kPlain);

  field.is_enumerable = true;

  EXPECT_EQ(Plan(Even(1000000, 1), field).kind, IndexKind::kSlow);
}

TEST(IndexPlannerTest, SlowTokensCanBeAskedFor) {
  IndexLimits limits;
  limits.wants_slow = true;

  EXPECT_EQ(Plan(Even(1000000, 1), AccountNumber(), limits).kind,
            IndexKind::kSlow);
}

}  // namespace
}  // namespace subrosa
