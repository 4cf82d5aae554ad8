#include "src/consent/consumer_states.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

CompiledStanding StandingOf(uint32_t residence, int choices = 0) {
  CompiledStanding standing;
  standing.residence = residence;
  for (int i = 1; i <= choices; ++i) {
    standing.choices.push_back(CompiledChoice(v1::CHOICE_KIND_CONSENT,
                                              v1::ACTION_SHARE, i, 0, 0,
                                              v1::ACTOR_KIND_SELF, 0));
  }
  return standing;
}

std::string RefOf(int i) { return absl::StrCat(i, "0123456789abcdef"); }

void Put(ConsumerStates& states, const std::string& consumer, int ref,
         const CompiledStanding& standing) {
  states.Put(consumer, RefOf(ref), standing, states.version());
}

TEST(ConsumerStatesTest, WhatIsPutIsFoundAndWhatIsNotIsNot) {
  ConsumerStates states;
  CompiledStanding put = StandingOf(4, 3);
  put.collected = 2;
  put.born = 1234;
  put.ask_again = true;
  Put(states, "ada", 1, put);

  CompiledStanding found;
  ASSERT_TRUE(states.Find("ada", &found));
  EXPECT_EQ(found.residence, 4u);
  EXPECT_EQ(found.collected, 2u);
  EXPECT_EQ(found.born, 1234);
  EXPECT_TRUE(found.ask_again);
  EXPECT_EQ(found.choices, put.choices);
  EXPECT_FALSE(states.Find("luz", &found));
}

TEST(ConsumerStatesTest, OfManyConsumersEachHasTheirOwnThroughEveryChange) {
  ConsumerStates states;
  constexpr int kConsumers = 20000;
  for (int i = 0; i < kConsumers; ++i) {
    Put(states, absl::StrCat("c", i), i, StandingOf(i % 97, i % 5));
  }
  for (int i = 0; i < kConsumers; i += 3) {
    states.Forget(absl::StrCat("c", i));
  }
  for (int i = 1; i < kConsumers; i += 3) {
    Put(states, absl::StrCat("c", i), i, StandingOf(200 + i % 3, 1));
  }

  CompiledStanding found;
  for (int i = 0; i < kConsumers; ++i) {
    const bool is_there = states.Find(absl::StrCat("c", i), &found);
    ASSERT_EQ(is_there, i % 3 != 0) << i;
    if (!is_there) continue;
    ASSERT_EQ(found.residence, i % 3 == 1 ? 200 + i % 3 : i % 97) << i;
  }
  EXPECT_EQ(states.size(), kConsumers - (kConsumers + 2) / 3);
}

TEST(ConsumerStatesTest, WhoIsForgottenByTheirRefIsFoundAgainOnceRead) {
  ConsumerStates states;
  CompiledStanding found;
  Put(states, "ada", 1, StandingOf(1));
  Put(states, "luz", 2, StandingOf(2));

  states.ForgetRef(RefOf(1));
  EXPECT_FALSE(states.Find("ada", &found));
  EXPECT_TRUE(states.Find("luz", &found));

  Put(states, "ada", 1, StandingOf(3));
  ASSERT_TRUE(states.Find("ada", &found));
  EXPECT_EQ(found.residence, 3u);
}

TEST(ConsumerStatesTest, WhatWasReadBeforeAChangeIsNotKept) {
  ConsumerStates states;
  CompiledStanding found;
  const uint64_t version = states.version();

  states.ForgetRef(RefOf(1));
  states.Put("ada", RefOf(1), StandingOf(1), version);

  EXPECT_FALSE(states.Find("ada", &found));
}

TEST(ConsumerStatesTest, AfterTooManyForgottenEverythingIsReadAnew) {
  ConsumerStates states;
  CompiledStanding found;
  Put(states, "ada", 99999999, StandingOf(1));

  for (int i = 0; i < 70000; ++i) states.ForgetRef(RefOf(i));

  EXPECT_FALSE(states.Find("ada", &found));
  EXPECT_EQ(states.size(), 0u);
}

TEST(ConsumerStatesTest, AConsumerTakesAtMost64BytesHoweverFullTheTableIs) {
  ConsumerStates states;
  for (int i = 0; i < 300000; ++i) {
    Put(states, absl::StrCat("c", i), i, StandingOf(i % 8, i % 4));
    if (i > 100000 && i % 9973 == 0) {
      ASSERT_LE(states.MemoryBytes(), states.size() * 64 + 200000) << i;
    }
  }
}

TEST(ConsumerStatesTest, ManyThreadsFindPutAndForget) {
  ConsumerStates states;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&states, t] {
      CompiledStanding found;
      for (int i = 0; i < 3000; ++i) {
        const std::string consumer = absl::StrCat("c", (i * 7 + t) % 500);
        Put(states, consumer, i % 500, StandingOf(7, 2));
        if (states.Find(consumer, &found)) ASSERT_EQ(found.residence, 7u);
        if (i % 10 == t) states.Forget(consumer);
        if (i % 50 == t) states.ForgetRef(RefOf(i % 500));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(states.size(), 500u);
}

}  // namespace
}  // namespace subrosa
