#include "src/classify/table_classifier.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

// A table in memory, its cells with "|" between.
class RowsInMemory final : public RowSource {
 public:
  RowsInMemory(const std::string& header, std::vector<std::string> rows)
      : columns_(absl::StrSplit(header, '|')), rows_(std::move(rows)) {}

  absl::StatusOr<bool> Next() override {
    if (at_ == rows_.size()) return false;
    cells_ = absl::StrSplit(rows_[at_++], '|');
    return true;
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  const std::vector<absl::string_view>& cells() const override {
    return cells_;
  }
  const std::vector<uint64_t>& unread() const override { return unread_; }
  void set_unread(std::vector<uint64_t> unread) { unread_ = std::move(unread); }

 private:
  std::vector<std::string> columns_;
  std::vector<std::string> rows_;
  size_t at_ = 0;
  std::vector<absl::string_view> cells_;
  std::vector<uint64_t> unread_;
};

std::vector<ColumnReport> Classify(const std::string& header,
                                   const std::vector<std::string>& rows,
                                   const TableOptions& options = {}) {
  const auto classifier = TableClassifier::Create(options);
  EXPECT_TRUE(classifier.ok()) << classifier.status();
  RowsInMemory source(header, rows);
  const absl::Status read = (*classifier)->Read(&source);
  EXPECT_TRUE(read.ok()) << read;
  auto reports = (*classifier)->Report();
  EXPECT_TRUE(reports.ok()) << reports.status();
  return *std::move(reports);
}

// Thirty rows of one column, from `values` in turn.
std::vector<std::string> Repeated(const std::vector<std::string>& values) {
  std::vector<std::string> rows;
  for (size_t i = 0; i < 30; ++i) rows.push_back(values[i % values.size()]);
  return rows;
}

ColumnReport One(const std::string& name,
                 const std::vector<std::string>& values) {
  return Classify(name, Repeated(values)).at(0);
}

Classification KindsOf(const ColumnReport& report, double least_score) {
  Classification kinds;
  for (const ColumnFinding& found : report.findings) {
    if (found.finding.score < least_score) continue;
    kinds.categories.Add(found.finding.category);
    kinds.identifiers.Add(found.finding.identifier);
    kinds.labels |= found.finding.labels;
  }
  return kinds;
}

TEST(TableClassifierTest, ADiagnosisColumnIsKnownByNameAndByValues) {
  const ColumnReport report =
      One("dx_code", {"F33.1", "I10", "E11.9", "F41.1"});

  EXPECT_EQ(report.role, v1::FIELD_ROLE_CODE);
  EXPECT_EQ(report.code_system, "http://hl7.org/fhir/sid/icd-10-cm");
  const Classification kinds = KindsOf(report, 0.9);
  EXPECT_TRUE(kinds.categories.Has(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_TRUE(kinds.labels.Has(v1::HEALTH_LABEL_MENTAL_HEALTH));
}

TEST(TableClassifierTest, CodesAreFoundUnderANameThatSaysNothing) {
  const ColumnReport loinc = One("c7", {"8867-4", "8480-6", "44261-6"});
  EXPECT_EQ(loinc.code_system, "http://loinc.org");
  const ColumnReport icd = One("c7", {"F33.1", "I10", "E11.9"});
  EXPECT_EQ(icd.code_system, "http://hl7.org/fhir/sid/icd-10-cm");
  EXPECT_LT(icd.findings.at(0).finding.score, 0.7);
}

TEST(TableClassifierTest, TheRarestCodesOfAColumnAreToldToo) {
  std::vector<std::string> rows;
  for (const char* const common :
       {"E11.9", "I10", "J45", "M54", "K21", "L20"}) {
    rows.insert(rows.end(), 30, common);
  }
  rows.insert(rows.end(), {"B20", "F32.9", "O04.5", "F64.0"});
  TableOptions options;
  options.every_value = true;

  const Classification kinds =
      KindsOf(Classify("dx", rows, options).at(0), 0.5);

  EXPECT_TRUE(kinds.labels.Has(v1::HEALTH_LABEL_HIV));
  EXPECT_TRUE(kinds.labels.Has(v1::HEALTH_LABEL_MOOD));
  EXPECT_TRUE(kinds.categories.Has(v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL));
  EXPECT_TRUE(kinds.categories.Has(v1::HEALTH_CATEGORY_GENDER_AFFIRMING_CARE));
}

TEST(TableClassifierTest, NumbersAreNoCodesUnlessTheNameSaysSo) {
  EXPECT_EQ(One("amount", {"12345", "310965", "6809"}).code_system, "");
  EXPECT_EQ(One("rxcui", {"310965", "6809", "197361"}).code_system,
            "http://www.nlm.nih.gov/research/umls/rxnorm");
}

TEST(TableClassifierTest, IdentifiersAreFoundUnderANameThatSaysNothing) {
  const ColumnReport report =
      One("c3", {"ada@example.com", "bea@example.org", "cleo@example.net"});

  EXPECT_TRUE(KindsOf(report, 0.5).identifiers.Has(v1::IDENTIFIER_EMAIL));
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings[0].share, 1.0);
  EXPECT_FALSE(report.findings[0].from_name);
}

TEST(TableClassifierTest, ANameThatItsValuesContradictLosesItsScore) {
  const ColumnReport report = One("email", {"1", "2", "3"});

  EXPECT_FALSE(KindsOf(report, 0.5).identifiers.Has(v1::IDENTIFIER_EMAIL));
  ASSERT_FALSE(report.findings.empty());
  EXPECT_TRUE(absl::StrContains(report.findings[0].finding.reason,
                                "its values do not have the form"));
}

TEST(TableClassifierTest, ValuesAsDatabasesKeepThemDoNotContradictTheirName) {
  const struct {
    const char* name;
    const char* value;
    v1::IdentifierKind kind;
  } kColumns[] = {
      {"ssn", "219099999", v1::IDENTIFIER_SSN},
      {"ssn_last4", "9999", v1::IDENTIFIER_SSN},
      {"phone", "2065550134", v1::IDENTIFIER_PHONE},
      {"phone", "555-0134", v1::IDENTIFIER_PHONE},
      {"ip_address", "::1", v1::IDENTIFIER_IP_ADDRESS},
      {"website", "post.example", v1::IDENTIFIER_URL},
  };
  for (const auto& column : kColumns) {
    const ColumnReport report = One(column.name, {column.value});

    EXPECT_TRUE(KindsOf(report, 0.5).identifiers.Has(column.kind))
        << column.name << " " << column.value;
    for (const ColumnFinding& found : report.findings) {
      EXPECT_FALSE(absl::StrContains(found.finding.reason, "do not have"));
    }
  }
}

TEST(TableClassifierTest, ACodeOfAMedicineIsNoTelephoneNumber) {
  const ColumnReport report = One("ndc", {"0002-8215-01", "50090-3085-0"});

  EXPECT_EQ(report.code_system, "http://hl7.org/fhir/sid/ndc");
  EXPECT_FALSE(KindsOf(report, 0).identifiers.Has(v1::IDENTIFIER_PHONE));
}

TEST(TableClassifierTest, TextThatPeopleWroteIsFreeText) {
  const ColumnReport report =
      One("c9", {"slept badly again after the move",
                 "please call me at 555-867-5309 tomorrow morning"});

  EXPECT_TRUE(report.free_text);
  EXPECT_EQ(report.value, NamedValue::kText);
}

TEST(TableClassifierTest, WhatNobodyIsIsSaidToBeSo) {
  const ColumnReport report = One("c1", {"red", "green", "blue"});
  EXPECT_TRUE(report.findings.empty());
  EXPECT_FALSE(report.free_text);
  EXPECT_EQ(report.distinct, 3u);
}

TEST(TableClassifierTest, NoFindingHoldsAValue) {
  const std::vector<ColumnReport> reports =
      Classify("dx|note|c", Repeated({"F33.1|canaryword rests here today|"
                                      "canary@example.com"}));
  for (const ColumnReport& report : reports) {
    for (const ColumnFinding& found : report.findings) {
      EXPECT_FALSE(absl::StrContains(found.finding.reason, "canary"));
      EXPECT_FALSE(absl::StrContains(found.finding.reason, "F33"));
      EXPECT_FALSE(absl::StrContains(found.finding.rule_id, "canary"));
    }
  }
}

TEST(TableClassifierTest, ASampleIsDrawnBySeedAndEveryValueCanBeJudged) {
  std::vector<std::string> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back(i % 100 == 0 ? "ada@example.com" : absl::StrCat("x", i));
  }
  TableOptions options;
  options.sample_values = 200;
  const ColumnReport first = Classify("c", rows, options).at(0);
  const ColumnReport again = Classify("c", rows, options).at(0);
  EXPECT_EQ(first.judged, 200u);
  EXPECT_EQ(first.values, 5000u);
  EXPECT_EQ(first.distinct, again.distinct);

  options.every_value = true;
  EXPECT_EQ(Classify("c", rows, options).at(0).judged, 5000u);
}

TEST(TableClassifierTest, AnyBytesAreSafe) {
  const ColumnReport report =
      One("c", {std::string("\xFF\xFE\0\x80", 4), std::string(10000, '\xE2'),
                "\xE2\x82"});
  EXPECT_EQ(report.judged, 30u);
}

TEST(TableClassifierTest, ClearedItReadsAnotherTableAsIfItWereTheFirst) {
  const auto classifier = TableClassifier::Create({});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  RowsInMemory first("dx_code|email", {"F33.1|jo@post.example"});
  ASSERT_TRUE((*classifier)->Read(&first).ok());
  (*classifier)->Clear();
  RowsInMemory second("colour", {"red", "blue"});
  ASSERT_TRUE((*classifier)->Read(&second).ok());

  const auto reports = (*classifier)->Report();
  ASSERT_TRUE(reports.ok()) << reports.status();
  ASSERT_EQ(reports->size(), 1u);
  EXPECT_EQ(reports->at(0).name, "colour");
  EXPECT_EQ(reports->at(0).rows, 2u);
}

TEST(TableClassifierTest, CodesComparedInSeveralPlacesAreOneFinding) {
  // Both are vital signs; one is from memory.
  const ColumnReport report = One("loinc", {"8867-4", "40443-4"});
  int vital_signs = 0;
  for (const ColumnFinding& found : report.findings) {
    if (found.finding.rule_id != "loinc/vital-signs") continue;
    if (found.finding.category == v1::HEALTH_CATEGORY_UNSPECIFIED) continue;
    ++vital_signs;
    EXPECT_DOUBLE_EQ(found.share, 1);
  }
  EXPECT_EQ(vital_signs, 1);
}

TEST(TableClassifierTest, ATableWithoutALineOfNamesIsRefusedByNoValue) {
  const auto classifier = TableClassifier::Create({});
  ASSERT_TRUE(classifier.ok());
  for (const char* const first : {"a|219-09-9999", "b|canary@post.example",
                                  "c|1961-02-03", "d|(509) 555-0100"}) {
    RowsInMemory source(first, {"1|2"});
    (*classifier)->Clear();

    const absl::Status status = (*classifier)->Read(&source);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << first;
    EXPECT_TRUE(absl::StartsWith(status.message(), "column 2: want a name"));
    EXPECT_TRUE(absl::StrContains(status.message(), "line of the columns'"));
    for (const char* const value : {"219", "canary", "1961", "509"}) {
      EXPECT_FALSE(absl::StrContains(status.message(), value));
    }
  }
}

TEST(TableClassifierTest, NamesOfColumnsAreNotTakenForValues) {
  const auto classifier = TableClassifier::Create({});
  ASSERT_TRUE(classifier.ok());
  RowsInMemory source(
      "visit_id|date_of_birth|SSN (last 4)|e-mail address|phone 2|2024|Q3 2024|"
      "8867-4|dx1|ip_address|lat/long|BP 120/80|week 12/13|v1.2.3|MRN#|"
      "Age at visit|zip5|http_status",
      {"1"});
  EXPECT_EQ((*classifier)->Read(&source), absl::OkStatus());
}

TEST(TableClassifierTest, WhatWasNotReadOfAColumnIsCounted) {
  const auto classifier = TableClassifier::Create({});
  ASSERT_TRUE(classifier.ok());
  RowsInMemory source("colour|codes|more", {"red||", "blue||"});
  source.set_unread({0, 2});
  ASSERT_TRUE((*classifier)->Read(&source).ok());

  const auto reports = (*classifier)->Report();
  ASSERT_TRUE(reports.ok());
  EXPECT_EQ(reports->at(0).unread, 0u);
  EXPECT_EQ(reports->at(1).unread, 2u);
  EXPECT_EQ(reports->at(1).values, 0u);
  EXPECT_EQ(reports->at(2).unread, 0u);
}

TEST(TableClassifierTest, TooManyColumnsAreRefused) {
  std::string header = "a";
  for (size_t i = 0; i < TableClassifier::kMaxColumns; ++i) header += "|a";
  const auto classifier = TableClassifier::Create({});
  ASSERT_TRUE(classifier.ok());
  RowsInMemory source(header, {"1"});
  EXPECT_TRUE(absl::IsInvalidArgument((*classifier)->Read(&source)));
}

}  // namespace
}  // namespace subrosa
