#include "src/exports/record_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/steward/scratch_home.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;

std::string CsvCell(absl::string_view text) {
  std::string out;
  AppendCsvCell(text, &out);
  return out;
}

template <typename Payload>
std::string TableOf(const Payload& payload) {
  RecordTable table(*Payload::descriptor());
  std::string lines;
  table.AppendHead(&lines);
  EXPECT_TRUE(
      table.AppendRow(RecordOf("ada", "1", payload), {}, payload, &lines).ok());
  return lines;
}

TEST(RecordTextTest, NoCellIsTakenForAFormula) {
  EXPECT_EQ("\"'=1+1\"", CsvCell("=1+1"));
  EXPECT_EQ("\"-4.5\"", CsvCell("-4.5"));
  EXPECT_EQ("\"a \"\"b\"\"\"", CsvCell("a \"b\""));
}

TEST(RecordTextTest, ATypesTableHasAColumnForEachValue) {
  v1::MoodCheckIn check_in;
  check_in.set_score(4);
  check_in.add_feelings("calm");
  check_in.add_feelings("tired");

  EXPECT_EQ(
      "\"record\",\"when\",\"source\",\"purpose\",\"collected_at\","
      "\"categories\",\"score\",\"feelings\",\"note\",\"device_id\"\r\n"
      "\"1\",\"2026-06-21T00:00:00Z\",\"ios-app\",\"mood-tracking\","
      "\"2026-06-21T00:00:00Z\",\"\",\"4\",\"calm; tired\",,\r\n",
      TableOf(check_in));
}

TEST(RecordTextTest, ValuesWithinValuesHaveColumnsOfTheirOwn) {
  v1::VitalSample sample;
  sample.mutable_type()->add_coding()->set_code("8867-4");
  sample.mutable_value()->set_value(72.5);
  sample.mutable_value()->set_unit("/min");

  const std::string table = TableOf(sample);

  EXPECT_THAT(table, HasSubstr("\"value.value\",\"value.unit\""));
  EXPECT_THAT(table, HasSubstr("\"72.5\",\"/min\""));
  EXPECT_THAT(table, HasSubstr("[{\"\"code\"\":\"\"8867-4\"\"}]"));
}

TEST(RecordTextTest, ARecordIsOneLineOfJson) {
  v1::JournalEntry entry;
  entry.set_text("two\nlines");
  RowFacts facts;
  facts.schema = "subrosa.v1.JournalEntry";
  facts.categories = 1 << v1::HEALTH_CATEGORY_CONDITIONS;
  RecordJson writer;
  std::string line;

  ASSERT_TRUE(
      writer.Append(RecordOf("ada", "7", entry), facts, entry, &line).ok());

  EXPECT_EQ(std::string::npos, line.find('\n'));
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ("journal entry", json["type"]);
  EXPECT_EQ("7", json["id"]);
  EXPECT_EQ("conditions", json["categories"][0]["category"]);
  EXPECT_EQ("two\nlines", json["content"]["text"]);
}

}  // namespace
}  // namespace subrosa
