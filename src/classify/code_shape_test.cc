#include "src/classify/code_shape.h"

#include "gtest/gtest.h"

namespace subrosa {
namespace {

bool Fits(absl::string_view name, absl::string_view value) {
  for (const CodeShape& shape : CodeShapes()) {
    if (shape.name == name) return shape.fits(value);
  }
  ADD_FAILURE() << name;
  return false;
}

TEST(CodeShapeTest, CodesHaveTheFormOfTheirSystem) {
  const struct {
    absl::string_view system, code;
  } kCases[] = {
      {"LOINC", "8867-4"},        {"LOINC", "44261-6"},
      {"SNOMED CT", "370143000"}, {"SNOMED CT", "73211009"},
      {"ICD-10-CM", "F33.1"},     {"ICD-10-CM", "F331"},
      {"ICD-10-CM", "I10"},       {"ICD-10-CM", "S72.001A"},
      {"ICD-10-CM", "C7A.00"},    {"NDC", "0002-8215-01"},
      {"NDC", "50580-506-02"},    {"ATC", "N06AB03"},
      {"HCPCS", "G0444"},
  };
  for (const auto& c : kCases) EXPECT_TRUE(Fits(c.system, c.code)) << c.code;
}

TEST(CodeShapeTest, AWrongCheckDigitIsNoCode) {
  EXPECT_FALSE(Fits("LOINC", "8867-5"));
  EXPECT_FALSE(Fits("LOINC", "44261-7"));
  EXPECT_FALSE(Fits("SNOMED CT", "370143001"));
  EXPECT_FALSE(Fits("SNOMED CT", "371043000"));
}

TEST(CodeShapeTest, AnNdcMayBeDigitsAlone) {
  for (const char* const code : {"0002-8215-01", "50090-3085-0", "12345-678-90",
                                 "00002821501", "0002821501"}) {
    EXPECT_TRUE(IsNdcCode(code)) << code;
  }
  for (const char* const code :
       {"", "abc", "0002-8215", "000282150", "000028215011", "0002_8215_01"}) {
    EXPECT_FALSE(IsNdcCode(code)) << code;
  }
}

TEST(CodeShapeTest, WhatOnlyResemblesACodeIsNone) {
  const struct {
    absl::string_view system, code;
  } kCases[] = {
      {"LOINC", ""},
      {"LOINC", "-4"},
      {"LOINC", "8867-"},
      {"LOINC", "2024-05-01"},
      {"LOINC", "12345678-1"},
      {"SNOMED CT", "12345"},
      {"SNOMED CT", "073211009"},
      {"SNOMED CT", "1234567890123456789"},
      {"ICD-10-CM", ""},
      {"ICD-10-CM", "F3"},
      {"ICD-10-CM", "F33."},
      {"ICD-10-CM", "f33.1"},
      {"ICD-10-CM", "33.1"},
      {"ICD-10-CM", "F33.12345"},
      {"ICD-10-CM", "FOO"},
      {"NDC", "1-2-3"},
      {"NDC", "0002-8215"},
      {"NDC", "2024-05-01"},
      {"NDC", "555-0100-12"},
      {"ATC", "N06AB3"},
      {"HCPCS", "W1234"},
      {"HCPCS", "12345"},
  };
  for (const auto& c : kCases) EXPECT_FALSE(Fits(c.system, c.code)) << c.code;
}

}  // namespace
}  // namespace subrosa
