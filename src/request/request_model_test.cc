// The whole of what can become of a request, walked: docs/requests.md.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/request/request_machine.h"
#include "src/request/request_walk.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

struct Walk {
  v1::RequestKind kind;
  Authenticating authenticating;
};

class RequestModelTest : public testing::TestWithParam<Walk> {
 protected:
  const std::map<std::string, WalkedState> states_ =
      WalkRequests(GetParam().kind, GetParam().authenticating);
};

bool IsClosed(const WalkedState& state) {
  return state.machine.status() == v1::REQUEST_STATUS_CLOSED;
}

bool IsAnswered(const WalkedState& state) {
  return !state.machine.IsOpen() &&
         state.machine.status() != v1::REQUEST_STATUS_UNSPECIFIED;
}

// The states from which one of `targets` can be reached.
std::set<std::string> StatesThatLeadTo(
    const std::map<std::string, WalkedState>& states,
    std::set<std::string> targets) {
  std::map<std::string, std::vector<std::string>> back;
  for (const auto& [name, state] : states) {
    for (const auto& [step, next] : state.steps) back[next].push_back(name);
  }
  std::vector<std::string> waiting(targets.begin(), targets.end());
  while (!waiting.empty()) {
    const std::string name = waiting.back();
    waiting.pop_back();
    for (const std::string& before : back[name]) {
      if (targets.insert(before).second) waiting.push_back(before);
    }
  }
  return targets;
}

TEST_P(RequestModelTest, NoAnswerIsGivenWhileAStoreOrRecipientIsSilent) {
  for (const auto& [name, state] : states_) {
    if (IsAnswered(state)) EXPECT_EQ(state.machine.CountSilent(), 0) << name;
  }
}

TEST_P(RequestModelTest, EveryRequestCanBeClosed) {
  std::set<std::string> closed;
  for (const auto& [name, state] : states_) {
    if (IsClosed(state)) closed.insert(name);
  }
  EXPECT_EQ(StatesThatLeadTo(states_, closed).size(), states_.size());
}

TEST_P(RequestModelTest, NothingFollowsOnAClosedRequest) {
  for (const auto& [name, state] : states_) {
    EXPECT_EQ(state.steps.empty(), IsClosed(state)) << name;
  }
}

TEST_P(RequestModelTest, OnlyWhoWasAuthenticatedIsServedWhereThatIsNeeded) {
  for (const auto& [name, state] : states_) {
    if (GetParam().authenticating == Authenticating::kNotNeeded) {
      EXPECT_FALSE(state.machine.is_authenticated()) << name;
      continue;
    }
    const v1::RequestStatus status = state.machine.status();
    if (status == v1::REQUEST_STATUS_WORKING ||
        status == v1::REQUEST_STATUS_COMPLETED ||
        status == v1::REQUEST_STATUS_COMPLETED_IN_PART ||
        !state.machine.parts().empty()) {
      EXPECT_TRUE(state.machine.is_authenticated()) << name;
    }
  }
}

TEST_P(RequestModelTest, WhatAnAppealWonIsNotDeniedAgain) {
  for (const auto& [name, state] : states_) {
    for (const auto& [step, next] : state.steps) {
      const bool denies = step.find(" denied ") != std::string::npos;
      if (denies && state.machine.is_granted()) {
        EXPECT_EQ(step, "officer denied not-authenticated") << name;
      }
    }
  }
}

TEST_P(RequestModelTest, ACompletionThatIsWholeHasNoRefusalInIt) {
  for (const auto& [name, state] : states_) {
    bool refused = false;
    bool done = false;
    for (const auto& [slug, part] : state.machine.parts()) {
      refused |= part.status == v1::REQUEST_PART_STATUS_REFUSED;
      done |= part.status == v1::REQUEST_PART_STATUS_DONE;
    }
    const v1::RequestStatus status = state.machine.status();
    if (status == v1::REQUEST_STATUS_COMPLETED) EXPECT_FALSE(refused) << name;
    if (status == v1::REQUEST_STATUS_COMPLETED_IN_PART) {
      EXPECT_TRUE(refused && done) << name;
    }
    if (status == v1::REQUEST_STATUS_DENIED) EXPECT_FALSE(done) << name;
  }
}

TEST_P(RequestModelTest, OnlyTheRequesterAppealsOrTakesBack) {
  for (const auto& [name, state] : states_) {
    for (const auto& [step, next] : state.steps) {
      if (step.find("appealed") != std::string::npos ||
          step.find("taken-back") != std::string::npos) {
        EXPECT_EQ(step.find("requester "), 0U) << name << ": " << step;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RequestModelTest,
    testing::Values(Walk{v1::REQUEST_KIND_DELETE, Authenticating::kNeeded},
                    Walk{v1::REQUEST_KIND_ACCESS, Authenticating::kNeeded},
                    Walk{v1::REQUEST_KIND_OPT_OUT, Authenticating::kNotNeeded},
                    Walk{v1::REQUEST_KIND_KNOW, Authenticating::kNotNeeded}));

}  // namespace
}  // namespace subrosa
