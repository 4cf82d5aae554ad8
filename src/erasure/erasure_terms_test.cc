#include "src/erasure/erasure_terms.h"

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/consent/entity_law.h"
#include "src/erasure/connector.h"
#include "src/erasure/scratch_grace_pack.h"
#include "src/erasure/stored_erasure.h"
#include "src/law/law_book.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

// 2026-03-02, noon in UTC.
const absl::Time kMonday = absl::FromUnixSeconds(1'772'452'800);

int32_t Day(int year, int month, int day) {
  return static_cast<int32_t>(absl::CivilDay(year, month, day) -
                              absl::CivilDay(1970, 1, 1));
}

class ErasureTermsTest : public testing::Test {
 protected:
  ErasureTermsTest() : law_(LawBook::BuiltIn().value()) {
    for (const char* const pack : {"wa-mhmda", "nv-sb370", "ca-ccpa"}) {
      policy_.add_pack(pack);
    }
    policy_.set_residence_unless_known("US-WA");
  }

  ErasureTerms Of(const std::string& residence) {
    v1::ConsumerFacts facts;
    facts.set_residence(residence);
    return ErasureTermsOf(law_, EntityLaw::Create(law_, policy_).value(), facts,
                          {kMonday, kMonday}, kMonday)
        .value();
  }

  LawBook law_;
  v1::Policy policy_;
};

// Covers: wa-mhmda/delete, wa-mhmda/delete-backups
TEST_F(ErasureTermsTest, WashingtonGivesFortyFiveDaysAndBackupsSixMonths) {
  const ErasureTerms terms = Of("US-WA");

  EXPECT_EQ(terms.live.rule, "wa-mhmda/delete");
  EXPECT_EQ(terms.live.day, Day(2026, 4, 16));
  ASSERT_EQ(terms.limits.size(), 1);
  EXPECT_EQ(terms.limits[0].rule(), "wa-mhmda/delete-backups");
  EXPECT_EQ(terms.limits[0].day(), Day(2026, 9, 2));
  EXPECT_EQ(terms.limits[0].citation(), "RCW 19.373.040(1)(c)(iii)");
}

TEST_F(ErasureTermsTest, WashingtonLetsNothingBeKeptOrWait) {
  const ErasureTerms terms = Of("US-WA");

  EXPECT_FALSE(terms.MaySuppress());
  EXPECT_EQ(terms.hold_rule, "");
  EXPECT_EQ(terms.grace_rule, "");
}

// Covers: ca-ccpa/suppress-deleted
TEST_F(ErasureTermsTest, CaliforniaLetsTheTokenBeKeptThatKeepsAnIdDeleted) {
  const ErasureTerms terms = Of("US-CA");

  ASSERT_TRUE(terms.MaySuppress());
  EXPECT_EQ(terms.suppression.rule(), "ca-ccpa/suppress-deleted");
  EXPECT_EQ(terms.suppression.what(), "suppression");
  EXPECT_EQ(terms.hold_rule, "ca-ccpa/hold-deletion");
}

TEST_F(ErasureTermsTest, WhereTwoStatutesApplyEachHasToLetItBeKept) {
  policy_.add_pack_for_all("wa-mhmda");

  EXPECT_FALSE(Of("US-CA").MaySuppress());
  EXPECT_EQ(Of("US-CA").hold_rule, "");
}

// Covers: nv-sb370/delete-recipients, nv-sb370/delete-backups
TEST_F(ErasureTermsTest, NevadasRecipientsHaveTheirOwnDayAndBackupsTwoYears) {
  const ErasureTerms terms = Of("US-NV");

  EXPECT_EQ(terms.recipients.day, Day(2026, 4, 1));
  ASSERT_EQ(terms.limits.size(), 1);
  EXPECT_EQ(terms.limits[0].day(), Day(2028, 3, 2));
}

// Covers: ca-ccpa/delete-backups
TEST_F(ErasureTermsTest, WhereNoStatuteNamesADayForBackupsNoneIsMadeUp) {
  EXPECT_TRUE(Of("US-CA").limits.empty());
}

TEST_F(ErasureTermsTest, WhoIsNotKnownToLiveAnywhereLivesWhereThePolicySays) {
  EXPECT_EQ(Of("").live.rule, "wa-mhmda/delete");
}

TEST_F(ErasureTermsTest, ARuleThatIsInNoPackIsCitedByItsId) {
  EXPECT_EQ(CitationOf(law_, "wa-mhmda/delete"), "RCW 19.373.040(1)(c)(i)(A)");
  EXPECT_EQ(CitationOf(law_, "xx-none/rule"), "xx-none/rule");
}

// No statute that ships gives days of grace: this one is made up.
TEST_F(ErasureTermsTest, GraceIsGivenOnlyWhereEachStatuteThatAppliesGivesIt) {
  const LawBook law =
      LawBook::WithPacks({{"grace", ScratchGracePack()}}).value();
  policy_.add_pack("xx-grace");
  v1::ConsumerFacts facts;
  facts.set_residence("US-WY");
  const auto of = [&](const v1::ConsumerFacts& consumer) {
    return ErasureTermsOf(law, EntityLaw::Create(law, policy_).value(),
                          consumer, {kMonday, kMonday}, kMonday)
        .value();
  };

  EXPECT_EQ(of(facts).grace_rule, "xx-grace/grace");
  EXPECT_EQ(of(facts).live.day, Day(2026, 3, 22));
  facts.add_place_of_collection("US-WA");
  EXPECT_EQ(of(facts).grace_rule, "") << "Washington gives none";
}

class StoredPartyTest : public testing::Test {
 protected:
  void Begin(const v1::Connector* connector) {
    BeginParty(v1::PARTY_KIND_STORE, "crm", connector, ErasureTerms(), kMonday,
               &party_);
  }
  void Take(PartyAnswer answer, absl::Time now, bool is_reached = true) {
    TakeReply({answer, absl::OkStatus(), is_reached}, now, &party_);
  }

  v1::Connector connector_;
  v1::ErasureParty party_;
};

TEST_F(StoredPartyTest, OneWithoutAConnectorWaitsForAnOfficer) {
  Begin(nullptr);

  EXPECT_FALSE(IsTimeToTell(party_, kMonday + absl::Hours(9999)));
  EXPECT_TRUE(IsOpen(party_.party()));
  EXPECT_EQ(party_.party().due_day(), DayOf(kMonday) + 30);
}

TEST_F(StoredPartyTest, ASilentOneIsToldAgainLessAndLessOften) {
  connector_.set_answer_days(7);
  Begin(&connector_);
  EXPECT_EQ(party_.party().due_day(), DayOf(kMonday) + 7);
  ASSERT_TRUE(IsTimeToTell(party_, kMonday));

  Take(PartyAnswer::kSilent, kMonday);

  EXPECT_FALSE(IsTimeToTell(party_, kMonday + absl::Seconds(59)));
  EXPECT_TRUE(IsTimeToTell(party_, kMonday + absl::Minutes(1)));
  for (int i = 0; i < 20; ++i) Take(PartyAnswer::kSilent, kMonday);
  EXPECT_FALSE(IsTimeToTell(party_, kMonday + absl::Hours(23)));
  EXPECT_TRUE(IsTimeToTell(party_, kMonday + absl::Hours(24)));
}

TEST_F(StoredPartyTest, OneThatWasNotReachedIsNotSaidToBeTold) {
  Begin(&connector_);

  Take(PartyAnswer::kSilent, kMonday, /*is_reached=*/false);

  EXPECT_EQ(party_.party().state(), v1::PARTY_STATE_UNTOLD);
  EXPECT_EQ(party_.party().told_day(), 0);
}

TEST_F(StoredPartyTest, WhatWasAcceptedIsNotForgottenInALaterSilence) {
  Begin(&connector_);
  Take(PartyAnswer::kAccepted, kMonday);

  Take(PartyAnswer::kSilent, kMonday + absl::Hours(24));

  EXPECT_EQ(party_.party().state(), v1::PARTY_STATE_ACCEPTED);
  EXPECT_EQ(party_.party().answered_day(), DayOf(kMonday));
}

TEST_F(StoredPartyTest, WhoIsDoneOrRefusesIsNotToldAgain) {
  for (const PartyAnswer answer : {PartyAnswer::kDone, PartyAnswer::kRefused}) {
    party_.Clear();
    Begin(&connector_);

    Take(answer, kMonday);

    EXPECT_FALSE(IsOpen(party_.party()));
    EXPECT_FALSE(IsTimeToTell(party_, kMonday + absl::Hours(9999)));
    EXPECT_EQ(party_.party().due_day(), 0);
  }
}

}  // namespace
}  // namespace subrosa
