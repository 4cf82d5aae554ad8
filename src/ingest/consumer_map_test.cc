#include "src/ingest/consumer_map.h"

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string ScratchFile(absl::string_view content) {
  const std::string path = absl::StrCat(testing::TempDir(), "/consumer_map");
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

absl::StatusOr<ConsumerMap> MapOf(absl::string_view content) {
  return ConsumerMap::Load(ScratchFile(content));
}

TEST(ConsumerMapTest, APersonOfTheFileIsTheConsumerThatTheMapNames) {
  const auto map = MapOf("source,consumer\r\np-1,c-9\np-0,c-8\n");
  ASSERT_TRUE(map.ok()) << map.status();

  EXPECT_EQ(map->size(), 2u);
  EXPECT_EQ(map->Find("p-1"), "c-9");
  EXPECT_EQ(map->Find("p-0"), "c-8");
}

TEST(ConsumerMapTest, AStrangerIsNobody) {
  const auto map = MapOf("source,consumer\np-1,c-9\n");
  ASSERT_TRUE(map.ok()) << map.status();

  for (const absl::string_view id : {"", "p", "p-", "p-10", "P-1", "c-9"}) {
    EXPECT_EQ(map->Find(id), "") << id;
  }
}

TEST(ConsumerMapTest, TwoIdsOfAFileMayBeOneConsumer) {
  const auto map = MapOf("source,consumer\np-1,c-9\np-2,c-9\n");
  ASSERT_TRUE(map.ok()) << map.status();

  EXPECT_EQ(map->Find("p-2"), "c-9");
}

TEST(ConsumerMapTest, AnIdMayHoldCommasAndQuotes) {
  const auto map = MapOf("source,consumer\n\"a,\"\"b\",\"c\"\n");
  ASSERT_TRUE(map.ok()) << map.status();

  EXPECT_EQ(map->Find("a,\"b"), "c");
}

TEST(ConsumerMapTest, AMapWithoutPeopleKnowsNobody) {
  const auto map = MapOf("source,consumer\n");
  ASSERT_TRUE(map.ok()) << map.status();

  EXPECT_EQ(map->Find("p-1"), "");
}

TEST(ConsumerMapTest, WhatCouldBeReadInTwoWaysIsRefusedAndNotShown) {
  const struct {
    std::string rows;
    std::string message;
  } kCases[] = {
      {"zoe,c-1\nzoe,c-1\n", "consumer map: source: want each id once"},
      {"zoe,c-1\nzoe,c-2\n", "consumer map: source: want each id once"},
      {"zoe\n", "consumer map: row 2: row: want 2 cells, got 1"},
      {"zoe,c-1,x\n", "consumer map: row 2: row: want 2 cells, got 3"},
      {"a,b\nzoe,\n", "consumer map: row 3: consumer: want an id of 1 to 256"},
      {",zoe\n", "consumer map: row 2: source: want an id of 1 to 256"},
      {absl::StrCat("zoe,", std::string(257, 'x'), "\n"), "got 257"},
      {"zoe ,c-1\n", "source: want an id, got one with white space at an end"},
      {"zoe,\tc-1\n", "consumer: want an id, got one with white space"},
      {"\"zoe\n1\",c-1\n", "source: want an id, got one with a control"},
      {"zoe,\"c-1\n", "want a quote that closes the cell"},
      {"zoe,\xFF\n", "want UTF-8, got other bytes"},
      {absl::StrCat("zoe,", std::string(5000, 'x'), "\n"), "at most 2048"},
  };
  for (const auto& c : kCases) {
    const auto map = MapOf(absl::StrCat("source,consumer\n", c.rows));

    ASSERT_FALSE(map.ok()) << c.message;
    EXPECT_TRUE(absl::IsInvalidArgument(map.status())) << map.status();
    EXPECT_TRUE(absl::StrContains(map.status().message(), c.message))
        << map.status();
    EXPECT_FALSE(absl::StrContains(map.status().message(), "zoe"));
  }
}

TEST(ConsumerMapTest, AFirstRowThatIsNoHeaderIsRefusedSinceItMayBeAPerson) {
  for (const absl::string_view text : {"", "zoe,c-1\n", "consumer,source\n",
                                       "source;consumer\n", "source\n"}) {
    const auto map = MapOf(text);

    ASSERT_FALSE(map.ok()) << text;
    EXPECT_TRUE(absl::StrContains(map.status().message(),
                                  "header: want `source,consumer`"));
  }
}

TEST(ConsumerMapTest, AMissingMapIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(ConsumerMap::Load("/nowhere/map").status()));
}

TEST(ConsumerIdTest, OneLineIsOneId) {
  for (const absl::string_view text : {"c-1", "c-1\n", "c-1\r\n"}) {
    const auto id = ReadConsumerId(ScratchFile(text));

    ASSERT_TRUE(id.ok()) << id.status();
    EXPECT_EQ(*id, "c-1");
  }
}

TEST(ConsumerIdTest, NoIdAndSeveralIdsAreRefused) {
  for (const absl::string_view text :
       {"", "\n", " \n", "zoe\nzoe\n", "zoe\n\n", " zoe", "zoe\t\n"}) {
    const auto id = ReadConsumerId(ScratchFile(text));

    ASSERT_FALSE(id.ok()) << text;
    EXPECT_TRUE(absl::IsInvalidArgument(id.status())) << id.status();
    EXPECT_FALSE(absl::StrContains(id.status().message(), "zoe"));
  }
  EXPECT_FALSE(ReadConsumerId(ScratchFile(std::string(400, 'x'))).ok());
}

}  // namespace
}  // namespace subrosa
