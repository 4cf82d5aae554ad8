#include "src/classify/code_table.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kIcd10Cm[] = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr char kSnomed[] = "http://snomed.info/sct";
constexpr char kLoinc[] = "http://loinc.org";
constexpr char kRxNorm[] = "http://www.nlm.nih.gov/research/umls/rxnorm";

// What every file of rules begins with.
constexpr char kHead[] =
    "system\ttest\n"
    "uri\turn:test\n"
    "source\ta test\n"
    "year\t2026\n";

absl::StatusOr<CodeTable> Read(const std::string& text) {
  return CodeTable::Parse({{"rules.tsv", text}});
}

std::string Rule(const std::string& id, const std::string& codes) {
  return absl::StrCat("rule\t", id, "\t", id, "\tconditions\t-\ncodes\t", codes,
                      "\n");
}

// The id of the rule for `code` in a table of `rules`, without its system.
std::string Met(const std::string& rules, const std::string& code) {
  const auto table = Read(kHead + rules);
  if (!table.ok()) return std::string(table.status().message());
  const CodeRule* rule = table->Find("urn:test", code);
  return rule == nullptr ? "none" : rule->id.substr(5);
}

std::string Error(const std::string& text) {
  const absl::Status status = Read(text).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

const CodeTable& BuiltIn() {
  static const CodeTable* const table =
      new CodeTable(*std::move(CodeTable::BuiltIn()));
  return *table;
}

bool HasLabel(const char* system, const char* code, v1::HealthLabel label) {
  const CodeRule* rule = BuiltIn().Find(system, code);
  return rule != nullptr && rule->adds.labels.Has(label);
}

TEST(CodeTableTest, ACodeOfItsOwnComesBeforeARangeAndARangeBeforeTheSystem) {
  const std::string rules = Rule("whole", "*") + Rule("range", "F10..F19") +
                            Rule("code", "F12") + Rule("prefix", "F12*");

  EXPECT_EQ(Met(rules, "F12"), "code");
  EXPECT_EQ(Met(rules, "F12.1"), "prefix");
  EXPECT_EQ(Met(rules, "F10"), "range");
  EXPECT_EQ(Met(rules, "F19.99"), "range");
  EXPECT_EQ(Met(rules, "F20"), "whole");
  EXPECT_EQ(Met(rules, "F09.9"), "whole");
  EXPECT_EQ(Met(rules, ""), "whole");
}

TEST(CodeTableTest, TheNarrowestOfNestedRangesDecides) {
  const std::string rules = Rule("chapter", "F01..F99") +
                            Rule("block", "F30..F39") + Rule("one", "F39*") +
                            Rule("next", "F40..F48");

  EXPECT_EQ(Met(rules, "F29"), "chapter");
  EXPECT_EQ(Met(rules, "F30"), "block");
  EXPECT_EQ(Met(rules, "F39.1"), "one");
  EXPECT_EQ(Met(rules, "F40"), "next");
  EXPECT_EQ(Met(rules, "F49"), "chapter");
  EXPECT_EQ(Met(rules, "G00"), "none");
}

TEST(CodeTableTest, ARangeMayAskForOneCharacter) {
  const std::string rules =
      Rule("poison", "T36..T50") + Rule("on-purpose", "T36..T50@6=2");

  EXPECT_EQ(Met(rules, "T360X2A"), "on-purpose");
  EXPECT_EQ(Met(rules, "T360X1A"), "poison");
  EXPECT_EQ(Met(rules, "T3622"), "poison");  // Too short to say.
  EXPECT_EQ(Met(rules, "T510X2A"), "none");
}

TEST(CodeTableTest, SpellingIsPutRightWhereTheSystemAsksForIt) {
  const std::string spelling = "spelling\tupper-case-without-dots\n";

  EXPECT_EQ(Met(spelling + Rule("a", "Z87.890"), "z87890"), "a");
  EXPECT_EQ(Met(spelling + Rule("a", "Z87890"), "Z87.890"), "a");
  EXPECT_EQ(Met(Rule("a", "Z87.890"), "z87.890"), "none");
}

TEST(CodeTableTest, WhatIsNotKnownMeetsNoRule) {
  const auto table = Read(kHead + Rule("a", "1"));
  ASSERT_TRUE(table.ok());

  EXPECT_EQ(table->Find("urn:test", "2"), nullptr);
  EXPECT_EQ(table->Find("urn:other", "1"), nullptr);
  EXPECT_EQ(table->Find("", ""), nullptr);
  EXPECT_EQ(table->Find("urn:test", std::string(1 << 20, '1')), nullptr);
  EXPECT_EQ(table->Find(std::string(1 << 20, 'u'), "1"), nullptr);
  EXPECT_EQ(table->Find("urn:test", std::string("1\0", 2)), nullptr);
}

TEST(CodeTableTest, CodesOfDotsAloneAreSafe) {
  EXPECT_EQ(Met("spelling\tupper-case-without-dots\n" + Rule("a", "A*"),
                std::string(CodeTable::kMaxCodeBytes, '.')),
            "none");
}

TEST(CodeTableTest, ARuleTellsItsSourceAndAllItsKinds) {
  const auto table =
      Read(std::string(kHead) +
           "# a comment\n\n"
           "rule\twork\tworking life\tinterventions,inferred\tsocial-needs\t"
           "employment\torigin-or-belief\tname,phone\n"
           "uncoded\tconditions\t-\n"
           "code\t1\ta note\n");
  ASSERT_TRUE(table.ok()) << table.status();

  const CodeRule& rule = *table->Find("urn:test", "1");

  EXPECT_EQ(rule.id, "test/work");
  EXPECT_EQ(rule.title, "working life");
  EXPECT_EQ(rule.source, "a test");
  EXPECT_EQ(rule.year, 2026);
  EXPECT_TRUE(rule.adds.categories.Has(v1::HEALTH_CATEGORY_INFERRED));
  EXPECT_TRUE(rule.adds.labels.Has(v1::HEALTH_LABEL_SOCIAL_NEEDS));
  EXPECT_TRUE(rule.adds.personal.Has(v1::PERSONAL_CATEGORY_EMPLOYMENT));
  EXPECT_TRUE(rule.adds.sensitive.Has(v1::SENSITIVE_CATEGORY_ORIGIN_OR_BELIEF));
  EXPECT_TRUE(rule.adds.identifiers.Has(v1::IDENTIFIER_PHONE));
  EXPECT_TRUE(
      rule.adds_if_uncoded.categories.Has(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_FALSE(rule.adds.categories.Has(v1::HEALTH_CATEGORY_CONDITIONS));
}

// What a list of single codes begins with.
std::string ListHead() {
  return absl::StrCat(kHead, "origin\tlab\ta laboratory\t2024\n");
}

TEST(CodeTableTest, ACodeTellsWhereItWasComparedOrThatItWasNot) {
  const auto table = Read(absl::StrCat(ListHead(),
                                       "rule\tmood\tmoods\tconditions\t-\n"
                                       "code\t1\ta\tlab\n"
                                       "code\t2\tb\tunverified\n"
                                       "code\t3\t\tlab\n"));
  ASSERT_TRUE(table.ok()) << table.status();
  const CodeRule& compared = *table->Find("urn:test", "1");
  const CodeRule& remembered = *table->Find("urn:test", "2");

  EXPECT_EQ(SourceText(compared), "a test; a laboratory, 2024");
  EXPECT_FALSE(compared.unverified);
  EXPECT_EQ(table->Find("urn:test", "3"), &compared);
  EXPECT_EQ(SourceText(remembered),
            "a test, 2026; this number was compared with no public source: "
            "check it before relying on it");
  EXPECT_TRUE(remembered.unverified);
  EXPECT_EQ(remembered.id, compared.id);
  EXPECT_EQ(remembered.adds, compared.adds);
}

TEST(CodeTableTest, AnOriginThatIsNotDeclaredIsRefused) {
  const std::string rule = "rule\ta\ta\tconditions\t-\n";
  const std::string origin = "origin\tlab\ta laboratory\t2024\n";
  for (const auto& [lines, want] :
       std::vector<std::pair<std::string, std::string>>{
           {origin + rule + "code\t1\ta\tother\n",
            "rules.tsv:7: want an origin of the file, or `unverified`, got "
            "`other`"},
           {origin + rule + "code\t1\ta\n",
            "rules.tsv:7: want an origin of the file, or `unverified`"},
           {rule + "code\t1\ta\tlab\n",
            "rules.tsv:6: want origins declared before they are named"},
           {rule + "code\t1\n" + origin,
            "rules.tsv:7: want origins before the first rule"},
           {origin + origin, "rules.tsv:6: want each origin once"},
           {"origin\tunverified\ta\t2024\n",
            "rules.tsv:5: want a slug that is not `unverified`"},
           {"origin\tlab\t\t2024\n", "rules.tsv:5: want a source"},
           {"origin\tlab\ta\tlately\n", "rules.tsv:5: want a year"},
       }) {
    EXPECT_THAT(Error(kHead + lines), HasSubstr(want));
  }
}

TEST(CodeTableTest, AMalformedLineIsNamedByFileAndNumber) {
  const std::string head = kHead;
  const std::string rule = "rule\ta\ta\tconditions\t-\n";
  const struct {
    std::string text;
    const char* error;
  } cases[] = {
      {"nonsense\n",
       "rules.tsv:1: want a known keyword with its columns, got `nonsense` "
       "with 0"},
      {head + "rule\ta\n",
       "rules.tsv:5: want a known keyword with its columns, got `rule` with 1"},
      {head + "rule\ta\ta\tailments\t-\ncodes\t1\n",
       "rules.tsv:5: want a health category, got `ailments`"},
      {head + "rule\ta\ta\tconditions\tblues\ncodes\t1\n",
       "rules.tsv:5: want a health label, got `blues`"},
      {head + "rule\ta\ta\t-\t-\twork\ncodes\t1\n",
       "rules.tsv:5: want a personal category, got `work`"},
      {head + "rule\ta\ta\t-\t-\t-\tsecret\ncodes\t1\n",
       "rules.tsv:5: want a sensitive category, got `secret`"},
      {head + "rule\ta\ta\t-\t-\t-\t-\tface\ncodes\t1\n",
       "rules.tsv:5: want an identifier kind, got `face`"},
      {head + "rule\tA b\ta\t-\t-\ncodes\t1\n",
       "rules.tsv:5: want a slug, got `A b`"},
      {head + "rule\ta\t\t-\t-\ncodes\t1\n",
       "rules.tsv:5: want a title, got ``"},
      {head + "codes\t1\n", "rules.tsv:5: want a rule before, got `1`"},
      {head + "uncoded\t-\t-\n",
       "rules.tsv:5: want a rule before, got `uncoded`"},
      {head + rule + rule + "codes\t1\n",
       "rules.tsv:6: want codes for each rule, got `test/a`"},
      {head + rule, "rules.tsv: want codes for each rule, got `test/a`"},
      {head + rule + "codes\t1\n" + rule + "codes\t2\n",
       "rules.tsv:7: want each rule once, got `a`"},
      {head + rule + "codes\tB..A\n",
       "rules.tsv:6: want a range from low to high, got `B..A`"},
      {head + rule + "codes\tA..\n",
       "rules.tsv:6: want codes of 1 to 128 bytes, got `A..`"},
      {head + rule + "codes\tA*@6\n",
       "rules.tsv:6: want `@position=character`, got `A*@6`"},
      {head + rule + "codes\tA*@0=1\n",
       "rules.tsv:6: want `@position=character`, got `A*@0=1`"},
      {head + rule + "codes\tA@6=2\n",
       "rules.tsv:6: want a range before `@`, got `A@6=2`"},
      {"uri\tu\nsource\ts\nyear\t2026\n" + rule,
       "rules.tsv:4: want system, source and year before the first rule, got "
       "`a`"},
      {head + "year\tlong ago\n", "rules.tsv:5: want a year, got `long ago`"},
      {head + "system\tother\n",
       "rules.tsv:5: want one system a file, got `other`"},
      {head + "spelling\tloud\n",
       "rules.tsv:5: want `upper-case-without-dots`, got `loud`"},
      {"", "rules.tsv: want a system, got `nothing`"},
      {"system\ttest\n", "rules.tsv: want a uri, got `nothing`"},
  };
  for (const auto& bad : cases) EXPECT_EQ(Error(bad.text), bad.error);
}

TEST(CodeTableTest, RulesThatContradictEachOtherAreRefused) {
  const std::string head = kHead;

  EXPECT_EQ(Error(head + Rule("a", "1") + Rule("b", "1")),
            "rules.tsv:8: want each code once, got it again");
  EXPECT_EQ(Error(head + Rule("a", "*") + Rule("b", "*")),
            "rules.tsv:8: want one rule for `*`, got a second");
  EXPECT_EQ(Error(head + Rule("a", "A1..A5") + Rule("b", "A1..A5")),
            "rules.tsv:8: want each range once, got the one of rules.tsv:6 "
            "again");
  EXPECT_EQ(Error(head + Rule("a", "A1..A5") + Rule("b", "A3..A8")),
            "rules.tsv:8: want ranges apart or nested, got an overlap with "
            "rules.tsv:6");
}

TEST(CodeTableTest, ASystemIsDescribedInOneFile) {
  const std::string text = kHead + Rule("a", "1");
  const absl::Status status =
      CodeTable::Parse({{"one.tsv", text}, {"two.tsv", text}}).status();

  EXPECT_EQ(status.message(),
            "two.tsv: want each system's uri in one file, got it again");
}

TEST(BuiltInCodesTest, TheMostSensitiveCodesHaveTheirLabels) {
  EXPECT_TRUE(HasLabel(kIcd10Cm, "F10.20", v1::HEALTH_LABEL_SUBSTANCE_USE));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "F33.1", v1::HEALTH_LABEL_MOOD));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "R45.851", v1::HEALTH_LABEL_CRISIS));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "T39.1X2A", v1::HEALTH_LABEL_CRISIS));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "B20", v1::HEALTH_LABEL_HIV));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "Z21", v1::HEALTH_LABEL_HIV));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "O98.711", v1::HEALTH_LABEL_PREGNANCY));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "Z3A.20", v1::HEALTH_LABEL_PREGNANCY));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "F64.0", v1::HEALTH_LABEL_GENDER_IDENTITY));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "Z87.890", v1::HEALTH_LABEL_GENDER_IDENTITY));
  EXPECT_TRUE(HasLabel(kIcd10Cm, "C4A.9", v1::HEALTH_LABEL_ONCOLOGY));
  EXPECT_TRUE(HasLabel(kLoinc, "44261-6", v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_TRUE(HasLabel(kLoinc, "44260-8", v1::HEALTH_LABEL_CRISIS));
  EXPECT_TRUE(HasLabel(kLoinc, "70274-6", v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_TRUE(HasLabel(kLoinc, "8867-4", v1::HEALTH_LABEL_VITAL_SIGNS));
  EXPECT_TRUE(HasLabel(kSnomed, "72892002", v1::HEALTH_LABEL_PREGNANCY));
  EXPECT_TRUE(
      HasLabel(kRxNorm, "36437", v1::HEALTH_LABEL_PSYCHOTROPIC_MEDICATION));
}

TEST(BuiltInCodesTest, NeighborsOfSensitiveCodesAreNotTakenForThem) {
  EXPECT_FALSE(HasLabel(kIcd10Cm, "F09", v1::HEALTH_LABEL_SUBSTANCE_USE));
  EXPECT_FALSE(HasLabel(kIcd10Cm, "F20.9", v1::HEALTH_LABEL_SUBSTANCE_USE));
  EXPECT_FALSE(HasLabel(kIcd10Cm, "T39.1X1A", v1::HEALTH_LABEL_CRISIS));
  EXPECT_FALSE(HasLabel(kIcd10Cm, "X70", v1::HEALTH_LABEL_CRISIS));
  EXPECT_FALSE(HasLabel(kIcd10Cm, "B19.20", v1::HEALTH_LABEL_HIV));
  EXPECT_FALSE(HasLabel(kIcd10Cm, "Z87.891", v1::HEALTH_LABEL_GENDER_IDENTITY));
  EXPECT_FALSE(HasLabel(kLoinc, "44261-7", v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_FALSE(HasLabel(kSnomed, "36437", v1::HEALTH_LABEL_MENTAL_HEALTH));
}

TEST(BuiltInCodesTest, SystemsAreKnownByUriAndByOid) {
  EXPECT_EQ(BuiltIn().Find("urn:oid:2.16.840.1.113883.6.90", "B20"),
            BuiltIn().Find(kIcd10Cm, "B20"));
  EXPECT_EQ(BuiltIn().Find("2.16.840.1.113883.6.96", "72892002"),
            BuiltIn().Find(kSnomed, "72892002"));
  EXPECT_EQ(BuiltIn().Find("SNOMED", "72892002"), nullptr);
  for (const absl::string_view slug : BuiltIn().systems()) {
    EXPECT_TRUE(BuiltIn().HasSystem(slug)) << slug;
  }
  EXPECT_EQ(BuiltIn().systems().size(), 14u);
  EXPECT_NE(BuiltIn().Find("loinc", "44261-6"), nullptr);
  EXPECT_FALSE(BuiltIn().HasSystem("icd-9"));
  EXPECT_FALSE(BuiltIn().HasSystem(""));
}

TEST(BuiltInCodesTest, EveryMedicineAndVaccineIsOneWithoutBeingListed) {
  const CodeRule* medicine = BuiltIn().Find(kRxNorm, "999999999");
  ASSERT_NE(medicine, nullptr);
  EXPECT_TRUE(medicine->adds.categories.Has(v1::HEALTH_CATEGORY_MEDICATION));
  ASSERT_NE(BuiltIn().Find("http://hl7.org/fhir/sid/cvx", "140"), nullptr);
  EXPECT_EQ(BuiltIn().Find(kSnomed, "999999999"), nullptr);
  constexpr char kNdc[] = "http://hl7.org/fhir/sid/ndc";
  EXPECT_NE(BuiltIn().Find(kNdc, "0002-8215-01"), nullptr);
  EXPECT_NE(BuiltIn().Find(kNdc, "00002821501"), nullptr);
  EXPECT_EQ(BuiltIn().Find(kNdc, "abc"), nullptr);
}

TEST(BuiltInCodesTest, EveryRuleNamesItsSourceAndYear) {
  size_t unverified = 0;
  for (const CodeRule& rule : BuiltIn().rules()) {
    EXPECT_FALSE(rule.source.empty()) << rule.id;
    EXPECT_GE(rule.year, 2015) << rule.id;
    EXPECT_LE(rule.year, 2026) << rule.id;
    unverified += rule.unverified ? 1 : 0;
  }
  EXPECT_GT(unverified, 0u);
  EXPECT_LT(unverified, BuiltIn().size() / 4);
}

TEST(BuiltInCodesTest, OnlyShortListsHoldNumbersFromMemory) {
  for (const CodeRule& rule : BuiltIn().rules()) {
    if (!rule.unverified) continue;
    const std::string system = rule.id.substr(0, rule.id.find('/'));
    EXPECT_TRUE(system == "loinc" || system == "snomed-ct" ||
                system == "rxnorm" || system == "hcpcs")
        << rule.id;
  }
}

TEST(BuiltInCodesTest, NoRuleIsNamedAfterACode) {
  // Rule ids appear in findings, where no value of a record may.
  for (const char* system : {kIcd10Cm, kSnomed, kLoinc, kRxNorm}) {
    for (const char* code :
         {"B20", "Z21", "F33.1", "72892002", "44261-6", "36437"}) {
      const CodeRule* rule = BuiltIn().Find(system, code);
      if (rule == nullptr) continue;
      EXPECT_THAT(rule->id, Not(HasSubstr(code)));
      EXPECT_THAT(rule->title, Not(HasSubstr(code)));
      EXPECT_FALSE(rule->source.empty());
      EXPECT_GE(rule->year, 2019);
    }
  }
}

}  // namespace
}  // namespace subrosa
