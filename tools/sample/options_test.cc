#include "tools/sample/options.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tools/sample/calendar.h"

namespace subrosa::sample {
namespace {

TEST(OptionsTest, WithoutArgumentsSixPeopleAndAYearThatEndsInJune2026) {
  const auto parsed = ParseOptions({});

  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const Options& options = parsed->options;
  EXPECT_EQ(options.format, Format::kNdjson);
  EXPECT_EQ(options.consumers, 6u);
  EXPECT_EQ(options.span.days, 365);
  EXPECT_EQ(options.span.until_day, DayOf(absl::CivilDay(2026, 6, 30)));
  EXPECT_FALSE(options.random_order);
  EXPECT_EQ(options.output, "-");
}

TEST(OptionsTest, EveryOptionIsTaken) {
  const auto parsed = ParseOptions({"--format",
                                    "protobuf",
                                    "--consumers=1000000",
                                    "--seed",
                                    "18446744073709551615",
                                    "--records-per-consumer",
                                    "9",
                                    "--order",
                                    "random",
                                    "--size",
                                    "1024",
                                    "--bytes",
                                    "1G",
                                    "--days",
                                    "30",
                                    "--until",
                                    "2024-02-29",
                                    "--first-consumer",
                                    "7",
                                    "--output",
                                    "x"});

  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const Options& options = parsed->options;
  EXPECT_EQ(options.format, Format::kProtobuf);
  EXPECT_EQ(options.consumers, 1'000'000u);
  EXPECT_EQ(options.span.seed, UINT64_MAX);
  EXPECT_EQ(options.records_per_consumer, 9u);
  EXPECT_TRUE(options.random_order);
  EXPECT_EQ(options.record_bytes, 1024u);
  EXPECT_EQ(options.output_bytes, uint64_t{1} << 30);
  EXPECT_EQ(options.span.days, 30);
  EXPECT_EQ(options.span.until_day, DayOf(absl::CivilDay(2024, 2, 29)));
  EXPECT_EQ(options.first_consumer, 7u);
  EXPECT_EQ(options.output, "x");
}

TEST(OptionsTest, HelpListsTheOptions) {
  const auto parsed = ParseOptions({"--help"});

  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->help);
  for (const char* option :
       {"--format", "--consumers", "--seed", "--order", "--size", "--bytes",
        "--days", "--until", "--records-per-consumer", "--output"}) {
    EXPECT_NE(parsed->help_text.find(option), std::string::npos) << option;
  }
}

struct Wrong {
  std::vector<std::string> arguments;
  std::string message;
};

TEST(OptionsTest, WhatMakesNoSenseIsRefusedInWords) {
  const Wrong cases[] = {
      {{"--consumers", "0"},
       "--consumers: want a whole number, 1 to 1000000000, got `0`"},
      {{"--consumers", "-3"},
       "--consumers: want a whole number, 1 to 1000000000, got `-3`"},
      {{"--consumers", "many"},
       "--consumers: want a whole number, 1 to 1000000000, got `many`"},
      {{"--consumers", "99999999999999999999"},
       "--consumers: want a whole number, 1 to 1000000000, got "
       "`99999999999999999999`"},
      {{"--first-consumer", "0"},
       "--first-consumer: want a whole number, 1 to 1000000000, got `0`"},
      {{"--seed", "1.5"},
       "--seed: want a whole number, 0 to 18446744073709551615, got `1.5`"},
      {{"--records-per-consumer", "1000001"},
       "--records-per-consumer: want a whole number, 1 to 1000000, got "
       "`1000001`"},
      {{"--days", "0"}, "--days: want a whole number, 1 to 731, got `0`"},
      {{"--until", "30.6.2026"},
       "--until: want a date of 2000 to 2100 as YYYY-MM-DD, got `30.6.2026`"},
      {{"--until", "2026-02-30"},
       "--until: want a date of 2000 to 2100 as YYYY-MM-DD, got `2026-02-30`"},
      {{"--until", "1999-12-31"},
       "--until: want a date of 2000 to 2100 as YYYY-MM-DD, got `1999-12-31`"},
      {{"--format", "csv"},
       "--format: want ndjson, protobuf, fhir or apple-health, got `csv`"},
      {{"--order", "sorted"}, "--order: want grouped or random, got `sorted`"},
      {{"--order", "random"},
       "--order: want --consumers beside random, got none"},
      {{"--order", "random", "--consumers", "2", "--format", "fhir"},
       "--order: want grouped for this format, got `random`"},
      {{"--size", "319"},
       "--size: want a whole number, 320 to 200000, got `319`"},
      {{"--size", "1024", "--format", "fhir"},
       "--size: want no size for this format, got `1024`"},
      {{"--bytes", "1X"},
       "--bytes: want bytes as in 500000, 64K, 20M or 1G, got `1X`"},
      {{"--bytes", "99999G"},
       "--bytes: want bytes as in 500000, 64K, 20M or 1G, got `99999G`"},
      {{"--bytes", "0"},
       "--bytes: want bytes as in 500000, 64K, 20M or 1G, got `0`"},
      {{"--resource", "Patient"},
       "--resource: want it with --format fhir only, got `Patient`"},
      {{"--resource", "Encounter", "--format", "fhir"},
       "--resource: want Patient, Observation, Condition or "
       "MedicationRequest, got `Encounter`"},
      {{"--format", "apple-health", "--consumers", "2"},
       "--consumers: want 1, as an Apple Health export is of one person, got "
       "`2`"},
      {{"--format", "apple-health", "--bytes", "1M", "--records-per-consumer",
        "5"},
       "--bytes: want it without --records-per-consumer for apple-health, got "
       "both"},
      {{"--output", ""},
       "--output: want a file, or - for standard output, got ``"},
      {{"--colour"}, "The following argument was not expected: --colour"},
      {{"file.json"}, "The following argument was not expected: file.json"},
  };
  for (const Wrong& wrong : cases) {
    const absl::Status status = ParseOptions(wrong.arguments).status();

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong.message;
    EXPECT_EQ(status.message(), wrong.message);
  }
}

TEST(OptionsTest, AnOptionWithoutItsValueOrGivenTwiceIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(ParseOptions({"--seed"}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ParseOptions({"--seed", "1", "--seed", "2"}).status()));
}

}  // namespace
}  // namespace subrosa::sample
