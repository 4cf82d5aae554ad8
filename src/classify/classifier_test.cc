#include "src/classify/classifier.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kIcd10Cm[] = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr char kSnomed[] = "http://snomed.info/sct";
constexpr char kLoinc[] = "http://loinc.org";
constexpr char kRxNorm[] = "http://www.nlm.nih.gov/research/umls/rxnorm";

const Classifier& TheClassifier() {
  static const Classifier* const classifier = [] {
    absl::StatusOr<CodeTable> codes = CodeTable::BuiltIn();
    EXPECT_TRUE(codes.ok()) << codes.status();
    auto made = Classifier::Create(*std::move(codes));
    EXPECT_TRUE(made.ok()) << made.status();
    return made->release();
  }();
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

void SetCode(const std::string& system, const std::string& code,
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
  SetCode(system, code, resource.mutable_code());
  return resource;
}

TEST(ClassifierTest, AMessageMarkHoldsEvenForAnEmptyMessage) {
  EXPECT_THAT(CategoriesOf(v1::MoodCheckIn()),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(ClassifierTest, OnlyFieldsThatArePresentCount) {
  v1::CycleEntry entry;
  EXPECT_FALSE(KindsOf(entry).labels.Has(v1::HEALTH_LABEL_PREGNANCY));

  entry.set_pregnancy_test_positive(false);  // Has presence: it was answered.
  EXPECT_TRUE(KindsOf(entry).labels.Has(v1::HEALTH_LABEL_PREGNANCY));
}

TEST(ClassifierTest, AnIcdCodeLeadsToItsLabel) {
  v1::Condition condition;
  SetCode(kIcd10Cm, "F10.20", condition.mutable_condition());

  EXPECT_TRUE(KindsOf(condition).labels.Has(v1::HEALTH_LABEL_SUBSTANCE_USE));
}

TEST(ClassifierTest, AFhirConditionWithoutAKnownCodeIsACondition) {
  EXPECT_THAT(CategoriesOf(Resource("Condition", kSnomed, "1")),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_THAT(CategoriesOf(Resource("Condition")),
              ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(ClassifierTest, AFhirVitalSignIsNoDiagnosis) {
  EXPECT_THAT(CategoriesOf(Resource("Observation", kLoinc, "8867-4")),
              ElementsAre(v1::HEALTH_CATEGORY_BODILY_FUNCTIONS));
  EXPECT_THAT(CategoriesOf(Resource("MedicationRequest", kRxNorm, "36437")),
              ElementsAre(v1::HEALTH_CATEGORY_MEDICATION));
}

}  // namespace
}  // namespace subrosa
