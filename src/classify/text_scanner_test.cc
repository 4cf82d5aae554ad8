#include "src/classify/text_scanner.h"

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/found_text.h"
#include "src/classify/text_rules.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

const TextScanner& TheScanner() {
  static const TextScanner* const scanner =
      std::move(TextScanner::Create({})).value().release();
  return *scanner;
}

std::vector<TextMatch> ScanAll(absl::string_view text) {
  const auto scratch = std::move(TheScanner().NewScratch()).value();
  std::vector<TextMatch> matches;
  EXPECT_TRUE(TheScanner().Scan(text, scratch.get(), &matches).ok());
  return matches;
}

// What is found, as "rule=text" with spaces between.
std::string Found(absl::string_view text) {
  return FoundText(TheScanner(), text);
}

struct Case {
  const char* text;
  const char* found;
};

TEST(TextScannerTest, IdentifiersAreFoundWhereTheyStand) {
  const Case kCases[] = {
      {"mail jo.doe+x@clinic.example.org, please",
       "email=jo.doe+x@clinic.example.org"},
      {"see https://a.example/p?uid=77 now.", "url=https://a.example/p?uid=77"},
      {"from 203.0.113.77:443", "ipv4=203.0.113.77"},
      {"peer 2001:db8::8a2e:370:7334 up", "ipv6=2001:db8::8a2e:370:7334"},
      {"mac 00:1b:44:11:3a:b7", "mac=00:1b:44:11:3a:b7"},
      {"ring (206) 555-0142 x12", "phone=(206) 555-0142 x12"},
      {"+49 30 901820 is it", "phone=+49 30 901820"},
      {"Fax: 206-555-0143", "fax=206-555-0143"},
      {"SSN 219-09-9999", "ssn=219-09-9999"},
      {"paid with 4111 1111 1111 1111", "card=4111 1111 1111 1111"},
      {"to DE89 3704 0044 0532 0130 00.", "iban=DE89 3704 0044 0532 0130 00"},
      {"MRN: 00471123", "medical-record=00471123"},
      {"{\"patient_id\":\"A-9912\"}", "medical-record=A-9912"},
      {"member ID XQ1234567", "health-plan=XQ1234567"},
      {"Medicare 1EG4-TE5-MK73", "medicare-beneficiary=1EG4-TE5-MK73"},
      {"NPI 1234567893", "npi=1234567893"},
      {"DEA: AB1234563", "dea=AB1234563"},
      {"VIN 1M8GDM9AXKP042788", "vin=1M8GDM9AXKP042788"},
      {"IMEI 490154203237518", "imei=490154203237518"},
      {"idfa=6D92078A-8246-4BA4-AE5B-76104861E7DC",
       "advertising-id=6D92078A-8246-4BA4-AE5B-76104861E7DC"},
      {"Cookie: _ga=GA1.2.1033501218.1368477899",
       "cookie=GA1.2.1033501218.1368477899"},
      {"at 47.60971, -122.33312", "coordinates=47.60971, -122.33312"},
      {"seen 03/15/2024 again", "date=03/15/2024"},
      {"on March 5th, 2024 he", "date=March 5th, 2024"},
      {"born 5 March 1961", "date=5 March 1961"},
      {"a 93-year-old woman", "age-over-89=93"},
      {"a 41 year old man", "age=41"},
      {"password: Tr0ub4dor", "password=Tr0ub4dor"},
      {"zip code is 98101-2233", "zip=98101-2233"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Found(c.text), c.found) << c.text;
  }
}

TEST(TextScannerTest, GreatAgesAreFoundHoweverTheyAreWritten) {
  const Case kCases[] = {
      {"for my 92nd birthday party", "age-over-89=92nd"},
      {"his 100th birthday", "age-over-89=100th"},
      {"at 93 years of age", "age-over-89=93"},
      {"I'm 94, and she is 91.", "age-over-89=94; age-over-89=91"},
      {"at ninety-three years she swims", "age-over-89=ninety-three"},
      {"a Ninety Five year old man", "age-over-89=Ninety Five"},
      {"she turned ninety today", "age-over-89=ninety"},
      {"her ninety-second birthday", "age-over-89=ninety-second"},
      {"the hundredth birthday", "age-over-89=hundredth"},
      {"one hundred and two years old", "age-over-89=one hundred and two"},
      {"he is a nonagenarian", "age-over-89=nonagenarian"},
      {"in her early nineties.", "age-over-89=nineties"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Found(c.text), c.found) << c.text;
  }
}

TEST(TextScannerTest, GreatNumbersThatAreNoAgesAreLeftAlone) {
  const char* const kTexts[] = {
      "her 40th birthday",
      "the 95th percentile",
      "I am 99% sure",
      "I'm 100 percent sure",
      "I am 90-95 kg",
      "ninety percent of it",
      "turn ninety degrees",
      "ninety years ago it was ninety nine point seven",
      "ibuprofen eight hundred milligrams",
      "I was one hundred and eighty over ninety",
      "several hundred years old, hundreds of years old",
      "in the nineties, my sats in the lower nineties",
      "the ninetieth minute",
      "a seminarian",
  };
  for (const char* text : kTexts) EXPECT_EQ(Found(text), "") << text;
}

TEST(TextScannerTest, WhatOnlyLooksLikeOneIsLeftAlone) {
  const char* const kTexts[] = {
      "",
      "nothing to see",
      "upgrade to version 10.4.12.3 today",
      "Chrome/120.0.0.0 Safari",
      "std::vector<int> a::b",
      "2024-03-01T12:34:56.789Z INFO started",
      "2024-03-01 12:34:56 INFO started",
      "127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] ok",
      "request 550e8400-e29b-41d4-a716-446655440000",
      "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
      "order 4111111111111112",  // The check digit is wrong.
      "order 000-12-3456",       // No such area.
      "666-12-3456",
      "took 1700000000000 ms",
      "BP 120/80, pulse 72",
      "pain 3/10 today",
      "price 1,299.99 USD",
      "XY12345678901234567890",
      "NPI 1234567890",
      "DEA: AB1234567",
      "1M8GDM9AAKP042788",
      "ratio 0.1234 to 0.99",
      "turn 90 degrees",
      "the password reset page",
      "a@b",
      "git@host:repo",
      "dose 12.5 mg, 2.5 ml",
      "I may 5 times",
  };
  for (const char* text : kTexts) EXPECT_EQ(Found(text), "") << text;
}

TEST(TextScannerTest, CharactersWithoutWidthHideNothing) {
  EXPECT_EQ(Found("SSN 219-\xe2\x80\x8b"
                  "09-9999."),
            "ssn=219-\xe2\x80\x8b"
            "09-9999");
  EXPECT_EQ(Found("\xe2\x80\x8f"
                  "219-09-9999"),
            "ssn=219-09-9999");
}

TEST(TextScannerTest, FullWidthDigitsAreDigits) {
  const std::string text =
      "\xef\xbc\x92\xef\xbc\x91\xef\xbc\x99-\xef\xbc\x90\xef\xbc\x99-9999";

  EXPECT_EQ(Found(text), absl::StrCat("ssn=", text));
}

TEST(TextScannerTest, CyrillicLettersInAnAddressDoNotHideIt) {
  EXPECT_EQ(Found("j\xd0\xbe@clinic.example"),
            "email=j\xd0\xbe@clinic.example");
}

TEST(TextScannerTest, TheAnswerDoesNotDependOnHowTheTextWasCut) {
  std::mt19937 random(7);
  std::string text;
  const char* const kPieces[] = {"SSN 219-09-9999 ",
                                 "\n",
                                 "jo@a.example ",
                                 "+49 30 901820 ",
                                 "\xe2\x80\x8b",
                                 "https://a.example/x?y=z ",
                                 "\xff",
                                 "4111 1111 1111 1111 ",
                                 " on March 5 ",
                                 "\xef\xbc\x91",
                                 "word ",
                                 "203.0.113.77 ",
                                 "MRN: ",
                                 "12345 "};
  const std::string long_address =
      absl::StrCat("https://a.example/?q=", std::string(1800, 'x'), " ");
  while (text.size() < 300000) {
    if (random() % 40 == 0) text += long_address;
    text += kPieces[random() % (sizeof(kPieces) / sizeof(kPieces[0]))];
  }
  const std::vector<TextMatch> whole = ScanAll(text);
  ASSERT_GT(whole.size(), 1000u);

  for (size_t most : {7u, 1000u, 100000u}) {
    const auto scratch = std::move(TheScanner().NewScratch()).value();
    std::vector<TextMatch> matches;
    TheScanner().Begin(scratch.get());
    for (size_t at = 0; at < text.size();) {
      const size_t size = 1 + random() % most;
      ASSERT_TRUE(TheScanner()
                      .Append(absl::string_view(text).substr(at, size),
                              scratch.get(), &matches)
                      .ok());
      at += size;
    }
    ASSERT_TRUE(TheScanner().Finish(scratch.get(), &matches).ok());

    EXPECT_TRUE(matches == whole) << most;
  }
}

TEST(TextScannerTest, AFindingNamesRuleAndClauseAndNoText) {
  const std::vector<TextMatch> matches = ScanAll("SSN 219-09-9999");
  ASSERT_EQ(matches.size(), 1u);

  const Finding finding = FindingOf(matches[0], "payload.note");

  EXPECT_EQ(finding.identifier, v1::IDENTIFIER_SSN);
  EXPECT_EQ(finding.rule_id, "text/ssn");
  EXPECT_EQ(finding.clause, "45 CFR 164.514(b)(2)(i)(G)");
  EXPECT_EQ(finding.basis, FindingBasis::kIdentifier);
  EXPECT_EQ(finding.reason.find("219"), std::string::npos);
}

TEST(TextScannerTest, EachRuleStandsAtItsNumberAndHasOneKind) {
  for (size_t i = 0; i < TextRules().size(); ++i) {
    const TextRule& rule = TextRules()[i];
    EXPECT_EQ(static_cast<size_t>(rule.number), i) << rule.id;
    EXPECT_EQ(
        (rule.identifier != 0) + (rule.personal != 0) + (rule.sensitive != 0),
        1)
        << rule.id;
  }
}

std::unique_ptr<TextScanner> ScannerWithNames() {
  TextScanner::Options options;
  options.names = true;
  return std::move(TextScanner::Create(options)).value();
}

TEST(TextScannerTest, NamesAreFoundOnlyWhereAskedFor) {
  const absl::string_view text = "Patient: Maria Lopez, phone (206) 555-0142";
  const auto scanner = ScannerWithNames();
  const auto scratch = std::move(scanner->NewScratch()).value();
  std::vector<TextMatch> matches;

  ASSERT_TRUE(scanner->Scan(text, scratch.get(), &matches).ok());

  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].identifier, v1::IDENTIFIER_NAME);
  EXPECT_EQ(text.substr(matches[0].span.offset, matches[0].span.length),
            "Maria Lopez");
  EXPECT_EQ(FindingOf(matches[0], "").clause, "45 CFR 164.514(b)(2)(i)(A)");
  const auto without = std::move(TextScanner::Create({})).value();
  const auto other = std::move(without->NewScratch()).value();
  ASSERT_TRUE(without->Scan(text, other.get(), &matches).ok());
  EXPECT_EQ(matches.size(), 1u);
}

TEST(TextScannerTest, NamesDoNotDependOnHowALongTextIsCut) {
  std::string text;
  for (int i = 0; text.size() < 200000; ++i) {
    text += "Dear Anna Keller, we met Dr. Patel in Chicago ";
    text += i % 3 == 0 ? "at Lakeside Hospital.\n" : "and in Ohio ";
  }
  const auto scanner = ScannerWithNames();
  const auto scratch = std::move(scanner->NewScratch()).value();
  std::vector<TextMatch> whole;
  ASSERT_TRUE(scanner->Scan(text, scratch.get(), &whole).ok());
  ASSERT_FALSE(whole.empty());

  for (const size_t size : {999u, 65536u, 70001u}) {
    std::vector<TextMatch> cut;
    scanner->Begin(scratch.get());
    for (size_t i = 0; i < text.size(); i += size) {
      ASSERT_TRUE(scanner
                      ->Append(absl::string_view(text).substr(i, size),
                               scratch.get(), &cut)
                      .ok());
    }
    ASSERT_TRUE(scanner->Finish(scratch.get(), &cut).ok());
    EXPECT_TRUE(cut == whole) << size;
  }
}

}  // namespace
}  // namespace subrosa
