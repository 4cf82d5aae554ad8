#include "src/classify/classifier.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/text_schema.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kIcd10Cm[] = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr char kSnomed[] = "http://snomed.info/sct";
constexpr char kLoinc[] = "http://loinc.org";
constexpr char kRxNorm[] = "http://www.nlm.nih.gov/research/umls/rxnorm";

std::unique_ptr<Classifier> MakeClassifier(
    const DescriptorPool& pool = *DescriptorPool::generated_pool()) {
  absl::StatusOr<CodeTable> codes = CodeTable::BuiltIn();
  EXPECT_TRUE(codes.ok()) << codes.status();
  auto made = Classifier::Create(*std::move(codes), pool);
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

const Classifier& TheClassifier() {
  static const Classifier* const classifier = MakeClassifier().release();
  return *classifier;
}

Classification KindsOf(const google::protobuf::Message& payload) {
  const auto kinds = TheClassifier().ClassifyPayload(
      payload.GetDescriptor()->full_name(), payload.SerializeAsString());
  EXPECT_TRUE(kinds.ok()) << kinds.status();
  return kinds.value_or(Classification());
}

std::vector<v1::HealthCategory> CategoriesOf(
    const google::protobuf::Message& payload) {
  return KindsOf(payload).categories.Values();
}

std::vector<v1::HealthLabel> LabelsOf(
    const google::protobuf::Message& payload) {
  return KindsOf(payload).labels.Values();
}

void AddCode(const std::string& system, const std::string& code,
             v1::CodedConcept* concept) {
  v1::Coding* coding = concept->add_coding();
  coding->set_system(system);
  coding->set_code(code);
}

v1::FhirResource Resource(const std::string& type) {
  v1::FhirResource resource;
  resource.set_resource_type(type);
  resource.set_json("{}");
  return resource;
}

v1::FhirResource Resource(const std::string& type, const std::string& system,
                          const std::string& code) {
  v1::FhirResource resource = Resource(type);
  AddCode(system, code, resource.mutable_code());
  return resource;
}

v1::HealthRecord RecordOf(const google::protobuf::Message& payload) {
  v1::HealthRecord record;
  record.mutable_payload()->PackFrom(payload);
  return record;
}

// Marks.

TEST(ClassifierTest, AMessagesMarkHoldsEvenWhereNothingIsFilledIn) {
  EXPECT_THAT(CategoriesOf(v1::MoodCheckIn()),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(ClassifierTest, OnlyFieldsThatAreFilledInCount) {
  v1::CycleEntry entry;
  EXPECT_THAT(LabelsOf(entry), ElementsAre(v1::HEALTH_LABEL_CYCLE));

  entry.set_pregnancy_test_positive(false);  // Has presence: it was answered.

  EXPECT_THAT(LabelsOf(entry),
              ElementsAre(v1::HEALTH_LABEL_CYCLE, v1::HEALTH_LABEL_PREGNANCY));
}

TEST(ClassifierTest, ADefaultWrittenOutIsStillAbsent) {
  // Field 2 (topics) and 1 (content_id) of ContentView, empty; 3 (dwell), empty
  // but a message, which is there even so.
  const auto kinds = TheClassifier().ClassifyPayload(
      "subrosa.v1.ContentView", std::string("\x0a\x00\x1a\x00", 4));

  ASSERT_TRUE(kinds.ok());
  EXPECT_THAT(kinds->categories.Values(), IsEmpty());
  EXPECT_THAT(kinds->personal.Values(),
              ElementsAre(v1::PERSONAL_CATEGORY_NETWORK_ACTIVITY));
}

TEST(ClassifierTest, AZeroWrittenOutIsStillAbsent) {
  // Field 5 (age_band), zero; then latitude, zero.
  EXPECT_FALSE(
      TheClassifier()
          .ClassifyPayload("subrosa.v1.SubscriptionEvent",
                           std::string("\x28\x00", 2))
          ->personal.Has(v1::PERSONAL_CATEGORY_PROTECTED_CLASSIFICATIONS));
  EXPECT_TRUE(
      TheClassifier()
          .ClassifyPayload("subrosa.v1.SubscriptionEvent", "\x28\x01")
          ->personal.Has(v1::PERSONAL_CATEGORY_PROTECTED_CLASSIFICATIONS));
  EXPECT_TRUE(TheClassifier()
                  .ClassifyPayload("subrosa.v1.LocationVisit",
                                   std::string("\x09") + std::string(8, '\0'))
                  ->identifiers.empty());
}

TEST(ClassifierTest, NumbersPackedTogetherCountUnlessThereAreNone) {
  const TextSchema schema(
      "field { name: 'scores' number: 1 label: LABEL_REPEATED type: TYPE_INT32 "
      "options { [subrosa.v1.field] { health: HEALTH_CATEGORY_CONDITIONS } } "
      "}");
  const auto classifier = MakeClassifier(schema.pool());
  const auto has_categories = [&](const std::string& wire) {
    return !classifier->ClassifyPayload("test.Payload", wire)
                ->categories.empty();
  };

  EXPECT_TRUE(has_categories(std::string("\x0a\x01\x00", 3)));
  EXPECT_TRUE(has_categories(std::string("\x08\x00", 2)));
  EXPECT_FALSE(has_categories(std::string("\x0a\x00", 2)));
}

TEST(ClassifierTest, AGroupIsWalkedToItsOwnEnd) {
  const TextSchema schema(
      "field { name: 'part' number: 1 label: LABEL_OPTIONAL type: TYPE_GROUP "
      "type_name: '.test.Payload.Part' } "
      "nested_type { name: 'Part' "
      "field { name: 'note' number: 2 label: LABEL_OPTIONAL type: TYPE_STRING "
      "options { [subrosa.v1.field] { health: HEALTH_CATEGORY_GENETIC } } } } "
      "field { name: 'mail' number: 3 label: LABEL_OPTIONAL type: TYPE_STRING "
      "options { [subrosa.v1.field] { identifier: IDENTIFIER_EMAIL } } }",
      "", "proto2");
  const auto classifier = MakeClassifier(schema.pool());
  const std::string note = "\x12\x01x", mail = "\x1a\x01x";

  const auto kinds = classifier->ClassifyPayload("test.Payload",
                                                 "\x0b" + note + "\x0c" + mail);

  ASSERT_TRUE(kinds.ok()) << kinds.status();
  EXPECT_TRUE(kinds->categories.Has(v1::HEALTH_CATEGORY_GENETIC));
  EXPECT_TRUE(kinds->identifiers.Has(v1::IDENTIFIER_EMAIL));
  EXPECT_FALSE(kinds->has_unmarked);
  for (const std::string& bad :
       {"\x0b" + note, std::string("\x0b"), "\x0b" + note + "\x14",
        note + "\x0c", "\x0b" + note + "\x0c\x0c"}) {
    EXPECT_FALSE(classifier->ClassifyPayload("test.Payload", bad).ok());
  }
}

TEST(ClassifierTest, AnEmptyElementOfARepeatedFieldIsThere) {
  v1::ContentView view;
  view.add_topics("");

  EXPECT_THAT(CategoriesOf(view), ElementsAre(v1::HEALTH_CATEGORY_INFERRED));
}

TEST(ClassifierTest, AValueThatALaterOneOverwritesStillCounts) {
  // Latitude 1, then latitude 0: the bytes still hold where someone was.
  const std::string first =
      std::string("\x09\x00\x00\x00\x00\x00\x00\xf0\x3f", 9);
  const std::string second =
      std::string("\x09\x00\x00\x00\x00\x00\x00\x00\x00", 9);
  const auto kinds = TheClassifier().ClassifyPayload("subrosa.v1.LocationVisit",
                                                     first + second);

  ASSERT_TRUE(kinds.ok());
  EXPECT_TRUE(kinds->categories.Has(v1::HEALTH_CATEGORY_PRECISE_LOCATION));
}

TEST(ClassifierTest, NoHealthCategoryIsALegalOutcome) {
  v1::SubscriptionEvent event;
  event.set_change(v1::SUBSCRIPTION_CHANGE_RENEWED);

  const Classification kinds = KindsOf(event);

  EXPECT_TRUE(kinds.categories.empty());
  EXPECT_TRUE(kinds.personal.Has(v1::PERSONAL_CATEGORY_COMMERCIAL));
}

TEST(ClassifierTest, AHealthCategoryIsSensitiveInCalifornia) {
  const Classification kinds = KindsOf(v1::CycleEntry());

  EXPECT_THAT(kinds.sensitive.Values(),
              ElementsAre(v1::SENSITIVE_CATEGORY_HEALTH,
                          v1::SENSITIVE_CATEGORY_SEX_LIFE));
  EXPECT_TRUE(kinds.personal.Has(v1::PERSONAL_CATEGORY_SENSITIVE));
}

TEST(ClassifierTest, AnIdentifierMayBeSensitiveInCalifornia) {
  const TextSchema schema(
      "field { name: 'ssn' number: 1 label: LABEL_OPTIONAL type: TYPE_STRING "
      "options { [subrosa.v1.field] { identifier: IDENTIFIER_SSN } } } "
      "field { name: 'mail' number: 2 label: LABEL_OPTIONAL type: TYPE_STRING "
      "options { [subrosa.v1.field] { identifier: IDENTIFIER_EMAIL } } }");
  const auto classifier = MakeClassifier(schema.pool());

  EXPECT_THAT(classifier->ClassifyPayload("test.Payload", "\x0a\x01x")
                  ->sensitive.Values(),
              ElementsAre(v1::SENSITIVE_CATEGORY_GOVERNMENT_ID));
  EXPECT_THAT(classifier->ClassifyPayload("test.Payload", "\x12\x01x")
                  ->sensitive.Values(),
              IsEmpty());
}

TEST(ClassifierTest, TheRecordSaysWhoseItIsAndWhen) {
  v1::HealthRecord record = RecordOf(v1::SleepSession());
  EXPECT_THAT(TheClassifier().Classify(record)->identifiers.Values(),
              IsEmpty());

  record.set_consumer("someone");
  record.set_id("7");
  record.mutable_effective()->mutable_start()->set_seconds(1);

  EXPECT_THAT(TheClassifier().Classify(record)->identifiers.Values(),
              ElementsAre(v1::IDENTIFIER_DATE, v1::IDENTIFIER_ACCOUNT_NUMBER,
                          v1::IDENTIFIER_OTHER_UNIQUE));
}

// Codes.

TEST(ClassifierTest, ACodeAddsItsLabelsToTheMark) {
  v1::Condition condition;
  AddCode(kIcd10Cm, "F10.20", condition.mutable_condition());

  EXPECT_THAT(LabelsOf(condition), ElementsAre(v1::HEALTH_LABEL_MENTAL_HEALTH,
                                               v1::HEALTH_LABEL_SUBSTANCE_USE));
}

TEST(ClassifierTest, EveryCodingOfAConceptCounts) {
  v1::Condition condition;
  AddCode(kSnomed, "72892002", condition.mutable_condition());
  AddCode(kIcd10Cm, "B20", condition.mutable_condition());

  EXPECT_THAT(LabelsOf(condition),
              ElementsAre(v1::HEALTH_LABEL_PREGNANCY, v1::HEALTH_LABEL_HIV));
}

TEST(ClassifierTest, ACodeWithoutItsSystemSaysNothing) {
  v1::Condition condition;
  condition.mutable_condition()->add_coding()->set_code("B20");
  AddCode("urn:unknown", "B20", condition.mutable_condition());
  AddCode(kIcd10Cm, "", condition.mutable_condition());

  EXPECT_THAT(LabelsOf(condition), IsEmpty());
}

TEST(ClassifierTest, AFhirConditionIsWhatItsCodeSaysElseACondition) {
  EXPECT_THAT(CategoriesOf(Resource("Condition")),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_THAT(CategoriesOf(Resource("Condition", kSnomed, "1")),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
  // "Works full time" stands among conditions and is none.
  EXPECT_THAT(CategoriesOf(Resource("Condition", kSnomed, "160903007")),
              ElementsAre(v1::HEALTH_CATEGORY_INTERVENTIONS));
}

TEST(ClassifierTest, EachFhirTypeLeadsToItsOwnCategory) {
  EXPECT_THAT(CategoriesOf(Resource("Patient")),
              ElementsAre(v1::HEALTH_CATEGORY_SEEKING_SERVICES));
  EXPECT_THAT(CategoriesOf(Resource("Observation", kLoinc, "8867-4")),
              ElementsAre(v1::HEALTH_CATEGORY_BODILY_FUNCTIONS));
  EXPECT_THAT(CategoriesOf(Resource("Observation")),
              ElementsAre(v1::HEALTH_CATEGORY_BODILY_FUNCTIONS,
                          v1::HEALTH_CATEGORY_DIAGNOSTICS));
  EXPECT_THAT(CategoriesOf(Resource("MedicationRequest", kRxNorm, "36437")),
              ElementsAre(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_THAT(CategoriesOf(Resource("Procedure")),
              ElementsAre(v1::HEALTH_CATEGORY_PROCEDURES));
  EXPECT_THAT(LabelsOf(Resource("Immunization")),
              ElementsAre(v1::HEALTH_LABEL_PREVENTIVE));
  EXPECT_THAT(CategoriesOf(Resource("Organization")), IsEmpty());
}

TEST(ClassifierTest, AFhirTypeThatIsUnknownOrMissingIsACondition) {
  EXPECT_THAT(CategoriesOf(Resource("Surprise")),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_THAT(CategoriesOf(v1::FhirResource()),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(ClassifierTest, AReasonAddsToAVisitAndDoesNotSayWhatTheVisitIs) {
  v1::FhirResource visit = Resource("Encounter");
  AddCode(kIcd10Cm, "Z34.00", visit.add_reasons());

  EXPECT_THAT(CategoriesOf(visit),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS,
                          v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL,
                          v1::HEALTH_CATEGORY_SEEKING_SERVICES));
  // Nor does a reason take the place of a condition's own code.
  v1::FhirResource condition = Resource("Condition");
  AddCode(kLoinc, "8867-4", condition.add_reasons());
  EXPECT_TRUE(
      KindsOf(condition).categories.Has(v1::HEALTH_CATEGORY_CONDITIONS));
}

// A service's own messages.

TEST(ClassifierTest, AMessageKnownOnlyFromADescriptorSetIsClassified) {
  const TextSchema schema(
      "field { name: 'mood' number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 "
      "options { [subrosa.v1.field] { label: HEALTH_LABEL_MOOD } } } "
      "field { name: 'why' number: 200 label: LABEL_REPEATED type: "
      "TYPE_MESSAGE "
      "type_name: '.subrosa.v1.Coding' "
      "options { [subrosa.v1.field] { health: HEALTH_CATEGORY_CONDITIONS } } "
      "}");
  const auto classifier = MakeClassifier(schema.pool());
  v1::Coding coding;
  coding.set_system(kIcd10Cm);
  coding.set_code("B20");
  std::string wire = "\x08\x05\xc2\x0c";  // mood = 5; then field 200.
  wire += static_cast<char>(coding.ByteSizeLong());
  wire += coding.SerializeAsString();

  const auto kinds = classifier->ClassifyPayload("test.Payload", wire);

  ASSERT_TRUE(kinds.ok()) << kinds.status();
  EXPECT_THAT(kinds->labels.Values(),
              ElementsAre(v1::HEALTH_LABEL_MOOD, v1::HEALTH_LABEL_HIV));
  EXPECT_THAT(kinds->categories.Values(),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
  // The shipped payloads stay known beside it.
  EXPECT_TRUE(classifier->ClassifyPayload("subrosa.v1.MoodCheckIn", "").ok());
}

TEST(ClassifierTest, SeveralCodesOfOneSystemInAMessageAllCount) {
  const TextSchema schema(
      "field { name: 'system' number: 1 label: LABEL_OPTIONAL type: "
      "TYPE_STRING "
      "options { [subrosa.v1.field] { role: FIELD_ROLE_CODE_SYSTEM } } } "
      "field { name: 'codes' number: 2 label: LABEL_REPEATED type: TYPE_STRING "
      "options { [subrosa.v1.field] { role: FIELD_ROLE_CODE } } }");
  const auto classifier = MakeClassifier(schema.pool());
  // The codes come before their system: order on the wire is free.
  std::string wire =
      "\x12\x03"
      "B20"
      "\x18\x07"
      "\x12\x03"
      "F32"
      "\x0a\x21";
  wire += kIcd10Cm;

  const auto kinds = classifier->ClassifyPayload("test.Payload", wire);

  ASSERT_TRUE(kinds.ok()) << kinds.status();
  EXPECT_TRUE(kinds->labels.Has(v1::HEALTH_LABEL_HIV));
  EXPECT_TRUE(kinds->labels.Has(v1::HEALTH_LABEL_MOOD));
  EXPECT_TRUE(kinds->has_unmarked);  // Field 3, which the schema lacks.
}

TEST(ClassifierTest, WhatCarriesNoMarkIsReportedAsSuch) {
  const TextSchema schema(
      "field { name: 'note' number: 1 label: LABEL_OPTIONAL type: TYPE_STRING "
      "}");
  const auto classifier = MakeClassifier(schema.pool());

  EXPECT_TRUE(
      classifier->ClassifyPayload("test.Payload", "\x0a\x01x")->has_unmarked);
  EXPECT_FALSE(classifier->ClassifyPayload("test.Payload", "")->has_unmarked);
  // A field from a later version of a shipped payload; a field of another type.
  EXPECT_TRUE(TheClassifier()
                  .ClassifyPayload("subrosa.v1.MoodCheckIn", "\x50\x01")
                  ->has_unmarked);
  EXPECT_TRUE(TheClassifier()
                  .ClassifyPayload("subrosa.v1.MoodCheckIn", "\x0a\x01x")
                  ->has_unmarked);
}

TEST(ClassifierTest, MarksThatContradictThemselvesAreRefused) {
  const TextSchema schema(
      "field { name: 'note' number: 1 label: LABEL_OPTIONAL type: TYPE_STRING "
      "options { [subrosa.v1.field] { not_personal: true free_text: true } } "
      "}");
  const auto classifier = MakeClassifier(schema.pool());

  const absl::Status status =
      classifier->ClassifyPayload("test.Payload", "").status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "payload: test.Payload.note: want `not_personal` alone, got "
            "another mark beside it");
}

TEST(ClassifierTest, NotPersonalTakesAwayNoMarkBelowIt) {
  const TextSchema schema(
      "field { name: 'part' number: 1 label: LABEL_OPTIONAL type: TYPE_MESSAGE "
      "type_name: '.test.Part' "
      "options { [subrosa.v1.field] { not_personal: true } } }",
      "message_type { name: 'Part' field { name: 'hiv_status' number: 1 "
      "label: LABEL_OPTIONAL type: TYPE_STRING options { "
      "[subrosa.v1.field] { label: HEALTH_LABEL_HIV } } } }");

  const absl::Status status = MakeClassifier(schema.pool())
                                  ->ClassifyPayload("test.Payload", "")
                                  .status();

  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST(ClassifierTest, ThreadsThatMeetATypeFirstAllGetTheSameAnswer) {
  const auto classifier = MakeClassifier();
  v1::Condition condition;
  AddCode(kIcd10Cm, "B20", condition.mutable_condition());
  const std::string wire = condition.SerializeAsString();
  std::vector<Classification> answers(8);
  std::vector<std::thread> threads;
  threads.reserve(answers.size());
  for (Classification& answer : answers) {
    threads.emplace_back([&] {
      // HealthRecord itself is no shipped payload: it is compiled here.
      ASSERT_TRUE(
          classifier->ClassifyPayload("subrosa.v1.HealthRecord", "").ok());
      answer = *classifier->ClassifyPayload("subrosa.v1.Condition", wire);
    });
  }
  for (std::thread& thread : threads) thread.join();

  for (const Classification& answer : answers) {
    EXPECT_EQ(answer, answers[0]);
    EXPECT_TRUE(answer.labels.Has(v1::HEALTH_LABEL_HIV));
  }
}

}  // namespace
}  // namespace subrosa
