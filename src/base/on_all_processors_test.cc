#include "src/base/on_all_processors.h"

#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(OnAllProcessorsTest, ProcessorsThatAThreadMayNotUseAreNotCounted) {
  size_t counted = 0;

  std::thread kept_to_one([&counted] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    counted = ProcessorCount();
  });
  kept_to_one.join();

  EXPECT_EQ(counted, 1);
  EXPECT_GE(ProcessorCount(), 1);
}

TEST(OnAllProcessorsTest, EveryItemIsDoneOnce) {
  std::vector<std::atomic<int>> done(1001);

  OnAllProcessors([&](size_t which, size_t of) {
    for (size_t i = which; i < done.size(); i += of) ++done[i];
  });

  for (const std::atomic<int>& times : done) EXPECT_EQ(times, 1);
}

TEST(OnAllProcessorsTest, SharesAreNumberedFromZeroAndSayHowManyThereAre) {
  std::atomic<size_t> calls{0};
  std::atomic<size_t> sum{0};
  std::atomic<size_t> all{0};

  OnAllProcessors([&](size_t which, size_t of) {
    ++calls;
    sum += which;
    all = of;
  });

  EXPECT_EQ(calls, all);
  EXPECT_EQ(sum, all * (all - 1) / 2);
}

}  // namespace
}  // namespace subrosa
