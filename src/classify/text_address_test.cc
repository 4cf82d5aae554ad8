// Addresses in the forms that people write, and what only looks like one.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

// What is found, as "rule=text" with semicolons between.
std::string Found(absl::string_view text, bool years = false) {
  static const std::unique_ptr<TextScanner>* const scanners = [] {
    TextScanner::Options with_years;
    with_years.years = true;
    return new std::unique_ptr<TextScanner>[2] {
      std::move(TextScanner::Create({})).value(),
          std::move(TextScanner::Create(with_years)).value()
    };
  }();
  const std::unique_ptr<TextScanner>& scanner = scanners[years ? 1 : 0];
  const auto scratch = std::move(scanner->NewScratch()).value();
  std::vector<TextMatch> matches;
  EXPECT_TRUE(scanner->Scan(text, scratch.get(), &matches).ok());
  std::string found;
  for (const TextMatch& match : matches) {
    absl::StrAppend(&found, found.empty() ? "" : "; ",
                    absl::string_view(TextRules()[match.rule].id).substr(5),
                    "=", text.substr(match.span.offset, match.span.length));
  }
  return found;
}

struct Case {
  const char* text;
  const char* found;
};

TEST(TextAddressTest, AnAddressIsOneFindFromItsNumberToItsPostalCode) {
  const Case kCases[] = {
      {"sent to 12 Alder Street, Apt. 4, Yakima, WA 98901 today",
       "address=12 Alder Street, Apt. 4, Yakima, WA 98901"},
      {"PSC 12 Box 77\nAPO AE 09014\nMobile: none",
       "address=PSC 12 Box 77\nAPO AE 09014"},
      {"home is USS Alder\nFPO AP 96601.", "address=USS Alder\nFPO AP 96601"},
      {"it's 12 rue alder apt. 4, villa de oro, peru 14385",
       "address=12 rue alder apt. 4, villa de oro, peru 14385"},
      {"the taxi waits at the corner of alder lane 3 and birch street.",
       "address=the corner of alder lane 3 and birch street"},
      {"an arrest on Alder Street last night", "address=Alder Street"},
      {"she walked down Van Alder Avenue.", "address=Van Alder Avenue"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Found(c.text), c.found) << c.text;
}

TEST(TextAddressTest, WhatOnlySoundsLikeAStreetIsLeftAlone) {
  const char* const kTexts[] = {
      "the Street was empty",
      "a road trip on the road",
      "ROAD TRIP TO THE COAST",
      "cut the corner of my phone and I cried",
      "we are in a corner of the room and the hall",
      "around the corner of it",
      "Sesame Street is on",
      "as read in the Wall Street Journal",
      "FPO is an acronym",
      "my unit of measure",
  };
  for (const char* text : kTexts) EXPECT_EQ(Found(text), "") << text;
}

TEST(TextAddressTest, ASentenceAfterAnAddressInLowerCaseIsNoPlace) {
  EXPECT_EQ(Found("i live at 12 alder street apt 4 and she is my friend."),
            "address=12 alder street apt 4");
}

TEST(TextAddressTest, YearsAreLookedForOnlyWhereAsked) {
  constexpr bool kYears = true;

  EXPECT_EQ(Found("diagnosed in 1998, well since 2004."), "");
  EXPECT_EQ(Found("diagnosed in 1998, well since 2004.", kYears),
            "year=1998; year=2004");
  // A whole date is one find.
  EXPECT_EQ(Found("born in March 1961", kYears), "date=March 1961");
  for (const char* text :
       {"after 2000 steps", "a walk of 1900 meters", "in 2012-77", "by 2000%",
        "in 1750", "from 20045", "about 1998.5"}) {
    EXPECT_EQ(Found(text, kYears), "") << text;
  }
}

TEST(TextAddressTest, APasswordStandsAfterItsAddressInListsOfAccounts) {
  EXPECT_EQ(Found("jo@clinic.example / Alder!77."),
            "email=jo@clinic.example; password=Alder!77");
  EXPECT_EQ(Found("jo@clinic.example:alder77\n"),
            "email=jo@clinic.example; password=alder77");
  for (const char* text :
       {"jo@clinic.example: 9 to 5", "jo@clinic.example / phone",
        "jo@clinic.example / ann77@clinic.example", "jo@clinic.example/a77b99",
        "jo@clinic.example:22"}) {
    EXPECT_EQ(Found(text).find("password"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace subrosa
