#include "src/ingest/row_mapping.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/acme.pb.h"

namespace subrosa {
namespace {

absl::Status Parse(absl::string_view text) {
  return RowMapping::Parse("m", text, MessageTypes::Linked()).status();
}

// A mapping to Condition with `rest` behind its consumer.
std::string Condition(absl::string_view rest) {
  return absl::StrCat(
      "name: 'dx' message: 'subrosa.v1.Condition'\n"
      "column { name: 'who' consumer {} }\n",
      rest);
}

std::string Phq9(absl::string_view rest) {
  std::string text =
      "name: 'phq9' message: 'subrosa.v1.Assessment'\n"
      "column { name: 'who' consumer {} }\n";
  for (int i = 1; i <= 9; ++i) {
    absl::StrAppend(&text, "column { name: 'q", i, "' item { number: ", i,
                    " } }\n");
  }
  return absl::StrCat(text, rest);
}

constexpr absl::string_view kPhq9 =
    "questionnaire { instrument: INSTRUMENT_PHQ9 }";

TEST(RowMappingTest, AMappingOfEveryKindOfColumnIsTaken) {
  EXPECT_TRUE(Parse(Condition(R"(
    missing: "NA"
    column { name: "id" record_id {} }
    column { name: "on" effective { format: "%Y-%m-%d" zone: "UTC" } }
    column { name: "until" effective_end { format: "%Y-%m-%d" zone: "UTC" } }
    column { name: "entered" collected_at { format: "rfc3339" } }
    column { name: "dx" code { path: "condition.coding[0]"
                               system_column: "vocabulary" } }
    column { name: "vocabulary" code_system {}
             translation { from: "ICD10" to: "http://hl7.org/fhir/sid/icd-10-cm" } }
    column { name: "words" field { path: "condition.coding[0].display" } }
    column { name: "state" field { path: "clinical_status" } }
    column { name: "row" ignore: "counts the rows" }
    constant { path: "note" value: "from the old system" }
  )"))
                  .ok());
  EXPECT_TRUE(Parse(Phq9(kPhq9)).ok());
  EXPECT_TRUE(Parse("name: 'v' message: 'subrosa.v1.VitalSample' "
                    "column { name: 'who' consumer {} } "
                    "column { name: 'v' quantity { path: 'value' unit: "
                    "'mm[Hg]' } } "
                    "column { name: 'd' field { path: 'device_id' } }")
                  .ok());
}

TEST(RowMappingTest, AServicesOwnMessageIsFilledByItsFieldPaths) {
  EXPECT_TRUE(
      Parse(absl::StrCat("name: 'own' message: '",
                         acme::v1::CheckIn::descriptor()->full_name(),
                         "' column { name: 'who' consumer {} } "
                         "column { name: 's' field { path: 'score' } }"))
          .ok());
}

TEST(RowMappingTest, WhatIsNoMappingIsRefusedWithItsLine) {
  const struct {
    std::string text;
    absl::string_view why;
  } kCases[] = {
      {"nam: 'x'", "m:1: want a subrosa.v1.TableMapping"},
      {"name: 'x'\ncolumn { name: 'a' item { number: 'b' } }", "m:2: want"},
      {"\xFF", "bytes of UTF-8"},
      {"", "m: name: want 1 to 64 bytes"},
      {"name: 'x'", "m: column: want 1 to 1024, got 0"},
      {"name: 'No Slug' column { name: 'a' consumer {} }", "m: name: want"},
      {"name: 'x' column { name: 'a' ignore: 'r' }", "one with consumer {}"},
      {"name: 'x' separator: '||' column { name: 'a' consumer {} }",
       "separator: want one byte"},
      {"name: 'x' separator: '\"' column { name: 'a' consumer {} }",
       "separator: want one byte"},
      {"name: 'x' column { name: 'a' consumer {} }",
       "message: want the full name of a known message"},
      {"name: 'x' message: 'google.protobuf.Timestamp' "
       "column { name: 'a' consumer {} }",
       "message: want a message with marks"},
      {Condition("column { name: 'a' }"), "m:3: column[1]: use: want what"},
      {Condition("column { consumer {} }"), "column[1]: name: want 1 to 128"},
      {Condition("column { name: 'who' ignore: 'x' }"), "each name once"},
      {Condition("column { name: 'b' consumer {} }"), "a second"},
      {Condition("column { name: 'b' ignore: '' }"), "ignore: want the reason"},
      {Condition("column { name: 'b' effective_end { format: 'rfc3339' } }"),
       "one with `effective`"},
      {Condition("column { name: 'b' effective { format: '%Y' } }"),
       "column[1]: format: want"},
      {Condition("column { name: 'b' required: true ignore: 'x' }"),
       "ignore: want nothing else"},
      {Condition("column { name: 'b' field { path: 'note' } "
                 "translation { from: 'a' } translation { from: 'a' } }"),
       "translation.from: want each once"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = Parse(c.text);
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << c.text;
    EXPECT_TRUE(absl::StrContains(status.message(), c.why))
        << c.text << "\n  " << status;
  }
}

TEST(RowMappingTest, WhatTheMessageCannotHoldIsRefused) {
  const struct {
    absl::string_view rest, why;
  } kCases[] = {
      {"column { name: 'b' field { path: 'nota' } }",
       "m:3: column[1]: field: path: want a field of `subrosa.v1.Condition`"},
      {"column { name: 'b' field { path: '' } }", "path: want a field of"},
      {"column { name: 'b' field { path: 'note.more' } }",
       "want a field of a message, got one of a value"},
      {"column { name: 'b' field { path: 'condition' } }",
       "want a field of one value in text"},
      {"column { name: 'b' field { path: 'note[0]' } }", "is no list"},
      {"column { name: 'b' field { path: 'condition.coding.code' } }",
       "since it is a list"},
      {"column { name: 'b' field { path: 'condition.coding[x].code' } }",
       "an index of 0 to 255"},
      {"column { name: 'b' field { path: 'condition.coding[999].code' } }",
       "an index of 0 to 255"},
      {"column { name: 'b' field { path: 'condition.coding[1].code' } }",
       "without a gap"},
      {"column { name: 'b' field { path: 'note' } } "
       "constant { path: 'note' value: 'x' }",
       "constant[0]: path: want a field that nothing else fills"},
      {"column { name: 'b' field { path: 'condition.coding[0].system' } } "
       "column { name: 'c' code { path: 'condition.coding[0]' system: 'x' } }",
       "nothing else fills"},
      {"column { name: 'b' field { path: 'note' time { format: 'rfc3339' } } }",
       "time: want a format exactly for"},
      {"column { name: 'b' field { path: 'note' duration: "
       "DURATION_UNIT_HOURS } }",
       "duration: want a unit exactly for"},
      {"column { name: 'b' code { path: 'note' system: 'x' } }",
       "want a message with a code and its system"},
      {"column { name: 'b' code { path: 'condition.coding[0]' } }",
       "want either a system or a system_column, got neither"},
      {"column { name: 'b' code { path: 'condition.coding[0]' "
       "system_column: 'c' } }",
       "got no `c`"},
      {"column { name: 'b' code { path: 'condition.coding[0]' "
       "system_column: 'who' } }",
       "want code_system or unit"},
      {"column { name: 'b' code_system {} }",
       "want a code or quantity that names this column"},
      {"column { name: 'b' quantity { path: 'note' unit: 'kg' } }",
       "want a subrosa.v1.Quantity"},
      {"column { name: 'b' quantity { path: 'note' unit: 'k g' } }",
       "quantity.unit: want a UCUM code"},
      {"column { name: 'b' quantity { path: 'note' unit: 'mm[Hg' } }",
       "quantity.unit: want a UCUM code"},
      {"column { name: 'b' item { number: 1 } }", "want a `questionnaire`"},
      {"questionnaire { instrument: INSTRUMENT_PHQ9 } "
       "column { name: 'b' total {} }",
       "one exactly where the message is"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = Parse(Condition(c.rest));
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << c.rest;
    EXPECT_TRUE(absl::StrContains(status.message(), c.why))
        << c.rest << "\n  " << status;
  }
}

TEST(RowMappingTest, AConstantMustFitItsField) {
  EXPECT_TRUE(
      absl::StrContains(Parse("name: 'x' message: 'subrosa.v1.MoodCheckIn' "
                              "column { name: 'who' consumer {} } "
                              "column { name: 'n' field { path: 'note' } } "
                              "constant { path: 'score' value: 'high' }")
                            .message(),
                        "constant[0]: value: want an integer in 32 bits"));
}

TEST(RowMappingTest, AQuestionnaireWithoutAllItsItemsIsRefused) {
  const struct {
    std::string text;
    absl::string_view why;
  } kCases[] = {
      {Phq9(""), "want a `questionnaire`"},
      {Phq9("questionnaire {}"), "questionnaire.instrument: want a known one"},
      {Phq9("questionnaire { instrument: INSTRUMENT_GAD7 }"),
       "item.number: want 1 to 7, each once, got 8"},
      {Phq9("column { name: 'again' item { number: 9 } } "
            "questionnaire { instrument: INSTRUMENT_PHQ9 }"),
       "each once, got 9"},
      {Phq9("column { name: 'x' field { path: 'total' } } "
            "questionnaire { instrument: INSTRUMENT_PHQ9 }"),
       "want items and a total alone"},
      {Phq9("questionnaire { instrument: INSTRUMENT_PHQ9 min_answers: 10 }"),
       "min_answers: want 0 to 9"},
      {"name: 'x' message: 'subrosa.v1.Assessment' "
       "column { name: 'who' consumer {} } "
       "questionnaire { instrument: INSTRUMENT_PHQ9 }",
       "an `item` for each of the 9 items, or a `total` alone"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = Parse(c.text);
    ASSERT_TRUE(absl::IsInvalidArgument(status)) << c.text;
    EXPECT_TRUE(absl::StrContains(status.message(), c.why))
        << c.text << "\n  " << status;
  }
}

}  // namespace
}  // namespace subrosa
