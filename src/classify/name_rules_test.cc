#include "src/classify/name_rules.h"

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

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const NameRules& BuiltIn() {
  static const NameRules* const rules =
      new NameRules(*std::move(NameRules::BuiltIn()));
  return *rules;
}

// The rules that `name` meets with a likely score, without "name/".
std::vector<std::string> Likely(absl::string_view name,
                                NamedValue value = NamedValue::kUnknown,
                                std::vector<absl::string_view> siblings = {}) {
  FieldName field;
  field.name = name;
  field.value = value;
  field.siblings = siblings;
  std::vector<std::string> ids;
  for (const NameMatch& match : BuiltIn().Read(field)) {
    if (match.score < NameRules::kLikely) continue;
    ids.push_back(match.rule->id.substr(5));
  }
  return ids;
}

Classification Kinds(absl::string_view name) {
  FieldName field;
  field.name = name;
  Classification kinds;
  for (const NameMatch& match : BuiltIn().Read(field)) {
    if (match.score >= NameRules::kLikely) kinds |= match.rule->adds;
  }
  return kinds;
}

constexpr char kHead[] = "source\ta test\nyear\t2026\n";

std::string Error(const std::string& text) {
  const absl::Status status = NameRules::Parse("names.tsv", text).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

TEST(WordsOfNameTest, CaseDigitsAndSignsPartTheWords) {
  EXPECT_THAT(WordsOfName("phq9Total"), ElementsAre("phq", "9", "total"));
  EXPECT_THAT(WordsOfName("PHQ9_total"), ElementsAre("phq", "9", "total"));
  EXPECT_THAT(WordsOfName("phq-9 total"), ElementsAre("phq", "9", "total"));
  EXPECT_THAT(WordsOfName("lastSeenIPAddress"),
              ElementsAre("last", "seen", "ip", "address"));
  EXPECT_THAT(WordsOfName("__x"), ElementsAre("x"));
  EXPECT_THAT(WordsOfName("\xff\xfe"), IsEmpty());
  EXPECT_THAT(WordsOfName(""), IsEmpty());
}

TEST(NameRulesTest, AbbreviationsOfHealthRecordsAreKnown) {
  EXPECT_THAT(Likely("dx_code"), ElementsAre("diagnosis"));
  EXPECT_THAT(Likely("lmp_date"), ElementsAre("cycle"));
  EXPECT_THAT(Likely("icd10"), ElementsAre("icd-10-cm"));
  EXPECT_THAT(Likely("bmi"), ElementsAre("body-measures"));
  EXPECT_THAT(Likely("hba1c"), ElementsAre("glucose"));
  EXPECT_TRUE(Kinds("phq9_total").labels.Has(v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_TRUE(Kinds("PHQ9_Q9").labels.Has(v1::HEALTH_LABEL_CRISIS));
  EXPECT_TRUE(Kinds("gad7Score").labels.Has(v1::HEALTH_LABEL_MENTAL_HEALTH));
}

TEST(NameRulesTest, IdentifiersAreKnownByTheirUsualNames) {
  EXPECT_TRUE(Kinds("dob").identifiers.Has(v1::IDENTIFIER_DATE));
  EXPECT_TRUE(Kinds("DoB").identifiers.Has(v1::IDENTIFIER_DATE));
  EXPECT_TRUE(
      Kinds("MRN").identifiers.Has(v1::IDENTIFIER_MEDICAL_RECORD_NUMBER));
  EXPECT_TRUE(Kinds("npi").identifiers.Has(v1::IDENTIFIER_LICENSE_NUMBER));
  EXPECT_TRUE(Kinds("zip5").identifiers.Has(v1::IDENTIFIER_ADDRESS));
  EXPECT_TRUE(Kinds("zipcode").identifiers.Has(v1::IDENTIFIER_ADDRESS));
  EXPECT_TRUE(Kinds("idfa").identifiers.Has(v1::IDENTIFIER_ADVERTISING_ID));
  EXPECT_TRUE(Kinds("_ga").identifiers.Has(v1::IDENTIFIER_COOKIE_ID));
  EXPECT_TRUE(Kinds("patientEmail").identifiers.Has(v1::IDENTIFIER_EMAIL));
  EXPECT_TRUE(
      Kinds("ssn_last4").sensitive.Has(v1::SENSITIVE_CATEGORY_GOVERNMENT_ID));
}

TEST(NameRulesTest, PluralsAreKnownByTheirSingulars) {
  EXPECT_EQ(Likely("emails"), Likely("email"));
  EXPECT_EQ(Likely("phone_numbers"), Likely("phone_number"));
  EXPECT_EQ(Likely("biopsies"), Likely("biopsy"));
}

TEST(NameRulesTest, ALongerNameIsNotTakenForAWordInIt) {
  EXPECT_THAT(Likely("ip_address"), ElementsAre("ip-address"));
  EXPECT_THAT(Likely("email_address"), ElementsAre("email"));
  EXPECT_THAT(Likely("mac_address"), ElementsAre("device"));
  EXPECT_THAT(Likely("address_line_2"), ElementsAre("address"));
  EXPECT_THAT(Likely("patient_count"), ElementsAre("machinery"));
  EXPECT_THAT(Likely("drug_store_id"), ElementsAre("machinery"));
  EXPECT_THAT(Likely("time_zone"), ElementsAre("machinery"));
  EXPECT_THAT(Likely("product_name"), ElementsAre("machinery"));
}

TEST(NameRulesTest, WhatIsAboutAnIdentifierIsNotTheIdentifier) {
  EXPECT_THAT(Likely("email_verified"), IsEmpty());
  EXPECT_THAT(Likely("phone_count"), IsEmpty());
  EXPECT_THAT(Likely("address_type"), IsEmpty());
  // A flag about health is health all the same.
  EXPECT_THAT(Likely("pregnancy_optional"), ElementsAre("pregnancy"));
}

TEST(NameRulesTest, AKindOfValueThatCannotBeIsNoMatch) {
  EXPECT_THAT(Likely("email", NamedValue::kBool), IsEmpty());
  EXPECT_THAT(Likely("phone", NamedValue::kBool), IsEmpty());
  EXPECT_THAT(Likely("first_name", NamedValue::kNumber), IsEmpty());
  EXPECT_THAT(Likely("notes", NamedValue::kNumber), IsEmpty());
  EXPECT_THAT(Likely("pregnant", NamedValue::kBool), ElementsAre("pregnancy"));
  EXPECT_THAT(Likely("dob", NamedValue::kTime), ElementsAre("date-of-birth"));
}

TEST(NameRulesTest, AWordOfManyMeaningsIsSettledByItsNeighbors) {
  EXPECT_THAT(Likely("name"), IsEmpty());
  EXPECT_THAT(Likely("name", NamedValue::kText, {"sku", "price"}), IsEmpty());
  EXPECT_THAT(Likely("name", NamedValue::kText, {"email", "dob"}),
              ElementsAre("person-name"));
  EXPECT_THAT(Likely("code", NamedValue::kText, {"system", "display"}),
              ElementsAre("code"));
  EXPECT_THAT(Likely("weight", NamedValue::kNumber, {"sku", "carton"}),
              IsEmpty());
  EXPECT_THAT(Likely("weight", NamedValue::kNumber, {"height", "patient_id"}),
              ElementsAre("body-measures"));
  EXPECT_THAT(Likely("state", NamedValue::kText, {"retries"}), IsEmpty());
  EXPECT_THAT(Likely("state", NamedValue::kText, {"city", "zip"}),
              ElementsAre("state-or-country"));
}

TEST(NameRulesTest, AWordThatIsANameOnlyByItselfIsNoneInALongerOne) {
  EXPECT_THAT(Likely("FIRST", NamedValue::kText, {"LAST", "BIRTHDATE"}),
              ElementsAre("person-name"));
  EXPECT_THAT(Likely("last_sync", NamedValue::kText, {"email", "dob"}),
              IsEmpty());
  EXPECT_THAT(Likely("first_seen", NamedValue::kText, {"email", "dob"}),
              IsEmpty());
}

TEST(NameRulesTest, TheParentSettlesTooAndOpenWordsAreKeptWithALowScore) {
  FieldName field;
  field.name = "name";
  ASSERT_EQ(BuiltIn().Read(field).size(), 1u);
  EXPECT_LT(BuiltIn().Read(field)[0].score, NameRules::kLikely);

  field.parent = "PatientContact";
  EXPECT_GT(BuiltIn().Read(field)[0].score, NameRules::kLikely);
}

TEST(NameRulesTest, AHealthConditionAndItsDateAreBothTold) {
  const Classification kinds = Kinds("depression_start_date");

  EXPECT_TRUE(kinds.labels.Has(v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_TRUE(kinds.identifiers.Has(v1::IDENTIFIER_DATE));
}

TEST(NameRulesTest, RolesFreeTextAndCodeSystemsAreTold) {
  FieldName field;
  field.name = "patient_id";
  EXPECT_EQ(BuiltIn().Read(field)[0].rule->role, v1::FIELD_ROLE_CONSUMER);
  field.name = "journal_entry";
  EXPECT_TRUE(BuiltIn().Read(field)[0].rule->free_text);
  field.name = "loincCode";
  EXPECT_EQ(BuiltIn().Read(field)[0].rule->code_system, "http://loinc.org");
  EXPECT_EQ(BuiltIn().Read(field)[0].words, "loinc_code");
}

TEST(NameRulesTest, WhatIsNotKnownTellsNothing) {
  EXPECT_THAT(Likely("frobnicate"), IsEmpty());
  EXPECT_THAT(Likely(""), IsEmpty());
  EXPECT_THAT(Likely("\xf0\x9f\x8c\xb9"), IsEmpty());
  EXPECT_THAT(Likely(std::string(1 << 20, 'a')), IsEmpty());
  std::string many;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, "a_");
  EXPECT_THAT(Likely(many + "email"), IsEmpty());
}

TEST(NameRulesTest, AMalformedLineIsNamedByFileAndNumber) {
  const std::string head = kHead;
  const std::string rule = "rule\ta\ta thing\tconditions\t-\n";
  const struct {
    std::string text;
    const char* error;
  } cases[] = {
      {"nonsense\n",
       "names.tsv:1: want a known keyword with its columns, got `nonsense`"},
      {"year\tlong ago\n", "names.tsv:1: want a year, got `long ago`"},
      {"names\ta\n", "names.tsv:1: want a rule before, got `names`"},
      {rule, "names.tsv:1: want source and year before the first rule"},
      {head + "rule\tA\ta\t-\t-\n", "names.tsv:3: want a slug, got `A`"},
      {head + "rule\ta\t\t-\t-\n", "names.tsv:3: want a title, got ``"},
      {head + "rule\ta\ta\tmagic\t-\n", "want a health category, got `magic`"},
      {head + rule, "names.tsv: want names for each rule, got `name/a`"},
      {head + rule + "names\ta\n" + rule, "names.tsv:5: want each rule once"},
      {head + rule + "names\ta A\n", "want each name once, got `A`"},
      {head + rule + "names\t-\n", "want names of 1 to 5 words, got `-`"},
      {head + rule + "names\ta_b_c_d_e_f\n", "want names of 1 to 5 words"},
      {head + rule + "values\tmoney\n", "want text, number, bool, time"},
      {head + rule + "is\tfun\n", "want free-text, not-personal or a role"},
      {head + rule + "names\ta\nis\tnot-personal\n",
       "not-personal alone, got `name/a`"},
      {head + "rule\ta\ta\t-\t-\nnames\ta\n", "want kinds, a role"},
      {head, "names.tsv: want at least one rule, got `none`"},
  };
  for (const auto& bad : cases) {
    EXPECT_THAT(Error(bad.text), HasSubstr(bad.error));
  }
}

}  // namespace
}  // namespace subrosa
