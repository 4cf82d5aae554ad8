#include "src/law/law_book.h"

#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/law/law_coverage.h"

namespace subrosa {
namespace {

const LawBook& BuiltIn() {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book;
}

std::string PackText(const std::string& id, const std::string& calendar) {
  return absl::StrCat(R"(
id: ")",
                      id, R"("
title: "Ours"
jurisdiction: "US-WA"
time_zone: "America/Los_Angeles"
as_of: "2026-11-25"
rule {
  id: "respond"
  citation: "Our own policy"
  text: "answer sooner"
  certainty: TEXT_CERTAINTY_STATUTE_READ
  from: "2026-01-01"
  room: ROOM_REQUEST
  deadline {
    request: REQUEST_KIND_DELETE
    step: CLOCK_STEP_RESPOND
    within { count: 5 unit: PERIOD_UNIT_BUSINESS_DAYS }
    start: CLOCK_START_RECEIPT
    calendar: ")",
                      calendar, R"("
  }
}
)");
}

TEST(LawBookTest, TheShippedPacksAreThese) {
  std::set<std::string> packs;
  for (const LawEntry& entry : BuiltIn().entries()) {
    packs.insert(entry.pack->id());
  }
  EXPECT_EQ(packs, (std::set<std::string>{
                       "ca-ccpa", "ca-cmia", "ca-delete-act", "co-cpa",
                       "ct-ctdpa", "md-modpa", "nv-sb370", "us-ftc-hbnr",
                       "us-hipaa-safe-harbor", "va-sb754", "wa-mhmda"}));
}

TEST(LawBookTest, ARuleIsFoundByPackAndId) {
  const LawEntry* const entry = BuiltIn().Find("wa-mhmda/delete-backups");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->rule->citation(), "RCW 19.373.040(1)(c)(iii)");
  EXPECT_EQ(entry->pack->jurisdiction(), "US-WA");
  EXPECT_EQ(BuiltIn().Find("wa-mhmda"), nullptr);
  EXPECT_EQ(BuiltIn().Find("delete-backups"), nullptr);
  EXPECT_EQ(BuiltIn().Find(""), nullptr);
}

TEST(LawBookTest, ARuleHoldsFromItsFirstDayToTheDayBeforeItsEnd) {
  const LawEntry& rule = *BuiltIn().Find("ca-delete-act/access-45");
  EXPECT_FALSE(rule.HoldsOn(absl::CivilDay(2026, 7, 31)));
  EXPECT_TRUE(rule.HoldsOn(absl::CivilDay(2026, 8, 1)));
  EXPECT_TRUE(rule.HoldsOn(absl::CivilDay(2026, 12, 31)));
  EXPECT_FALSE(rule.HoldsOn(absl::CivilDay(2027, 1, 1)));
  EXPECT_TRUE(BuiltIn()
                  .Find("ca-delete-act/access-30")
                  ->HoldsOn(absl::CivilDay(2027, 1, 1)));
}

TEST(LawBookTest, APackFromAFileTakesThePlaceOfTheShippedOne) {
  const absl::StatusOr<LawBook> book =
      LawBook::WithPacks({{"ours", PackText("wa-mhmda", "california")}});
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->FindPack("wa-mhmda")->title(), "Ours");
  EXPECT_EQ(book->Find("wa-mhmda/share"), nullptr);
  EXPECT_NE(book->Find("nv-sb370/share"), nullptr);
}

TEST(LawBookTest, APackOfAnotherIdIsAddedAndItsClockRuns) {
  absl::StatusOr<LawBook> made =
      LawBook::WithPacks({{"ours", PackText("our-policy", "federal")}});
  ASSERT_TRUE(made.ok()) << made.status();
  const LawBook book = *std::move(made);
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("America/Los_Angeles", &zone));
  // Wednesday before Thanksgiving 2026: Friday is a federal business day.
  const absl::StatusOr<DueTimes> due =
      book.DueTimesOf(*book.Find("our-policy/respond"),
                      absl::FromCivil(absl::CivilDay(2026, 11, 25), zone));
  ASSERT_TRUE(due.ok());
  EXPECT_EQ(due->first, absl::FromCivil(absl::CivilDay(2026, 12, 4), zone));
}

TEST(LawBookTest, TwoFilesOfOnePackAreRefused) {
  const std::string text = PackText("our-policy", "federal");
  EXPECT_TRUE(absl::IsInvalidArgument(
      LawBook::WithPacks({{"a", text}, {"b", text}}).status()));
}

TEST(LawBookTest, ACalendarThatIsNotThereIsRefused) {
  const absl::Status status =
      LawBook::WithPacks({{"a", PackText("our-policy", "oregon")}}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_NE(status.message().find("our-policy/respond: deadline.calendar"),
            absl::string_view::npos);
}

TEST(LawBookTest, AMalformedFileIsRefusedByNameAndLine) {
  const absl::Status status =
      LawBook::WithPacks({{"bad.textproto", "id: 7"}}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message().substr(0, 16), "bad.textproto:1:");
}

TEST(LawBookTest, EveryRuleOfABuiltRoomHasATest) {
  const absl::StatusOr<LawCoverage> coverage = LawCoverage::BuiltIn();
  ASSERT_TRUE(coverage.ok()) << coverage.status();
  for (const LawEntry& entry : BuiltIn().entries()) {
    EXPECT_NE(coverage->Of(entry), Coverage::kUntested) << entry.id;
  }
  for (const std::string& rule : coverage->Unknown(BuiltIn())) {
    ADD_FAILURE() << "a test covers " << rule << ", which no pack has";
  }
}

TEST(LawBookTest, ARoomThatIsNeitherPlannedNorTestedIsUntested) {
  const absl::StatusOr<LawCoverage> coverage =
      LawCoverage::Parse("planned\tconsent\tlater\n");
  ASSERT_TRUE(coverage.ok());
  EXPECT_EQ(coverage->Of(*BuiltIn().Find("wa-mhmda/share")),
            Coverage::kPlanned);
  EXPECT_EQ(coverage->Of(*BuiltIn().Find("wa-mhmda/consumer-health-data")),
            Coverage::kUntested);
}

TEST(LawBookTest, AnotherFormOfCoverageIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      LawCoverage::Parse("wa-mhmda/share\tsome_test.cc\n").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      LawCoverage::Parse("wa-mhmda/share\t\tATest\n").status()));
}

}  // namespace
}  // namespace subrosa
