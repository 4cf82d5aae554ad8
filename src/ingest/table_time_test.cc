#include "src/ingest/table_time.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

absl::StatusOr<TableTime> Format(absl::string_view format,
                                 absl::string_view zone = "") {
  v1::TimeUse use;
  use.set_format(std::string(format));
  use.set_zone(std::string(zone));
  return TableTime::Make(use);
}

// Seconds since 1970, or -1 if it is no time.
int64_t Seconds(const absl::StatusOr<TableTime>& format,
                absl::string_view text) {
  EXPECT_TRUE(format.ok()) << format.status();
  if (!format.ok()) return -2;
  const std::optional<TextTime> time = format->Parse(text);
  return time.has_value() ? time->seconds : -1;
}

TEST(TableTimeTest, ADayStandsForItsFirstInstantInItsZone) {
  EXPECT_EQ(Seconds(Format("%Y-%m-%d", "UTC"), "2024-02-29"), 1709164800);
  EXPECT_EQ(Seconds(Format("%m/%d/%Y", "America/Los_Angeles"), "2/29/2024"),
            1709164800 + 8 * 3600);
  EXPECT_EQ(Seconds(Format("%d %b %Y", "UTC"), "29 FEB 2024"), 1709164800);
  EXPECT_EQ(Seconds(Format("%Y%m%d", "UTC"), "20240229"), 1709164800);
}

TEST(TableTimeTest, TheZonesOffsetStandsBesideTheInstant) {
  const auto format = Format("%Y-%m-%d %I:%M %p", "America/Los_Angeles");
  ASSERT_TRUE(format.ok());

  const std::optional<TextTime> time = format->Parse("2024-07-04 12:05 AM");

  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->seconds, 1720076700);
  EXPECT_EQ(time->utc_offset_minutes, -420);
}

TEST(TableTimeTest, AnOffsetAFractionAndUnixTimesAreRead) {
  const auto format = Format("%Y-%m-%dT%H:%M:%S.%f%z");
  ASSERT_TRUE(format.ok());
  const std::optional<TextTime> time =
      format->Parse("2024-02-29T01:00:00.25+0100");
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->seconds, 1709164800);
  EXPECT_EQ(time->nanos, 250000000);
  EXPECT_EQ(time->utc_offset_minutes, 60);
  EXPECT_EQ(Seconds(Format("unix-seconds"), "1709164800"), 1709164800);
  EXPECT_EQ(Format("unix-milliseconds")->Parse("-1")->nanos, 999000000);
  EXPECT_EQ(Seconds(Format("rfc3339"), "2024-02-29T00:00:00Z"), 1709164800);
}

TEST(TableTimeTest, AnHourThatTheClockShowedTwiceIsNotGuessed) {
  v1::TimeUse use;
  use.set_format("%Y-%m-%d %H:%M");
  use.set_zone("America/Los_Angeles");
  EXPECT_EQ(Seconds(TableTime::Make(use), "2024-11-03 01:30"), -1);

  use.set_repeated_hour(v1::REPEATED_HOUR_FIRST);
  EXPECT_EQ(Seconds(TableTime::Make(use), "2024-11-03 01:30"), 1730622600);
  use.set_repeated_hour(v1::REPEATED_HOUR_SECOND);
  EXPECT_EQ(Seconds(TableTime::Make(use), "2024-11-03 01:30"), 1730626200);
}

TEST(TableTimeTest, AnHourThatTheClockNeverShowedIsNoTime) {
  EXPECT_EQ(Seconds(Format("%Y-%m-%d %H:%M", "America/Los_Angeles"),
                    "2024-03-10 02:30"),
            -1);
}

TEST(TableTimeTest, WhatMerelyLooksLikeATimeIsNone) {
  const auto day = Format("%Y-%m-%d", "UTC");
  for (const absl::string_view text :
       {"", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "24-01-01",
        "2024-01-01 ", " 2024-01-01", "2024-01-01T00:00:00Z", "2024/01/01",
        "infinite-future", "0000-01-01", "2024-1-", "-2024-01-01"}) {
    EXPECT_EQ(Seconds(day, text), -1) << text;
  }
  const auto clock = Format("%Y-%m-%d %H:%M:%S%z");
  for (const absl::string_view text :
       {"2024-01-01 24:00:00Z", "2024-01-01 23:60:00Z", "2024-01-01 23:59:60Z",
        "2024-01-01 23:59:59", "2024-01-01 23:59:59+19:00",
        "2024-01-01 23:59:59+01:60"}) {
    EXPECT_EQ(Seconds(clock, text), -1) << text;
  }
  for (const absl::string_view text : {"", "1e9", " 1", "+1", "999999999999999",
                                       "99999999999999999999", "1.5", "1-2"}) {
    EXPECT_EQ(Seconds(Format("unix-seconds"), text), -1) << text;
  }
}

TEST(TableTimeTest, AFormatThatLeavesTheInstantOpenIsRefused) {
  const struct {
    absl::string_view format, zone, why;
  } kCases[] = {
      {"", "UTC", "format: want"},
      {"%Y-%m-%d", "", "zone: want an IANA name"},
      {"%Y-%m-%d", "Mars/Olympus", "zone: want an IANA name"},
      {"%Y-%m-%d", "/etc/passwd", "zone: want an IANA name"},
      {"%Y-%m-%d", "../../etc/passwd", "zone: want an IANA name"},
      {"%Y-%m-%d %H:%M %z", "UTC", "zone: want none"},
      {"rfc3339", "UTC", "zone: want none"},
      {"%y-%m-%d", "UTC", "format: want a directive"},
      {"%Y-%m", "UTC", "without all of them"},
      {"%Y-%m-%b-%d", "UTC", "without all of them"},
      {"%Y-%m-%d %I:%M", "UTC", "want %H, or %I and %p"},
      {"%Y-%m-%d %M", "UTC", "a gap"},
      {"%Y-%m-%d %d", "UTC", "%d twice"},
      {"%Y-%m-%d%", "UTC", "a letter after %"},
  };
  for (const auto& c : kCases) {
    const auto format = Format(c.format, c.zone);
    ASSERT_TRUE(absl::IsInvalidArgument(format.status())) << c.format;
    EXPECT_TRUE(absl::StrContains(format.status().message(), c.why))
        << c.format << " " << format.status();
  }
}

}  // namespace
}  // namespace subrosa
