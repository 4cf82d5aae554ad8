// Who may choose, through the door; and what is known of consumers.
#include "src/consent/choice_actor.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/consent/consumer_age.h"
#include "src/consent/sample_choice.h"
#include "src/consent/sample_door.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

// On 5 March 2026, with its second step.
v1::Choice ConsentBy(v1::ActorKind actor, absl::string_view place = "US-CA") {
  v1::Choice choice = SampleConsent(v1::ACTION_SHARE, "coaching");
  choice.set_jurisdiction(std::string(place));
  choice.mutable_actor()->set_kind(actor);
  if (actor == v1::ACTOR_KIND_PARENT) {
    choice.mutable_actor()->set_account("ann-1");
  }
  if (actor == v1::ACTOR_KIND_AGENT) {
    choice.mutable_actor()->set_permission("poa-17");
  }
  *choice.mutable_confirmed_at() = choice.given_at();
  return choice;
}

SampleDoor Child(absl::string_view born, absl::string_view place = "US-CA") {
  SampleDoor door;
  door.LivesIn(place).WasBorn(born).HasGuardian("ann-1");
  return door;
}

// Covers: ca-ccpa/minors-under-13
TEST(ChoiceActorTest, InCaliforniaAParentOptsInForAChildBelowThirteen) {
  const SampleDoor door = Child("2013-03-06");  // Thirteen tomorrow.

  EXPECT_EQ(door.Check(ConsentBy(v1::ACTOR_KIND_PARENT)), absl::OkStatus());
  EXPECT_TRUE(Refuses(door.Check(ConsentBy(v1::ACTOR_KIND_SELF)),
                      {"actor.kind", "ca-ccpa/minors-under-13"}));
  EXPECT_TRUE(Refuses(door.Check(ConsentBy(v1::ACTOR_KIND_AGENT)),
                      {"actor.kind", "ca-ccpa/minors-under-13"}));
}

// Covers: ca-ccpa/minors-13-to-15
TEST(ChoiceActorTest, InCaliforniaATeenOptsInForThemselves) {
  for (const char* born : {"2013-03-05", "2010-03-06"}) {
    const SampleDoor door = Child(born);

    EXPECT_EQ(door.Check(ConsentBy(v1::ACTOR_KIND_SELF)), absl::OkStatus());
    EXPECT_TRUE(Refuses(door.Check(ConsentBy(v1::ACTOR_KIND_PARENT)),
                        {"actor.kind", "ca-ccpa/minors-13-to-15"}));
  }
}

// Covers: ca-ccpa/two-step-opt-in
TEST(ChoiceActorTest, ATeenInCaliforniaConfirmsIt) {
  v1::Choice choice = ConsentBy(v1::ACTOR_KIND_SELF);
  choice.clear_confirmed_at();

  EXPECT_TRUE(Refuses(Child("2012-01-01").Check(choice),
                      {"confirmed_at", "ca-ccpa/two-step-opt-in"}));
  EXPECT_EQ(Child("2010-03-05").Check(choice), absl::OkStatus())
      << "sixteen today";
}

// Covers: co-cpa/children
TEST(ChoiceActorTest, InColoradoAParentConsentsForAChild) {
  const SampleDoor door = Child("2014-01-01", "US-CO");
  v1::Choice collect = ConsentBy(v1::ACTOR_KIND_SELF, "US-CO");
  collect.set_action(0, v1::ACTION_COLLECT);

  EXPECT_EQ(door.Check(ConsentBy(v1::ACTOR_KIND_PARENT, "US-CO")),
            absl::OkStatus());
  EXPECT_TRUE(Refuses(door.Check(collect), {"co-cpa/children"}));
  EXPECT_EQ(Child("2013-03-05", "US-CO").Check(collect), absl::OkStatus());
}

TEST(ChoiceActorTest, OfAYearAloneTheConsumerCountsAsTheYoungest) {
  EXPECT_TRUE(Refuses(Child("2013").Check(ConsentBy(v1::ACTOR_KIND_SELF)),
                      {"ca-ccpa/minors-under-13"}));
  EXPECT_EQ(Child("2012").Check(ConsentBy(v1::ACTOR_KIND_SELF)),
            absl::OkStatus());
}

TEST(ChoiceActorTest, OfUnknownAgeTheConsumerIsAsOldAsThePolicySays) {
  v1::Policy policy = SamplePolicy();
  policy.set_age_unless_known(12);

  EXPECT_TRUE(Refuses(
      SampleDoor(policy).LivesIn("US-CA").Check(ConsentBy(v1::ACTOR_KIND_SELF)),
      {"ca-ccpa/minors-under-13"}));
  EXPECT_EQ(SampleDoor().LivesIn("US-CA").Check(ConsentBy(v1::ACTOR_KIND_SELF)),
            absl::OkStatus());
}

TEST(ChoiceActorTest, AParentWhoIsNoGuardianChoosesForNobody) {
  SampleDoor door;
  door.LivesIn("US-CA").WasBorn("2016-01-01").HasGuardian("bob-2");
  v1::Choice opt_out = SampleOptOut();
  *opt_out.mutable_actor() = ConsentBy(v1::ACTOR_KIND_PARENT).actor();

  EXPECT_TRUE(Refuses(door.Check(ConsentBy(v1::ACTOR_KIND_PARENT)),
                      {"actor.account", "guardian"}));
  EXPECT_TRUE(Refuses(door.Check(opt_out), {"actor.account", "guardian"}));
}

TEST(ChoiceActorTest, AChildSaysNoThemselves) {
  EXPECT_EQ(Child("2016-01-01").Check(SampleOptOut()), absl::OkStatus());
}

TEST(ChoiceActorTest, AnAgentSignsNoAuthorization) {
  v1::Choice choice = SampleAuthorization();
  *choice.mutable_actor() = ConsentBy(v1::ACTOR_KIND_AGENT).actor();

  EXPECT_TRUE(Refuses(SampleDoor().Check(choice),
                      {"actor.kind", "wa-mhmda/authorization#signature"}));
}

TEST(ConsumerAgeTest, ABirthdayMakesAYearOlderOnItsDay) {
  const absl::CivilDay born(2013, 3, 5);
  EXPECT_EQ(AgeOn(absl::CivilDay(2026, 3, 4), born), 12);
  EXPECT_EQ(AgeOn(absl::CivilDay(2026, 3, 5), born), 13);
  EXPECT_EQ(AgeOn(absl::CivilDay(2012, 3, 5), born), 0);
}

TEST(ConsumerAgeTest, WhoWasBornOnALeapDayIsOlderOnTheFirstOfMarch) {
  const absl::CivilDay born(2012, 2, 29);
  EXPECT_EQ(AgeOn(absl::CivilDay(2025, 2, 28), born), 12);
  EXPECT_EQ(AgeOn(absl::CivilDay(2025, 3, 1), born), 13);
}

v1::ConsumerFacts Facts() {
  v1::ConsumerFacts facts;
  facts.set_residence("US-WA");
  facts.add_place_of_collection("US-NV");
  facts.set_born("2011-05-17");
  facts.add_guardian("ann-1");
  return facts;
}

TEST(ConsumerFactsTest, WhatIsKnownIsLetIn) {
  const SampleDoor door;
  EXPECT_EQ(door.CheckFacts(Facts()), absl::OkStatus());
  EXPECT_EQ(door.CheckFacts(v1::ConsumerFacts()), absl::OkStatus());
  for (const char* place : {"IE", "FR-75C", "CA-ON", "US-CA"}) {
    v1::ConsumerFacts facts = Facts();
    facts.set_residence(place);
    EXPECT_EQ(door.CheckFacts(facts), absl::OkStatus()) << place;
  }
  for (const char* born : {"2011", "2026", "2026-03-05", "2012-02-29"}) {
    v1::ConsumerFacts facts = Facts();
    facts.set_born(born);
    EXPECT_EQ(door.CheckFacts(facts), absl::OkStatus()) << born;
  }
}

TEST(ConsumerFactsTest, WhatIsNoPlaceIsRefused) {
  for (const char* place : {"us-wa", "Washington", "US-", "US-WASH", "U", "USA",
                            "US WA", "US-w1", "US-WA "}) {
    v1::ConsumerFacts facts = Facts();
    facts.set_residence(place);
    EXPECT_TRUE(Refuses(SampleDoor().CheckFacts(facts), {"residence"}))
        << place;
    facts = Facts();
    facts.add_place_of_collection(place);
    EXPECT_TRUE(
        Refuses(SampleDoor().CheckFacts(facts), {"place_of_collection[1]"}));
  }
}

TEST(ConsumerFactsTest, TheCountryAloneIsTooLittleWhereStatesDiffer) {
  v1::ConsumerFacts facts = Facts();
  facts.set_residence("US");

  EXPECT_TRUE(
      Refuses(SampleDoor().CheckFacts(facts), {"residence", "the part"}));
}

TEST(ConsumerFactsTest, NobodyWasBornOnNoDayOrInTheFuture) {
  for (const char* born :
       {"2026-03-06", "2027", "2011-02-29", "2011-13-01", "1899-12-31", "11",
        "2011-5-17", "17.05.2011", "0000", "20x1"}) {
    v1::ConsumerFacts facts = Facts();
    facts.set_born(born);
    EXPECT_TRUE(Refuses(SampleDoor().CheckFacts(facts), {"born"})) << born;
  }
}

TEST(ConsumerFactsTest, GuardiansAreFewAndOthers) {
  v1::ConsumerFacts too_many = Facts();
  for (int i = 0; i < 8; ++i) too_many.add_guardian("g" + std::to_string(i));
  v1::ConsumerFacts herself = Facts();
  herself.add_guardian("maya-7");
  v1::ConsumerFacts nobody = Facts();
  nobody.add_guardian("");

  EXPECT_TRUE(Refuses(SampleDoor().CheckFacts(too_many), {"guardian"}));
  EXPECT_TRUE(Refuses(SampleDoor().CheckFacts(herself), {"guardian[1]"}));
  EXPECT_TRUE(Refuses(SampleDoor().CheckFacts(nobody), {"guardian[1]"}));
}

}  // namespace
}  // namespace subrosa
