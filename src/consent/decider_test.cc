#include "src/consent/decider.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "src/consent/scratch_decider.h"

namespace subrosa {
namespace {

constexpr uint32_t kConditions = uint32_t{1} << v1::HEALTH_CATEGORY_CONDITIONS;
constexpr uint32_t kReproductive =
    uint32_t{1} << v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL;
constexpr uint32_t kVitals = uint32_t{1}
                             << v1::HEALTH_CATEGORY_BODILY_FUNCTIONS;

class DeciderTest : public testing::Test {
 protected:
  // "verdict: reason [rule=ground …]", where a rule without a ground has "-".
  std::string Say(const Decision& decision) const {
    std::vector<std::string> rules;
    for (size_t i = 0; i < decision.rule_count; ++i) {
      const AppliedRule& rule = decision.rules[i];
      rules.push_back(absl::StrCat(scratch_.decider().RuleOf(rule).id,
                                   rule.Holds() ? "" : "!"));
    }
    return absl::StrCat(VerdictName(decision.verdict), ": ",
                        absl::StrJoin(rules, " "));
  }
  std::string Ask(v1::Action action, absl::string_view purpose,
                  absl::string_view recipient, uint32_t categories,
                  const v1::Standing& standing) const {
    return Say(
        scratch_.Decide(action, purpose, recipient, categories, standing));
  }
  Reason Why(v1::Action action, absl::string_view purpose,
             absl::string_view recipient, uint32_t categories,
             const v1::Standing& standing) const {
    return scratch_.Decide(action, purpose, recipient, categories, standing)
        .reason;
  }

  const ScratchDecider scratch_;
};

// Covers: wa-mhmda/collect, nv-sb370/collect
TEST_F(DeciderTest, CollectingNeedsConsentOrNecessity) {
  EXPECT_EQ(
      Ask(v1::ACTION_COLLECT, "coaching", "", kConditions, Resident("US-WA")),
      "needs consent: wa-mhmda/collect!");
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "mood-tracking", "", kConditions,
                Resident("US-WA")),
            "permit: wa-mhmda/collect");
  EXPECT_EQ(
      Ask(v1::ACTION_COLLECT, "coaching", "", kConditions, Resident("US-NV")),
      "needs consent: nv-sb370/collect!");
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "coaching", "", kConditions,
                With(Resident("US-NV"),
                     "kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
                     " purpose: 'coaching' category: 1")),
            "permit: nv-sb370/collect");
}

TEST_F(DeciderTest, AConsentToCollectCarriesUseAndNotSharing) {
  const v1::Standing standing =
      With(Resident("US-WA"),
           "kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
           " purpose: 'coaching' category: 1");
  EXPECT_EQ(Ask(v1::ACTION_USE, "coaching", "", kConditions, standing),
            "permit: wa-mhmda/collect");
  EXPECT_EQ(
      Ask(v1::ACTION_SHARE, "coaching", "coach-desk", kConditions, standing),
      "needs consent: wa-mhmda/share!");
}

// Covers: wa-mhmda/share, nv-sb370/share
TEST_F(DeciderTest, AProcessorIsNoSharingInWashingtonAndIsInNevada) {
  EXPECT_EQ(Ask(v1::ACTION_SHARE, "mood-tracking", "cloud", kConditions,
                Resident("US-WA")),
            "permit: ");
  EXPECT_EQ(Ask(v1::ACTION_SHARE, "coaching", "cloud", kConditions,
                Resident("US-NV")),
            "needs consent: nv-sb370/share!");
  EXPECT_EQ(Ask(v1::ACTION_SHARE, "subpoena", "coach-desk", kConditions,
                Resident("US-NV")),
            "permit: nv-sb370/share");
  EXPECT_EQ(Why(v1::ACTION_SHARE, "subpoena", "coach-desk", kConditions,
                Resident("US-WA")),
            Reason::kConsentMissing)
      << "Washington names no such ground";
}

// Covers: wa-mhmda/sell, nv-sb370/sell
TEST_F(DeciderTest, SellingNeedsAnAuthorizationToThatPurchaser) {
  EXPECT_EQ(
      Ask(v1::ACTION_SELL, "sale", "broker", kConditions, Resident("US-WA")),
      "needs authorization: wa-mhmda/sell!");
  EXPECT_EQ(
      Ask(v1::ACTION_SELL, "sale", "broker", kConditions,
          With(Resident("US-WA"),
               "kind: CHOICE_KIND_CONSENT action: ACTION_SELL purpose: 'sale'"
               " category: 1 recipient: 'broker'")),
      "needs authorization: wa-mhmda/sell!")
      << "a consent is less than an authorization";
  const std::string authorization =
      "kind: CHOICE_KIND_AUTHORIZATION action: ACTION_SELL purpose: 'sale'"
      " category: 1 recipient: 'broker'"
      " expires_at { seconds: 1795000000 }";  // 2026-11-18.
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kConditions,
                With(Resident("US-WA"), authorization)),
            "needs authorization: wa-mhmda/sell!")
      << "it is over";
  for (const char* state : {"US-WA", "US-NV"}) {
    EXPECT_EQ(scratch_
                  .Decide(v1::ACTION_SELL, "sale", "broker", kConditions,
                          With(Resident(state), authorization), "2026-11-17")
                  .verdict,
              Verdict::kPermit)
        << state;
  }
}

TEST_F(DeciderTest, SharingWithWhoPaysIsASale) {
  EXPECT_EQ(
      Ask(v1::ACTION_SHARE, "sale", "broker", kConditions, Resident("US-WA")),
      "needs authorization: wa-mhmda/sell!");
}

// Covers: md-modpa/sensitive-data, md-modpa/sell, md-modpa/minors
TEST_F(DeciderTest, MarylandAsksForStrictNecessityAndBansSales) {
  const v1::Standing willing =
      With(Resident("US-MD"),
           "kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
           " purpose: 'mood-tracking' category: 1");
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "mood-tracking", "", kConditions, willing),
            "deny: md-modpa/sensitive-data!");
  EXPECT_EQ(
      Ask(v1::ACTION_COLLECT, "safety", "", kConditions, Resident("US-MD")),
      "permit: md-modpa/sensitive-data");
  const std::string authorization =
      "kind: CHOICE_KIND_AUTHORIZATION action: ACTION_SELL purpose: 'sale'"
      " category: 1 recipient: 'broker'";
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kConditions,
                With(Resident("US-MD"), authorization)),
            "deny: md-modpa/sell!");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kConditions,
                With(Resident("US-MD", "2009-01-01"), authorization)),
            "deny: md-modpa/sell! md-modpa/minors!");
}

// Covers: va-sb754/reproductive-health
TEST_F(DeciderTest, VirginiaTakesNoNecessityForReproductiveData) {
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "mood-tracking", "", kReproductive,
                Resident("US-VA")),
            "needs consent: va-sb754/reproductive-health!");
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "mood-tracking", "", kConditions,
                Resident("US-VA")),
            "permit: ");
}

// Covers: ca-ccpa/opt-out-of-sale, ca-ccpa/preference-signal
TEST_F(DeciderTest, CaliforniaLetsSellUntilTheConsumerOrTheirBrowserSaysStop) {
  const v1::Standing californian = Resident("US-CA");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals, californian),
            "permit: ca-ccpa/opt-out-of-sale");
  const v1::Standing signalled = With(
      californian, "kind: CHOICE_KIND_SIGNAL signal { header: 'Sec-GPC: 1' }");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals, signalled),
            "deny: ca-ccpa/opt-out-of-sale!");
  EXPECT_EQ(Ask(v1::ACTION_SHARE, "mood-tracking", "cloud", kVitals, signalled),
            "permit: ")
      << "who acts for the entity is not whom the signal means";
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                With(signalled,
                     "kind: CHOICE_KIND_CONSENT action: ACTION_SELL"
                     " purpose: 'sale' category: 5 recipient: 'broker'")),
            "permit: ca-ccpa/opt-out-of-sale")
      << "asked after the signal, and yes";
  EXPECT_EQ(Why(v1::ACTION_SELL, "sale", "broker", kVitals,
                With(With(californian,
                          "kind: CHOICE_KIND_CONSENT action: ACTION_SELL"
                          " purpose: 'sale' category: 5 recipient: 'broker'"),
                     "kind: CHOICE_KIND_SIGNAL")),
            Reason::kOptedOut)
      << "the signal came last";
}

// Covers: ca-ccpa/minors-13-to-15, ca-ccpa/minors-under-13
TEST_F(DeciderTest, CaliforniasMinorsAreAskedAndTheirParentsBelowThirteen) {
  const std::string yes =
      "kind: CHOICE_KIND_CONSENT action: ACTION_SELL purpose: 'sale'"
      " category: 5 recipient: 'broker' actor { kind: ";
  const v1::Standing teen = Resident("US-CA", "2012-11-25");   // 14 today.
  const v1::Standing child = Resident("US-CA", "2013-11-26");  // 12 today.
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals, teen),
            "needs consent: ca-ccpa/minors-13-to-15!");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                With(teen, yes + "ACTOR_KIND_SELF }")),
            "permit: ca-ccpa/minors-13-to-15");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                With(teen, yes + "ACTOR_KIND_PARENT }")),
            "needs consent: ca-ccpa/minors-13-to-15!");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                With(child, yes + "ACTOR_KIND_SELF }")),
            "needs consent: ca-ccpa/minors-under-13!");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                With(child, yes + "ACTOR_KIND_PARENT }")),
            "permit: ca-ccpa/minors-under-13");
}

// Covers: ca-cmia/mental-health, ca-cmia/reproductive-health
TEST_F(DeciderTest, CaliforniasMedicalInformationNeedsAnAuthorization) {
  EXPECT_EQ(Ask(v1::ACTION_SHARE, "coaching", "coach-desk", kConditions,
                Resident("US-CA")),
            "needs authorization: ca-ccpa/opt-out-of-sale"
            " ca-cmia/mental-health!");
  EXPECT_EQ(Ask(v1::ACTION_SHARE, "coaching", "coach-desk", kReproductive,
                Resident("US-CA")),
            "needs authorization: ca-ccpa/opt-out-of-sale"
            " ca-cmia/reproductive-health!");
  // What is inferred, and what tells of it, is as much of it as the diagnosis.
  for (const v1::HealthCategory category :
       {v1::HEALTH_CATEGORY_INFERRED, v1::HEALTH_CATEGORY_DIAGNOSTICS,
        v1::HEALTH_CATEGORY_MEDICATION, v1::HEALTH_CATEGORY_SEEKING_SERVICES}) {
    EXPECT_EQ(Ask(v1::ACTION_SHARE, "coaching", "coach-desk",
                  uint32_t{1} << category, Resident("US-CA")),
              "needs authorization: ca-ccpa/opt-out-of-sale"
              " ca-cmia/mental-health! ca-cmia/reproductive-health!")
        << category;
  }
  EXPECT_EQ(
      Ask(v1::ACTION_SHARE, "coaching", "coach-desk", kConditions,
          With(Resident("US-CA"),
               "kind: CHOICE_KIND_AUTHORIZATION action: ACTION_SHARE"
               " purpose: 'coaching' category: 1 recipient: 'coach-desk'")),
      "permit: ca-ccpa/opt-out-of-sale ca-cmia/mental-health");
}

// Covers: ca-ccpa/limit
TEST_F(DeciderTest, ALimitLeavesWhatTheServiceNeeds) {
  const v1::Standing limited =
      With(Resident("US-CA"), "kind: CHOICE_KIND_LIMIT");
  EXPECT_EQ(Ask(v1::ACTION_USE, "newsletter", "", kConditions, limited),
            "deny: ca-ccpa/limit!");
  EXPECT_EQ(Why(v1::ACTION_USE, "newsletter", "", kConditions, limited),
            Reason::kLimited);
  EXPECT_EQ(Ask(v1::ACTION_USE, "safety", "", kConditions, limited),
            "permit: ca-ccpa/limit");
}

// Covers: co-cpa/sensitive-data
TEST_F(DeciderTest, ColoradoTakesConsentAlone) {
  EXPECT_EQ(Ask(v1::ACTION_USE, "safety", "", kConditions, Resident("US-CO")),
            "needs consent: co-cpa/sensitive-data!");
}

// Covers: ct-ctdpa/sell, ct-ctdpa/sensitive-data, ct-ctdpa/teens
TEST_F(DeciderTest, ConnecticutBansSellingTeensAndAdvertisingToThem) {
  const v1::Standing teen = Resident("US-CT", "2010-01-01");
  EXPECT_EQ(
      Ask(v1::ACTION_SELL, "sale", "broker", kConditions, Resident("US-CT")),
      "needs consent: ct-ctdpa/sell!");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kConditions,
                With(teen,
                     "kind: CHOICE_KIND_CONSENT action: ACTION_SELL"
                     " purpose: 'sale' category: 1 recipient: 'broker'")),
            "deny: ct-ctdpa/sell ct-ctdpa/teens!");
  EXPECT_EQ(Ask(v1::ACTION_USE, "advertising", "", kConditions, teen),
            "deny: ct-ctdpa/sensitive-data! ct-ctdpa/teens!");
  EXPECT_EQ(scratch_
                .Decide(v1::ACTION_USE, "newsletter", "", kConditions, teen,
                        "2026-06-30")
                .rule_count,
            0)
      << "the rules are not in force yet";
}

// Covers: wa-mhmda/scope, nv-sb370/scope
TEST_F(DeciderTest, WhereDataIsCollectedCountsInWashingtonAndNevadaAlone) {
  v1::Standing traveller = Resident("US-TX");
  traveller.mutable_facts()->add_place_of_collection("US-WA");
  traveller.mutable_facts()->add_place_of_collection("US-NV");
  traveller.mutable_facts()->add_place_of_collection("US-CO");
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "coaching", "", kConditions, traveller),
            "needs consent: nv-sb370/collect! wa-mhmda/collect!");
}

// Covers: wa-mhmda/withdraw
TEST_F(DeciderTest, AWithdrawalEndsAConsentAndWhatIsNecessaryGoesOn) {
  const v1::Standing withdrawn =
      With(With(Resident("US-WA"),
                "kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
                " purpose: 'coaching' category: 1"),
           "kind: CHOICE_KIND_WITHDRAWAL");
  EXPECT_EQ(Why(v1::ACTION_COLLECT, "coaching", "", kConditions, withdrawn),
            Reason::kRefused);
  EXPECT_EQ(
      Ask(v1::ACTION_COLLECT, "mood-tracking", "", kConditions, withdrawn),
      "permit: wa-mhmda/collect");
}

TEST_F(DeciderTest, AnUnsubscribeStopsOnePurpose) {
  const v1::Standing standing =
      With(With(Resident("US-WA"),
                "kind: CHOICE_KIND_CONSENT action: ACTION_USE"
                " purpose: 'newsletter' category: [ 1, 12 ]"),
           "kind: CHOICE_KIND_OPT_OUT purpose: 'newsletter'");
  EXPECT_EQ(Why(v1::ACTION_USE, "newsletter", "", kConditions, standing),
            Reason::kOptedOut);
  EXPECT_EQ(Why(v1::ACTION_USE, "mood-tracking", "", kConditions, standing),
            Reason::kGranted);
}

TEST_F(DeciderTest, AConsentCoversItsCategoriesAndRecipientsAlone) {
  const v1::Standing standing =
      With(Resident("US-WA"),
           "kind: CHOICE_KIND_CONSENT action: ACTION_SHARE"
           " purpose: 'coaching' category: 1 recipient: 'coach-desk'");
  EXPECT_EQ(
      Why(v1::ACTION_SHARE, "coaching", "coach-desk", kConditions, standing),
      Reason::kGranted);
  EXPECT_EQ(Why(v1::ACTION_SHARE, "coaching", "coach-desk",
                kConditions | kVitals, standing),
            Reason::kConsentMissing);
  EXPECT_EQ(Why(v1::ACTION_SHARE, "coaching", "sister", kConditions, standing),
            Reason::kConsentMissing)
      << "sharing with an affiliate is sharing";
  EXPECT_EQ(Why(v1::ACTION_SHARE, "coaching", "coach-desk", 0, standing),
            Reason::kConsentMissing)
      << "not known which data: all of the purpose's";
}

TEST_F(DeciderTest, WhatThePolicyAndTheRecipientDoNotNameIsDenied) {
  const v1::Standing anyone = Resident("US-WA");
  EXPECT_EQ(Why(v1::ACTION_USE, "mining", "", kConditions, anyone),
            Reason::kUnknownPurpose);
  EXPECT_EQ(Why(v1::ACTION_SELL, "coaching", "broker", kConditions, anyone),
            Reason::kActionNotOfPurpose);
  EXPECT_EQ(Why(v1::ACTION_SHARE, "coaching", "", kConditions, anyone),
            Reason::kUnknownRecipient);
  EXPECT_EQ(Why(v1::ACTION_SHARE, "coaching", "gone", kConditions, anyone),
            Reason::kRecipientMayNotReceive);
  EXPECT_EQ(Why(v1::ACTION_SHARE, "coaching", "broker", kConditions, anyone),
            Reason::kPurposeNotOfRecipient);
}

TEST_F(DeciderTest, AfterARestoreThatLostChoicesEverythingIsDenied) {
  const Decider& decider = scratch_.decider();
  const Decision decision =
      decider.Decide({v1::ACTION_COLLECT,
                      decider.PurposeNumber("mood-tracking"), 0, kConditions},
                     decider.Compile(Resident("US-WA"), true), Today{20000, 0});
  EXPECT_EQ(decision.reason, Reason::kAskAgain);
  EXPECT_FALSE(decision.Permits());
}

TEST_F(DeciderTest, WhereNoPackSpeaksThePolicysOwnGroundHolds) {
  EXPECT_EQ(Ask(v1::ACTION_COLLECT, "mood-tracking", "", kConditions,
                Resident("US-TX")),
            "permit: ");
  EXPECT_EQ(
      Ask(v1::ACTION_COLLECT, "coaching", "", kConditions, Resident("US-TX")),
      "needs consent: ");
}

TEST_F(DeciderTest, APackForAllProtectsEverybody) {
  v1::Policy policy = ScratchPolicy();
  policy.add_pack_for_all("wa-mhmda");
  const ScratchDecider strict(policy);
  EXPECT_EQ(strict
                .Decide(v1::ACTION_SELL, "sale", "broker", kConditions,
                        Resident("US-TX"))
                .verdict,
            Verdict::kNeedsAuthorization);
}

TEST_F(DeciderTest, ARegimeThatAPackLeavesOutIsExempt) {
  v1::Policy policy = ScratchPolicy();
  for (v1::Purpose& purpose : *policy.mutable_purpose()) {
    if (purpose.id() == "coaching") purpose.add_exempt_as("hipaa-phi");
  }
  const ScratchDecider exempt(policy);
  const v1::Standing patient =
      With(Resident("US-WA"),
           "kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
           " purpose: 'coaching' category: 1");
  EXPECT_EQ(
      exempt.Decide(v1::ACTION_COLLECT, "coaching", "", kConditions, patient)
          .reason,
      Reason::kNoRule);
}

TEST_F(DeciderTest, WhoIsNotKnownIsTakenForTheStrictest) {
  EXPECT_EQ(
      Ask(v1::ACTION_COLLECT, "coaching", "", kConditions, v1::Standing()),
      "needs consent: wa-mhmda/collect!");
}

TEST_F(DeciderTest, AYearOfBirthAloneCountsAsItsLastDay) {
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                Resident("US-CA", "2010")),
            "needs consent: ca-ccpa/minors-13-to-15!");
  EXPECT_EQ(Ask(v1::ACTION_SELL, "sale", "broker", kVitals,
                Resident("US-CA", "2009")),
            "permit: ca-ccpa/opt-out-of-sale");
}

TEST_F(DeciderTest, PacksThatAreNotThereAreRefused) {
  v1::Policy policy = ScratchPolicy();
  policy.add_pack("atlantis");
  const auto decider =
      Decider::Create(scratch_.law(), policy, ScratchRecipients());
  EXPECT_EQ(decider.status().message(),
            "pack: want a pack's id, got 'atlantis'");
}

}  // namespace
}  // namespace subrosa
