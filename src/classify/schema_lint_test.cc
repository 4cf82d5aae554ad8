#include "src/classify/schema_lint.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/text_schema.h"

namespace subrosa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// Every good payload begins so.
constexpr char kTitle[] =
    R"(options { [subrosa.v1.message] { title: "test" } } )";

std::vector<std::string> ProblemsOf(const std::string& fields,
                                    const std::string& more = "") {
  const TextSchema schema(kTitle + fields, more);
  return LintPayload(schema.payload());
}

// A field of `type` with the text of its mark.
std::string Field(const std::string& name, int number, const std::string& mark,
                  const std::string& type = "TYPE_STRING") {
  const std::string options =
      mark.empty() ? "" : "options { [subrosa.v1.field] { " + mark + " } }";
  return "field { name: '" + name + "' number: " + std::to_string(number) +
         " label: LABEL_OPTIONAL type: " + type + " " + options + " } ";
}

std::string MessageField(const std::string& name, int number,
                         const std::string& mark, const std::string& type) {
  return Field(name, number, mark, "TYPE_MESSAGE type_name: '" + type + "'");
}

TEST(SchemaLintTest, AFullyMarkedPayloadHasNoProblem) {
  EXPECT_THAT(
      ProblemsOf(Field("score", 1, "health: HEALTH_CATEGORY_CONDITIONS") +
                 Field("locale", 2, "not_personal: true") +
                 Field("note", 3, "free_text: true") +
                 Field("device", 4, "identifier: IDENTIFIER_DEVICE_ID") +
                 MessageField("at", 5, "role: FIELD_ROLE_EFFECTIVE",
                              ".google.protobuf.Timestamp") +
                 MessageField("why", 6, "health: HEALTH_CATEGORY_CONDITIONS",
                              ".subrosa.v1.CodedConcept")),
      IsEmpty());
}

TEST(SchemaLintTest, AFieldWithoutAMarkIsNamedWithItsFile) {
  EXPECT_THAT(ProblemsOf(Field("note", 1, "")),
              ElementsAre("test.proto: test.Payload.note: want a mark, or "
                          "`not_personal`, got neither"));
}

TEST(SchemaLintTest, AnEmptyMarkIsNoMark) {
  EXPECT_THAT(ProblemsOf(Field("note", 1, "not_personal: false")),
              ElementsAre("test.proto: test.Payload.note: want a mark, or "
                          "`not_personal`, got neither"));
}

TEST(SchemaLintTest, NotPersonalStandsAlone) {
  EXPECT_THAT(
      ProblemsOf(Field("note", 1, "not_personal: true free_text: true")),
      ElementsAre("test.proto: test.Payload.note: want `not_personal` alone, "
                  "got another mark beside it"));
}

TEST(SchemaLintTest, NotPersonalStandsOverNoMark) {
  const std::string part = "message_type { name: 'Part' " +
                           MessageField("inner", 1, "", ".test.Inner") +
                           "} message_type { name: 'Inner' " +
                           MessageField("again", 1, "", ".test.Part");

  EXPECT_THAT(
      ProblemsOf(MessageField("part", 1, "not_personal: true", ".test.Part"),
                 part + Field("note", 2, "free_text: true") + "}"),
      ElementsAre("test.proto: test.Payload.part: want `not_personal` over "
                  "nothing of a person, got it over the mark of "
                  "test.Inner.note"));
  EXPECT_THAT(
      ProblemsOf(MessageField("part", 1, "not_personal: true", ".test.Part"),
                 part + Field("note", 2, "not_personal: true") + "}"),
      IsEmpty());
  // What takes its kind from above is as that says.
  EXPECT_THAT(ProblemsOf(MessageField("unit", 1, "not_personal: true",
                                      ".subrosa.v1.CodedConcept")),
              IsEmpty());
}

TEST(SchemaLintTest, OfMarksAloneNothingThatIsMissingIsAProblem) {
  const TextSchema schema(Field("a", 2, "") +
                          Field("b", 4, "free_text: true", "TYPE_INT32"));

  EXPECT_THAT(LintMarks(schema.payload()),
              ElementsAre("test.proto: test.Payload.b: want `free_text` on a "
                          "string, got it on int32"));
}

TEST(SchemaLintTest, ACategoryUnknownToTheTaxonomyIsAProblem) {
  EXPECT_THAT(ProblemsOf(Field("note", 1, "health: 14")),
              ElementsAre("test.proto: test.Payload.note: want a health "
                          "category known here, got number 14"));
}

TEST(SchemaLintTest, APayloadNeedsATitle) {
  const TextSchema schema(Field("note", 1, "free_text: true"));

  EXPECT_THAT(LintPayload(schema.payload()),
              ElementsAre("test.proto: test.Payload: want a title in its mark, "
                          "got none"));
}

TEST(SchemaLintTest, ANumberLeftOutMustBeReserved) {
  const std::string fields = Field("a", 2, "not_personal: true") +
                             Field("b", 3, "not_personal: true") +
                             Field("c", 7, "not_personal: true");

  EXPECT_THAT(ProblemsOf(fields),
              ElementsAre("test.proto: test.Payload: want every number used or "
                          "reserved, got 1 left out"));
  EXPECT_THAT(ProblemsOf(fields + "reserved_range { start: 1 end: 2 }"),
              ElementsAre("test.proto: test.Payload: want every number used or "
                          "reserved, got 4 to 6 left out"));
  EXPECT_THAT(ProblemsOf(fields + "reserved_range { start: 1 end: 2 }"
                                  "reserved_range { start: 4 end: 7 }"),
              IsEmpty());
}

TEST(SchemaLintTest, AnEnumsNumberLeftOutMustBeReserved) {
  const std::string field =
      Field("kind", 1, "not_personal: true", "TYPE_ENUM type_name: '.test.E'");
  const std::string marked =
      Field("kind", 1, "health: HEALTH_CATEGORY_CONDITIONS",
            "TYPE_ENUM type_name: '.test.E'");
  const std::string values =
      "value { name: 'E_UNSPECIFIED' number: 0 } value { name: 'E_B' number: 2 "
      "}";

  EXPECT_THAT(ProblemsOf(marked, "enum_type { name: 'E' " + values + "}"),
              ElementsAre("test.proto: test.E: want every number used or "
                          "reserved, got 1 left out"));
  EXPECT_THAT(ProblemsOf(marked, "enum_type { name: 'E' " + values +
                                     "reserved_range { start: 1 end: 1 } }"),
              IsEmpty());
  // What is not personal is not looked into.
  EXPECT_THAT(ProblemsOf(field, "enum_type { name: 'E' " + values + "}"),
              IsEmpty());
}

TEST(SchemaLintTest, MessagesBelowAreLintedOnceEach) {
  const std::string part =
      "message_type { name: 'Part' " + Field("note", 1, "") + "}";

  EXPECT_THAT(
      ProblemsOf(MessageField("a", 1, "free_text: false", ".test.Part") +
                     MessageField("b", 2, "", ".test.Part"),
                 part),
      ElementsAre("test.proto: test.Part.note: want a mark, or `not_personal`, "
                  "got neither"));
}

TEST(SchemaLintTest, AMessageThatHoldsItselfIsLintedToo) {
  EXPECT_THAT(ProblemsOf(MessageField("again", 1, "", ".test.Payload") +
                         Field("note", 2, "")),
              ElementsAre("test.proto: test.Payload.note: want a mark, or "
                          "`not_personal`, got neither"));
}

TEST(SchemaLintTest, AMessageThatLooksToItsParentNeedsAMarkThere) {
  EXPECT_THAT(
      ProblemsOf(MessageField("why", 1, "", ".subrosa.v1.CodedConcept")),
      ElementsAre("test.proto: test.Payload.why: want a mark, or "
                  "`not_personal`, got neither"));
}

TEST(SchemaLintTest, ATimestampNeedsAMarkOfItsOwn) {
  EXPECT_THAT(
      ProblemsOf(MessageField("at", 1, "", ".google.protobuf.Timestamp")),
      ElementsAre("test.proto: test.Payload.at: want a mark, or "
                  "`not_personal`, got neither"));
}

TEST(SchemaLintTest, AnAnyHidesWhatItHolds) {
  EXPECT_THAT(ProblemsOf(MessageField("any", 1, "free_text: false",
                                      ".google.protobuf.Any")),
              Contains("test.proto: test.Payload.any: want a type whose fields "
                       "are known, got an Any"));
}

TEST(SchemaLintTest, AMapIsMarkedOnTheMapAndItsValuesSpeakForThemselves) {
  const std::string entry =
      "nested_type { name: 'NotesEntry' options { map_entry: true } " +
      Field("key", 1, "") + Field("value", 2, "") + "}";
  const std::string type = "TYPE_MESSAGE type_name: '.test.Payload.NotesEntry'";
  const std::string map =
      "field { name: 'notes' number: 1 label: LABEL_REPEATED type: " + type;

  EXPECT_THAT(ProblemsOf(entry + map +
                         " options { [subrosa.v1.field] { health: "
                         "HEALTH_CATEGORY_CONDITIONS } } }"),
              IsEmpty());
  EXPECT_THAT(ProblemsOf(entry + map + "}"),
              ElementsAre("test.proto: test.Payload.notes: want a mark, or "
                          "`not_personal`, got neither"));
}

TEST(SchemaLintTest, RolesStandOnFieldsOfTheirType) {
  EXPECT_THAT(
      ProblemsOf(Field("who", 1, "role: FIELD_ROLE_CONSUMER", "TYPE_INT64") +
                 Field("at", 2, "role: FIELD_ROLE_EFFECTIVE")),
      ElementsAre("test.proto: test.Payload.who: want a string for its role, "
                  "got int64",
                  "test.proto: test.Payload.at: want a google.protobuf."
                  "Timestamp for its role, got string"));
}

TEST(SchemaLintTest, ARoleStandsOnceInAMessage) {
  EXPECT_THAT(ProblemsOf(Field("a", 1, "role: FIELD_ROLE_CONSUMER") +
                         Field("b", 2, "role: FIELD_ROLE_CONSUMER")),
              ElementsAre("test.proto: test.Payload.b: want each role once in "
                          "a message, got it again"));
}

TEST(SchemaLintTest, TheConsumerIsNamedAtTheTopLevel) {
  EXPECT_THAT(
      ProblemsOf(MessageField("part", 1, "", ".test.Part"),
                 "message_type { name: 'Part' " +
                     Field("who", 1, "role: FIELD_ROLE_CONSUMER") + "}"),
      ElementsAre("test.proto: test.Part.who: want this role at the top level, "
                  "got it below"));
}

TEST(SchemaLintTest, ACodeNeedsItsCodeSystem) {
  EXPECT_THAT(ProblemsOf(Field("dx_code", 1, "role: FIELD_ROLE_CODE")),
              ElementsAre("test.proto: test.Payload.dx_code: want a code "
                          "system beside the code, got none"));
}

TEST(SchemaLintTest, FreeTextIsText) {
  EXPECT_THAT(ProblemsOf(Field("note", 1, "free_text: true", "TYPE_BYTES")),
              ElementsAre("test.proto: test.Payload.note: want `free_text` on "
                          "a string, got it on bytes"));
}

TEST(SchemaLintTest, AtTheTopLevelThereIsNoParentButAResourceType) {
  const std::string status = Field("status", 1, "from_parent: true");

  EXPECT_THAT(ProblemsOf(status),
              ElementsAre("test.proto: test.Payload.status: want `from_parent` "
                          "below another field or beside a resource type, got "
                          "it in a payload without one"));
  EXPECT_THAT(
      ProblemsOf(status + Field("type", 2, "role: FIELD_ROLE_RESOURCE_TYPE")),
      IsEmpty());
}

}  // namespace
}  // namespace subrosa
