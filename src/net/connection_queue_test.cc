#include "src/net/connection_queue.h"

#include <atomic>
#include <future>
#include <thread>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ConnectionQueueTest, EveryConnectionIsServedOnce) {
  std::atomic<int> served{0};
  ConnectionQueue queue(3);

  for (int i = 0; i < 100; ++i) queue.Add([&] { ++served; });
  queue.Finish();

  EXPECT_EQ(served, 100);
}

TEST(ConnectionQueueTest, WhatWaitsIsServedBeforeTheEnd) {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::atomic<int> served{0};
  ConnectionQueue queue(1);
  queue.Add([&] { gone.wait(); });
  queue.Add([&] { ++served; });

  std::thread finish([&] { queue.Finish(); });
  go.set_value();
  finish.join();

  EXPECT_EQ(served, 1);
}

TEST(ConnectionQueueTest, NoMoreWaitThanThereAreThreads) {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::promise<void> started;
  std::atomic<int> added{0};
  ConnectionQueue queue(1);
  queue.Add([&] {
    started.set_value();
    gone.wait();
  });
  started.get_future().wait();

  // One waits in the queue, and the next with who brings it.
  std::thread flood([&] {
    for (int i = 0; i < 3; ++i) {
      queue.Add([] {});
      ++added;
    }
  });
  while (added == 0) std::this_thread::yield();
  EXPECT_EQ(added, 1);

  go.set_value();
  flood.join();
  EXPECT_EQ(added, 3);
  queue.Finish();
}

}  // namespace
}  // namespace subrosa
