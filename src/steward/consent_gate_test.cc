#include "src/steward/consent_gate.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/consent/decision.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

// 2026-07-01, the scratch home's day, at midnight.
constexpr int64_t kNow = 1782864000;

v1::LedgerEntry EntryOf(const std::string& consumer, const std::string& text) {
  v1::LedgerEntry entry;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &entry));
  entry.set_consumer(consumer);
  if (entry.has_choice()) {
    v1::Choice& choice = *entry.mutable_choice();
    choice.set_consumer(consumer);
    choice.mutable_given_at()->set_seconds(kNow - 60);
    choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  }
  return entry;
}

class ConsentGateTest : public testing::Test {
 protected:
  ConsentGate& gate() { return home_.steward().gate(); }

  absl::Status Record(ConsentGate& gate, const std::string& consumer,
                      const std::string& text) {
    const v1::LedgerEntry entry = EntryOf(consumer, text);
    const auto results = gate.Record({&entry});
    return results.ok() ? (*results)[0].status : results.status();
  }
  Verdict Collecting(ConsentGate& gate, const std::string& consumer,
                     const std::string& purpose) {
    const auto decision =
        gate.Decide(consumer, gate.UseOf(v1::ACTION_COLLECT, purpose, "", 0));
    EXPECT_TRUE(decision.ok()) << decision.status();
    return decision.value_or(Decision()).verdict;
  }
  v1::HealthRecord Mood(const std::string& consumer, const std::string& id,
                        const std::string& purpose) {
    v1::MoodCheckIn mood;
    mood.set_score(3);
    v1::HealthRecord record = RecordOf(consumer, id, mood);
    record.set_purpose(purpose);
    return record;
  }
  absl::Status Put(const v1::HealthRecord& record) {
    const auto results = home_.steward().Put({&record});
    return results.ok() ? (*results)[0].status : results.status();
  }

  ScratchHome home_;
};

TEST_F(ConsentGateTest, WhatMayNotBeCollectedIsNotPut) {
  EXPECT_TRUE(Put(Mood("ada", "1", "mood-tracking")).ok());
  EXPECT_EQ(Put(Mood("ada", "2", "coaching")),
            absl::PermissionDeniedError(
                "use: want a permit, got 'needs consent': the consumer has not "
                "consented to it (wa-mhmda/collect)"));
  EXPECT_EQ(Put(Mood("ada", "3", "mining")),
            absl::PermissionDeniedError(
                "use: want a permit, got 'deny': the policy names no such "
                "purpose"));
}

TEST_F(ConsentGateTest, OneRefusedRecordStopsNoOther) {
  const v1::HealthRecord allowed = Mood("ada", "1", "mood-tracking");
  const v1::HealthRecord refused = Mood("ada", "2", "coaching");

  const auto results = home_.steward().Put({&refused, &allowed});

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_TRUE(absl::IsPermissionDenied((*results)[0].status));
  EXPECT_TRUE((*results)[1].status.ok());
}

TEST_F(ConsentGateTest, WhereAConsumerLivesDecides) {
  EXPECT_EQ(Collecting(gate(), "ada", "mood-tracking"), Verdict::kPermit);

  ASSERT_TRUE(Record(gate(), "ada", "facts { residence: 'US-MD' }").ok());

  EXPECT_EQ(Collecting(gate(), "ada", "mood-tracking"), Verdict::kDeny);
}

TEST_F(ConsentGateTest, WhatIsNoConsentIsRefusedAtTheDoor) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Record(gate(), "ada",
             "choice { kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
             " purpose: 'coaching' category: 1 method: 'hover' }")));
  EXPECT_EQ(Collecting(gate(), "ada", "coaching"), Verdict::kNeedsConsent);
}

TEST_F(ConsentGateTest, AnObjectionCountsAtOnceForWhoRecordsIt) {
  ASSERT_EQ(Collecting(gate(), "ada", "mood-tracking"), Verdict::kPermit);

  ASSERT_TRUE(Record(gate(), "ada",
                     "choice { kind: CHOICE_KIND_OPT_OUT"
                     " purpose: 'mood-tracking' method: 'toggle' }")
                  .ok());

  EXPECT_EQ(Collecting(gate(), "ada", "mood-tracking"), Verdict::kDeny);
  EXPECT_TRUE(absl::IsPermissionDenied(Put(Mood("ada", "1", "mood-tracking"))));
}

TEST_F(ConsentGateTest, WhatAnotherProcessRecordsCountsAfterARefresh) {
  ASSERT_TRUE(Put(Mood("ada", "1", "mood-tracking")).ok());
  StewardOptions options;
  options.clock = &home_.clock();
  const auto other = Steward::Open(home_.folder(), home_.passphrase(), options);
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_EQ(Collecting((*other)->gate(), "ada", "mood-tracking"),
            Verdict::kPermit);

  ASSERT_TRUE(Record(gate(), "ada",
                     "choice { kind: CHOICE_KIND_OPT_OUT"
                     " purpose: 'mood-tracking' method: 'toggle' }")
                  .ok());
  ASSERT_TRUE((*other)->gate().Refresh().ok());

  EXPECT_EQ(Collecting((*other)->gate(), "ada", "mood-tracking"),
            Verdict::kDeny);
}

TEST_F(ConsentGateTest, WhatIsHeldIsUsedForAPermittedPurposeAlone) {
  ASSERT_TRUE(Put(Mood("ada", "1", "mood-tracking")).ok());
  Steward& steward = home_.steward();
  int seen = 0;
  const auto count = [&seen](const v1::HealthRecord&, const RowFacts&) {
    ++seen;
    return absl::OkStatus();
  };

  EXPECT_TRUE(steward.Get("mood-tracking", "ada", "ios-app", "1").ok());
  EXPECT_TRUE(absl::IsPermissionDenied(
      steward.Get("coaching", "ada", "ios-app", "1").status()));
  EXPECT_EQ(steward.Scan("mood-tracking", "ada", count).value(), 0);
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(steward.Scan("coaching", "ada", count).value(), 1);
  EXPECT_EQ(seen, 1) << "left out";
  EXPECT_TRUE(steward.ScanForConsumer("ada", count).ok());
  EXPECT_EQ(seen, 2) << "their own copy is theirs";
}

TEST_F(ConsentGateTest, AnErasedConsumerChoosesNoMore) {
  ASSERT_TRUE(Put(Mood("ada", "1", "mood-tracking")).ok());
  ASSERT_TRUE(Record(gate(), "ada", "facts { residence: 'US-MD' }").ok());
  ASSERT_TRUE(home_.Erase("ada").ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(
      Record(gate(), "ada", "facts { residence: 'US-WA' }")));
  EXPECT_EQ(gate().ReadStanding("ada")->choices, 0u);
}

TEST_F(ConsentGateTest, WhatIsRecordedIsReadBackWithItsNumber) {
  ASSERT_TRUE(Record(gate(), "ada", "facts { residence: 'US-WA' }").ok());
  ASSERT_TRUE(Record(gate(), "ada",
                     "choice { kind: CHOICE_KIND_LIMIT method: 'toggle' }")
                  .ok());
  std::vector<uint64_t> numbers;
  ASSERT_TRUE(gate()
                  .VisitEntries("ada",
                                [&](uint64_t number, const v1::LedgerEntry&) {
                                  numbers.push_back(number);
                                  return absl::OkStatus();
                                })
                  .ok());

  EXPECT_EQ(numbers, (std::vector<uint64_t>{1, 2}));
  EXPECT_EQ(gate().ReadStanding("ada")->standing.choice_size(), 3)
      << "of use, sharing and sale";
}

}  // namespace
}  // namespace subrosa
