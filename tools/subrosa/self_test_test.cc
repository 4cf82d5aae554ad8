#include "tools/subrosa/self_test.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/erasure/connector_file.h"
#include "src/law/law_book.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "tools/subrosa/self_test_home.h"

namespace subrosa {
namespace {

class SelfTestTest : public testing::Test {
 protected:
  // A home with the policy of the examples, a store and a recipient.
  SelfTestTest() {
    const auto policy =
        ReadFile("docs/examples/policy/policy.textproto", kMaxPolicyBytes);
    EXPECT_TRUE(policy.ok()) << policy.status();
    UsePolicy(*policy);
    EXPECT_TRUE(home_.steward()
                    .Recipients()
                    .Put({With(ScratchThirdParty(), "purpose: 'hosting'")},
                         CivilDayOf(DayOf(home_.clock().Now())))
                    .ok());
    EXPECT_TRUE(home_.steward().gate().Refresh().ok());
    EXPECT_TRUE(
        ReplaceFile(absl::StrCat(home_.folder(), "/", kConnectorFileName),
                    "connector { id: 'crm' kind: PARTY_KIND_STORE command {"
                    " argument: '/bin/false' } }\n",
                    0600)
            .ok());
  }

  void UsePolicy(const std::string& policy) {
    const absl::Status written =
        WriteHomePolicy(home_.folder(), "policy", policy, *LawBook::BuiltIn());
    EXPECT_TRUE(written.ok()) << written;
    home_.Close();
    ASSERT_TRUE(home_.Open().ok());
  }

  // Plays it, where the sink `name` says what `passes` does.
  SelfTestReport Play(
      const std::string& name = "",
      std::function<bool(SelfTestHome&, const SelfTestAttempt&)> passes = {}) {
    auto made = SelfTestHome::Make(home_.steward());
    EXPECT_TRUE(made.ok()) << made.status();
    self_test_home_ = *std::move(made);
    auto sinks = SinksOf(*self_test_home_);
    EXPECT_TRUE(sinks.ok()) << sinks.status();
    for (SelfTestSink& sink : *sinks) {
      if (sink.name != name) continue;
      sink.passes =
          [this, passes, real = sink.passes](
              const SelfTestAttempt& attempt) -> absl::StatusOr<bool> {
        const absl::StatusOr<bool> done = real(attempt);
        if (!done.ok()) return done;
        return passes(*self_test_home_, attempt);
      };
    }
    const auto report = RunSelfTest(*self_test_home_, *sinks);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : SelfTestReport();
  }

  // Whether `who` is found to get through `sink`.
  static bool Leaks(const SelfTestReport& report, const std::string& who,
                    const std::string& sink) {
    return std::any_of(report.leaks.begin(), report.leaks.end(),
                       [&](const SelfTestFinding& finding) {
                         return finding.who == who && finding.sink == sink;
                       });
  }

  ScratchHome home_;
  std::unique_ptr<SelfTestHome> self_test_home_;
};

TEST_F(SelfTestTest, NobodyGetsThroughWhereNothingIsBroken) {
  const SelfTestReport report = Play();

  EXPECT_TRUE(report.is_sound());
  for (const SelfTestFinding& leak : report.leaks) {
    ADD_FAILURE() << leak.who << " " << leak.sink << " " << leak.purpose;
  }
  for (const SelfTestFinding& stopped : report.stopped) {
    ADD_FAILURE() << stopped.who << " " << stopped.sink << stopped.purpose;
  }
  EXPECT_GT(report.refused, 100);
  EXPECT_EQ(report.passed, 5) << "each of the five is given what they may have";
  EXPECT_EQ(report.not_tested.size(), 1u) << "who may come back in Washington";
}

TEST_F(SelfTestTest, WhereAStatuteKeepsTheErasedOutTheyAreNotTakenInAgain) {
  const auto policy =
      ReadFile("docs/examples/policy/policy.textproto", kMaxPolicyBytes);
  UsePolicy(absl::StrReplaceAll(*policy, {{"residence_unless_known: \"US-WA\"",
                                           "residence_unless_known: "
                                           "\"US-CA\""}}));

  const SelfTestReport kept_out = Play();

  EXPECT_TRUE(kept_out.is_sound());
  EXPECT_TRUE(kept_out.not_tested.empty());
  const SelfTestReport taken_in =
      Play("put", [](SelfTestHome&, const SelfTestAttempt&) { return true; });
  EXPECT_TRUE(Leaks(taken_in, "deleted", "put"));
}

TEST_F(SelfTestTest, AReadThatAsksNobodyIsCaught) {
  const SelfTestReport report =
      Play("scan", [](SelfTestHome& home, const SelfTestAttempt& attempt) {
        bool seen = false;
        return home.steward()
                   .ScanForConsumer(
                       attempt.consumer,
                       [&](const v1::HealthRecord&, const RowFacts&) {
                         seen = true;
                         return absl::OkStatus();
                       })
                   .ok() &&
               seen;
      });

  EXPECT_FALSE(report.is_sound());
  for (const char* const who : {"withdrawn", "expired", "teen", "maryland"}) {
    EXPECT_TRUE(Leaks(report, who, "scan")) << who;
  }
  EXPECT_FALSE(Leaks(report, "deleted", "scan")) << "there is nothing to read";
}

TEST_F(SelfTestTest, SharingThatGivesWhatItIsAskedForIsCaught) {
  for (const char* const sink :
       {"share", "declare", "put", "get", "find", "set"}) {
    const SelfTestReport report =
        Play(sink, [](SelfTestHome&, const SelfTestAttempt&) { return true; });

    EXPECT_TRUE(Leaks(report, "withdrawn", sink)) << sink;
    EXPECT_TRUE(Leaks(report, "teen", sink)) << sink;
  }
}

TEST_F(SelfTestTest, ACopyOfWhoeverWasErasedIsCaught) {
  const SelfTestReport report =
      Play("copy", [](SelfTestHome&, const SelfTestAttempt&) { return true; });

  ASSERT_EQ(report.leaks.size(), 1u) << "to all others their copy is theirs";
  EXPECT_TRUE(Leaks(report, "deleted", "copy"));
}

TEST_F(SelfTestTest, AGateThatLetsNothingPassIsNoSuccess) {
  const SelfTestReport report =
      Play("get", [](SelfTestHome&, const SelfTestAttempt&) { return false; });

  EXPECT_TRUE(report.leaks.empty());
  EXPECT_FALSE(report.is_sound());
  EXPECT_EQ(report.stopped.size(), 5u);
}

TEST_F(SelfTestTest, AStoreThatIsNotToldOfAnErasureIsCaught) {
  const auto made = SelfTestHome::Make(home_.steward());
  ASSERT_TRUE(made.ok()) << made.status();
  // It says that it has deleted, and was told nothing that it could keep.
  ASSERT_TRUE(
      ReplaceFile(
          absl::StrCat((*made)->steward().folder(), "/", kConnectorFileName),
          "connector { id: 'crm' kind: PARTY_KIND_STORE command {"
          " argument: '/bin/true' } }\n",
          0600)
          .ok());

  const auto report = RunSelfTest(**made, *SinksOf(**made));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(Leaks(*report, "deleted", "store crm"));
}

TEST_F(SelfTestTest, ARecipientThatIsNotToldOfAnErasureIsCaught) {
  ASSERT_TRUE(home_.steward()
                  .Recipients()
                  .Put({With(ScratchProcessor(), "purpose: 'hosting'")},
                       CivilDayOf(DayOf(home_.clock().Now())))
                  .ok());
  ASSERT_TRUE(home_.steward().gate().Refresh().ok());
  const std::string connector =
      "connector { id: 'cloud' kind: PARTY_KIND_RECIPIENT command {"
      " argument: '/bin/true' } }\n";
  ASSERT_TRUE(ReplaceFile(absl::StrCat(home_.folder(), "/", kConnectorFileName),
                          connector, 0600)
                  .ok());
  const SelfTestReport told = Play();
  EXPECT_TRUE(told.is_sound());
  EXPECT_EQ(told.not_tested.size(), 1u) << "it was given something";
  EXPECT_NE(self_test_home_->ToldTo(v1::PARTY_KIND_RECIPIENT, "cloud"), "");

  const auto made = SelfTestHome::Make(home_.steward());
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(ReplaceFile(absl::StrCat((*made)->steward().folder(), "/",
                                       kConnectorFileName),
                          connector, 0600)
                  .ok());
  const auto untold = RunSelfTest(**made, *SinksOf(**made));

  ASSERT_TRUE(untold.ok()) << untold.status();
  EXPECT_TRUE(Leaks(*untold, "deleted", "recipient cloud"));
}

TEST_F(SelfTestTest, WhereTwoOfficersAreWantedItHasTwo) {
  const auto policy =
      ReadFile("docs/examples/policy/policy.textproto", kMaxPolicyBytes);
  UsePolicy(absl::StrCat(*policy, "erasure_wants_two_officers: true\n"));

  EXPECT_TRUE(Play().is_sound());
}

TEST_F(SelfTestTest, WhatAPolicyLeavesUntestedIsSaid) {
  UsePolicy(ScratchHomePolicy());

  const SelfTestReport report = Play();

  EXPECT_TRUE(report.is_sound());
  EXPECT_FALSE(report.not_tested.empty()) << "it has nothing to sell";
}

TEST_F(SelfTestTest, ItLeavesNothingBehindAndTellsNobody) {
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  const auto before = home_.steward().ReadLogSize();
  ASSERT_TRUE(before.ok()) << before.status();
  Play();
  const std::string folder = self_test_home_->folder();
  ASSERT_TRUE(std::filesystem::exists(folder));
  EXPECT_NE(self_test_home_->ToldTo(v1::PARTY_KIND_STORE, "crm"), "")
      << "the double, in its place";

  self_test_home_.reset();

  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(*home_.steward().ReadLogSize(), *before);
  for (const char* const who : {"withdrawn", "deleted"}) {
    EXPECT_TRUE(absl::IsNotFound(
        home_.steward().CountRows(absl::StrCat("selftest-", who)).status()));
  }
}

}  // namespace
}  // namespace subrosa
