#include "src/classify/suppressions.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::CivilDay kToday(2026, 11, 25);

absl::StatusOr<Suppressions> Parse(absl::string_view text) {
  return Suppressions::Parse(text, kToday);
}

// An entry reviewed at the start of the month that holds for a year.
std::string Entry(absl::string_view rule, absl::string_view where,
                  absl::string_view expires = "2027-11-01") {
  return absl::StrCat(rule, "\t", where, "\tour own line\tm.okafor\t",
                      "2026-11-01\t", expires, "\n");
}

TEST(SuppressionsTest, AFieldIsSuppressedInEveryElementAndForOneRule) {
  auto suppressions = Parse(Entry("text/phone", "field:payload.notes.text"));
  ASSERT_TRUE(suppressions.ok()) << suppressions.status();

  EXPECT_TRUE(
      suppressions->Suppresses("text/phone", "payload.notes[17].text", ""));
  EXPECT_FALSE(
      suppressions->Suppresses("text/email", "payload.notes[17].text", ""));
  EXPECT_FALSE(suppressions->Suppresses("text/phone", "payload.notes", ""));
  EXPECT_FALSE(suppressions->Suppresses("text/phone", "", ""));
  EXPECT_EQ(1, suppressions->entries()[0].used);
}

TEST(SuppressionsTest, AFilePatternHoldsForTheFilesThatItMatches) {
  auto suppressions = Parse(Entry("text/phone", "file:logs/*.txt"));
  ASSERT_TRUE(suppressions.ok()) << suppressions.status();

  suppressions->BeginFile("logs/today/a.txt");
  EXPECT_TRUE(suppressions->Suppresses("text/phone", "", ""));
  suppressions->BeginFile("notes/a.txt");
  EXPECT_FALSE(suppressions->Suppresses("text/phone", "", ""));
}

TEST(SuppressionsTest, AValueIsKnownByItsPseudonymAlone) {
  auto suppressions = Parse(Entry("text/phone", "value:abcdefghi234"));
  ASSERT_TRUE(suppressions.ok()) << suppressions.status();

  EXPECT_TRUE(suppressions->needs_pseudonyms());
  EXPECT_TRUE(suppressions->Suppresses("text/phone", "", "abcdefghi234"));
  EXPECT_FALSE(suppressions->Suppresses("text/phone", "", "abcdefghi235"));
  EXPECT_FALSE(suppressions->Suppresses("text/phone", "", ""));
}

TEST(SuppressionsTest, AnEntryNoLongerHoldsOnTheDayItExpires) {
  auto suppressions =
      Parse(absl::StrCat(Entry("text/phone", "field:a", "2026-11-25"),
                         Entry("text/email", "field:a", "2026-11-26")));
  ASSERT_TRUE(suppressions.ok()) << suppressions.status();

  EXPECT_TRUE(suppressions->entries()[0].is_expired);
  EXPECT_FALSE(suppressions->Suppresses("text/phone", "a", ""));
  EXPECT_TRUE(suppressions->Suppresses("text/email", "a", ""));
  EXPECT_EQ(0, suppressions->entries()[0].used);
}

TEST(SuppressionsTest, CommentsEmptyLinesAndCarriageReturnsArePassedOver) {
  auto suppressions = Parse(
      "# reviewed with counsel\n\n"
      "text/phone\tfield:a\twhy\twho\t2026-11-01\t2027-11-01\r\n");

  ASSERT_TRUE(suppressions.ok()) << suppressions.status();
  EXPECT_EQ(3, suppressions->entries()[0].line);
}

TEST(SuppressionsTest, ABadLineIsNamedWithItsReasonAndWithoutItsValue) {
  const std::string good = Entry("text/phone", "field:a");
  for (const std::string& bad :
       {std::string("text/phone"), std::string("canary\tfield:a\tb\tc\td\n"),
        absl::StrCat(good.substr(0, good.size() - 1), "\tcanary\n"),
        std::string("text/phone\tfield:b\t \twho\t2026-11-01\t2027-11-01"),
        Entry("text/phone", "canary"), Entry("text/phone", "value:555-canary"),
        Entry("text/phone", "value:abcdefghi2345"),
        Entry("text/phone", absl::StrCat("file:", std::string(257, 'a'))),
        Entry("text/phone", "file:*a*a*a*a*canary"),
        Entry("text/phone", "field:b", "2026-11-01"),
        Entry("text/phone", "field:b", "2027-1-1"),
        Entry("text/phone", "field:b", "2027-02-30"),
        Entry("text/phone", "field:b", "canary"),
        std::string("text/phone\tfield:b\twhy\twho\t2026-12-01\t2027-11-01"),
        good}) {
    const auto suppressions = Parse(absl::StrCat(good, bad));

    EXPECT_TRUE(absl::IsInvalidArgument(suppressions.status())) << bad;
    const std::string message(suppressions.status().message());
    EXPECT_THAT(message, HasSubstr("line 2: ")) << bad;
    EXPECT_THAT(message, Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace subrosa
