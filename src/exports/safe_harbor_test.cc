#include "src/exports/safe_harbor.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int64_t kThisYear = 2026;

const LawBook& Law() {
  static const LawBook* const law = new LawBook(*std::move(LawBook::BuiltIn()));
  return *law;
}

const SafeHarbor& Rules() {
  static const SafeHarbor* const rules =
      new SafeHarbor(*std::move(SafeHarbor::From(Law())));
  return *rules;
}

// Covers: us-hipaa-safe-harbor/zip
TEST(SafeHarborTest, APostalCodeKeepsItsThreeDigitsWhereManyPeopleLive) {
  EXPECT_EQ(Rules().PostalCode("98101"), "981");
  EXPECT_EQ(Rules().PostalCode("98101-2034"), "981");
  EXPECT_EQ(Rules().PostalCode("03601"), "000");
  EXPECT_EQ(Rules().PostalCode("89301-0001"), "000");
}

TEST(SafeHarborTest, WhatIsNoPostalCodeIsLeftOutWhole) {
  for (const char* none :
       {"", "981", "9810", "981012", "98101-", "98101-203", "98101 2034",
        "K1A 0B1", "12 Oak Street", "9810a", "98101-203x", "981\0001"}) {
    EXPECT_EQ(Rules().PostalCode(none), "") << none;
  }
}

// Covers: us-hipaa-safe-harbor/age
TEST(SafeHarborTest, AgesOverTheLimitAreOneCategory) {
  EXPECT_EQ(Rules().oldest_age(), 89);
  EXPECT_EQ(Rules().Age(0), 0);
  EXPECT_EQ(Rules().Age(89), 89);
  EXPECT_EQ(Rules().Age(90), 90);
  EXPECT_EQ(Rules().Age(104), 90);
  EXPECT_EQ(Rules().Age(-1), 0);
}

TEST(SafeHarborTest, YearsThatTellOfAGreatAgeAreOneCategory) {
  EXPECT_EQ(Rules().Year(1987, kThisYear), 1987);
  EXPECT_EQ(Rules().Year(1937, kThisYear), 1937);  // 88 or 89 years old.
  EXPECT_EQ(Rules().Year(1936, kThisYear), 1936);  // 89 or 90.
  EXPECT_EQ(Rules().Year(1921, kThisYear), 1936);
  EXPECT_EQ(Rules().Year(2031, kThisYear), 2026);
}

TEST(SafeHarborTest, OfADateItsYearIsLeft) {
  for (const char* date : {"2024", "2024-03", "2024-03-05", "20240305",
                           "2024-03-05T10:11:12.5-08:00"}) {
    EXPECT_EQ(Rules().DateText(date, kThisYear), "2024") << date;
  }
  EXPECT_EQ(Rules().DateText("1921-03-05", kThisYear), "1936");
}

TEST(SafeHarborTest, OfWhatIsNoDateNothingIsLeft) {
  for (const char* none : {"", "202", "20245", "03/05/2024", "5 March 2024",
                           "1503960366", "2024 03 05", "p-1000", "2024x03"}) {
    EXPECT_EQ(Rules().DateText(none, kThisYear), "") << none;
  }
}

TEST(SafeHarborTest, EveryAreaHasItsSourceAndYear) {
  EXPECT_THAT(Rules().sources(),
              ElementsAre(AllOf(HasSubstr("45 CFR 164.514(b)(2)(i)(B)"),
                                HasSubstr("(2012)"))));
}

TEST(SafeHarborTest, ALawThatNamesNoHighestAgeIsRefused) {
  for (const char* rule :
       {"",
        "rule { id: \"age\" citation: \"c\" text: \"t\" "
        "certainty: TEXT_CERTAINTY_STATUTE_READ from: \"2013-03-26\" "
        "room: ROOM_EXPORTS duty { duty: \"no-actual-knowledge\" } }"}) {
    const auto law = LawBook::WithPacks(
        {{"pack.textproto",
          absl::StrCat("id: \"us-hipaa-safe-harbor\" title: \"Safe Harbor\" "
                       "jurisdiction: \"US\" time_zone: \"UTC\" "
                       "as_of: \"2026-11-23\" ",
                       rule)}});
    if (!law.ok()) continue;  // No pack without a rule.

    EXPECT_TRUE(absl::IsFailedPrecondition(SafeHarbor::From(*law).status()))
        << rule;
  }
}

TEST(SafeHarborTest, AMalformedFileIsRefusedByItsLine) {
  const std::string head = "source\ta rule\nyear\t2026\n";
  for (const auto& [text, want] :
       std::vector<std::pair<std::string, std::string>>{
           {"sparse-area\t036\n", "line 1: want a source and its year"},
           {"source\ta rule\nsparse-area\t036\n", "line 2: want a source and"},
           {"year\t2026\n", "line 1: want one year"},
           {head + "year\t2027\n", "line 3: want one year"},
           {"source\ta rule\nyear\tlately\n", "line 2: want one year"},
           {head + "sparse-area\t36\n", "line 3: want an area"},
           {head + "sparse-area\tcan\n", "line 3: want an area"},
           {head + "sparse-area\t036\nsparse-area\t036\n", "line 4: want an"},
           {head + "sparse-area\n", "line 3: want a keyword"},
           {head + "canary\t1\n", "line 3: want source, year"},
       }) {
    const absl::Status refused = SafeHarbor::Parse(Law(), text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << text;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(want));
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace subrosa
