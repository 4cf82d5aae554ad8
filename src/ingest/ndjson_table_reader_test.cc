#include "src/ingest/ndjson_table_reader.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kMapping = R"(
  name: "moods"
  message: "subrosa.v1.MoodCheckIn"
  column { name: "account" consumer {} }
  column { name: "score" field { path: "score" } }
  column { name: "note" field { path: "note" } }
  column { name: "extra" ignore: "of no use" }
)";

Reading Read(absl::string_view file) {
  const auto mapping = RowMapping::Parse("m", kMapping, MessageTypes::Linked());
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  ReaderOptions options = OptionsWithDefaults();
  options.mapping = mapping->get();
  return ReadText(file, options);
}

TEST(NdjsonTableReaderTest, AFlatObjectIsARow) {
  const Reading reading = Read(
      "{\"account\": \"ada\", \"score\": 7, \"note\": \"a\\nb\"}\n"
      "{\"score\": \"3\", \"account\": 17, \"note\": null}\n");

  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[0].origin().system(), "ndjson");
  EXPECT_EQ(reading.records[0].origin().type(), "moods");
  EXPECT_EQ(reading.records[1].consumer(), "17");
  v1::MoodCheckIn mood;
  ASSERT_TRUE(reading.records[0].payload().UnpackTo(&mood));
  EXPECT_EQ(mood.note(), "a\nb");
}

TEST(NdjsonTableReaderTest, WhatIsNoFlatRowOfTheMappingIsRejected) {
  const struct {
    absl::string_view line, why;
  } kCases[] = {
      {R"({"account": "ada", "score": 7, "dx": "F33.1"})",
       "line: want keys that the mapping names, got `dx`"},
      {R"({"account": "ada", "score": 7, "F33.1": 1})",
       "got one of another form"},
      {R"({"account": "ada", "score": 7, "score": 8})",
       "line: want each key once, got column.score again"},
      {R"({"account": "ada", "score": {"x": 7}})",
       "column.score: want one value, got an object"},
      {R"({"account": "ada", "score": 7, "extra": [1]})",
       "column.extra: want one value, got a list"},
      {R"({"account": "ada", "score": true})", "column.score: want an integer"},
      {R"({"account": "ada", "note": "a\u0000b"})", "got a NUL character"},
      {R"({"score": 7})", "column.account: want a value, got none"},
      {R"({"account": "ada"})", "row: want a value for the message"},
      {R"({"account": "ada", "score": 7} {})", "line: want one object"},
      {R"({"account": "ada", "score": 7)", "line: want one object in JSON"},
      {R"({"account": "ada", "score": 07})", "line: want one object in JSON"},
      {R"([1])", "line: want an object"},
  };
  for (const auto& c : kCases) {
    const Reading reading =
        Read(absl::StrCat("{\"account\": \"x\", \"score\": 1}\n", c.line,
                          "\n{\"account\": \"y\", \"score\": 1}\n"));
    EXPECT_EQ(reading.records.size(), 2u) << c.line;
    ASSERT_EQ(reading.rejects.size(), 1u) << c.line;
    EXPECT_TRUE(absl::StrContains(reading.rejects[0], c.why))
        << c.line << "\n  " << reading.rejects[0];
  }
}

}  // namespace
}  // namespace subrosa
