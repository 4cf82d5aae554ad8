#include "src/classify/schema_survey.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/classify/classification.h"
#include "src/classify/descriptor_set.h"
#include "src/classify/mark_suggestion.h"
#include "src/classify/name_rules.h"
#include "src/classify/published_terms.h"
#include "src/classify/schema_report.h"
#include "src/classify/text_schema.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const NameRules& Rules() {
  static const NameRules* const rules =
      new NameRules(*std::move(NameRules::BuiltIn()));
  return *rules;
}

const TermMap& Terms() {
  static const TermMap* const terms =
      new TermMap(*std::move(TermMap::BuiltIn()));
  return *terms;
}

// A field of test.Payload, as text.
std::string Field(const std::string& name, int number, const std::string& type,
                  const std::string& mark = "", const std::string& more = "") {
  std::string options;
  if (!mark.empty()) {
    options = absl::StrCat("options { [subrosa.v1.field] { ", mark, " } }");
  }
  return absl::StrCat("field { name: '", name, "' number: ", number,
                      " label: LABEL_OPTIONAL type: ", type, " ", more, " ",
                      options, " } ");
}

SchemaSurvey Survey(const std::string& fields, const std::string& more = "",
                    const std::string& syntax = "proto3") {
  const TextSchema schema(fields, more, syntax);
  return SurveySchema(Rules(), {schema.payload().file()});
}

// The suggested mark of the first field.
std::string Suggested(const std::string& fields, const std::string& more = "") {
  const SchemaSurvey survey = Survey(fields, more);
  const MarkSuggestion& suggestion = survey.messages[0].fields[0].suggestion;
  return suggestion.score == 0 ? "none" : MarkText(suggestion.mark);
}

TEST(SchemaSurveyTest, EveryFieldHasAStandingAndTheUnmarkedAreCounted) {
  const SchemaSurvey survey = Survey(
      Field("score", 1, "TYPE_INT32", "health: HEALTH_CATEGORY_CONDITIONS") +
      Field("page", 2, "TYPE_INT32", "not_personal: true") +
      Field("inner", 3, "TYPE_MESSAGE", "",
            "type_name: '.test.Payload.Inner'") +
      Field("dob", 4, "TYPE_STRING") +
      "nested_type { name: 'Inner' field { name: 'x' number: 1 "
      "label: LABEL_OPTIONAL type: TYPE_INT32 options { "
      "[subrosa.v1.field] { not_personal: true } } } }");

  ASSERT_EQ(survey.messages.size(), 2u);
  const std::vector<SurveyedField>& fields = survey.messages[0].fields;
  EXPECT_EQ(fields[0].standing, FieldStanding::kMarked);
  EXPECT_EQ(fields[1].standing, FieldStanding::kNotPersonal);
  EXPECT_EQ(fields[2].standing, FieldStanding::kBelow);
  EXPECT_EQ(fields[3].standing, FieldStanding::kUnmarked);
  EXPECT_EQ(survey.messages[1].full_name, "test.Payload.Inner");
  // `inner` wants no mark of its own.
  EXPECT_EQ(survey.fields, 4u);
  EXPECT_EQ(survey.unmarked, 1u);
  EXPECT_DOUBLE_EQ(survey.MarkedPercent(), 75);
  EXPECT_THAT(survey.problems, IsEmpty());
}

TEST(SchemaSurveyTest, AHealthMarkLeadsToCaliforniasSensitiveCategory) {
  const SchemaSurvey survey = Survey(
      Field("score", 1, "TYPE_INT32", "health: HEALTH_CATEGORY_GENETIC"));

  EXPECT_TRUE(survey.messages[0].fields[0].kinds.sensitive.Has(
      v1::SENSITIVE_CATEGORY_GENETIC));
}

TEST(SchemaSurveyTest, AMarkThatContradictsItselfIsAProblemAndDoesNotCount) {
  const SchemaSurvey survey =
      Survey(Field("note", 1, "TYPE_STRING", "not_personal: true, health: 1") +
             Field("other", 2, "TYPE_STRING", "health: 99"));

  EXPECT_EQ(survey.unmarked, 2u);
  EXPECT_THAT(survey.problems,
              ElementsAre(HasSubstr("want `not_personal` alone"),
                          HasSubstr("want a health category known here")));
}

TEST(SchemaSurveyTest, APayloadWithATitleIsHeldToTheLint) {
  const SchemaSurvey survey =
      Survey(Field("note", 2, "TYPE_INT32", "free_text: true") +
             "options { [subrosa.v1.message] { title: 'a thing' } }");

  // That 1 is left out is LintPayload's to say.
  EXPECT_THAT(survey.problems,
              ElementsAre(HasSubstr("want `free_text` on a string")));
}

TEST(SchemaSurveyTest, FieldsThatSayItBelowHideNoFieldWithoutAMark) {
  std::string fields;
  for (int i = 1; i <= 10; ++i) {
    fields += Field(absl::StrCat("part_", i), i, "TYPE_MESSAGE", "",
                    "type_name: '.test.Part'");
  }

  const SchemaSurvey survey =
      Survey(fields, absl::StrCat("message_type { name: 'Part' ",
                                  Field("hiv_status", 1, "TYPE_STRING"), "}"));

  EXPECT_EQ(survey.fields, 1u);
  EXPECT_EQ(survey.unmarked, 1u);
  EXPECT_DOUBLE_EQ(survey.MarkedPercent(), 0);
}

TEST(SchemaSurveyTest, NotPersonalOverAMarkIsAProblemAndDoesNotCount) {
  const SchemaSurvey survey =
      Survey(Field("part", 1, "TYPE_MESSAGE", "not_personal: true",
                   "type_name: '.test.Part'"),
             absl::StrCat("message_type { name: 'Part' ",
                          Field("hiv_status", 1, "TYPE_STRING",
                                "health: HEALTH_CATEGORY_CONDITIONS"),
                          "}"));

  EXPECT_EQ(survey.unmarked, 1u);
  EXPECT_THAT(survey.problems,
              ElementsAre(HasSubstr("test.Payload.part: want `not_personal` "
                                    "over nothing of a person, got it over the "
                                    "mark of test.Part.hiv_status")));
}

TEST(SchemaSurveyTest, WhatAFileAddsToAMessageIsListedAndCounted) {
  const SchemaSurvey survey =
      Survey(Field("page", 1, "TYPE_INT32", "not_personal: true") +
                 "extension_range { start: 100 end: 200 } "
                 "extension { name: 'dob' number: 101 label: LABEL_OPTIONAL "
                 "type: TYPE_STRING extendee: '.test.Payload' }",
             "extension { name: 'hiv_status' number: 100 label: LABEL_OPTIONAL "
             "type: TYPE_STRING extendee: '.test.Payload' }",
             "proto2");

  ASSERT_EQ(survey.messages.size(), 2u);
  const SurveyedMessage& added = survey.messages[1];
  EXPECT_EQ(added.full_name, "test.Payload");
  ASSERT_EQ(added.fields.size(), 2u);
  EXPECT_EQ(added.fields[0].name, "[test.hiv_status]");
  EXPECT_EQ(added.fields[1].name, "[test.Payload.dob]");
  EXPECT_EQ(added.fields[0].suggestion.rule_id, "name/hiv");
  EXPECT_EQ(survey.fields, 3u);
  EXPECT_EQ(survey.unmarked, 2u);
}

TEST(SchemaSurveyTest, OptionsAreNothingOfARecord) {
  for (const SurveyedMessage& message :
       SurveySchema(Rules(), {v1::FieldMark::descriptor()->file()}).messages) {
    EXPECT_NE(message.full_name, "google.protobuf.FieldOptions");
  }
}

TEST(SchemaSurveyTest, AnEmptySchemaHasNothingForgotten) {
  EXPECT_DOUBLE_EQ(Survey("").MarkedPercent(), 100);
}

TEST(MarkSuggestionTest, ANameSuggestsItsMark) {
  EXPECT_EQ(Suggested(Field("dx_code", 1, "TYPE_STRING")),
            "[(subrosa.v1.field) = {health: HEALTH_CATEGORY_CONDITIONS}]");
  EXPECT_EQ(Suggested(Field("lmp_date", 1, "TYPE_STRING")),
            "[(subrosa.v1.field) = {health: "
            "[HEALTH_CATEGORY_BODILY_FUNCTIONS, "
            "HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL], label: "
            "HEALTH_LABEL_CYCLE}]");
  EXPECT_THAT(Suggested(Field("phq9_total", 1, "TYPE_INT32")),
              HasSubstr("HEALTH_LABEL_MENTAL_HEALTH"));
  EXPECT_EQ(Suggested(Field("page_size", 1, "TYPE_INT32")),
            "[(subrosa.v1.field) = {not_personal: true}]");
  EXPECT_EQ(Suggested(Field("frobnicate", 1, "TYPE_INT32")), "none");
}

TEST(MarkSuggestionTest, TheTypeDecidesWhatFits) {
  EXPECT_EQ(Suggested(Field("note", 1, "TYPE_STRING") +
                      Field("user_id", 2, "TYPE_STRING")),
            "[(subrosa.v1.field) = {free_text: true}]");
  EXPECT_EQ(Suggested(Field("note", 1, "TYPE_INT32")), "none");
  EXPECT_EQ(Suggested(Field("email", 1, "TYPE_BOOL")), "none");
  EXPECT_THAT(Suggested(Field("user_id", 1, "TYPE_STRING")),
              HasSubstr("role: FIELD_ROLE_CONSUMER"));
  EXPECT_THAT(Suggested(Field("user_id", 1, "TYPE_INT64")),
              Not(HasSubstr("role:")));
  EXPECT_THAT(Suggested(Field("occurred_at", 1, "TYPE_MESSAGE", "",
                              "type_name: '.google.protobuf.Timestamp'")),
              HasSubstr("role: FIELD_ROLE_EFFECTIVE"));
}

TEST(MarkSuggestionTest, ACodeHasItsRoleOnlyBesideItsSystem) {
  EXPECT_EQ(Suggested(Field("code", 1, "TYPE_STRING")), "none");
  EXPECT_EQ(Suggested(Field("code", 1, "TYPE_STRING") +
                      Field("code_system", 2, "TYPE_STRING")),
            "[(subrosa.v1.field) = {role: FIELD_ROLE_CODE}]");
}

TEST(MarkSuggestionTest, OneRoleIsSuggestedOnceInAMessage) {
  const SchemaSurvey survey = Survey(Field("user_id", 1, "TYPE_STRING") +
                                     Field("patient_id", 2, "TYPE_STRING"));

  EXPECT_EQ(survey.messages[0].fields[0].suggestion.mark.role(),
            v1::FIELD_ROLE_CONSUMER);
  EXPECT_EQ(survey.messages[0].fields[1].suggestion.mark.role(),
            v1::FIELD_ROLE_UNSPECIFIED);
}

TEST(MarkSuggestionTest, ACommentHelpsWhereTheNameDoesNot) {
  const std::string comment =
      "source_code_info { location { path: 4 path: 0 path: 2 path: 0 span: 7 "
      "span: 0 span: 9 leading_comments: ' Whether she is pregnant.' } }";
  const SchemaSurvey survey = Survey(Field("flag_7", 1, "TYPE_BOOL"), comment);

  const SurveyedField& field = survey.messages[0].fields[0];
  EXPECT_EQ(field.line, 8);
  EXPECT_EQ(field.suggestion.rule_id, "name/pregnancy");
  EXPECT_LT(field.suggestion.score, 0.6);
  EXPECT_EQ(field.suggestion.reason,
            "its comment speaks of pregnancy, birth or its ending");
}

TEST(MarkSuggestionTest, ACommentOfSeveralThingsSuggestsThemAll) {
  const SchemaSurvey survey = Survey(
      Field("flag_7", 1, "TYPE_BOOL"),
      "source_code_info { location { path: 4 path: 0 path: 2 path: 0 span: 7 "
      "span: 0 span: 9 leading_comments: ' Whether she had an abortion, and "
      "her HIV test result.' } }");

  const v1::FieldMark& mark = survey.messages[0].fields[0].suggestion.mark;
  EXPECT_THAT(mark.label(), testing::IsSupersetOf({v1::HEALTH_LABEL_HIV,
                                                   v1::HEALTH_LABEL_PREGNANCY}))
      << MarkText(mark);
}

TEST(SchemaReportTest, AFieldIsShownWithItsClauseAndAnUnmarkedOneWithAPaste) {
  const std::string report = SchemaReport(Survey(
      Field("score", 1, "TYPE_INT32", "health: HEALTH_CATEGORY_CONDITIONS") +
      Field("dob", 2, "TYPE_STRING") + Field("zork", 3, "TYPE_STRING")));

  EXPECT_THAT(report, HasSubstr("score = 1 (int32): conditions (RCW "
                                "19.373.010(8)(b)(i))"));
  EXPECT_THAT(report, HasSubstr("dob = 2 (string): NO MARK"));
  EXPECT_THAT(report,
              HasSubstr("test.proto: test.Payload.dob: want a mark, got none; "
                        "paste [(subrosa.v1.field) = {"));
  EXPECT_THAT(report, HasSubstr("zork: want a mark, got none; nothing known"));
  EXPECT_THAT(report, HasSubstr("1 of 3 fields marked (33.3 %)"));
}

TEST(SchemaReportTest, TheInventoryNamesClausesAndPublishedTerms) {
  const auto json = nlohmann::json::parse(SchemaInventoryJson(
      Survey(Field("mail", 1, "TYPE_STRING", "identifier: IDENTIFIER_EMAIL") +
             Field("dob", 2, "TYPE_STRING")),
      Terms()));

  const auto& fields = json["messages"][0]["fields"];
  EXPECT_EQ(json["format"], "subrosa-schema-inventory-1");
  EXPECT_EQ(json["unmarked"], 1);
  EXPECT_EQ(fields[0]["identifiers"][0]["kind"], "email");
  EXPECT_EQ(fields[0]["identifiers"][0]["clause"],
            "45 CFR 164.514(b)(2)(i)(F)");
  EXPECT_EQ(fields[0]["identifiers"][0]["text"], "statute read");
  EXPECT_EQ(fields[0]["fideslang"][0], "user.contact.email");
  EXPECT_EQ(fields[0]["dpv"][0], "https://w3id.org/dpv/pd#EmailAddress");
  EXPECT_EQ(fields[1]["standing"], "unmarked");
  EXPECT_EQ(fields[1]["suggestion"]["rule"], "name/date-of-birth");
}

TEST(DescriptorSetTest, WhatIsNoDescriptorSetIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(ReadDescriptorSet("").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadDescriptorSet("nonsense").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadDescriptorSet(std::string(kMaxDescriptorSetBytes + 1, 'a'))
          .status()));
}

TEST(DescriptorSetTest, AFileWithoutItsImportsIsRefusedByItsPlace) {
  google::protobuf::FileDescriptorSet set;
  set.add_file()->set_name("a.proto");
  set.add_file()->set_name("secret-name.proto");
  set.mutable_file(1)->add_dependency("missing.proto");

  const absl::Status status =
      ReadDescriptorSet(set.SerializeAsString()).status();

  EXPECT_THAT(std::string(status.message()), HasSubstr("file[1]: want a file"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace subrosa
