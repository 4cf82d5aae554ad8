#include "src/classify/refusals.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// What is said of `rule` in `text`, of which nothing was found.
std::string Said(absl::string_view text, TextRuleId rule) {
  for (const TextRefusal& refusal : RefusalsIn(text, {}, {})) {
    if (refusal.rule == rule) return refusal.reason;
  }
  return "";
}

// What is said of `text` with what the scanner saw: "6+11 text/ssn: why".
std::vector<std::string> Explained(absl::string_view text) {
  static const TextScanner* const scanner = TextScanner::Create({})->release();
  const auto scratch = scanner->NewScratch();
  std::vector<TextMatch> matches;
  std::vector<TextRefusal> seen;
  EXPECT_TRUE(scanner->Explain(text, scratch->get(), &matches, &seen).ok());
  std::vector<std::string> told;
  for (const TextRefusal& refusal :
       RefusalsIn(text, matches, std::move(seen))) {
    told.push_back(absl::StrCat(refusal.span.offset, "+", refusal.span.length,
                                " ", RuleOf(refusal.rule).id, ": ",
                                refusal.reason));
  }
  return told;
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
    EXPECT_THAT(RefusalsIn(text, {}, {}), IsEmpty()) << text;
  }
}

TEST(RefusalsTest, WhatWasFoundIsNoRefusal) {
  TextMatch match;
  match.span = {3, 11};

  EXPECT_THAT(RefusalsIn("no 000-12-3456", {match}, {}), IsEmpty());
}

TEST(RefusalsTest, AnEndlessRunOfDigitsIsPassedOver) {
  EXPECT_THAT(RefusalsIn(std::string(10 << 20, '7'), {}, {}), IsEmpty());
}

TEST(RefusalsTest, WhatTheScannerSawAndDidNotTakeIsToldWithItsReason) {
  const struct {
    const char* text;
    const char* said;
  } kCases[] = {
      {"see version 10.2.33.4 now", "12+9 text/ipv4: by what stands before it"},
      {"at 2024-03-05T10:11:12Z it ran", "3+20 text/date: it is a machine's"},
      {"born 1987-02-41 there", "5+10 text/date: there is no such day"},
      {"build 12.4.13 is out", "6+7 text/date: with two digits"},
      {"pulse 3/15 then", "6+4 text/date: no word such as `on`"},
      {"we may 5 of us", "3+5 text/date: three small letters"},
      {"NPI: 1234567890", "5+10 text/npi: ten digits, but the first"},
      {"the MRN is open in 3 days",
       "11+4 text/medical-record: what follows the label"},
      {"password reset", "9+5 text/password: a plain word after the label"},
      {"password: null", "10+4 text/password: the word after the label"},
      {"ask root@localhost", "4+14 text/email: no dot stands"},
      {"mac 00:00:00:00:00:00.", "4+17 text/mac: it is all zeros"},
      {"aged 12 days", "5+2 text/age: by the word after it"},
      {"max-age=60,", "8+2 text/age: by the words before it"},
      {"5 years, then", "0+1 text/age: nobody stands beside"},
      {"born in 1980", "8+4 text/age-over-89: who was born in that year"},
      {"dob: 99999999", "5+8 text/date: as year, month and day"},
      {"release 2024-03-05", "8+10 text/date: by the word before it"},
      {"between 1/4 and 1/2", "8+3 text/date: it and the number beside it"},
      {"OpenSSL 1.1.1.1", "8+7 text/ipv4: four digits alone"},
      {"NDC 50580-449-05", "4+12 text/phone: by the word before it"},
      {"values 12.3456, 45.6789", "7+16 text/coordinates: no word such as"},
      {"0.12345, 1.23456, 2.34567", "0+16 text/coordinates: more than two"},
      {"47\xc2\xb0"
       "36'22\" up",
       "0+5 text/coordinates: no latitude and longitude"},
      {"near room 5 it is", "5+6 text/address: a unit or a room alone"},
      {"on the way home", "7+3 text/address: no house number"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Explained(c.text), Contains(StartsWith(c.said))) << c.text;
  }
}

TEST(RefusalsTest, OfTwoFindsTheOneThatGaveWayIsTold) {
  EXPECT_THAT(Explained("https://www.orchard.example/mail?to=jo@post.example"),
              Contains(HasSubstr("text/email: it lies inside what text/url")));
}

TEST(RefusalsTest, APlaceIsToldOnceForARuleAndWithTheMostExactReason) {
  EXPECT_THAT(Explained("label 000-12-3456"),
              ElementsAre(StartsWith("6+11 text/ssn: nine digits, but area"),
                          StartsWith("6+11 text/routing: ")));
}

TEST(RefusalsTest, WhatWasFoundAfterAllIsNotTold) {
  EXPECT_THAT(Explained("SSN 219-09-9999, write to jo@post.example"),
              Not(Contains(HasSubstr("text/ssn"))));
  EXPECT_THAT(Explained("write to jo@post.example"), IsEmpty());
  EXPECT_THAT(Explained("calm today, 20 mg twice"), IsEmpty());
}

TEST(RefusalsTest, AReasonIsToldAtTheBytesOfTheTextAsGiven) {
  // A zero-width space and full-width digits before it, inside it.
  EXPECT_THAT(Explained("\xe2\x80\x8b"
                        "born \xef\xbc\x91"
                        "987-02-41"),
              Contains(StartsWith("8+12 text/date: there is no such day")));
}

TEST(RefusalsTest, NoReasonHoldsAWordOfTheText) {
  for (const std::string& told :
       Explained("MRN canary-77, NPI canary 1234567890, canary@localhost, "
                 "password canary, 4111 1111 1111 1112")) {
    EXPECT_THAT(told, Not(HasSubstr("canary")));
    EXPECT_THAT(told, Not(HasSubstr("1234567890")));
    EXPECT_THAT(told, Not(HasSubstr("1111")));
  }
}

}  // namespace
}  // namespace subrosa
