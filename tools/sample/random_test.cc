#include "tools/sample/random.h"

#include <cstdint>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "tools/sample/permutation.h"

namespace subrosa::sample {
namespace {

TEST(RandomTest, TheFirstNumbersAreTheSameOnEveryMachine) {
  // Computed by hand from SplitMix64's definition, in Python.
  Random random(1, 2, 3);

  EXPECT_EQ(random.Next(), 0xbfac9ab21638028fu);
  EXPECT_EQ(random.Next(), 0x7f0492b9b7eccff1u);
}

TEST(RandomTest, StreamsOfDifferentKeysDiffer) {
  std::set<uint64_t> firsts;
  for (uint64_t a = 0; a < 20; ++a) {
    for (uint64_t b = 0; b < 20; ++b) firsts.insert(Random(7, a, b).Next());
  }

  EXPECT_EQ(firsts.size(), 400u);
}

TEST(RandomTest, ANumberBelowABoundReachesAllOfThemAndNoMore) {
  Random random(1, 1, 1);
  std::vector<int> seen(6);
  for (int i = 0; i < 6000; ++i) ++seen[random.Below(6)];

  for (const int count : seen) {
    EXPECT_GT(count, 800);
    EXPECT_LT(count, 1200);
  }
}

TEST(RandomTest, BetweenReachesBothEndsAndAroundStaysInside) {
  Random random(1, 1, 2);
  std::set<int> between;
  for (int i = 0; i < 1000; ++i) {
    between.insert(random.Between(-2, 2));
    const int around = random.Around(-5, 5);
    EXPECT_GE(around, -5);
    EXPECT_LE(around, 5);
  }

  EXPECT_EQ(between, (std::set<int>{-2, -1, 0, 1, 2}));
}

TEST(PermutationTest, EveryNumberComesOnceAndNoneFromOutside) {
  for (const uint64_t size : {1u, 2u, 3u, 5u, 64u, 1000u, 4097u}) {
    const Permutation shuffled(size, 9);
    std::vector<bool> seen(size);
    for (uint64_t i = 0; i < size; ++i) {
      const uint64_t at = shuffled.At(i);
      ASSERT_LT(at, size);
      EXPECT_FALSE(seen[at]) << "size " << size << ", twice: " << at;
      seen[at] = true;
    }
  }
}

TEST(PermutationTest, TheOrderIsShuffledAndChangesWithTheSeed) {
  const Permutation one(10000, 1);
  const Permutation two(10000, 2);
  int in_place = 0;
  int alike = 0;
  int neighbours = 0;
  for (uint64_t i = 0; i + 1 < 10000; ++i) {
    in_place += one.At(i) == i;
    alike += one.At(i) == two.At(i);
    neighbours += one.At(i) / 100 == one.At(i + 1) / 100;
  }

  // Each of these is 1 or 100 in 10000 by chance.
  EXPECT_LT(in_place, 10);
  EXPECT_LT(alike, 10);
  EXPECT_LT(neighbours, 200);
}

TEST(PermutationTest, AHugeRangeNeedsNoMemory) {
  const uint64_t size = uint64_t{1'000'000'000} * 1'000'000;
  const Permutation shuffled(size, 3);

  EXPECT_LT(shuffled.At(0), size);
  EXPECT_LT(shuffled.At(size - 1), size);
  EXPECT_NE(shuffled.At(0), shuffled.At(size - 1));
}

}  // namespace
}  // namespace subrosa::sample
