#include "src/crypto/age_pipeline.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

// Submits `count` jobs and returns the order in which they came back.
std::vector<uint64_t> RunJobs(AgePipeline* pipeline, uint64_t count) {
  std::vector<uint64_t> order;
  const auto take = [&] {
    AgeJob* job = pipeline->WaitForOldest();
    EXPECT_EQ(job->size, job->first_chunk + 1);
    order.push_back(job->first_chunk);
    pipeline->ReleaseOldest();
  };
  for (uint64_t i = 0; i < count; ++i) {
    if (pipeline->Filling() == nullptr) take();
    pipeline->Filling()->first_chunk = i;
    pipeline->Submit();
  }
  while (order.size() < count) take();
  return order;
}

TEST(AgePipelineTest, JobsComeBackInOrderHoweverManyThreadsWork) {
  for (const int threads : {1, 2, 3, kAgeMaxThreads}) {
    std::atomic<int> highest{0};
    AgePipeline pipeline(threads, [&](int thread, AgeJob* job) {
      int seen = highest;
      while (thread > seen && !highest.compare_exchange_weak(seen, thread)) {
      }
      job->size = job->first_chunk + 1;
    });

    const std::vector<uint64_t> order = RunJobs(&pipeline, 1000);

    EXPECT_EQ(order.size(), 1000u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_LT(highest, threads);
    EXPECT_EQ(pipeline.WaitForOldest(), nullptr);
  }
}

TEST(AgePipelineTest, OneThreadHasNumberNoughtAndIsTheCaller) {
  const std::thread::id caller = std::this_thread::get_id();
  AgePipeline pipeline(1, [&](int thread, AgeJob* job) {
    EXPECT_EQ(thread, 0);
    EXPECT_EQ(std::this_thread::get_id(), caller);
    job->size = job->first_chunk + 1;
  });

  EXPECT_EQ(RunJobs(&pipeline, 10).size(), 10u);
}

TEST(AgePipelineTest, NoTwoThreadsShareANumber) {
  std::mutex mutex;
  std::set<int> working;
  AgePipeline pipeline(4, [&](int thread, AgeJob* job) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      EXPECT_TRUE(working.insert(thread).second);
    }
    std::this_thread::yield();
    job->size = job->first_chunk + 1;
    std::lock_guard<std::mutex> lock(mutex);
    working.erase(thread);
  });

  EXPECT_EQ(RunJobs(&pipeline, 500).size(), 500u);
}

TEST(AgePipelineTest, MemoryIsBoundedByTheJobsInFlight) {
  AgePipeline pipeline(2, [](int, AgeJob*) {});
  size_t in_flight = 0;
  while (pipeline.Filling() != nullptr) {
    pipeline.Submit();
    ++in_flight;
  }

  EXPECT_EQ(in_flight, 6u);
}

TEST(AgePipelineTest, WorkNobodyWaitsForIsDroppedWithoutHarm) {
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  {
    AgePipeline pipeline(3, [&](int, AgeJob*) {
      ++begun;
      std::this_thread::yield();
      ++ended;
    });
    for (int i = 0; i < 4; ++i) {
      pipeline.Filling();
      pipeline.Submit();
    }
  }

  EXPECT_EQ(begun, ended);
}

TEST(AgePipelineTest, AReleasedJobForgetsItsError) {
  AgePipeline pipeline(
      1, [](int, AgeJob* job) { job->status = absl::InternalError("x"); });
  pipeline.Filling();
  pipeline.Submit();
  EXPECT_FALSE(pipeline.WaitForOldest()->status.ok());
  pipeline.ReleaseOldest();

  EXPECT_TRUE(pipeline.Filling()->status.ok());
}

}  // namespace
}  // namespace subrosa
