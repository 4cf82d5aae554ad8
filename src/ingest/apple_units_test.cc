#include "src/ingest/apple_units.h"

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(AppleUnitsTest, UnitsOfHealthKitHaveTheirUcumCode) {
  EXPECT_EQ(UcumOfAppleUnit("count/min"), "/min");
  EXPECT_EQ(UcumOfAppleUnit("degF"), "[degF]");
  EXPECT_EQ(UcumOfAppleUnit("mmHg"), "mm[Hg]");
  EXPECT_EQ(UcumOfAppleUnit("%"), "%");
  EXPECT_EQ(UcumOfAppleUnit("yd"), "[yd_i]");
  EXPECT_EQ(UcumOfAppleUnit("kcal"), "kcal");
  EXPECT_EQ(UcumOfAppleUnit("Cal"), "kcal");
}

TEST(AppleUnitsTest, AMoleSaysItsMass) {
  EXPECT_EQ(UcumOfAppleUnit("mmol<180.1558800000541>/L"), "mmol/L");
}

TEST(AppleUnitsTest, WhatIsNoUnitThatWeKnowHasNone) {
  EXPECT_EQ(UcumOfAppleUnit(""), "");
  EXPECT_EQ(UcumOfAppleUnit("furlong"), "");
  EXPECT_EQ(UcumOfAppleUnit("COUNT"), "");
  EXPECT_EQ(UcumOfAppleUnit("count/"), "");
  EXPECT_EQ(UcumOfAppleUnit("mmol<180"), "");
}

}  // namespace
}  // namespace subrosa
