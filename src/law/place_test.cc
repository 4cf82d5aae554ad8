#include "src/law/place.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(PlaceTest, StatesAndCountriesArePlaces) {
  for (const char* code : {"US-WA", "CA-QC", "DE-BE", "FR-971", "GB-ENG"}) {
    EXPECT_TRUE(CheckSubdivision("residence", code).ok()) << code;
    EXPECT_TRUE(CheckPlace("location", code).ok()) << code;
  }
  EXPECT_TRUE(CheckPlace("location", "IE").ok());
}

TEST(PlaceTest, ACountryAloneIsNoResidence) {
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSubdivision("residence", "US")));
}

TEST(PlaceTest, WhatIsNoCodeIsRefusedByItsFieldAndNotRepeated) {
  for (const char* wrong : {"", "WA", "us-wa", "US-wa", "US-", "US_WA",
                            "USA-WA", "US-WASH", "Washington", "US-W A"}) {
    const absl::Status status = CheckSubdivision("residence", wrong);

    EXPECT_EQ(status.message(),
              absl::StrCat("residence: want an ISO 3166-2 code, as US-WA, got ",
                           *wrong == '\0' ? "none" : "something else"));
  }
}

}  // namespace
}  // namespace subrosa
