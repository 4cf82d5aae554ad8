#include "src/audit/sequencer_thread.h"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/log_batch.h"
#include "src/audit/log_state.h"
#include "src/audit/scratch_log.h"
#include "src/audit/sequencer.h"
#include "src/base/clock.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// A bound on a hang.
constexpr absl::Duration kLong = absl::Seconds(60);
// For what is not to come.
constexpr absl::Duration kShort = absl::Milliseconds(20);

TEST(SequencerThreadTest, ACheckpointFollowsEachCommit) {
  ScratchLog log;
  SequencerThread thread(log.Open());
  for (int64_t i = 1; i <= 5; ++i) {
    log.Commit("records", {absl::StrCat("r", i)});

    const absl::StatusOr<LogStatus> status = thread.WaitFor({0, i}, kLong);

    ASSERT_TRUE(status.ok()) << status.status();
    EXPECT_GE(status->size, static_cast<uint64_t>(i));
    EXPECT_GE(status->sequenced.records, i);
  }
  EXPECT_THAT(log.Entries(), ElementsAre("r1", "r2", "r3", "r4", "r5"));
}

TEST(SequencerThreadTest, WhatIsInTheLogAlreadyIsNotWaitedFor) {
  ScratchLog log;
  SequencerThread thread(log.Open());
  log.Commit("keys", {"k1"});
  ASSERT_TRUE(thread.WaitFor({1, 0}, kLong).ok());

  EXPECT_TRUE(thread.WaitFor({1, 0}, absl::ZeroDuration()).ok());
}

TEST(SequencerThreadTest, WhoeverWaitsForNothingIsToldSo) {
  ScratchLog log;
  SequencerThread thread(log.Open());

  const absl::Status status = thread.WaitFor({0, 1}, kShort).status();

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST(SequencerThreadTest, WhatAnotherProcessSequencesCountsAsWell) {
  ScratchLog log;
  const auto other = log.Open();
  log.Commit("records", {"r1"});
  log.TakeAll(*other);  // Which keeps the lease.
  SequencerThread thread(log.Open());
  log.Commit("records", {"r2"});
  EXPECT_TRUE(absl::IsUnavailable(thread.WaitFor({0, 2}, kShort).status()));

  log.TakeAll(*other);

  EXPECT_TRUE(thread.WaitFor({0, 2}, kLong).ok());
}

TEST(SequencerThreadTest, WhatIsLeftIsTakenAtTheEndAndTheLeaseGivenBack) {
  ScratchLog log;
  {
    const SequencerThread thread(log.Open());
    log.Commit("records", {"r1"});
    log.Commit("keys", {"k1"}, 1);
  }
  EXPECT_THAT(log.Entries(), ElementsAre("r1", "k1"));
  EXPECT_EQ(log.Status().holder, "");

  log.Commit("records", {"r2"});
  EXPECT_EQ(log.Open()->Step()->entries, 1u);
}

TEST(SequencerThreadTest, AnErrorIsToldToWhoeverWaitsAndGoesByItself) {
  ScratchLog log;
  SequencerThread thread(log.Open());
  log.Commit("records", {"r1"});
  ASSERT_TRUE(thread.WaitFor({0, 1}, kLong).ok());
  log.provider().PullOut();
  log.Commit("records", {"canary"});

  const absl::Status status = thread.WaitFor({0, 2}, absl::Seconds(1)).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "token")) << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "canary")) << status;

  log.provider().PutBack();
  EXPECT_TRUE(thread.WaitFor({0, 2}, kLong).ok());
}

TEST(SequencerThreadTest, ManyWritersAndSeveralSequencersLoseAndDoubleNothing) {
  constexpr int kWriters = 4;
  constexpr int kCommits = 20;
  ScratchLog log;
  const SystemClock clock;
  std::vector<std::unique_ptr<SequencerThread>> sequencers;
  for (int i = 0; i < 2; ++i) {
    Sequencer::Parts parts = log.Parts();
    parts.clock = &clock;
    sequencers.push_back(
        std::make_unique<SequencerThread>(*Sequencer::Open(std::move(parts))));
  }
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&log, writer] {
      for (int i = 0; i < kCommits; ++i) {
        const std::string name = absl::StrCat(writer, ".", i);
        log.Commit("keys", {"k" + name});
        log.Commit("records", {"r" + name, "s" + name});
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const OutboxPosition all{kWriters * kCommits, 2 * kWriters * kCommits};
  std::vector<std::thread> waiters;
  for (const auto& sequencer : sequencers) {
    waiters.emplace_back(
        [&] { EXPECT_TRUE(sequencer->WaitFor(all, kLong).ok()); });
  }
  for (std::thread& waiter : waiters) waiter.join();
  sequencers.clear();

  const std::vector<std::string> entries = log.Entries();
  EXPECT_THAT(entries, SizeIs(3 * kWriters * kCommits));
  for (int writer = 0; writer < kWriters; ++writer) {
    for (const char* store : {"k", "r", "s"}) {
      auto place = entries.begin();
      for (int i = 0; i < kCommits; ++i) {
        place = std::find(place, entries.end(),
                          absl::StrCat(store, writer, ".", i));
        ASSERT_NE(place, entries.end()) << store << writer << "." << i;
      }
    }
  }
}

}  // namespace
}  // namespace subrosa
