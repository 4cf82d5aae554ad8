#include "src/classify/refusals.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What is said of `rule` in `text`, of which nothing was found.
std::string Said(absl::string_view text, TextRuleId rule) {
  for (const Refusal& refusal : RefusalsIn(text, {})) {
    if (refusal.rule == rule) return refusal.reason;
  }
  return "";
}

TEST(RefusalsTest, ASocialSecurityNumberIsRefusedForThePartThatIsNeverIssued) {
  const TextRuleId ssn = TextRuleId::kSsn;

  EXPECT_THAT(Said("no 000-12-3456.", ssn), HasSubstr("area 000"));
  EXPECT_THAT(Said("666-12-3456", ssn), HasSubstr("area 666"));
  EXPECT_THAT(Said("901-12-3456", ssn), HasSubstr("900"));
  EXPECT_THAT(Said("219-00-3456", ssn), HasSubstr("group 00"));
  EXPECT_THAT(Said("219-09-0000", ssn), HasSubstr("serial 0000"));
}

TEST(RefusalsTest, ACheckDigitThatIsWrongIsNamed) {
  EXPECT_THAT(Said("4111 1111 1111 1112", TextRuleId::kCard),
              HasSubstr("Luhn"));
  EXPECT_THAT(Said("9999 1111 1111 1111", TextRuleId::kCard),
              HasSubstr("issuer"));
  EXPECT_THAT(Said("1234567890", TextRuleId::kNpi), HasSubstr("80840"));
  EXPECT_THAT(Said("490154203237519", TextRuleId::kImei), HasSubstr("Luhn"));
  EXPECT_THAT(Said("GB82WEST12345698765433", TextRuleId::kIban),
              HasSubstr("97"));
  EXPECT_THAT(Said("GB82WEST1234569876543", TextRuleId::kIban),
              HasSubstr("has 21"));
  EXPECT_THAT(Said("XX82WEST12345698765433", TextRuleId::kIban),
              HasSubstr("no country"));
  EXPECT_THAT(Said("1M8GDM9A0KP042788", TextRuleId::kVin),
              HasSubstr("check digit"));
}

TEST(RefusalsTest, ANumberWithDotsThatIsNoAddressIsSaidToBeNone) {
  EXPECT_THAT(Said("10.20.30.256", TextRuleId::kIpv4), HasSubstr("255"));
  EXPECT_THAT(Said("100-555-0142", TextRuleId::kPhone), HasSubstr("area code"));
  EXPECT_THAT(Said("509-155-0142", TextRuleId::kPhone), HasSubstr("exchange"));
}

TEST(RefusalsTest, WhatPassesItsChecksWasRefusedForItsSurroundings) {
  EXPECT_THAT(Said("bytes 219099999", TextRuleId::kSsn), HasSubstr("beside"));
}

TEST(RefusalsTest, WordsAndShortNumbersCouldNotHaveBeenAnything) {
  for (const absl::string_view text :
       {"", "calm today", "20 mg twice", "\xff\xfe\x80", "1 2 3"}) {
    EXPECT_THAT(RefusalsIn(text, {}), IsEmpty()) << text;
  }
}

TEST(RefusalsTest, WhatWasFoundIsNoRefusal) {
  TextMatch match;
  match.span = {3, 11};

  EXPECT_THAT(RefusalsIn("no 000-12-3456", {match}), IsEmpty());
}

TEST(RefusalsTest, AnEndlessRunOfDigitsIsPassedOver) {
  EXPECT_THAT(RefusalsIn(std::string(10 << 20, '7'), {}), IsEmpty());
}

}  // namespace
}  // namespace subrosa
