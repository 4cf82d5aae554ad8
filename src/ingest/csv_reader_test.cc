#include "src/ingest/csv_reader.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/row_mapping.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

Reading Read(absl::string_view mapping_text, absl::string_view file) {
  const auto mapping =
      RowMapping::Parse("m", mapping_text, MessageTypes::Linked());
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  if (!mapping.ok()) return Reading();
  ReaderOptions options = OptionsWithDefaults();
  options.mapping = mapping->get();
  return ReadText(file, options);
}

template <typename Message>
Message Payload(const v1::HealthRecord& record) {
  Message message;
  EXPECT_TRUE(record.payload().UnpackTo(&message));
  return message;
}

constexpr absl::string_view kMood = R"(
  name: "moods"
  message: "subrosa.v1.MoodCheckIn"
  missing: "NA"
  column { name: "account" consumer {} }
  column { name: "entry" record_id {} }
  column { name: "at" effective { format: "%Y-%m-%d %H:%M"
                                  zone: "America/Los_Angeles" } }
  column { name: "score" field { path: "score" } required: true }
  column { name: "note" field { path: "note" } }
  column { name: "first" field { path: "feelings[0]" } }
  column { name: "second" field { path: "feelings[1]" } }
  column { name: "row" ignore: "counts rows" }
)";
constexpr absl::string_view kMoodHeader =
    "row,account,entry,at,score,note,first,second\n";

std::string MoodFile(absl::string_view rows) {
  return absl::StrCat(kMoodHeader, rows);
}

TEST(CsvReaderTest, ARowBecomesARecordWithItsOrigin) {
  const Reading reading =
      Read(kMood, MoodFile("1,ada,e-1,2024-07-04 08:00,7.0,\"so, so\"\"\n\","
                           "NA,calm\n"));

  ASSERT_EQ(reading.records.size(), 1u) << reading.rejects[0];
  const v1::HealthRecord& record = reading.records[0];
  EXPECT_EQ(record.consumer(), "ada");
  EXPECT_EQ(record.id(), "e-1");
  EXPECT_EQ(record.effective().start().seconds(), 1720105200);
  EXPECT_EQ(record.effective().utc_offset_minutes(), -420);
  EXPECT_EQ(record.effective().given_start(), "2024-07-04 08:00");
  EXPECT_EQ(record.origin().system(), "csv");
  EXPECT_EQ(record.origin().type(), "moods");
  EXPECT_EQ(record.origin().id(), "e-1");
  EXPECT_EQ(record.origin().raw_digest().size(), 32u);
  const auto mood = Payload<v1::MoodCheckIn>(record);
  EXPECT_EQ(mood.score(), 7);
  EXPECT_EQ(mood.note(), "so, so\"\n");
  ASSERT_EQ(mood.feelings_size(), 1);
  EXPECT_EQ(mood.feelings(0), "calm");
  EXPECT_EQ(reading.end, "1 rows, 96 bytes");
}

TEST(CsvReaderTest, ARowThatDoesNotFitIsRejectedWithItsPlaceAndGoesOn) {
  const Reading reading = Read(kMood, MoodFile("1,ada,,,seven,,,\n"
                                               "2,,,,7,,,\n"
                                               "3,ada,,,NA,x,,\n"
                                               "4,ada,,2024-03-10 02:30,7,,,\n"
                                               "5,ada,,,7,,\n"
                                               "6,ada,,,7,,,,\n"
                                               "7,ada,,,7.5,,,\n"
                                               "8,ada,,,99999999999,,,\n"
                                               "9,ada,,,7,\xFF,,\n"
                                               "10,ada,,,7,,,\n"));

  EXPECT_EQ(reading.records.size(), 1u);
  const std::vector<std::string> kWant = {
      "row 1, byte 45: column.score: want an integer in 32 bits, got another "
      "value",
      "row 2, byte 62: column.account: want a value, got none",
      "row 3, byte 72: column.score: want a value, got none",
      "row 4, byte 87: column.at: want a time in the mapping's format and zone,"
      " got another value",
      "row 5, byte 116: row: want 8 cells, got 7",
      "row 6, byte 128: row: want 8 cells, got 9",
      "row 7, byte 142: column.score: want an integer in 32 bits, got another "
      "value",
      "row 8, byte 157: column.score: want an integer in 32 bits, got another "
      "value",
      "row 9, byte 180: row: want UTF-8, got other bytes in cell 6",
  };
  EXPECT_EQ(reading.rejects, kWant);
}

TEST(CsvReaderTest, AColumnThatTheMappingDoesNotNameStopsBeforeTheFirstRow) {
  const auto why = [](absl::string_view file) {
    const Reading reading = Read(kMood, file);
    EXPECT_TRUE(absl::IsInvalidArgument(reading.status)) << file;
    EXPECT_TRUE(reading.records.empty());
    return std::string(reading.status.message());
  };
  EXPECT_TRUE(absl::StrContains(
      why("row,account,entry,at,score,note,first,second,diagnosis\n"),
      "got `diagnosis` as column 9"));
  EXPECT_TRUE(absl::StrContains(
      why("row,account,entry,at,score,note,first,second,ada@example.org\n"),
      "got one of another form as column 9"));
  EXPECT_TRUE(absl::StrContains(why("row,account,entry,at,score,note,first\n"),
                                "want column.second, got no such column"));
  EXPECT_TRUE(absl::StrContains(
      why("row,account,entry,at,score,note,first,second,row\n"),
      "column.row again as column 9"));
}

TEST(CsvReaderTest, AFileWithoutAHeaderIsNotQuotedInTheError) {
  const Reading reading = Read(kMood, "1,canary,e-1,,7,,,\n");

  EXPECT_TRUE(absl::IsInvalidArgument(reading.status));
  EXPECT_FALSE(absl::StrContains(reading.status.message(), "canary"));
  EXPECT_TRUE(absl::StrContains(reading.status.message(), "without_header"));
}

TEST(CsvReaderTest, NamesGivenByTheMappingStandInTheFilesOrder) {
  const Reading reading = Read(
      "name: 'm' message: 'subrosa.v1.MoodCheckIn' without_header: true "
      "separator: ';' trim: true "
      "column { name: 'a' consumer {} } "
      "column { name: 'b' field { path: 'score' } }",
      "ada; 3\nbea ;4\n");

  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[1].consumer(), "bea");
  EXPECT_EQ(Payload<v1::MoodCheckIn>(reading.records[0]).score(), 3);
}

TEST(CsvReaderTest, CodesWithTheirSystemsBecomeCodings) {
  const Reading reading = Read(
      R"(name: "dx" message: "subrosa.v1.Condition"
         column { name: "who" consumer {} }
         column { name: "dx1" code { path: "condition.coding[0]"
                                     system_column: "voc" } }
         column { name: "voc" code_system {}
           translation { from: "10" to: "http://hl7.org/fhir/sid/icd-10-cm" } }
         column { name: "dx2" code { path: "condition.coding[1]"
                                     system: "http://snomed.info/sct" } }
         constant { path: "condition.coding[1].display" value: "as charted" }
         constant { path: "clinical_status" value: "active" })",
      "who,dx1,voc,dx2\n"
      "ada,F33.1,10,\n"
      "ada,,,370143000\n"
      "ada,F33.1,9,\n"
      "ada,F33.1,,\n"
      "ada,,10,370143000\n"
      "ada,,,\n");

  ASSERT_EQ(reading.records.size(), 2u);
  const auto first = Payload<v1::Condition>(reading.records[0]);
  ASSERT_EQ(first.condition().coding_size(), 1);
  EXPECT_EQ(first.condition().coding(0).code(), "F33.1");
  EXPECT_EQ(first.condition().coding(0).system(),
            "http://hl7.org/fhir/sid/icd-10-cm");
  EXPECT_EQ(first.clinical_status(), "active");
  const auto second = Payload<v1::Condition>(reading.records[1]);
  ASSERT_EQ(second.condition().coding_size(), 1);
  EXPECT_EQ(second.condition().coding(0).display(), "as charted");
  const std::vector<absl::string_view> kWhy = {
      "column.voc: want one of the 1 values that the mapping translates",
      "column.voc: want a value beside that of column.dx1, got none",
      "column.dx1: want a value beside that of column.voc, got none",
      "row: want a value for the message, got none"};
  ASSERT_EQ(reading.rejects.size(), kWhy.size());
  for (size_t i = 0; i < kWhy.size(); ++i) {
    EXPECT_TRUE(absl::StrContains(reading.rejects[i], kWhy[i]))
        << reading.rejects[i];
  }
}

TEST(CsvReaderTest, QuantitiesKeepTheirUnit) {
  const Reading reading = Read(
      R"(name: "vitals" message: "subrosa.v1.VitalSample"
         column { name: "who" consumer {} }
         column { name: "bp" quantity { path: "value" unit_column: "u" } }
         column { name: "u" unit {} }
         constant { path: "type.coding[0].system" value: "http://loinc.org" }
         constant { path: "type.coding[0].code" value: "8480-6" })",
      "who,bp,u\nada,120.50,mm[Hg]\nada,3,1\nada,12,m m\nada,nan,kg\n"
      "ada,1e999,kg\n");

  ASSERT_EQ(reading.records.size(), 2u);
  const auto sample = Payload<v1::VitalSample>(reading.records[0]);
  EXPECT_EQ(sample.value().value(), 120.5);
  EXPECT_EQ(sample.value().unit(), "mm[Hg]");
  EXPECT_EQ(sample.value().given_value(), "120.50");
  EXPECT_EQ(sample.type().coding(0).code(), "8480-6");
  EXPECT_EQ(Payload<v1::VitalSample>(reading.records[1]).value().unit(), "");
  EXPECT_EQ(reading.rejects.size(), 3u);
}

TEST(CsvReaderTest, DurationsAndEnumsAreRead) {
  const Reading reading = Read(
      R"(name: "s" message: "subrosa.v1.TherapySession"
         column { name: "who" consumer {} }
         column { name: "minutes" field { path: "duration"
                                          duration: DURATION_UNIT_MINUTES } }
         column { name: "how" field { path: "medium" }
                  translation { from: "V" to: "SESSION_MEDIUM_VIDEO" } })",
      "who,minutes,how\nada,49.5,V\nada,1e300,V\nada,x,V\n");

  ASSERT_EQ(reading.records.size(), 1u);
  const auto session = Payload<v1::TherapySession>(reading.records[0]);
  EXPECT_EQ(session.duration().seconds(), 2970);
  EXPECT_EQ(session.medium(), v1::SESSION_MEDIUM_VIDEO);
  EXPECT_EQ(reading.rejects.size(), 2u);
}

TEST(CsvReaderTest, AServicesOwnMessageAlsoGetsItsRoleFields) {
  const Reading reading = Read(
      "name: 'own' message: 'acme.v1.CheckIn' "
      "column { name: 'who' consumer {} } "
      "column { name: 's' field { path: 'score' } }",
      "who,s\nada,3\n");

  ASSERT_EQ(reading.records.size(), 1u);
  const auto check_in = Payload<acme::v1::CheckIn>(reading.records[0]);
  EXPECT_EQ(check_in.score(), 3);
  EXPECT_EQ(check_in.account_id(), "ada");
}

TEST(CsvReaderTest, AnEmptyFileHasNoRows) {
  EXPECT_EQ(Read(kMood, "").end, "0 rows, 0 bytes");
  EXPECT_EQ(Read(kMood, kMoodHeader).end, "0 rows, 45 bytes");
}

TEST(CsvReaderTest, ACellTooLongIsRejected) {
  const Reading reading = Read(
      kMood, MoodFile(absl::StrCat(
                 "1,ada,,,7,", std::string(kMaxCellBytes + 1, 'x'), ",,\n")));
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0],
                                "column.note: want at most"
                                " 262144 bytes"));
}

}  // namespace
}  // namespace subrosa
