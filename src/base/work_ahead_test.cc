#include "src/base/work_ahead.h"

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(WorkAheadTest, EachItemIsDoneOnceAndBeforeItIsUsed) {
  for (const size_t threads : {size_t{0}, size_t{1}, size_t{4}}) {
    std::vector<int> calls(2000, 0);
    WorkAhead work(calls.size(), threads, [&](size_t i) { ++calls[i]; });

    for (size_t i = 0; i < calls.size(); ++i) {
      work.WaitFor(i);
      ASSERT_EQ(calls[i], 1) << i;
    }
  }
}

TEST(WorkAheadTest, ResultsMayBeAskedForOutOfOrderAndAgain) {
  std::vector<int> calls(500, 0);
  WorkAhead work(calls.size(), 2, [&](size_t i) { ++calls[i]; });

  for (const size_t i : {size_t{499}, size_t{0}, size_t{250}, size_t{250}}) {
    work.WaitFor(i);
    EXPECT_EQ(calls[i], 1);
  }
}

TEST(WorkAheadTest, WhoeverNeedsNoMoreWaitsForWhatWasBegunAlone) {
  std::atomic<size_t> begun{0};
  std::atomic<size_t> done{0};
  {
    WorkAhead work(100'000, 2, [&](size_t) {
      ++begun;
      std::this_thread::yield();
      ++done;
    });
    work.WaitFor(0);
  }

  EXPECT_EQ(begun.load(), done.load());
  EXPECT_GE(done.load(), 1u);
}

TEST(WorkAheadTest, WithoutThreadsWhoeverWaitsWorks) {
  const std::thread::id me = std::this_thread::get_id();
  bool was_another = false;
  WorkAhead work(10, 0, [&](size_t) {
    was_another = was_another || std::this_thread::get_id() != me;
  });

  work.WaitFor(9);

  EXPECT_FALSE(was_another);
}

TEST(WorkAheadTest, NothingToDoIsDone) {
  WorkAhead none(0, 2, [](size_t) { FAIL(); });
}

}  // namespace
}  // namespace subrosa
