#include "src/request/letter_phrases.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/request/built_in_letters.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

std::string Shipped() {
  for (size_t i = 0; i < kBuiltInLettersCount; ++i) {
    if (std::string(kBuiltInLetters[i].name) == "phrases.tsv") {
      return kBuiltInLetters[i].text + 1;
    }
  }
  return "";
}

// The error of the shipped file with `to` in place of `from`.
absl::Status ErrorOf(const std::string& from, const std::string& to) {
  const std::string changed = absl::StrReplaceAll(Shipped(), {{from, to}});
  EXPECT_NE(changed, Shipped()) << from;
  return LetterPhrases::Parse("phrases.tsv", changed).status();
}

TEST(LetterPhrasesTest, EveryKindReasonMonthAndPeriodHasItsWords) {
  const LetterPhrases& phrases = LetterPhrases::BuiltIn();
  for (int kind = 1; kind <= v1::RequestKind_MAX; ++kind) {
    if (kind == v1::REQUEST_KIND_APPEAL) continue;  // A step, no request.
    EXPECT_FALSE(phrases.Kind(static_cast<v1::RequestKind>(kind)).empty())
        << kind;
  }
  for (int reason = 1; reason <= v1::DenialReason_MAX; ++reason) {
    EXPECT_FALSE(phrases.Denial(static_cast<v1::DenialReason>(reason)).empty())
        << reason;
  }
  for (int month = 1; month <= 12; ++month) {
    const std::string day = phrases.Day(absl::CivilDay(2027, month, 5));
    EXPECT_GT(day.size(), std::string("5  2027").size()) << month;
  }
  for (int unit = 1; unit <= v1::PeriodUnit_MAX; ++unit) {
    v1::Period period;
    period.set_count(45);
    period.set_unit(static_cast<v1::PeriodUnit>(unit));
    EXPECT_TRUE(absl::StartsWith(phrases.Period(period), "45 ")) << unit;
  }
  EXPECT_EQ(phrases.Day(absl::CivilDay(2027, 1, 15)), "15 January 2027");
}

TEST(LetterPhrasesTest, AnotherLanguageSaysADayInItsOwnOrder) {
  const auto phrases = LetterPhrases::Parse(
      "phrases.tsv",
      absl::StrReplaceAll(
          Shipped(), {{"{day} {month} {year}", "{day} de {month} de {year}"},
                      {"January", "enero"}}));
  ASSERT_TRUE(phrases.ok()) << phrases.status();
  EXPECT_EQ(phrases->Day(absl::CivilDay(2027, 1, 15)), "15 de enero de 2027");
}

TEST(LetterPhrasesTest, WhatIsMissingOrWrongIsRefusedWithItsLine) {
  EXPECT_EQ(ErrorOf("month-3\tMarch\n", "").message(),
            "phrases.tsv:1: want words for `month-3`, got none");
  for (const auto& [from, to] :
       {std::pair<const char*, const char*>("month-3\t", "month-33\t"),
        {"month-3\tMarch", "month-3 March"},
        {"month-3\tMarch", "month-3\t"},
        {"month-3\t", "month-2\t"},
        {"{count} calendar days", "some days"},
        {"{count} calendar days", "{count} {diagnosis}"},
        {"{count} calendar days", "{count calendar days"}}) {
    const absl::Status error = ErrorOf(from, to);
    EXPECT_TRUE(absl::IsInvalidArgument(error)) << to;
    EXPECT_TRUE(absl::StrContains(error.message(), "phrases.tsv:")) << error;
    EXPECT_FALSE(absl::StrContains(error.message(), "diagnosis")) << error;
  }
}

}  // namespace
}  // namespace subrosa
