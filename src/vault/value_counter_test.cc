#include "src/vault/value_counter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::Pair;

// Spreads numbers as a hash does.
uint64_t TokenOf(uint64_t number) {
  number = (number + 1) * 0x9e3779b97f4a7c15;
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27) * 0x94d049bb133111eb;
  return number ^ number >> 31;
}

int64_t EntriesOf(const IndexHistogram& histogram) {
  int64_t entries = 0;
  for (const auto& [count, values] : histogram.values_by_count) {
    entries += count * values;
  }
  return entries;
}

TEST(ValueCounterTest, WhoHasNoValueCountsForNothing) {
  ValueCounter counter;

  counter.AddConsumer({});

  EXPECT_EQ(counter.Histogram().consumers, 0);
  EXPECT_THAT(counter.Histogram().values_by_count, IsEmpty());
}

TEST(ValueCounterTest, EachValueIsCountedByItsConsumers) {
  ValueCounter counter;

  counter.AddConsumer({TokenOf(1), TokenOf(2)});
  counter.AddConsumer({TokenOf(2)});
  counter.AddConsumer({TokenOf(3)});

  EXPECT_EQ(counter.Histogram().consumers, 3);
  EXPECT_THAT(counter.Histogram().values_by_count,
              ElementsAre(Pair(1, 2), Pair(2, 1)));
}

TEST(ValueCounterTest, BeyondItsBoundASampleStandsForTheRest) {
  ValueCounter counter(4096);

  for (uint64_t i = 0; i < 100000; ++i) counter.AddConsumer({TokenOf(i)});

  const IndexHistogram histogram = counter.Histogram();
  EXPECT_EQ(histogram.consumers, 100000);
  ASSERT_THAT(histogram.values_by_count, ElementsAre(Pair(1, testing::_)));
  EXPECT_THAT(EntriesOf(histogram), AllOf(Ge(90000), Le(110000)));
}

// In the sample, or not: each of many is found.
TEST(ValueCounterTest, AFrequentValueIsNotMissedBySampling) {
  for (uint64_t frequent = 0; frequent < 20; ++frequent) {
    ValueCounter counter(1024);

    for (uint64_t i = 0; i < 40000; ++i) {
      counter.AddConsumer({TokenOf(i % 10 == 0 ? frequent : 1000 + i)});
    }

    const IndexHistogram histogram = counter.Histogram();
    EXPECT_THAT(*histogram.values_by_count.rbegin(),
                Pair(AllOf(Ge(4000), Le(4000 + 40000 / 1000)), 1))
        << frequent;
  }
}

}  // namespace
}  // namespace subrosa
