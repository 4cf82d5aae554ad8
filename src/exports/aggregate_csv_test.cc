#include "src/exports/aggregate_csv.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kAnswer[] = R"json({
  "aggregate": "moods", "version": 1, "entity": "rosewater",
  "recipient": "employer", "purpose": "wellness", "title": "How, exactly?",
  "period": "2026-Q2", "type": "demo.Mood", "group_by": "word",
  "mean_of": "score", "least_group": 5, "answered_on": "2026-07-01",
  "consumers": 20,
  "groups": [{"value": "fine", "consumers": 7, "mean": 4.5},
             {"value": "=cmd(\"x\")", "consumers": 6, "mean": null},
             {"value": "-2", "consumers": 5, "mean": -1.5}],
  "some_groups_suppressed": true})json";

TEST(AggregateCsvTest, EachRowSaysWhatWasAskedAndOfWhom) {
  const std::string head =
      R"csv("moods","rosewater","employer","wellness","How, exactly?",)csv"
      R"csv("2026-Q2","demo.Mood","word","score","5","2026-07-01",)csv";

  const std::string table = AggregateCsv(kAnswer).value();

  const std::vector<std::string> rows = absl::StrSplit(table, "\r\n");
  EXPECT_THAT(
      rows, ElementsAre("aggregate,entity,recipient,purpose,title,period,"
                        "type,group_by,mean_of,least_group,answered_on,"
                        "about,value,consumers,mean,some_groups_suppressed",
                        head + R"csv("all","","20","","true")csv",
                        head + R"csv("group","fine","7","4.5","true")csv",
                        head + R"csv("group","'=cmd(""x"")","6","","true")csv",
                        head + R"csv("group","-2","5","-1.5","true")csv", ""));
}

TEST(AggregateCsvTest, AnAnswerWithoutGroupsIsOneRow) {
  const std::string table =
      *AggregateCsv(R"({"aggregate": "low", "consumers": 9, "mean": 3.25})");

  EXPECT_THAT(table, HasSubstr(R"csv("all","","9","3.25","")csv"));
  EXPECT_THAT(table, Not(HasSubstr("\"group\"")));
}

TEST(AggregateCsvTest, WhatIsNoAnswerIsRefusedAndNotShown) {
  for (const absl::string_view text : {"", "canary", "[1]", "{\"a\": 1}"}) {
    const absl::Status status = AggregateCsv(text).status();

    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(status.ToString(), Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace subrosa
