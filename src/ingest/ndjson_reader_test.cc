#include "src/ingest/ndjson_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr char kMoodLine[] =
    R"({"consumer":"c-1","id":"m-1","source":"ios-app",)"
    R"("collectedAt":"2024-05-01T08:00:00Z",)"
    R"("effective":{"start":"2024-05-01T07:59:00Z","utcOffsetMinutes":-420},)"
    R"("purpose":"mood-tracking","basis":"BASIS_CONSENT",)"
    R"("consentRef":"AAECAwQFBgcICQoLDA0ODw==",)"
    R"("provenance":{"collection":"COLLECTION_CONSUMER"},)"
    R"("payload":{"@type":"type.googleapis.com/subrosa.v1.MoodCheckIn",)"
    R"("score":3,"feelings":["anxious"],"note":"rain"}})";

// Lines as short as they can be, where the options give the rest.
std::string Line(const std::string& consumer, const std::string& payload) {
  return absl::StrCat(R"({"consumer":")", consumer, R"(","payload":)", payload,
                      "}\n");
}

constexpr char kMood[] =
    R"({"@type":"type.googleapis.com/subrosa.v1.MoodCheckIn","score":3})";

ReaderOptions OptionsForCheckIns() {
  ReaderOptions options = OptionsWithDefaults();
  options.message_type = acme::v1::CheckIn::descriptor()->full_name();
  return options;
}

TEST(NdjsonReaderTest, AWholeRecordIsReadAsItIsWritten) {
  const Reading reading = ReadText(kMoodLine, ReaderOptions());

  ASSERT_EQ(reading.records.size(), 1u) << reading.rejects[0];
  const v1::HealthRecord& record = reading.records[0];
  EXPECT_EQ(record.consumer(), "c-1");
  EXPECT_EQ(record.id(), "m-1");
  EXPECT_EQ(record.basis(), v1::BASIS_CONSENT);
  EXPECT_EQ(record.consent_ref().size(), 16u);
  EXPECT_EQ(record.effective().utc_offset_minutes(), -420);
  v1::MoodCheckIn mood;
  ASSERT_TRUE(record.payload().UnpackTo(&mood));
  EXPECT_EQ(mood.score(), 3);
  EXPECT_EQ(mood.note(), "rain");
}

TEST(NdjsonReaderTest, TheOriginSaysWhatWasReadAndDigestsIt) {
  const Reading reading = ReadText(kMoodLine, ReaderOptions());

  ASSERT_EQ(reading.records.size(), 1u);
  const v1::Origin& origin = reading.records[0].origin();
  EXPECT_EQ(origin.system(), "ndjson");
  EXPECT_EQ(origin.type(), "subrosa.v1.MoodCheckIn");
  EXPECT_EQ(origin.id(), "m-1");
  EXPECT_EQ(origin.raw_digest().size(), 32u);
}

TEST(NdjsonReaderTest, AnOriginThatTheLineCarriesStands) {
  const std::string line = absl::StrReplaceAll(
      kMoodLine, {{R"("source")",
                   R"("origin":{"system":"legacy-app","id":"9"},"source")"}});

  const Reading reading = ReadText(line, ReaderOptions());

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].origin().system(), "legacy-app");
  EXPECT_TRUE(reading.records[0].origin().raw_digest().empty());
}

TEST(NdjsonReaderTest, WhatALineLeavesOutTheOptionsGive) {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.application = "Rosewater 7.2";

  const Reading reading = ReadText(Line("c-1", kMood), options);

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].source(), "test-source");
  EXPECT_EQ(reading.records[0].purpose(), "sleep-coaching");
  EXPECT_EQ(reading.records[0].basis(), v1::BASIS_NECESSARY);
  EXPECT_EQ(reading.records[0].collected_at().seconds(), 1700000000);
  EXPECT_EQ(reading.records[0].provenance().application(), "Rosewater 7.2");
}

TEST(NdjsonReaderTest, WhatALineSaysTheOptionsLeaveAlone) {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.consent_ref = std::string(16, 'x');

  const Reading reading = ReadText(kMoodLine, options);

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].source(), "ios-app");
  EXPECT_EQ(reading.records[0].purpose(), "mood-tracking");
  EXPECT_NE(reading.records[0].consent_ref(), options.defaults.consent_ref);
}

TEST(NdjsonReaderTest, TheConsentOfTheOptionsIsNotLentToAGroundOfTheLine) {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.basis = v1::BASIS_CONSENT;
  options.defaults.consent_ref = std::string(16, 'x');

  const Reading reading = ReadText(
      absl::StrReplaceAll(Line("c-1", kMood),
                          {{"{\"consumer\"", "{\"basis\":2,\"consumer\""}}),
      options);

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].basis(), v1::BASIS_NECESSARY);
  EXPECT_TRUE(reading.records[0].consent_ref().empty());
}

TEST(NdjsonReaderTest, ABadLineIsRejectedWithItsPlaceAndTheRestIsRead) {
  const std::string good = Line("c-1", kMood);
  const std::string content = absl::StrCat(good, "not json\n", good,
                                           R"({"consumer":"c-2"})", "\n", good);

  const Reading reading = ReadText(content, OptionsWithDefaults());

  EXPECT_EQ(reading.records.size(), 3u);
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                absl::StrCat("line 2, byte ", good.size(),
                             ": line: want an object, got a value"),
                absl::StrCat("line 4, byte ", 2 * good.size() + 9,
                             ": payload: want a message, got none")}));
}

TEST(NdjsonReaderTest, EachFaultIsNamedByItsFieldAndItsValueIsNot) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {R"({"payload":{"@type":"type.googleapis.com/subrosa.v1.MoodCheckIn",)"
       R"("score":"planted-value"}})",
       "payload.score: want an integer in 32 bits, got a string"},
      {Line("", kMood), "consumer: want 1 to 256 bytes, got 0"},
      {R"({"consumer":"c-1","collectedAt":"1850-01-01T00:00:00Z","payload":)" +
           std::string(kMood) + "}",
       "collected_at: want a time in 1900 to 2200, got one outside"},
      {R"({"consumer":"c-1","collectedAt":"2024-13-01T00:00:00Z"})",
       "collected_at: want a time of RFC 3339 in the years 1 to 9999, got "
       "another string"},
      {R"({"consumer":"c-1","source":"Planted Value","payload":)" +
           std::string(kMood) + "}",
       "source: want only a-z, 0-9 and -, got another byte at 0"},
      {R"({"consumer":"c-1","basis":"BASIS_PLANTED"})",
       "basis: want a value of subrosa.v1.Basis, got an unknown name"},
      {R"({"consumer":"c-1","payload":{"score":3}})",
       "payload.@type: want type.googleapis.com/ and a message's name, got "
       "none"},
  };
  for (const auto& fault : faults) {
    const Reading reading = ReadText(fault.first, OptionsWithDefaults());

    ASSERT_EQ(reading.rejects.size(), 1u) << fault.first;
    EXPECT_EQ(reading.rejects[0], "line 1, byte 0: " + fault.second);
  }
}

TEST(NdjsonReaderTest, WithoutATimeAndADefaultForItALineIsRejected) {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.collected_at = absl::InfinitePast();

  const Reading reading = ReadText(Line("c-1", kMood), options);

  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_EQ(reading.rejects[0],
            "line 1, byte 0: collected_at: want a time, got none");
}

TEST(NdjsonReaderTest, ABareMessageBecomesARecordByItsRoles) {
  const Reading reading = ReadText(
      R"({"accountId":"c-7","entryId":"e-1",)"
      R"("feltAt":"2024-05-01T23:30:00.5-08:00","score":2,"note":"n"})",
      OptionsForCheckIns());

  ASSERT_EQ(reading.records.size(), 1u) << reading.rejects[0];
  const v1::HealthRecord& record = reading.records[0];
  EXPECT_EQ(record.consumer(), "c-7");
  EXPECT_EQ(record.id(), "e-1");
  EXPECT_EQ(record.effective().start().seconds(), 1714635000);
  EXPECT_EQ(record.effective().start().nanos(), 500000000);
  EXPECT_EQ(record.effective().utc_offset_minutes(), -480);
  EXPECT_EQ(record.origin().type(), "acme.v1.CheckIn");
  acme::v1::CheckIn inside;
  ASSERT_TRUE(record.payload().UnpackTo(&inside));
  EXPECT_EQ(inside.score(), 2);
}

TEST(NdjsonReaderTest, ABareMessageWithoutItsConsumerIsRejected) {
  const Reading reading =
      ReadText("{\"score\":2}\n{\"accountId\":\"\"}\n", OptionsForCheckIns());

  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                "line 1, byte 0: account_id: want the consumer's id, got none",
                "line 2, byte 12: account_id: want the consumer's id, got "
                "none"}));
}

TEST(NdjsonReaderTest, ABareMessageLeavesNothingToTheNext) {
  const Reading reading = ReadText(
      R"({"accountId":"c-7","entryId":"e-1","feltAt":"2024-05-01T00:00:00Z"})"
      "\n"
      R"({"accountId":"c-8"})",
      OptionsForCheckIns());

  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[1].id(), "");
  EXPECT_FALSE(reading.records[1].has_effective());
}

TEST(NdjsonReaderTest, ATypeThatCannotBeTakenBareIsRefusedAtOnce) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"acme.v1.Nothing",
       "message_type: want the full name of a known message, got "
       "`acme.v1.Nothing`"},
      {"acme.v1.Unmarked",
       "message_type: want a message with marks, got `acme.v1.Unmarked`"},
      {"acme.v1.NoConsumer",
       "message_type: want a message with a field of FIELD_ROLE_CONSUMER, got "
       "`acme.v1.NoConsumer`"},
      {"acme.v1.WrongRole",
       "message_type: want one string for FIELD_ROLE_CONSUMER, got "
       "`acme.v1.WrongRole.account_id`"},
      {"acme.v1.TwoConsumers",
       "message_type: want one field with FIELD_ROLE_CONSUMER, got "
       "`acme.v1.TwoConsumers.partner_id` as a second"},
  };
  for (const auto& type : types) {
    ReaderOptions options = OptionsWithDefaults();
    options.message_type = type.first;

    const Reading reading = ReadText("{}", options);

    EXPECT_TRUE(absl::IsInvalidArgument(reading.status)) << type.first;
    EXPECT_NE(std::string(reading.status.message()).find(type.second),
              std::string::npos)
        << reading.status;
  }
}

}  // namespace
}  // namespace subrosa
