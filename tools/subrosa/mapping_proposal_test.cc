// What is proposed for a table is a mapping that reads that table.
#include "tools/subrosa/mapping_proposal.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/row_mapping.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "src/store/sqlite_connection.h"
#include "tools/subrosa/table_rows.h"

namespace subrosa {
namespace {

struct Outcome {
  absl::Status status;
  MappingProposal proposal;
  Reading reading;
};

// Proposes a mapping for `place`, which holds `file`, and reads it by that.
Outcome RoundTrip(const std::string& place, absl::string_view file,
                  absl::string_view message = "") {
  Outcome outcome;
  EXPECT_TRUE(ReplaceFile(place, file, 0600).ok());
  const auto classifier = TableClassifier::Create({});
  auto rows = OpenTableRows(place, ',');
  EXPECT_TRUE(rows.ok()) << rows.status();
  EXPECT_TRUE((*classifier)->Read(rows->source.get()).ok());
  const auto reports = (*classifier)->Report();
  EXPECT_TRUE(reports.ok());
  std::vector<ProposalColumn> columns;
  for (size_t i = 0; i < reports->size(); ++i) {
    columns.push_back({&(*reports)[i], &(*classifier)->sample(i)});
  }
  const auto proposal = ProposeMapping(rows->name, columns, ',', message, "",
                                       *MessageTypes::Linked());
  outcome.status = proposal.status();
  if (proposal.ok()) {
    outcome.proposal = *proposal;
    const auto mapping =
        RowMapping::Parse("proposal", proposal->text, MessageTypes::Linked());
    EXPECT_TRUE(mapping.ok()) << mapping.status() << "\n" << proposal->text;
    if (mapping.ok()) {
      ReaderOptions options = OptionsWithDefaults();
      options.mapping = mapping->get();
      outcome.reading = ReadAll(place, options);
      EXPECT_TRUE(outcome.reading.status.ok()) << outcome.reading.status << "\n"
                                               << proposal->text;
    }
  }
  unlink(place.c_str());
  return outcome;
}

std::string Scratch(absl::string_view name) {
  return absl::StrCat(testing::TempDir(), "/", getpid(), "-", name);
}

std::string Rows(absl::string_view header, absl::string_view row) {
  std::string file = absl::StrCat(header, "\n");
  for (int i = 0; i < 25; ++i) absl::StrAppend(&file, "p-", i, row, "\n");
  return file;
}

TEST(MappingProposalTest, AQuestionnaireIsProposedAndRead) {
  const Outcome outcome = RoundTrip(
      Scratch("phq.csv"),
      Rows("account,taken_at,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,"
           "phq9_7,phq9_8,phq9_9,phq9_total",
           ",2024-05-01,1,2,3,0,9,1,2,3,0,"));

  EXPECT_EQ(outcome.proposal.message, "subrosa.v1.Assessment");
  EXPECT_EQ(outcome.reading.records.size(), 25u);
  EXPECT_TRUE(absl::StrContains(outcome.proposal.text, "missing: \"9\""));
  EXPECT_GT(outcome.proposal.unsure, 0u);
}

TEST(MappingProposalTest, ADiagnosisTableIsProposedAndRead) {
  const Outcome outcome = RoundTrip(
      Scratch("dx.csv"),
      Rows("patient_id,dx_code,onset_datetime,notes,colour",
           ",F33.1,05/13/2024,\"slept badly again, after the move\",red"));

  EXPECT_EQ(outcome.proposal.message, "subrosa.v1.Condition");
  EXPECT_EQ(outcome.reading.records.size(), 25u);
  EXPECT_TRUE(absl::StrContains(outcome.proposal.text,
                                "code { path: \"condition.coding[0]\""));
  EXPECT_TRUE(absl::StrContains(outcome.proposal.text, "path: \"note\""));
  EXPECT_TRUE(absl::StrContains(outcome.proposal.text, "# UNSURE"));
  EXPECT_FALSE(absl::StrContains(outcome.proposal.text, "slept"));
}

TEST(MappingProposalTest, MeasurementsInNdjsonAreProposedAndRead) {
  std::string file;
  for (int i = 0; i < 25; ++i) {
    absl::StrAppend(&file, "{\"user_id\": ", i, ", \"heart_rate\": 6", i % 10,
                    ", \"unit\": \"/min\", \"measured_at\": "
                    "\"2024-05-01T08:00:00Z\"}\n");
  }
  const Outcome outcome = RoundTrip(Scratch("pulse.ndjson"), file);

  EXPECT_EQ(outcome.proposal.message, "subrosa.v1.VitalSample");
  EXPECT_EQ(outcome.reading.records.size(), 25u);
}

TEST(MappingProposalTest, AServicesOwnMessageIsFilledByNames) {
  const Outcome outcome =
      RoundTrip(Scratch("own.csv"), Rows("user_id,score,Note", ",3,calm"),
                acme::v1::CheckIn::descriptor()->full_name());

  EXPECT_EQ(outcome.reading.records.size(), 25u);
  EXPECT_TRUE(absl::StrContains(outcome.proposal.text, "path: \"score\""));
  EXPECT_TRUE(absl::StrContains(outcome.proposal.text, "path: \"note\""));
}

TEST(MappingProposalTest, NamesOfColumnsCannotBreakOutOfTheirQuotes) {
  const Outcome outcome =
      RoundTrip(Scratch("quotes.csv"),
                Rows("patient_id,dx_code,\"a\"\" } column { name: \"\"b\"",
                     ",F33.1,red"));
  EXPECT_EQ(outcome.reading.records.size(), 25u);
}

TEST(MappingProposalTest, ATableOfNobodyIsNotProposed) {
  const Outcome outcome =
      RoundTrip(Scratch("shapes.csv"), "colour,size\nred,3\nblue,4\n");
  EXPECT_TRUE(absl::IsFailedPrecondition(outcome.status)) << outcome.status;
}

TEST(MappingProposalTest, ATableWithoutAFittingMessageAsksForOne) {
  const Outcome outcome =
      RoundTrip(Scratch("colours.csv"), Rows("patient_id,colour", ",red"));
  EXPECT_TRUE(absl::IsFailedPrecondition(outcome.status)) << outcome.status;
  EXPECT_TRUE(absl::StrContains(outcome.status.message(), "--message"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      RoundTrip(Scratch("colours.csv"), Rows("patient_id,colour", ",red"),
                "acme.v1.Nothing")
          .status));
}

TEST(TableRowsTest, ATableOfADatabaseGivesItsRows) {
  const std::string path = Scratch("rows.sqlite");
  SqliteOptions options;
  options.create = true;
  auto connection = OpenSqlite(path, options);
  ASSERT_TRUE(connection.ok()) << connection.status();
  ASSERT_TRUE((*connection)
                  ->Execute("CREATE TABLE \"a b\" (who TEXT, n INTEGER, "
                            "x BLOB); INSERT INTO \"a b\" VALUES "
                            "('ada', 7, x'00'), (NULL, 1.5, NULL);")
                  .ok());
  connection->reset();

  const auto rows = OpenTableRows(absl::StrCat(path, ":a b"), ',');
  ASSERT_TRUE(rows.ok()) << rows.status();
  RowSource& source = *rows->source;
  EXPECT_EQ(source.columns(), (std::vector<std::string>{"who", "n", "x"}));
  ASSERT_TRUE(*source.Next());
  EXPECT_EQ(source.cells()[0], "ada");
  EXPECT_EQ(source.cells()[1], "7");
  EXPECT_EQ(source.cells()[2], "");
  ASSERT_TRUE(*source.Next());
  EXPECT_EQ(source.cells()[1], "1.5");
  EXPECT_FALSE(*source.Next());

  EXPECT_TRUE(absl::IsInvalidArgument(
      OpenTableRows(absl::StrCat(path, ":nothing"), ',').status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      OpenTableRows(absl::StrCat(path, ":a b\" --"), ',').status()));
  unlink(path.c_str());
}

TEST(TableRowsTest, WhatIsNoTableIsRefusedOrCounted) {
  EXPECT_TRUE(absl::IsInvalidArgument(OpenTableRows("x.pdf", ',').status()));
  EXPECT_TRUE(absl::IsNotFound(OpenTableRows("none.csv", ',').status()));
  const std::string path = Scratch("ragged.csv");
  ASSERT_TRUE(ReplaceFile(path, "a,b\n1\n1,2\n1,\"2\"3\n", 0600).ok());
  const auto rows = OpenTableRows(path, ',');
  ASSERT_TRUE(rows.ok());
  ASSERT_TRUE(*rows->source->Next());
  EXPECT_FALSE(*rows->source->Next());
  EXPECT_EQ(*rows->rejected, 2u);
  unlink(path.c_str());
}

}  // namespace
}  // namespace subrosa
