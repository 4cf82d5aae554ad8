#include "src/exports/fhir_identifiers.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// What was found, and of which kind.
std::vector<std::pair<std::string, v1::IdentifierKind>> Found(
    const std::string& json) {
  std::vector<std::pair<std::string, v1::IdentifierKind>> found;
  for (const FhirIdentifierSpan& span : FindFhirIdentifiers(json)) {
    found.emplace_back(json.substr(span.offset, span.length), span.kind);
  }
  return found;
}

TEST(FhirIdentifiersTest, ANumberIsKnownByItsTypeOrItsSystem) {
  EXPECT_THAT(
      Found(R"({"resourceType":"Patient","id":"p-1","identifier":[
        {"type":{"coding":[{"system":"s","code":"MR"}],"text":"chart"},
         "value" : "A-17" },
        {"value":"B-18","type":{"coding":[{"code":"other"},{"code":"DL"}]}},
        {"system":"http://hl7.org/fhir/sid/us-ssn","value":"C-19"},
        {"system":"urn:oid:2.16.840.1.113883.4.3.53","value":"D-20"},
        {"system":"http://hl7.org/fhir/sid/us-mbi","value":"E-21"}]})"),
      ElementsAre(Pair("\"A-17\"", v1::IDENTIFIER_MEDICAL_RECORD_NUMBER),
                  Pair("\"B-18\"", v1::IDENTIFIER_LICENSE_NUMBER),
                  Pair("\"C-19\"", v1::IDENTIFIER_SSN),
                  Pair("\"D-20\"", v1::IDENTIFIER_LICENSE_NUMBER),
                  Pair("\"E-21\"", v1::IDENTIFIER_HEALTH_PLAN_NUMBER)));
}

TEST(FhirIdentifiersTest, OneIsFoundHoweverDeepItStands) {
  EXPECT_THAT(
      Found(R"({"contained":[{"subject":{"identifier":{"type":{"coding":[
        {"code":"SS"}]},"assigner":{"identifier":{"system":
        "http://hl7.org/fhir/sid/us-medicare","value":"in\"ner"}},
        "value":"outer"}}}]})"),
      ElementsAre(Pair("\"in\\\"ner\"", v1::IDENTIFIER_HEALTH_PLAN_NUMBER),
                  Pair("\"outer\"", v1::IDENTIFIER_SSN)));
}

TEST(FhirIdentifiersTest, WhatIsAServersOwnIsNoNumberOfAPerson) {
  EXPECT_THAT(Found(R"({"identifier":[{"system":"urn:acme","value":"7"},
                        {"value":"8"},{"type":{"text":"MR"},"value":"9"}],
                        "code":"MR","value":"10"})"),
              IsEmpty());
  EXPECT_THAT(Found(R"({"identifier":[{"type":{"coding":[{"code":"MR"}]},
                        "value":7}]})"),
              IsEmpty());
}

TEST(FhirIdentifiersTest, OfWhatIsNoJsonNothingMoreIsSaid) {
  EXPECT_THAT(Found("\"identifier\""), IsEmpty());
  EXPECT_THAT(Found(R"({"identifier":[{"value":"1)"), IsEmpty());
  EXPECT_THAT(Found(R"(["identifier"])"), IsEmpty());
}

}  // namespace
}  // namespace subrosa
