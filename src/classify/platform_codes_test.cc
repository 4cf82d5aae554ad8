// Types of samples of health platforms, and groups of medicines.
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"

namespace subrosa {
namespace {

constexpr char kHealthKit[] =
    "https://developer.apple.com/documentation/healthkit";
constexpr char kHealthConnect[] =
    "https://developer.android.com/health-connect";
constexpr char kOpenMHealth[] = "https://www.openmhealth.org/schemas";
constexpr char kAtc[] = "http://www.whocc.no/atc";

const CodeTable& BuiltIn() {
  static const CodeTable* const table =
      new CodeTable(*std::move(CodeTable::BuiltIn()));
  return *table;
}

// The id of the rule for `code`, without its system.
std::string Met(const char* system, const std::string& code) {
  const CodeRule* rule = BuiltIn().Find(system, code);
  return rule == nullptr ? "none" : rule->id.substr(rule->id.find('/') + 1);
}

bool HasLabel(const char* system, const char* code, v1::HealthLabel label) {
  const CodeRule* rule = BuiltIn().Find(system, code);
  return rule != nullptr && rule->adds.labels.Has(label);
}

TEST(PlatformCodesTest, WhatAPhoneSamplesOfTheCycleAndOfSexIsSensitive) {
  EXPECT_EQ(Met(kHealthKit, "HKCategoryTypeIdentifierMenstrualFlow"), "cycle");
  EXPECT_EQ(Met(kHealthKit, "HKQuantityTypeIdentifierBasalBodyTemperature"),
            "cycle");
  EXPECT_EQ(Met(kHealthKit, "HKCategoryTypeIdentifierPregnancyTestResult"),
            "pregnancy");
  EXPECT_EQ(Met(kHealthKit, "HKCategoryTypeIdentifierSexualActivity"),
            "sexual-activity");
  EXPECT_EQ(Met(kHealthKit, "HKCategoryTypeIdentifierContraceptive"),
            "contraception");
  EXPECT_EQ(Met(kHealthConnect, "MenstruationFlowRecord"), "cycle");
  EXPECT_EQ(Met(kHealthConnect, "MenstruationPeriodRecord"), "cycle");
  EXPECT_EQ(Met(kHealthConnect, "SexualActivityRecord"), "sexual-activity");
  EXPECT_EQ(Met(kHealthConnect,
                "androidx.health.connect.client.records.SexualActivityRecord"),
            "sexual-activity");
}

TEST(PlatformCodesTest, ATypeIsKnownHoweverLongItsPackage) {
  for (const std::string package : {"androidx.health.connect.client.records.",
                                    "android.health.connect.datatypes."}) {
    EXPECT_EQ(Met(kHealthConnect, package + "IntermenstrualBleedingRecord"),
              "cycle");
    EXPECT_EQ(Met(kHealthConnect, package + "CyclingPedalingCadenceRecord"),
              "activity");
    EXPECT_EQ(Met(kHealthConnect, package + "HeartRateVariabilityRmssdRecord"),
              "vital-signs");
  }
}

TEST(PlatformCodesTest, QuestionnairesAndMoodAreMentalHealth) {
  EXPECT_TRUE(HasLabel(kHealthKit, "HKScoredAssessmentTypeIdentifierPHQ9",
                       v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_TRUE(HasLabel(kHealthKit, "HKScoredAssessmentTypeIdentifierGAD7",
                       v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_TRUE(HasLabel(kHealthKit, "HKCategoryTypeIdentifierMoodChanges",
                       v1::HEALTH_LABEL_MOOD));
  EXPECT_TRUE(
      HasLabel(kHealthKit, "HKStateOfMind", v1::HEALTH_LABEL_MENTAL_HEALTH));
  EXPECT_FALSE(HasLabel(kHealthKit, "HKCategoryTypeIdentifierNausea",
                        v1::HEALTH_LABEL_MENTAL_HEALTH));
}

TEST(PlatformCodesTest, TheUsualSamplesHaveTheirLabels) {
  EXPECT_EQ(Met(kHealthKit, "HKQuantityTypeIdentifierHeartRate"),
            "vital-signs");
  EXPECT_EQ(Met(kHealthKit, "HKQuantityTypeIdentifierBodyMassIndex"),
            "body-measures");
  EXPECT_EQ(Met(kHealthKit, "HKQuantityTypeIdentifierDietaryCaffeine"),
            "nutrition");
  EXPECT_EQ(Met(kHealthKit, "HKWorkoutActivityTypeRunning"), "activity");
  EXPECT_EQ(Met(kHealthKit, "HKCategoryTypeIdentifierSleepAnalysis"), "sleep");
  EXPECT_EQ(Met(kHealthConnect, "StepsRecord"), "activity");
  EXPECT_EQ(Met(kHealthConnect, "HeartRateVariabilityRmssdRecord"),
            "vital-signs");
  EXPECT_EQ(Met(kHealthConnect, "SleepSessionRecord"), "sleep");
  EXPECT_EQ(Met(kHealthConnect, "BloodGlucoseRecord"), "glucose");
  EXPECT_EQ(Met(kOpenMHealth, "omh:blood-pressure:4.0"), "vital-signs");
  EXPECT_EQ(Met(kOpenMHealth, "step-count"), "activity");
  EXPECT_EQ(Met(kOpenMHealth, "omh:medication-adherence-percent:1.0"),
            "medication");
}

TEST(PlatformCodesTest, ARouteIsAPreciseLocation) {
  for (const auto& [system, code] :
       {std::make_pair(kHealthKit, "HKWorkoutRouteTypeIdentifier"),
        std::make_pair(kHealthConnect, "ExerciseRoute"),
        std::make_pair(kOpenMHealth, "geoposition")}) {
    const CodeRule* rule = BuiltIn().Find(system, code);
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(rule->adds.identifiers.Has(v1::IDENTIFIER_PRECISE_LOCATION));
  }
}

TEST(PlatformCodesTest, ATypeThatIsNewIsOfTheBodyAllTheSame) {
  for (const char* system : {kHealthKit, kHealthConnect, kOpenMHealth}) {
    const CodeRule* rule = BuiltIn().Find(system, "AddedNextYear");
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(
        rule->adds.categories.Has(v1::HEALTH_CATEGORY_BODILY_FUNCTIONS));
    EXPECT_TRUE(rule->adds.labels.empty());
  }
}

TEST(AtcCodesTest, EveryMainGroupIsMedicationAndSensitiveOnesSaySo) {
  for (const char* group : {"A", "B", "C", "D", "G", "H", "J", "L", "M", "N",
                            "P", "R", "S", "V", "QN06AB03"}) {
    const CodeRule* rule = BuiltIn().Find(kAtc, group);
    ASSERT_NE(rule, nullptr) << group;
    EXPECT_TRUE(rule->adds.categories.Has(v1::HEALTH_CATEGORY_MEDICATION))
        << group;
  }
  EXPECT_EQ(Met(kAtc, "N06AB06"), "antidepressant");
  EXPECT_EQ(Met(kAtc, "N07BC02"), "opioid-dependence");
  EXPECT_EQ(Met(kAtc, "N07BA01"), "smoking");
  EXPECT_EQ(Met(kAtc, "G03AA07"), "contraceptive");
  EXPECT_EQ(Met(kAtc, "G03XB01"), "labor");
  EXPECT_EQ(Met(kAtc, "G04BE03"), "sexual-function");
  EXPECT_EQ(Met(kAtc, "J05AR20"), "hiv");
  EXPECT_EQ(Met(kAtc, "J05AF08"), "infection");  // Hepatitis B alone.
  EXPECT_EQ(Met(kAtc, "J05AP55"), "infection");
  EXPECT_EQ(Met(kAtc, "L02BA01"), "cancer");
  EXPECT_EQ(Met(kAtc, "n05 an01"), "nerves");  // No such code; its group is.
}

TEST(AtcCodesTest, NeighborsOfSensitiveGroupsAreNotTakenForThem) {
  EXPECT_FALSE(
      HasLabel(kAtc, "N02BE01", v1::HEALTH_LABEL_PSYCHOTROPIC_MEDICATION));
  EXPECT_FALSE(HasLabel(kAtc, "N02AA01", v1::HEALTH_LABEL_SUBSTANCE_USE));
  EXPECT_FALSE(HasLabel(kAtc, "J05AB01", v1::HEALTH_LABEL_HIV));
  EXPECT_FALSE(HasLabel(kAtc, "G04CB01", v1::HEALTH_LABEL_SEXUAL_HEALTH));
}

}  // namespace
}  // namespace subrosa
