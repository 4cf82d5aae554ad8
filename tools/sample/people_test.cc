#include "tools/sample/people.h"

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "tools/sample/calendar.h"

namespace subrosa::sample {
namespace {

const int32_t kUntil = DayOf(absl::CivilDay(2026, 6, 30));

TEST(PeopleTest, AFamilySharesNameTownPlanAndHouseholdAndNothingElseDoes) {
  const People people(/*seed=*/1, kUntil);
  const Persona payer = people.Make(1);
  const Persona partner = people.Make(2);
  const Persona teen = people.Make(3);

  EXPECT_EQ(payer.place, Place::kPayer);
  EXPECT_EQ(teen.place, Place::kTeen);
  for (const Persona& member : {partner, teen}) {
    EXPECT_STREQ(member.family_name, payer.family_name);
    EXPECT_EQ(member.town, payer.town);
    EXPECT_EQ(member.household, payer.household);
    EXPECT_STREQ(member.plan, "family-plus");
  }
  EXPECT_EQ(people.Make(4).household, 0u);
  EXPECT_NE(people.Make(13).household, payer.household);
}

TEST(PeopleTest, EveryMinorHasAnAdultGuardianInTheSameHousehold) {
  int minors = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const People people(seed, kUntil);
    for (uint64_t number = 1; number <= 120; ++number) {
      const Persona who = people.Make(number);
      if (!IsMinorOn(who, kUntil)) continue;
      ++minors;
      const Persona guardian = people.GuardianOf(who);
      EXPECT_FALSE(IsMinorOn(guardian, kUntil - 366));
      EXPECT_EQ(guardian.household, who.household);
      EXPECT_STREQ(who.sponsor, "");
    }
  }

  EXPECT_EQ(minors, 20 * 20);
}

TEST(PeopleTest, NobodyIsGivenWhatDoesNotSuitThem) {
  for (uint64_t number = 1; number <= 2000; ++number) {
    const Persona who = People(/*seed=*/2, kUntil).Make(number);
    for (const Concern* concern : {who.mind, who.body}) {
      if (concern == nullptr || concern->suits == Suits::kAnyone) continue;
      EXPECT_FALSE(IsMinorOn(who, kUntil)) << number;
      if (concern->suits == Suits::kWoman) {
        EXPECT_EQ(who.gender, Gender::kWoman) << number;
        EXPECT_GT(who.birth_year, 2026 - 45) << number;
      }
    }
  }
}

TEST(PeopleTest, AgeBandsChangeOnTheBirthday) {
  Persona who;
  who.birth_year = 2013;
  who.birth_month = 6;
  who.birth_day = 15;
  const auto band = [&](int year, int day) {
    return AgeBandOn(who, DayOf(absl::CivilDay(year, 6, day)));
  };

  EXPECT_EQ(band(2026, 14), v1::AGE_BAND_UNDER_13);
  EXPECT_EQ(band(2026, 15), v1::AGE_BAND_13_TO_15);
  EXPECT_EQ(band(2029, 14), v1::AGE_BAND_13_TO_15);
  EXPECT_EQ(band(2029, 15), v1::AGE_BAND_16_TO_17);
  EXPECT_EQ(band(2031, 14), v1::AGE_BAND_16_TO_17);
  EXPECT_EQ(band(2031, 15), v1::AGE_BAND_ADULT);
}

TEST(PeopleTest, AccountIdsAreAtLeastSixDigitsAndNeverCut) {
  const auto id = [](uint64_t number) {
    std::string text;
    AppendAccountId(number, &text);
    return text;
  };

  EXPECT_EQ(id(1), "c-000001");
  EXPECT_EQ(id(999'999), "c-999999");
  EXPECT_EQ(id(1'000'000), "c-1000000");
}

}  // namespace
}  // namespace subrosa::sample
