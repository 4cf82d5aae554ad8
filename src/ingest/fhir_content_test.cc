#include "src/ingest/fhir_content.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

// What is made of a resource of `type` with `members`.
v1::FhirResource Made(const std::string& type, const std::string& members) {
  const Reading reading = ReadText(
      absl::StrCat(R"({"resourceType":")", type,
                   R"(","id":"1","subject":{"reference":"Patient/p"},)",
                   members, "}"),
      OptionsWithDefaults());
  v1::FhirResource made;
  EXPECT_EQ(reading.records.size(), 1u) << members;
  if (reading.records.size() == 1) {
    EXPECT_TRUE(reading.records[0].payload().UnpackTo(&made));
    // Equal resources have equal bytes, whoever writes them.
    EXPECT_EQ(made.SerializeAsString(), reading.records[0].payload().value());
  }
  return made;
}

TEST(FhirContentTest, BothPressuresOfTheBloodAreParts) {
  const v1::FhirResource made =
      Made("Observation",
           R"("component":[{"code":{"coding":[{"system":"http://loinc.org",)"
           R"("code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg",)"
           R"("system":"http://unitsofmeasure.org","code":"mm[Hg]"}},)"
           R"({"code":{"text":"Diastolic"},"valueQuantity":{"value":80}}])");

  ASSERT_EQ(made.parts_size(), 2);
  EXPECT_EQ(made.parts(0).code().coding(0).code(), "8480-6");
  EXPECT_EQ(made.parts(0).value().value(), 120);
  EXPECT_EQ(made.parts(0).value().unit(), "mm[Hg]");
  EXPECT_EQ(made.parts(0).value().given_unit(), "mmHg");
  EXPECT_EQ(made.parts(1).code().text(), "Diastolic");
  EXPECT_EQ(made.parts(1).value().value(), 80);
}

TEST(FhirContentTest, AnAnswerKeepsItsQuestionAtAnyDepth) {
  const v1::FhirResource made = Made(
      "QuestionnaireResponse",
      R"("item":[{"linkId":"1","text":"Mood","item":[{"linkId":"1.1","text":)"
      R"("How often?","answer":[{"valueCoding":{"system":"http://loinc.org",)"
      R"("code":"LA6569-3","display":"Several days"},"item":[{"linkId":)"
      R"("1.1.1","answer":[{"valueBoolean":true}]}]}]}]},)"
      R"({"linkId":"2","answer":[{"valueInteger":7},{"valueString":"more"}]}])");

  ASSERT_EQ(made.parts_size(), 4);
  EXPECT_EQ(made.parts(0).link_id(), "1.1");
  EXPECT_EQ(made.parts(0).code().text(), "How often?");
  EXPECT_EQ(made.parts(0).value_code().coding(0).code(), "LA6569-3");
  EXPECT_EQ(made.parts(1).link_id(), "1.1.1");
  EXPECT_EQ(made.parts(1).value_text(), "true");
  EXPECT_EQ(made.parts(2).value().value(), 7);
  EXPECT_EQ(made.parts(3).value_text(), "more");
}

TEST(FhirContentTest, AValueOfEachKindIsTaken) {
  const auto value = [](const std::string& member) {
    return Made("Observation", member);
  };
  EXPECT_EQ(value(R"("valueCodeableConcept":{"coding":[{"system":"s",)"
                  R"("code":"positive"}]})")
                .value_code()
                .coding(0)
                .code(),
            "positive");
  EXPECT_EQ(value(R"("valueInteger":3)").value().value(), 3);
  EXPECT_EQ(value(R"("valueString":"words")").value_text(), "words");
  EXPECT_EQ(value(R"("valueBoolean":false)").value_text(), "false");
  EXPECT_EQ(value(R"("valueDateTime":"2024-02")").value_text(), "2024-02");
  EXPECT_EQ(value(R"("valueTime":"08:30:00")").value_text(), "08:30:00");
  EXPECT_EQ(value(R"("valueRange":{"low":{"value":5,"unit":"mg"},)"
                  R"("high":{"value":10,"unit":"mg"}})")
                .value_text(),
            "5 mg..10 mg");
  EXPECT_EQ(value(R"("valueRatio":{"numerator":{"value":1},)"
                  R"("denominator":{"value":128}})")
                .value_text(),
            "1:128");
  EXPECT_EQ(value(R"("valuePeriod":{"start":"2024-01"})").value_text(),
            "2024-01/");
  const v1::Quantity bound =
      value(R"("valueQuantity":{"value":5,"comparator":"<","unit":"mg"})")
          .value();
  EXPECT_EQ(bound.given_value(), "<5");
  EXPECT_EQ(bound.unit(), "mg");
}

TEST(FhirContentTest, WhatIsNoValueOfFhirStaysInTheResourceAlone) {
  for (const std::string& member : {
           std::string(R"("valueQuantity":{"unit":"mg"})"),
           std::string(R"("valueQuantity":{"value":"5"})"),
           std::string(R"("valueQuantity":5)"),
           std::string(R"("valueCodeableConcept":{})"),
           std::string(R"("valueRange":{})"),
           std::string(R"("valueSampledData":{"data":"1 2"})"),
           std::string(R"("valueSet":"http://example.org")"),
           std::string(R"("valueString":null)"),
           absl::StrCat(R"("valueString":")", std::string(20000, 'x'), "\""),
       }) {
    const v1::FhirResource made = Made("Observation", member);

    EXPECT_FALSE(made.has_value()) << member;
    EXPECT_FALSE(made.has_value_code()) << member;
    EXPECT_EQ(made.value_text(), "") << member;
  }
}

TEST(FhirContentTest, TheCodeOfAnotherSystemIsNoUnit) {
  const v1::Quantity quantity =
      Made("Observation",
           R"("valueQuantity":{"value":2,"unit":"tablets","system":)"
           R"("http://snomed.info/sct","code":"385055001"})")
          .value();

  EXPECT_EQ(quantity.unit(), "tablets");
}

TEST(FhirContentTest, EachTypeSaysWhyAndWhat) {
  EXPECT_EQ(Made("AllergyIntolerance",
                 R"("reaction":[{"manifestation":[{"text":"Hives"}],)"
                 R"("severity":"mild"}])")
                .parts(0)
                .value_text(),
            "mild");
  EXPECT_EQ(
      Made("CarePlan", R"("activity":[{"detail":{"code":{"text":"Walk"}}}],)"
                       R"("addresses":[{"display":"Back pain"}])")
          .reasons(0)
          .text(),
      "Back pain");
  EXPECT_EQ(Made("DiagnosticReport",
                 R"("conclusion":"Normal","conclusionCode":[{"text":"n"}])")
                .value_text(),
            "Normal");
  EXPECT_EQ(
      Made("Encounter", R"("class":{"system":"s","code":"AMB"},"diagnosis":)"
                        R"([{"condition":{"display":"Flu"}}])")
          .categories(0)
          .coding(0)
          .code(),
      "AMB");
  EXPECT_EQ(Made("Immunization",
                 R"("protocolApplied":[{"targetDisease":[{"text":"Mumps"}]}])")
                .reasons(0)
                .text(),
            "Mumps");
  EXPECT_EQ(Made("MedicationStatement", R"("dosage":[{"text":"At night"}])")
                .parts(0)
                .value_text(),
            "At night");
  EXPECT_EQ(Made("Consent",
                 R"("scope":{"text":"Privacy"},"provision":{"type":"deny"})")
                .parts(0)
                .value_text(),
            "deny");
  EXPECT_EQ(Made("Goal", R"("description":{"text":"Sleep"})").code().text(),
            "Sleep");
}

TEST(FhirContentTest, AnEmptyCodeAndANumberOfZeroAreStillThere) {
  const v1::FhirResource made = Made(
      "Observation", R"("code":{},"valueQuantity":{"value":0},"component":[{},)"
                     R"({"code":{},"valueQuantity":{"value":-0.0}}])");

  EXPECT_TRUE(made.has_code());
  EXPECT_TRUE(made.has_value());
  ASSERT_EQ(made.parts_size(), 2);
  EXPECT_FALSE(made.parts(0).has_code());
  EXPECT_TRUE(made.parts(1).has_code());
  EXPECT_TRUE(made.parts(1).has_value());
}

TEST(FhirContentTest, TextsOfAnyLengthAreWrittenWhole) {
  for (const size_t size : {1u, 63u, 127u, 128u, 300u, 16000u}) {
    const std::string text(size, 'x');
    const v1::FhirResource made =
        Made("Observation",
             absl::StrCat(R"("code":{"text":")", text,
                          R"("},"component":[{"code":{"coding":[{"system":"s",)"
                          R"("code":"c","display":"d"}],"text":")",
                          text, R"("},"valueString":")", text, R"("}])"));

    EXPECT_EQ(made.code().text(), text);
    ASSERT_EQ(made.parts_size(), 1);
    EXPECT_EQ(made.parts(0).code().text(), text);
    EXPECT_EQ(made.parts(0).value_text(), text);
  }
}

TEST(FhirContentTest, MorePartsThanAreTakenStayInTheResource) {
  std::string components = R"("component":[{"valueInteger":1})";
  for (int i = 0; i < 5000; ++i) components += R"(,{"valueInteger":1})";
  const v1::FhirResource made = Made("Observation", components + "]");

  EXPECT_EQ(made.parts_size(), 4096);
}

TEST(FhirContentTest, WhatHasAnotherFormThanR4IsLeftToTheResource) {
  const v1::FhirResource made =
      Made("Observation",
           R"("code":5,"component":{"code":1},"category":"c","item":[1,[2]],)"
           R"("reaction":[7],"activity":[{"detail":[]}],"dosage":"d",)"
           R"("provision":[],"reasonCode":{},"diagnosis":[{}])");

  EXPECT_FALSE(made.has_value());
  EXPECT_EQ(made.code().coding_size(), 0);
  EXPECT_EQ(made.parts_size(), 0);
  EXPECT_EQ(made.reasons_size(), 0);
  EXPECT_EQ(made.categories_size(), 0);
}

}  // namespace
}  // namespace subrosa
