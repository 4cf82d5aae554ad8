#include "src/law/law_file.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kHead[] = R"(id: "xx-test"
title: "A test"
jurisdiction: "US-WA"
time_zone: "America/Los_Angeles"
as_of: "2026-11-25"
)";

constexpr char kRule[] = R"(
rule {
  id: "respond"
  citation: "Section 1"
  text: "answer in time"
  certainty: TEXT_CERTAINTY_STATUTE_READ
  from: "2024-03-31"
  room: ROOM_REQUEST
  deadline {
    request: REQUEST_KIND_DELETE
    step: CLOCK_STEP_RESPOND
    within { count: 45 unit: PERIOD_UNIT_CALENDAR_DAYS }
    start: CLOCK_START_RECEIPT
  }
}
)";

std::string Good() { return absl::StrCat(kHead, kRule); }

std::string Changed(const std::string& from, const std::string& to) {
  const std::string text = absl::StrReplaceAll(Good(), {{from, to}});
  EXPECT_NE(text, Good());
  return text;
}

// What is said of `text`; "taken" if it is good.
std::string Said(const std::string& text) {
  const absl::StatusOr<v1::LawPack> pack = ParsePack("x.textproto", text);
  if (pack.ok()) return "taken";
  EXPECT_TRUE(absl::IsInvalidArgument(pack.status()));
  return std::string(pack.status().message());
}

TEST(LawFileTest, AGoodPackIsTaken) { EXPECT_EQ(Said(Good()), "taken"); }

TEST(LawFileTest, WhatIsNoPackIsRefusedByLine) {
  EXPECT_EQ(Said("id: \"a\"\nstatute: \"b\"\n").substr(0, 14),
            "x.textproto:2:");
  EXPECT_EQ(Said("id: \"a\nb\"").substr(0, 14), "x.textproto:1:");
}

TEST(LawFileTest, APackWithoutRulesIsRefused) {
  EXPECT_EQ(Said(kHead), "x.textproto:1: rule: want at least one, got none");
}

TEST(LawFileTest, AZoneThatNobodyKnowsIsRefused) {
  EXPECT_NE(Said(Changed("America/Los_Angeles", "America/Rosewater"))
                .find("time_zone: want an IANA name"),
            std::string::npos);
}

TEST(LawFileTest, AJurisdictionIsAStateOrTheUnion) {
  EXPECT_EQ(Said(Changed("US-WA", "US")), "taken");
  for (const char* wrong : {"WA", "US-wa", "US-W", "Washington", ""}) {
    EXPECT_NE(Said(Changed("US-WA", wrong)), "taken") << wrong;
  }
}

TEST(LawFileTest, ARuleWithoutItsCitationIsRefusedByItsLine) {
  EXPECT_EQ(Said(Changed("\"Section 1\"", "\"\"")),
            "x.textproto:7: citation: want text, got none");
}

TEST(LawFileTest, ARuleSaysHowWellItsTextIsKnown) {
  EXPECT_NE(Said(Changed("  certainty: TEXT_CERTAINTY_STATUTE_READ\n", "")),
            "taken");
}

TEST(LawFileTest, ARuleSaysSinceWhenAndWhereItActs) {
  EXPECT_NE(Said(Changed("  from: \"2024-03-31\"\n", "")), "taken");
  EXPECT_NE(Said(Changed("  room: ROOM_REQUEST\n", "")), "taken");
}

TEST(LawFileTest, ADayThatIsNoneIsRefused) {
  for (const char* wrong :
       {"2024-02-30", "2024-3-31", "1899-12-31", "2201-01-01", "tomorrow"}) {
    EXPECT_NE(Said(Changed("2024-03-31", wrong)), "taken") << wrong;
  }
  EXPECT_EQ(Said(Changed("2024-03-31", "2024-02-29")), "taken");
}

TEST(LawFileTest, ARuleThatEndsBeforeItBeginsIsRefused) {
  const std::string room = "  room: ROOM_REQUEST\n";
  EXPECT_EQ(
      Said(Changed(room, absl::StrCat(room, "  until: \"2024-03-31\"\n"))),
      "x.textproto:7: until: want a day after `from`, got one that is not");
  EXPECT_EQ(
      Said(Changed(room, absl::StrCat(room, "  until: \"2024-04-01\"\n"))),
      "taken");
}

TEST(LawFileTest, ARuleWithoutADemandIsRefused) {
  const std::string text = Good();
  EXPECT_EQ(Said(absl::StrCat(text.substr(0, text.find("  deadline")), "}")),
            "x.textproto:7: demand: want one of names, permits, deadline, ..., "
            "got none");
}

TEST(LawFileTest, ADeadlineWithoutAPeriodIsRefused) {
  EXPECT_NE(Said(Changed("count: 45 ", "")).find("deadline.within.count"),
            std::string::npos);
  EXPECT_NE(Said(Changed(" unit: PERIOD_UNIT_CALENDAR_DAYS", ""))
                .find("deadline.within.unit"),
            std::string::npos);
  EXPECT_NE(Said(Changed("count: 45", "count: 10001")), "taken");
}

TEST(LawFileTest, BusinessDaysNeedACalendar) {
  EXPECT_NE(
      Said(Changed("CALENDAR_DAYS", "BUSINESS_DAYS")).find("deadline.calendar"),
      std::string::npos);
}

TEST(LawFileTest, WhatAPackLeavesOutHasItsCitationAndItsWords) {
  EXPECT_EQ(Said(Good() + "leaves_out { citation: \"Section 9\" text: \"x\" }"),
            "taken");
  EXPECT_NE(Said(Good() + "leaves_out { text: \"x\" }")
                .find("leaves_out[0].citation: want text, got none"),
            std::string::npos);
  EXPECT_NE(Said(Good() + "leaves_out { citation: \"Section 9\" }")
                .find("leaves_out[0].text: want text, got none"),
            std::string::npos);
}

TEST(LawFileTest, AClockIsBoundToAnotherStepThanItsOwn) {
  EXPECT_EQ(Said(Changed("start: CLOCK_START_RECEIPT",
                         "start: CLOCK_START_RECEIPT "
                         "not_after: CLOCK_STEP_ACKNOWLEDGE")),
            "taken");
  EXPECT_NE(Said(Changed("start: CLOCK_START_RECEIPT",
                         "start: CLOCK_START_RECEIPT "
                         "not_after: CLOCK_STEP_RESPOND"))
                .find("deadline.not_after"),
            std::string::npos);
}

TEST(LawFileTest, TwoRulesOfOneIdAreRefused) {
  EXPECT_EQ(Said(absl::StrCat(Good(), kRule)),
            "x.textproto:22: id: want one that no other rule has, got respond");
}

TEST(LawFileTest, ARuleFollowsAnotherWithoutAGapOrAnOverlap) {
  const std::string first =
      Changed("  room: ROOM_REQUEST\n",
              "  room: ROOM_REQUEST\n  until: \"2027-01-01\"\n");
  const auto second = [](const std::string& from) {
    return absl::StrReplaceAll(
        kRule, {{"\"respond\"", "\"respond-2027\" follows: \"respond\""},
                {"2024-03-31", from}});
  };
  EXPECT_EQ(Said(absl::StrCat(first, second("2027-01-01"))), "taken");
  EXPECT_NE(Said(absl::StrCat(first, second("2026-12-31"))), "taken");
  EXPECT_NE(Said(absl::StrCat(first, second("2027-01-02"))), "taken");
  EXPECT_NE(Said(absl::StrCat(Good(), second("2027-01-01"))), "taken");
}

TEST(LawFileTest, ARuleThatFollowsNobodyIsRefused) {
  EXPECT_NE(Said(Changed("\"respond\"", "\"respond\" follows: \"answer\""))
                .find("follows: want the id of a rule"),
            std::string::npos);
}

TEST(LawFileTest, AFileThatIsTooLongIsNotRead) {
  EXPECT_NE(Said(absl::StrCat(Good(), std::string(kMaxLawFileBytes, '\n'))),
            "taken");
}

TEST(LawFileTest, AHolidayIsADayOrAWeekday) {
  const auto said = [](const std::string& holiday) {
    return ParseCalendar(
               "c.textproto",
               absl::StrCat("id: \"c\" title: \"t\" citation: \"x\" holiday {",
                            holiday, "}"))
        .ok();
  };
  EXPECT_TRUE(said("name: \"a\" month: 3 day: 31"));
  EXPECT_TRUE(said("name: \"a\" month: 3 weekday: 1 nth: -1"));
  EXPECT_FALSE(said("name: \"a\" month: 3 day: 31 weekday: 1 nth: 1"));
  EXPECT_FALSE(said("name: \"a\" month: 3"));
  EXPECT_FALSE(said("name: \"a\" month: 13 day: 1"));
  EXPECT_FALSE(said("name: \"a\" month: 2 day: 29"));
  EXPECT_FALSE(said("name: \"a\" month: 2 weekday: 8 nth: 1"));
  EXPECT_FALSE(said("name: \"a\" month: 2 weekday: 1 nth: 5"));
  EXPECT_FALSE(said("month: 2 day: 1"));
}

}  // namespace
}  // namespace subrosa
