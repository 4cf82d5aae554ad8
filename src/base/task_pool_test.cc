#include "src/base/task_pool.h"

#include <atomic>
#include <cstddef>
#include <future>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(TaskPoolTest, EveryTaskIsRunBeforeThePoolIsGone) {
  std::atomic<int> sum{0};
  {
    TaskPool pool(3);
    for (int i = 1; i <= 1000; ++i) {
      pool.Submit([&sum, i](size_t) { sum += i; });
    }
  }
  EXPECT_EQ(500'500, sum);
}

TEST(TaskPoolTest, OneThreadRunsThemInOrder) {
  std::vector<int> order;
  {
    TaskPool pool(1);
    for (int i = 0; i < 4; ++i) {
      pool.Submit([&order, i](size_t) { order.push_back(i); });
    }
  }
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3));
}

TEST(TaskPoolTest, NoTwoTasksRunUnderOneNumberAtATime) {
  TaskPool pool(2);
  std::atomic<int> running[2] = {{0}, {0}};
  std::atomic<bool> met{false};
  std::promise<void> done;
  std::atomic<int> left{200};
  for (int i = 0; i < 200; ++i) {
    pool.Submit([&](size_t worker) {
      if (worker >= pool.workers() || running[worker].fetch_add(1) != 0) {
        met = true;
      }
      running[worker].fetch_sub(1);
      if (--left == 0) done.set_value();
    });
  }
  done.get_future().wait();
  EXPECT_FALSE(met);
}

}  // namespace
}  // namespace subrosa
