// Dates and ages: the forms in which they are written, and what is written
// alike and is none.
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/found_text.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

struct Case {
  const char* text;
  const char* found;
};

const TextScanner& ScannerOf(int this_year, bool years) {
  static auto* const scanners =
      new std::map<std::pair<int, bool>, std::unique_ptr<TextScanner>>;
  std::unique_ptr<TextScanner>& scanner = (*scanners)[{this_year, years}];
  if (scanner == nullptr) {
    TextScanner::Options options;
    options.this_year = this_year;
    options.years = years;
    scanner = std::move(TextScanner::Create(options)).value();
  }
  return *scanner;
}

std::string Found(absl::string_view text, int this_year = 2026,
                  bool years = false) {
  return FoundText(ScannerOf(this_year, years), text);
}

TEST(TextTimeTest, AgesAreFoundAsNotesFormsAndProgramsWriteThem) {
  const Case kCases[] = {
      {"92 yo", "age-over-89=92"},
      {"92 y/o", "age-over-89=92"},
      {"92 y.o. male", "age-over-89=92"},
      {"a 94-y.o. man", "age-over-89=94"},
      {"90-yo female", "age-over-89=90"},
      {"92yoF, fall", "age-over-89=92"},
      {"92yM with pain", "age-over-89=92"},
      {"61y F", "age=61"},
      {"Smith, 92y", "age-over-89=92"},
      {"92 years, male", "age-over-89=92"},
      {"the patient is 61 years", "age=61"},
      {"she is 92 years and frail", "age-over-89=92"},
      {"at 92 years of age", "age-over-89=92"},
      {"92 yrs. old", "age-over-89=92"},
      {"pt age=92", "age-over-89=92"},
      {"{\"age\":92,\"sex\":\"F\"}", "age-over-89=92"},
      {"{\"patientAge\": 92}", "age-over-89=92"},
      {"?patient_age=92&x=1", "age-over-89=92"},
      {"<age>92</age>", "age-over-89=92"},
      {"Age/Sex: 92/M", "age-over-89=92"},
      {"Age (years): 92", "age-over-89=92"},
      {"age at diagnosis: 92", "age-over-89=92"},
      {"aged 61 male", "age=61"},
      {"she turned 92 today", "age-over-89=92"},
      {"I'm 34.", "age=34"},
      {"he is 92, and", "age-over-89=92"},
      {"a nonagenarian, two centenarians",
       "age-over-89=nonagenarian; age-over-89=centenarians"},
      {"a woman in her nineties", "age-over-89=nineties"},
      {"in his late 90s", "age-over-89=90s"},
      {"a ninety-two-year-old man", "age-over-89=ninety-two"},
      {"ninety years old", "age-over-89=ninety"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Found(c.text), c.found) << c.text;
}

TEST(TextTimeTest, WhatCountsYearsOrIsTheAgeOfAThingIsNoAge) {
  for (const char* text : {"for 10 years",
                           "(5 years)",
                           "5y survival",
                           "10y treasury note",
                           "100 years ago",
                           "100 years of service",
                           "over the last 100 years",
                           "it was 5 years",
                           "Cache-Control: max-age=60",
                           "maxAge: 90",
                           "message_age=92",
                           "cache age: 92",
                           "bandage=92",
                           "page=92",
                           "age=92ms",
                           "age: 14 days",
                           "gestational age: 39",
                           "age=920",
                           "turned 40 pages",
                           "he was 61 kilos",
                           "I am 5 minutes away",
                           "in her nightgown",
                           "ninety-two patients",
                           "v 1.92y"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

// 45 CFR 164.514(b)(2)(i)(C): all elements of dates (including year) indicative
// of such age.
TEST(TextTimeTest, AYearOfBirthThatMakesNinetyIsAnAgeOver89) {
  const Case kCases[] = {
      {"born in 1931", "age-over-89=1931"},
      {"born 1936.", "age-over-89=1936"},
      {"DOB 1931", "age-over-89=1931"},
      {"D.O.B.: 1931", "age-over-89=1931"},
      {"YOB: 1931", "age-over-89=1931"},
      {"b. 1931 in Ohio", "age-over-89=1931"},
      {"(b.1931)", "age-over-89=1931"},
      {"year of birth: 1931", "age-over-89=1931"},
      {"born in a town near Yakima in 1931", "age-over-89=1931"},
      {"born 1931-2020", "age-over-89=1931"},
      {"{\"birthYear\":1931}", "age-over-89=1931"},
      {"{\"birthDate\":\"1931\"}", "age-over-89=1931"},
      {"birth_year=1931&", "age-over-89=1931"},
      // A whole date is one, whatever its year.
      {"born 3/4/1931", "date=3/4/1931"},
      {"born March 4, 1931", "date=March 4, 1931"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Found(c.text), c.found) << c.text;
  for (const char* text :
       {"born in 1937", "DOB 1980", "in 1931", "born at 1931", "born 2031",
        "birth weight 1931 g", "birth weight: 1931", "birth rate 1931",
        "Bornholm 1931", "born\n1931", "born 1931.5", "born 19310"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(TextTimeTest, TheYearToWhichBirthsAreCountedIsGiven) {
  EXPECT_EQ(Found("born in 1937", 2026), "");
  EXPECT_EQ(Found("born in 1937", 2027), "age-over-89=1937");
  EXPECT_EQ(Found("born in 1936", 2025), "");
  // A year alone, looked for where asked, is the lesser of the two.
  EXPECT_EQ(Found("born in 1931 ", 2026, true), "age-over-89=1931");
  EXPECT_EQ(Found("born in 1980 ", 2026, true), "year=1980");
}

TEST(TextTimeTest, DatesAreFoundAsMessagesRangesAndPeopleWriteThem) {
  const Case kCases[] = {
      {"DOB: 19610203", "date=19610203"},
      {"{\"dob\":\"19610203\"}", "date=19610203"},
      {"Date of birth 03021961", "date=03021961"},
      {"DOB|196102031530|", "date=196102031530"},
      {"DOB: 03FEB1961", "date=03FEB1961"},
      {"DOB: 03FEB61", "date=03FEB61"},
      {"03FEB1961 admitted", "date=03FEB1961"},
      {"{\"birthDate\":\"1961-02\"}", "date=1961-02"},
      {"born 02/1961", "date=02/1961"},
      {"Admitted 1/2/2024-1/5/2024", "date=1/2/2024; date=1/5/2024"},
      {"1/2/24-1/5/24", "date=1/2/24; date=1/5/24"},
      {"01/02/2024\xe2\x80\x93"
       "01/05/2024",
       "date=01/02/2024; date=01/05/2024"},
      {"2024-01-02/2024-01-05", "date=2024-01-02; date=2024-01-05"},
      {"2024-01-02-2024-01-05", "date=2024-01-02; date=2024-01-05"},
      {"stay 1/2-1/5/2024", "date=1/2; date=1/5/2024"},
      {"between 3/1 and 3/5", "date=3/1; date=3/5"},
      {"from 3/1 to 3/5", "date=3/1; date=3/5"},
      {"from 3/1-3/5", "date=3/1; date=3/5"},
      {"March 3-5, 2024", "date=March 3-5, 2024"},
      {"3-5 March 2024", "date=3-5 March 2024"},
      {"12/25/2023 10:30 AM Patient seen", "date=12/25/2023 10:30 AM"},
      {"released 2024-03-05", "date=2024-03-05"},
      {"date of release: 2024-03-05", "date=2024-03-05"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Found(c.text), c.found) << c.text;
}

TEST(TextTimeTest, WhatIsWrittenLikeADateIsNone) {
  for (const char* text :
       {"DOB: 99999999", "DOB: 19611303", "case 19610203", "id 03feb61",
        "05dec19f", "version 2024.03.05", "release 2024-03-05",
        "between 1/4 and 1/2", "between 120/80 and 130/85", "scores 3/1-3/5",
        "12/25/2023 10:30:05 AM Service started", "1/2-3/4 in. bolts",
        "13/14/2024-15/16/2024", "10-12-14 lanes"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

}  // namespace
}  // namespace subrosa
