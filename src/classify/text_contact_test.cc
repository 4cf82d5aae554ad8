// E-mail addresses, places, telephone numbers, network addresses and passwords:
// the forms in which they are written, and what is written alike and is none.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
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

std::string Found(absl::string_view text) {
  static const TextScanner* const scanner =
      std::move(TextScanner::Create({})).value().release();
  return FoundText(*scanner, text);
}

TEST(TextContactTest, AnAddressMayBeInAnyScriptOrEncodedForTheWeb) {
  const Case kCases[] = {
      {"jos\xc3\xa9@example.com now", "email=jos\xc3\xa9@example.com"},
      {"zo\xc3\xab@example.org", "email=zo\xc3\xab@example.org"},
      {"jo@m\xc3\xbcnchen.example", "email=jo@m\xc3\xbcnchen.example"},
      {"jo@\xc3\xa9"
       "clair.example",
       "email=jo@\xc3\xa9"
       "clair.example"},
      {"\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b\xe5\xad\x90.\xe4\xb8\xad\xe5\x9b"
       "\xbd",
       "email=\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b\xe5\xad\x90.\xe4\xb8\xad"
       "\xe5\x9b\xbd"},
      {"\xd0\xb8\xd0\xbc\xd1\x8f@\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0."
       "\xd1\x80\xd1\x84",
       "email=\xd0\xb8\xd0\xbc\xd1\x8f@\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0"
       ".\xd1\x80\xd1\x84"},
      {"GET /login?email=jo%40example.com HTTP/1.1", "email=jo%40example.com"},
      {"u=a%2Bb%40clinic.example&x", "email=a%2Bb%40clinic.example"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Found(c.text), c.found) << c.text;
  for (const char* text :
       {"5%40off", "jo%40example", "jo%41example.com", "%40example.com",
        // A mention, and a full stop of its own script after it.
        "\xe5\xbc\xa0@\xe6\x9d\x8e\xe3\x80\x82x.y"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(TextContactTest, WhatIsLongerThanUsualIsFoundToItsEnd) {
  const std::string local(200, 'a');
  EXPECT_EQ(Found(absl::StrCat(" ", local, "@a.example ")),
            absl::StrCat("email=", local, "@a.example"));
  const std::string secret = absl::StrCat("p4", std::string(1500, 'x'));
  EXPECT_EQ(Found(absl::StrCat("password: ", secret, " and")),
            absl::StrCat("password=", secret));
}

TEST(TextContactTest, PlacesAreFoundInTheFormsOfMapsAndOfTheirFormats) {
  const Case kCases[] = {
      {"47.6097, -122.3331", "coordinates=47.6097, -122.3331"},
      {"48.85837, 2.29448", "coordinates=48.85837, 2.29448"},
      {"location 12.345, 45.678", "coordinates=12.345, 45.678"},
      {"\"coordinates\":[-122.332069,47.606209]",
       "coordinates=-122.332069,47.606209"},
      {"POINT(-122.332069 47.606209)", "coordinates=-122.332069 47.606209"},
      {"151.2093,-33.8688", "coordinates=151.2093,-33.8688"},
      {"47.606 N, 122.332 W", "coordinates=47.606 N, 122.332 W"},
      {"N47.606 W122.332", "coordinates=N47.606 W122.332"},
      {"47.6062\xc2\xb0 N, 122.3320\xc2\xb0 W",
       "coordinates=47.6062\xc2\xb0 N, 122.3320\xc2\xb0 W"},
      {"47\xc2\xb0"
       "36'22\"N 122\xc2\xb0"
       "19'55\"W",
       "coordinates=47\xc2\xb0"
       "36'22\"N 122\xc2\xb0"
       "19'55\"W"},
      {"47\xc2\xb0 36\xe2\x80\xb2 22\xe2\x80\xb3 N, 122\xc2\xb0 19\xe2\x80\xb2 "
       "55\xe2\x80\xb3 W",
       "coordinates=47\xc2\xb0 36\xe2\x80\xb2 22\xe2\x80\xb3 N, 122\xc2\xb0 "
       "19\xe2\x80\xb2 55\xe2\x80\xb3 W"},
      {"N47\xc2\xb0"
       "36.367' W122\xc2\xb0"
       "19.921'",
       "coordinates=N47\xc2\xb0"
       "36.367' W122\xc2\xb0"
       "19.921'"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Found(c.text), c.found) << c.text;
}

TEST(TextContactTest, MeasurementsAreNoPlace) {
  for (const char* text :
       {"weights 0.1234, 0.5678", "values 12.3456, 45.6789",
        "-0.12345, 0.56789", "0.12345678, -0.3456789, 1.4567891",
        "loss 0.12345 acc 0.98765", "47.606, 122.332", "91.12345, 95.12345",
        "47.606 N, 122.332 S",
        "37\xc2\xb0"
        "C and 39\xc2\xb0"
        "C",
        // An angle alone; and a mile's width.
        "angle 47\xc2\xb0"
        "36'22\"",
        "47\xc2\xb0"
        "36'N 122\xc2\xb0"
        "19'W"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(TextContactTest, TheCodeOfADrugIsNoTelephoneNumber) {
  for (const char* text :
       {"NDC: 0002-8215-01", "NDC 0002 8215 01", "ndc 50580-449-05",
        "0002-8215-01", "0093-5124-1", "50580-449-1", "NDC 00028215801"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
  EXPECT_EQ(Found("ring 0161 496 0000"), "phone=0161 496 0000");
  EXPECT_EQ(Found("0161-496-0000"), "phone=0161-496-0000");
  EXPECT_EQ(Found("01 42 68 53 00"), "phone=01 42 68 53 00");
}

TEST(TextContactTest, AWordAfterANumberMakesItATelephoneNumber) {
  EXPECT_EQ(Found("781 5991 office"), "phone=781 5991");
  EXPECT_EQ(Found("781 5991-Office\\,"), "phone=781 5991");
  EXPECT_EQ(Found("781 5991 work"), "phone=781 5991");
  EXPECT_EQ(Found("781 5991 home, and"), "phone=781 5991");
  EXPECT_EQ(Found("781 5991 worker-7"), "");
}

TEST(TextContactTest, FourDigitsWithDotsAreAnAddressOnlyWhereAWordSaysSo) {
  EXPECT_EQ(Found("OpenSSL 1.1.1.1"), "");
  EXPECT_EQ(Found("upgrade 1.2.3.4 today"), "");
  EXPECT_EQ(Found("client 1.2.3.4"), "ipv4=1.2.3.4");
  EXPECT_EQ(Found("8.8.8.8 - - GET"), "ipv4=8.8.8.8");
  EXPECT_EQ(Found("x 1.2.3.4:443"), "ipv4=1.2.3.4");
  EXPECT_EQ(Found("x 1.2.3.45"), "ipv4=1.2.3.45");
}

TEST(TextContactTest, DigitsOfOtherScriptsAreDigits) {
  // Arabic-Indic, and mathematical ones.
  EXPECT_EQ(Found("SSN \xd9\xa2\xd9\xa1\xd9\xa9-\xd9\xa0\xd9\xa9-9999"),
            "ssn=\xd9\xa2\xd9\xa1\xd9\xa9-\xd9\xa0\xd9\xa9-9999");
  EXPECT_EQ(Found("SSN \xf0\x9d\x9f\xaf"
                  "19-09-9999"),
            "ssn=\xf0\x9d\x9f\xaf"
            "19-09-9999");
}

}  // namespace
}  // namespace subrosa
