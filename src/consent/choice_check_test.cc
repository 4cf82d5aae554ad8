#include "src/consent/choice_check.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/consent/entity_law.h"
#include "src/consent/sample_choice.h"
#include "src/consent/sample_door.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

v1::Choice ConsentToCoaching() {
  return SampleConsent(v1::ACTION_SHARE, "coaching");
}

// Covers: wa-mhmda/withdraw, wa-mhmda/consent-request, wa-mhmda/authorization,
//   nv-sb370/consent-request, ca-ccpa/limit
TEST(ChoiceCheckTest, WhatIsWellGivenIsLetIn) {
  const SampleDoor door;
  EXPECT_EQ(door.Check(ConsentToCoaching()), absl::OkStatus());
  EXPECT_EQ(door.Check(SampleAuthorization()), absl::OkStatus());
  EXPECT_EQ(door.Check(SampleOptOut()), absl::OkStatus());

  v1::Choice limit = SampleOptOut();
  limit.set_kind(v1::CHOICE_KIND_LIMIT);
  limit.clear_action();
  limit.set_jurisdiction("US-CA");
  EXPECT_EQ(door.Check(limit), absl::OkStatus());

  v1::Choice withdrawal = SampleOptOut();
  withdrawal.set_kind(v1::CHOICE_KIND_WITHDRAWAL);
  withdrawal.clear_action();
  EXPECT_EQ(SampleDoor().Chose(ConsentToCoaching()).Check(withdrawal),
            absl::OkStatus());

  v1::Choice refusal = ConsentToCoaching();
  refusal.set_kind(v1::CHOICE_KIND_REFUSAL);
  EXPECT_EQ(door.Check(refusal), absl::OkStatus());
}

// Each pack that speaks of consent, alone.
const std::vector<std::string> kConsentPacks = {
    "wa-mhmda", "ca-ccpa",  "co-cpa",  "nv-sb370",
    "ct-ctdpa", "md-modpa", "va-sb754"};

v1::Policy PolicyOf(const std::string& pack) {
  v1::Policy policy = SamplePolicy();
  policy.clear_pack();
  policy.add_pack(pack);
  return policy;
}

// Covers: wa-mhmda/consent-by, ca-ccpa/consent-by, co-cpa/consent-by,
//   nv-sb370/consent-by, ct-ctdpa/consent-by, md-modpa/consent-by,
//   va-sb754/consent-by
TEST(ChoiceCheckTest, AnActThatNoPackListsIsNoConsent) {
  for (const std::string& pack : kConsentPacks) {
    const SampleDoor door(PolicyOf(pack));
    for (const std::string method :
         {"button", "toggle", "tick-box", "signed-form", "letter", "email",
          "spoken"}) {
      v1::Choice choice = ConsentToCoaching();
      choice.set_method(method);
      EXPECT_EQ(door.Check(choice), absl::OkStatus()) << pack << method;
    }
    for (const std::string method :
         {"pre-checked", "inactivity", "s3cret", "banner-shown"}) {
      v1::Choice choice = ConsentToCoaching();
      choice.set_method(method);
      const absl::Status refused = door.Check(choice);
      EXPECT_TRUE(Refuses(refused, {"method", "lists as consent", "button"}));
      EXPECT_FALSE(absl::StrContains(refused.message(), method));
    }
  }
}

// Covers: wa-mhmda/not-consent, ca-ccpa/not-consent, co-cpa/not-consent,
//   nv-sb370/not-consent, ct-ctdpa/not-consent, md-modpa/not-consent,
//   va-sb754/not-consent
TEST(ChoiceCheckTest, WhatAPackCallsNoConsentIsNone) {
  for (const std::string& pack : kConsentPacks) {
    const SampleDoor door(PolicyOf(pack));
    EXPECT_EQ(door.Check(ConsentToCoaching()), absl::OkStatus());
    for (const std::string method :
         {"terms-of-use", "hover", "mute", "pause", "close", "deceptive-design",
          "pre-ticked", "scroll", "silence", "navigate-away", "timeout",
          "bundled"}) {
      v1::Choice choice = ConsentToCoaching();
      choice.set_method(method);
      EXPECT_TRUE(Refuses(door.Check(choice),
                          {"method", method, pack + "/not-consent"}));
    }
  }
}

TEST(ChoiceCheckTest, AnAuthorizationIsNotGivenByPausingEither) {
  v1::Choice choice = SampleAuthorization();
  choice.set_method("pause");

  EXPECT_TRUE(Refuses(SampleDoor().Check(choice), {"wa-mhmda/not-consent"}));
}

TEST(ChoiceCheckTest, WhoSaysNoMayDoSoByAnything) {
  v1::Choice choice = SampleOptOut();
  choice.set_method("close");

  EXPECT_EQ(SampleDoor().Check(choice), absl::OkStatus());
}

// Covers: wa-mhmda/share, nv-sb370/share
TEST(ChoiceCheckTest, CollectingAndSharingAreNeverAgreedToInOneEntry) {
  v1::Choice choice = ConsentToCoaching();
  choice.add_action(v1::ACTION_COLLECT);
  EXPECT_TRUE(
      Refuses(SampleDoor().Check(choice), {"action", "wa-mhmda/share"}));

  choice.set_jurisdiction("US-NV");
  EXPECT_TRUE(Refuses(SampleDoor().LivesIn("US-NV").Check(choice),
                      {"action", "nv-sb370/share"}));
}

// Covers: wa-mhmda/not-consent
TEST(ChoiceCheckTest, ABundleOfPurposesIsNoConsent) {
  v1::Choice choice = ConsentToCoaching();
  choice.add_purpose("research");

  EXPECT_TRUE(
      Refuses(SampleDoor().Check(choice), {"purpose", "wa-mhmda/not-consent"}));
}

TEST(ChoiceCheckTest, NobodyAgreesToWhatThePolicyDoesNotDo) {
  v1::Choice unknown_purpose = SampleConsent(v1::ACTION_SHARE, "advertising");
  v1::Choice other_action = SampleConsent(v1::ACTION_SHARE, "mood-tracking");
  v1::Choice other_category = ConsentToCoaching();
  other_category.set_category(0, v1::HEALTH_CATEGORY_GENETIC);
  v1::Choice unknown_recipient = ConsentToCoaching();
  unknown_recipient.add_recipient("somebody");

  EXPECT_TRUE(Refuses(SampleDoor().Check(unknown_purpose), {"purpose[0]"}));
  EXPECT_TRUE(Refuses(SampleDoor().Check(other_action), {"action[0]"}));
  EXPECT_TRUE(Refuses(SampleDoor().Check(other_category), {"category[0]"}));
  EXPECT_TRUE(Refuses(SampleDoor().Check(unknown_recipient), {"recipient[0]"}));
}

TEST(ChoiceCheckTest, WhatThePolicyServesNoMoreIsWithdrawnAllTheSame) {
  v1::Policy policy = SamplePolicy();
  policy.mutable_purpose(1)->set_id("mentoring");
  v1::Choice withdrawal = SampleOptOut();
  withdrawal.set_kind(v1::CHOICE_KIND_WITHDRAWAL);
  withdrawal.clear_action();
  withdrawal.add_purpose("coaching");

  EXPECT_EQ(SampleDoor(policy).Chose(ConsentToCoaching()).Check(withdrawal),
            absl::OkStatus());
  EXPECT_TRUE(Refuses(SampleDoor(policy).Check(withdrawal), {"purpose[0]"}));
}

TEST(ChoiceCheckTest, ANoticeThatNobodyPublishedSupportsNoConsent) {
  const std::vector<
      std::pair<std::string, std::function<void(v1::NoticeShown&)>>>
      spoilings = {
          {"notice.version", [](auto& notice) { notice.set_version("4"); }},
          {"notice.version", [](auto& notice) { notice.set_id("ask-all"); }},
          {"notice.locale", [](auto& notice) { notice.set_locale("fr-FR"); }},
          {"notice.sha256",
           [](auto& notice) { notice.set_sha256(std::string(64, 'a')); }},
      };
  for (const auto& [field, spoil] : spoilings) {
    v1::Choice choice = ConsentToCoaching();
    spoil(*choice.mutable_notice());
    EXPECT_TRUE(Refuses(SampleDoor().Check(choice), {field}));
  }
}

TEST(ChoiceCheckTest, AConsentIsOfADayOnWhichTheNoticeWasShown) {
  v1::Choice before = ConsentToCoaching();
  *before.mutable_given_at() = SampleTimestamp("2025-12-31 23:59:59");
  v1::Choice after = ConsentToCoaching();
  *after.mutable_given_at() = SampleTimestamp("2026-11-01 00:00:00");
  v1::Choice last = ConsentToCoaching();
  *last.mutable_given_at() = SampleTimestamp("2026-10-31 23:59:59");

  EXPECT_TRUE(Refuses(SampleDoor().Check(before), {"given_at", "notice"}));
  EXPECT_TRUE(Refuses(SampleDoor().At("2026-11-02 00:00:00").Check(after),
                      {"given_at", "notice"}));
  EXPECT_EQ(SampleDoor().At("2026-11-02 00:00:00").Check(last),
            absl::OkStatus());
}

// Covers: wa-mhmda/consent-request
TEST(ChoiceCheckTest, ARequestThatLeavesOutWhatWashingtonAsksForSupportsNone) {
  for (const char* key :
       {"categories", "purpose", "recipients", "withdrawal"}) {
    const v1::Policy whole = SamplePolicy();
    v1::Policy policy = whole;
    policy.mutable_notice(0)->clear_item();
    const std::string left_out = std::string("wa-mhmda/consent-request#") + key;
    for (const std::string& item : whole.notice(0).item()) {
      if (item != left_out) policy.mutable_notice(0)->add_item(item);
    }

    EXPECT_TRUE(Refuses(SampleDoor(policy).Check(ConsentToCoaching()),
                        {"notice", left_out}));
    // Where Washington's law does not reach, it is not asked for.
    v1::Choice in_nevada = ConsentToCoaching();
    in_nevada.set_jurisdiction("US-NV");
    EXPECT_EQ(SampleDoor(policy).LivesIn("US-NV").Check(in_nevada),
              absl::OkStatus());
  }
}

// Covers: nv-sb370/consent-request
TEST(ChoiceCheckTest, ARequestThatLeavesOutWhatNevadaAsksForSupportsNone) {
  v1::Policy policy = SamplePolicy();
  policy.mutable_notice(0)->mutable_item()->RemoveLast();
  v1::Choice choice = ConsentToCoaching();
  choice.set_jurisdiction("US-NV");

  EXPECT_TRUE(Refuses(SampleDoor(policy).LivesIn("US-NV").Check(choice),
                      {"nv-sb370/consent-request#withdrawal"}));
  // Nor if she was asked under another law, and lives there.
  EXPECT_TRUE(
      Refuses(SampleDoor(policy).LivesIn("US-NV").Check(ConsentToCoaching()),
              {"nv-sb370/consent-request#withdrawal"}));
}

// Covers: wa-mhmda/authorization, wa-mhmda/authorization-copy
TEST(ChoiceCheckTest, AnAuthorizationThatIsNotValidIsRefused) {
  v1::Choice choice = SampleAuthorization();
  choice.mutable_authorization()->clear_data();
  EXPECT_TRUE(Refuses(SampleDoor().Check(choice),
                      {"authorization.data", "wa-mhmda/authorization#data"}));

  choice = SampleAuthorization();
  choice.mutable_authorization()->clear_copy_given_at();
  EXPECT_TRUE(
      Refuses(SampleDoor().Check(choice), {"wa-mhmda/authorization-copy"}));
}

TEST(ChoiceCheckTest, AnEntryIsOfOneConsumerAndHoldsSomething) {
  const SampleDoor door;
  v1::LedgerEntry entry;
  entry.set_consumer("maya-7");
  EXPECT_TRUE(Refuses(door.CheckEntry(entry), {"entry"}));
  *entry.mutable_choice() = ConsentToCoaching();
  EXPECT_EQ(door.CheckEntry(entry), absl::OkStatus());
  entry.set_consumer("noor-8");
  EXPECT_TRUE(Refuses(door.CheckEntry(entry), {"choice.consumer"}));
  entry.mutable_facts()->set_residence("Nevada");
  EXPECT_TRUE(Refuses(door.CheckEntry(entry), {"residence"}));
}

TEST(ChoiceCheckTest, APackThatIsNotThereMakesNoDoor) {
  const LawBook book = *LawBook::BuiltIn();
  v1::Policy policy = SamplePolicy();
  policy.add_pack("no-such-pack");

  EXPECT_TRUE(
      absl::IsInvalidArgument(EntityLaw::Create(book, policy).status()));
}

TEST(ChoiceCheckTest, NoRefusalRepeatsWhatWasChosen) {
  v1::Choice choice = ConsentToCoaching();
  choice.mutable_notice()->set_interface("s3cret");
  choice.set_method("s3cret");
  choice.add_recipient("s3cret");
  const absl::Status status = SampleDoor().Check(choice);

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::StrContains(status.message(), "s3cret"));
}

}  // namespace
}  // namespace subrosa
