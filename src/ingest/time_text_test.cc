#include "src/ingest/time_text.h"

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(TimeTextTest, ATimeIsReadWithItsFractionAndItsOffset) {
  const std::optional<TextTime> time =
      ParseRfc3339("2024-02-29T23:59:59.000000001-08:30");

  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->seconds, 1709281799);
  EXPECT_EQ(time->nanos, 1);
  EXPECT_EQ(time->utc_offset_minutes, -510);
}

TEST(TimeTextTest, ZuluSaysNothingOfWhereTheConsumerWas) {
  const std::optional<TextTime> time = ParseRfc3339("1970-01-01T00:00:00Z");

  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->seconds, 0);
  EXPECT_FALSE(time->utc_offset_minutes.has_value());
}

TEST(TimeTextTest, TheEndsOfTheCalendarAreRead) {
  EXPECT_EQ(ParseRfc3339("0001-01-01T00:00:00Z")->seconds, -62135596800);
  EXPECT_EQ(ParseRfc3339("9999-12-31T23:59:59.999999999Z")->seconds,
            253402300799);
  EXPECT_EQ(ParseRfc3339("2024-01-01T00:00:00+18:00")->utc_offset_minutes,
            1080);
}

TEST(TimeTextTest, WhatMerelyLooksLikeATimeIsNone) {
  for (const char* const text : {"",
                                 "2024",
                                 "2024-01-01",
                                 "2024-01-01T00:00Z",
                                 "2024-01-01T00:00:00",
                                 "2024-01-01 00:00:00Z",
                                 "2024-01-01t00:00:00z",
                                 "2024-1-01T00:00:00Z",
                                 "2024-13-01T00:00:00Z",
                                 "2024-00-01T00:00:00Z",
                                 "2024-02-30T00:00:00Z",
                                 "2023-02-29T00:00:00Z",
                                 "2024-01-32T00:00:00Z",
                                 "2024-01-01T24:00:00Z",
                                 "2024-01-01T00:60:00Z",
                                 "2024-01-01T00:00:60Z",
                                 "2024-01-01T00:00:00.Z",
                                 "2024-01-01T00:00:00.1234567890Z",
                                 "2024-01-01T00:00:00+1800",
                                 "2024-01-01T00:00:00+18:01",
                                 "2024-01-01T00:00:00+00:60",
                                 "2024-01-01T00:00:00Z ",
                                 " 2024-01-01T00:00:00Z",
                                 "0000-01-01T00:00:00Z",
                                 "0001-01-01T00:00:00+00:01",
                                 "9999-12-31T23:59:59-00:01",
                                 "20240-01-01T00:00:00Z",
                                 "-024-01-01T00:00:00Z",
                                 "2024-01-01T-1:00:00Z"}) {
    EXPECT_FALSE(ParseRfc3339(text).has_value()) << text;
  }
}

TEST(TimeTextTest, APartOfAFhirDateStandsForItsFirstInstant) {
  EXPECT_EQ(ParseFhirDateTime("2024")->seconds, 1704067200);
  EXPECT_EQ(ParseFhirDateTime("2024-02")->seconds, 1706745600);
  EXPECT_EQ(ParseFhirDateTime("2024-02-29")->seconds, 1709164800);
  EXPECT_EQ(ParseFhirDateTime("2024-02-29T01:00:00+01:00")->seconds,
            1709164800);
}

TEST(TimeTextTest, APartOfAFhirDateThatEndsAPeriodStandsForItsLastSecond) {
  EXPECT_EQ(ParseFhirPeriodEnd("2024")->seconds, 1735689599);
  EXPECT_EQ(ParseFhirPeriodEnd("2024-02")->seconds, 1709251199);
  EXPECT_EQ(ParseFhirPeriodEnd("2024-12")->seconds, 1735689599);
  EXPECT_EQ(ParseFhirPeriodEnd("1969-12-31")->seconds, -1);
  EXPECT_EQ(ParseFhirPeriodEnd("2024-02-29T01:00:00Z")->seconds, 1709168400);
}

TEST(TimeTextTest, WhatIsNoFhirDateIsNone) {
  for (const char* const text :
       {"", "24", "20240", "2024-", "2024-2", "2024-13", "2024-02-30",
        "2024-02-1", "2024-02T00:00:00Z", "2024T00:00:00Z", "0000",
        "2024-02-29T00:00", "yesterday"}) {
    EXPECT_FALSE(ParseFhirDateTime(text).has_value()) << text;
    EXPECT_FALSE(ParseFhirPeriodEnd(text).has_value()) << text;
  }
}

TEST(TimeTextTest, ADurationIsReadWithItsSign) {
  EXPECT_EQ(ParseDuration("3.5s")->seconds, 3);
  EXPECT_EQ(ParseDuration("3.5s")->nanos, 500000000);
  EXPECT_EQ(ParseDuration("-0.000000001s")->nanos, -1);
  EXPECT_EQ(ParseDuration("315576000000s")->seconds, 315576000000);
}

TEST(TimeTextTest, WhatIsNoDurationIsNone) {
  for (const char* const text :
       {"", "s", "3", "3.s", ".5s", "3.5", "3.5S", "+3s", "--3s", "3 s", "1e3s",
        "3.1234567890s", "315576000000.000000001s", "315576000001s",
        "99999999999999999999s", "3.5ss"}) {
    EXPECT_FALSE(ParseDuration(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace subrosa
