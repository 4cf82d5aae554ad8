#include "src/exports/copy_range.h"

#include <string>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/exports/others_found.h"
#include "src/steward/consent_gate.h"
#include "src/steward/scratch_home.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

int32_t Day(int year, int month, int day) {
  return static_cast<int32_t>(absl::CivilDay(year, month, day) -
                              absl::CivilDay(1970, 1, 1));
}

v1::HealthRecord CollectedOn(int32_t day, const std::string& id) {
  v1::MoodCheckIn mood;
  mood.set_score(4);
  v1::HealthRecord record = RecordOf("ada", id, mood);
  record.mutable_collected_at()->set_seconds(int64_t{day} * 86400);
  return record;
}

void LivesIn(ScratchHome& home, const std::string& residence,
             const std::string& collected_in = "") {
  v1::LedgerEntry entry;
  entry.set_consumer("ada");
  entry.mutable_facts()->set_residence(residence);
  if (!collected_in.empty()) {
    entry.mutable_facts()->add_place_of_collection(collected_in);
  }
  const auto recorded = home.steward().gate().Record({&entry});
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  ASSERT_TRUE((*recorded)[0].status.ok()) << (*recorded)[0].status;
}

CopyRange LeastOf(ScratchHome& home) {
  const auto least = LeastCopyRange(home.steward(), "ada");
  EXPECT_TRUE(least.ok()) << least.status();
  return least.value_or(CopyRange());
}

// Covers: ca-ccpa/know
TEST(CopyRangeTest, AnAnswerToACalifornianReachesBackToTheDayOfTheRule) {
  ScratchHome home;
  home.Put(
      {CollectedOn(Day(2021, 12, 31), "1"), CollectedOn(Day(2022, 1, 1), "2")});
  LivesIn(home, "US-CA");

  const CopyRange least = LeastOf(home);

  EXPECT_EQ(Day(2022, 1, 1), least.collected_since);
  EXPECT_EQ("ca-ccpa/know", least.rule);
  EXPECT_EQ("11 CCR 7024(h), (k)", least.citation);
  const auto found = FindOthers(home.steward(), "ada", least);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(1, found->records);
  EXPECT_EQ(1, found->outside_range);
}

TEST(CopyRangeTest, WhatWasCollectedSinceMayTellOfEarlierDays) {
  CopyRange range;
  range.collected_since = Day(2022, 1, 1);
  v1::HealthRecord record = CollectedOn(Day(2023, 5, 1), "1");
  record.mutable_effective()->mutable_start()->set_seconds(0);

  EXPECT_TRUE(range.Has(record));
  range.first_day = Day(2022, 1, 1);
  EXPECT_FALSE(range.Has(record));
}

TEST(CopyRangeTest, WhereALawSetsNoDayEverythingIsAnswered) {
  ScratchHome home;
  home.Put({CollectedOn(Day(2021, 12, 31), "1")});

  EXPECT_TRUE(LeastOf(home).is_whole());  // Of Washington, by the policy.
  LivesIn(home, "US-CA", "US-WA");
  EXPECT_TRUE(LeastOf(home).is_whole());
  LivesIn(home, "US-OR");
  EXPECT_TRUE(LeastOf(home).is_whole());
}

TEST(CopyRangeTest, BothEndsAreInIt) {
  CopyRange range;
  EXPECT_TRUE(range.is_whole());
  range.first_day = Day(2026, 1, 2);
  range.last_day = Day(2026, 1, 3);

  EXPECT_FALSE(range.is_whole());
  EXPECT_FALSE(range.Has(CollectedOn(Day(2026, 1, 1), "1")));
  EXPECT_TRUE(range.Has(CollectedOn(Day(2026, 1, 2), "1")));
  EXPECT_TRUE(range.Has(CollectedOn(Day(2026, 1, 3), "1")));
  EXPECT_FALSE(range.Has(CollectedOn(Day(2026, 1, 4), "1")));
}

}  // namespace
}  // namespace subrosa
