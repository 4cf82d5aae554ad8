#include "src/erasure/retention.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/disclosure/due_notices.h"
#include "src/disclosure/scratch_disclosure.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/part_eraser.h"
#include "src/law/law_book.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"
#include "src/store/connection.h"
#include "src/vault/put_item.h"
#include "src/vault/record_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kToday(2026, 7, 1);

TEST(FirstDayKeptTest, ATimeCountsBackFromToday) {
  struct Case {
    const char* retention;
    absl::CivilDay first;
  };
  for (const Case& one : {Case{"P90D", absl::CivilDay(2026, 4, 2)},
                          Case{"P2W", absl::CivilDay(2026, 6, 17)},
                          Case{"P1M", absl::CivilDay(2026, 6, 1)},
                          Case{"P18M", absl::CivilDay(2025, 1, 1)},
                          Case{"P7Y", absl::CivilDay(2019, 7, 1)},
                          Case{"P10000Y", absl::CivilDay(-7974, 7, 1)}}) {
    EXPECT_EQ(FirstDayKept(one.retention, kToday), one.first) << one.retention;
  }
}

TEST(FirstDayKeptTest, AShortMonthEndsOnItsLastDay) {
  EXPECT_EQ(FirstDayKept("P1M", absl::CivilDay(2026, 2, 28)),
            absl::CivilDay(2026, 1, 28));
  EXPECT_EQ(FirstDayKept("P1M", absl::CivilDay(2026, 3, 1)),
            absl::CivilDay(2026, 2, 1));
  EXPECT_EQ(FirstDayKept("P1M", absl::CivilDay(2026, 4, 1)),
            absl::CivilDay(2026, 3, 1));
}

TEST(FirstDayKeptTest, WordsAndWhatIsNoTimeOfOneUnitEndNothingByThemselves) {
  for (const char* retention :
       {"", "your account is closed", "P", "PY", "P0D", "P1Y6M", "P-1D", "P+1D",
        "PT1H", "P10001D", "P9000W", "P1X", "7Y"}) {
    EXPECT_EQ(FirstDayKept(retention, kToday), std::nullopt) << retention;
  }
}

// A home whose diary is kept for thirty days.
class RetentionTest : public testing::Test {
 protected:
  RetentionTest() {
    const std::string policy = absl::StrReplaceAll(
        ScratchHomePolicy(),
        {{"title: 'Your diary'", "title: 'Your diary' retention: 'P30D'"}});
    const LawBook law = LawBook::BuiltIn().value();
    EXPECT_TRUE(WriteHomePolicy(home_.folder(), "policy", policy, law).ok());
    EXPECT_TRUE(home_.Open().ok());
  }

  // Collected `days` before 2026-07-01.
  v1::HealthRecord Diary(const std::string& consumer, int days) {
    v1::MoodCheckIn payload;
    payload.set_score(3);
    return Collected(
        RecordOf(consumer, "diary-" + std::to_string(days), payload), days);
  }
  v1::HealthRecord View(const std::string& consumer, int days) {
    v1::ContentView payload;
    payload.set_content_id("sleep-and-shift-work");
    return Collected(
        RecordOf(consumer, "view-" + std::to_string(days), payload), days);
  }
  static v1::HealthRecord Collected(v1::HealthRecord record, int days) {
    record.mutable_collected_at()->set_seconds(1782864000 - 86400 * days);
    return record;
  }
  void Settle(const std::string& consumer, const std::string& residence) {
    v1::LedgerEntry entry;
    entry.set_consumer(consumer);
    entry.mutable_facts()->set_residence(residence);
    const auto results = home_.steward().gate().Record({&entry});
    ASSERT_TRUE(results.ok()) << results.status();
    EXPECT_TRUE(results->at(0).status.ok()) << results->at(0).status;
  }
  RetentionErased EraseOf(const std::string& consumer) {
    const std::unique_ptr<Vault> vault =
        home_.steward().OpenUngatedVault().value();
    ErasureBook orders(*vault, home_.clock());
    const auto eraser = PartEraser::Open(home_.steward(), *vault).value();
    const int64_t held = RowsOf(consumer);
    const size_t due = Due().size();
    RetentionErased counted;
    absl::Status done =
        EraseWhatIsPastDue(home_.steward(), orders, *eraser, consumer,
                           RetentionMode::kCount, &counted);
    EXPECT_EQ(Due().size(), due) << "counting tells nobody";
    EXPECT_TRUE(done.ok()) << done;
    EXPECT_EQ(RowsOf(consumer), held) << "counting erases nothing";
    RetentionErased erased;
    done = EraseWhatIsPastDue(home_.steward(), orders, *eraser, consumer,
                              RetentionMode::kErase, &erased);
    EXPECT_TRUE(done.ok()) << done;
    EXPECT_EQ(counted.rows, erased.rows);
    EXPECT_EQ(counted.inferences, erased.inferences);
    EXPECT_EQ(counted.notices, erased.notices);
    EXPECT_EQ(counted.hold_rule, erased.hold_rule);
    return erased;
  }
  // To `recipient`, on 2026-06-01.
  void Declare(const std::string& consumer, const std::string& recipient,
               v1::HealthCategory category) {
    v1::Disclosure entry = ScratchDisclosure(consumer, recipient);
    entry.set_category(0, category);
    const std::unique_ptr<Vault> vault =
        home_.steward().OpenUngatedVault().value();
    const auto ledger = DisclosureLedger::Open(*vault, home_.clock()).value();
    const auto results = ledger->Append({&entry});
    ASSERT_TRUE(results.ok()) << results.status();
    ASSERT_TRUE(results->at(0).status.ok()) << results->at(0).status;
  }
  std::vector<v1::DueNotice> Due() {
    const std::unique_ptr<Vault> vault =
        home_.steward().OpenUngatedVault().value();
    const auto ledger = DisclosureLedger::Open(*vault, home_.clock()).value();
    std::vector<v1::DueNotice> due;
    const absl::Status visited =
        DueNotices(*vault, *ledger, home_.clock())
            .Visit("", [&](absl::string_view, const v1::DueNotice& notice) {
              due.push_back(notice);
              return absl::OkStatus();
            });
    EXPECT_TRUE(visited.ok()) << visited;
    return due;
  }
  int64_t RowsOf(const std::string& consumer) {
    return home_.steward().CountRows(consumer).value();
  }

  ScratchHome home_;
};

// Covers: co-cpa/review
TEST_F(RetentionTest, BiometricDataIsReviewedEachYear) {
  const v1::HealthRecord voice = Diary("ada", 400);
  const v1::HealthRecord mood = Diary("ada", 10);
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ASSERT_TRUE(
      vault
          ->PutBatch({{&voice, {uint32_t{1} << v1::HEALTH_CATEGORY_BIOMETRIC}},
                      {&mood, {uint32_t{1} << v1::HEALTH_CATEGORY_CONDITIONS}}})
          .ok());

  const auto lines = ReadRetention(home_.steward());

  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), 2);
  EXPECT_EQ(lines->at(0).category, v1::HEALTH_CATEGORY_CONDITIONS);
  EXPECT_EQ(lines->at(0).review_rule, "");
  EXPECT_EQ(lines->at(0).review_by, std::nullopt);
  // Collected on 2025-05-27; so each year by that day.
  EXPECT_EQ(lines->at(1).category, v1::HEALTH_CATEGORY_BIOMETRIC);
  EXPECT_EQ(lines->at(1).review_rule, "co-cpa/review");
  EXPECT_EQ(lines->at(1).review_by, absl::CivilDay(2027, 5, 27));
}

TEST_F(RetentionTest, WithoutAPackThatAsksForItNothingIsReviewed) {
  const LawBook law = LawBook::BuiltIn().value();
  home_.Close();
  ASSERT_TRUE(
      WriteHomePolicy(
          home_.folder(), "policy",
          absl::StrReplaceAll(ScratchHomePolicy(), {{", 'co-cpa'", ""}}), law)
          .ok());
  ASSERT_TRUE(home_.Open().ok());
  const v1::HealthRecord voice = Diary("ada", 400);
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ASSERT_TRUE(
      vault
          ->PutBatch({{&voice, {uint32_t{1} << v1::HEALTH_CATEGORY_BIOMETRIC}}})
          .ok());
  EXPECT_EQ(ReadRetention(home_.steward())->at(0).review_rule, "");
}

TEST_F(RetentionTest, WhatIsPastTheTimeOfItsPurposeIsListed) {
  home_.Put({Diary("ada", 30), Diary("ada", 31), Diary("bob", 400)});

  const std::vector<RetentionLine> lines =
      ReadRetention(home_.steward()).value();

  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].purpose, "mood-tracking");
  EXPECT_EQ(lines[0].retention, "P30D");
  EXPECT_EQ(lines[0].first_day_kept, absl::CivilDay(2026, 6, 1));
  EXPECT_EQ(lines[0].records, 3);
  EXPECT_EQ(lines[0].past_due, 2);
}

TEST_F(RetentionTest, WhatIsPastDueIsErasedAndTheRestStays) {
  home_.Put({Diary("ada", 30), Diary("ada", 31), Diary("bob", 400)});

  EXPECT_EQ(EraseOf("ada").rows, 1);
  EXPECT_EQ(RowsOf("ada"), 1);
  EXPECT_EQ(RowsOf("bob"), 1);
  EXPECT_TRUE(EraseOf("ada").empty());  // Again: nothing is left to erase.
  const std::vector<RetentionLine> lines =
      ReadRetention(home_.steward()).value();
  for (const RetentionLine& line : lines) {
    EXPECT_EQ(line.past_due, 1) << "bob's";
  }
}

TEST_F(RetentionTest, WhoWasGivenWhatIsErasedIsToBeTold) {
  home_.Put({Diary("ada", 10), Diary("ada", 31), Diary("bob", 31)});
  Declare("ada", "coach", v1::HEALTH_CATEGORY_CONDITIONS);
  Declare("ada", "lab", v1::HEALTH_CATEGORY_GENETIC);
  Declare("bob", "broker", v1::HEALTH_CATEGORY_CONDITIONS);

  EXPECT_EQ(EraseOf("ada").notices, 1);

  const std::vector<v1::DueNotice> due = Due();
  ASSERT_EQ(due.size(), 1);
  EXPECT_EQ(due[0].recipient(), "coach");
  EXPECT_EQ(due[0].reason(), v1::NOTICE_REASON_PART);
  // The day of what was erased, 2026-05-31, and not of what stays.
  EXPECT_EQ(due[0].collected_first_day(), kDisclosureDay - 1);
  EXPECT_EQ(due[0].collected_last_day(), kDisclosureDay - 1);
  EXPECT_GT(due[0].due_day(), DayOf(home_.clock().Now()));
  EXPECT_EQ(EraseOf("ada").notices, 0);  // Nothing is left that is erased.
  EXPECT_EQ(Due().size(), 1);
}

TEST_F(RetentionTest, AnErasureThatStopsBeforeItDeletesIsToldAllTheSame) {
  home_.Put({Diary("ada", 31)});
  Declare("ada", "coach", v1::HEALTH_CATEGORY_CONDITIONS);
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ErasureBook orders(*vault, home_.clock());
  const auto eraser = PartEraser::Open(home_.steward(), *vault).value();
  Connection& database = vault->records().database();
  ASSERT_TRUE(database
                  .Execute("CREATE TRIGGER stop BEFORE DELETE ON record BEGIN"
                           " SELECT raise(ABORT, 'stopped'); END")
                  .ok());
  RetentionErased erased;
  EXPECT_FALSE(EraseWhatIsPastDue(home_.steward(), orders, *eraser, "ada",
                                  RetentionMode::kErase, &erased)
                   .ok());
  EXPECT_TRUE(erased.empty());
  EXPECT_EQ(RowsOf("ada"), 1);
  EXPECT_EQ(Due().size(), 1);
  ASSERT_TRUE(database.Execute("DROP TRIGGER stop").ok());

  EXPECT_TRUE(EraseOf("ada").empty());  // It is on its way already.
  EXPECT_TRUE(home_.steward().FinishErasures([](int64_t) {}).ok());
  EXPECT_EQ(RowsOf("ada"), 0);
  EXPECT_EQ(Due().size(), 1);
}

TEST_F(RetentionTest, AnErrorTellsWhatWasErasedBeforeIt) {
  home_.Put({Diary("ada", 31), View("ada", 3)});
  Settle("ada", "US-CO");
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ErasureBook orders(*vault, home_.clock());
  const auto eraser = PartEraser::Open(home_.steward(), *vault).value();
  // The second row of the two does not go.
  ASSERT_TRUE(vault->records()
                  .database()
                  .Execute("CREATE TRIGGER stop BEFORE DELETE ON record"
                           " WHEN (SELECT count(*) FROM record) < 2 BEGIN"
                           " SELECT raise(ABORT, 'stopped'); END")
                  .ok());

  RetentionErased erased;
  EXPECT_FALSE(EraseWhatIsPastDue(home_.steward(), orders, *eraser, "ada",
                                  RetentionMode::kErase, &erased)
                   .ok());

  EXPECT_EQ(erased.rows, 1);
  EXPECT_EQ(erased.inferences, 0);
  EXPECT_EQ(RowsOf("ada"), 1);
}

TEST_F(RetentionTest, TheLastDayThatIsKeptIsKept) {
  home_.Put({Diary("ada", 1)});
  home_.clock().Advance(absl::Hours(24 * 29));
  EXPECT_TRUE(EraseOf("ada").empty());

  home_.clock().Advance(absl::Hours(24));

  EXPECT_EQ(EraseOf("ada").rows, 1);
}

TEST_F(RetentionTest, WhoIsNotThereIsNotFound) {
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ErasureBook orders(*vault, home_.clock());
  const auto eraser = PartEraser::Open(home_.steward(), *vault).value();

  RetentionErased erased;
  EXPECT_TRUE(absl::IsNotFound(
      EraseWhatIsPastDue(home_.steward(), orders, *eraser, "nobody",
                         RetentionMode::kErase, &erased)));
}

TEST_F(RetentionTest, WhatIsHeldForLegalClaimsIsNotLetGoByItsAge) {
  home_.Put({Diary("ada", 400)});
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ErasureBook orders(*vault, home_.clock());
  ASSERT_TRUE(orders.MakeKeyFor(20700).ok());
  ErasureEntry order = orders.FindPlaces("ada", 20700).value().next;
  order.erasure.set_hold_rule("ca-ccpa/hold-deletion");
  Transaction transaction = vault->records().Begin().value();
  ASSERT_TRUE(orders.Insert(order).value());
  ASSERT_TRUE(transaction.Commit().ok());

  EXPECT_EQ(EraseOf("ada").hold_rule, "ca-ccpa/hold-deletion");
  EXPECT_EQ(RowsOf("ada"), 1);
}

// Covers: co-cpa/inference
TEST_F(RetentionTest, AnInferenceWithoutConsentGoesWithinADayInColorado) {
  home_.Put({View("ada", 0), View("bob", 0)});
  Settle("ada", "US-CO");
  Settle("bob", "US-WA");
  EXPECT_TRUE(EraseOf("ada").empty());  // Its day is not over.

  home_.clock().Advance(absl::Hours(24));

  EXPECT_EQ(EraseOf("ada").inferences, 1);
  EXPECT_EQ(RowsOf("ada"), 0);
  EXPECT_TRUE(EraseOf("bob").empty());  // Washington has no such clock.
  EXPECT_EQ(RowsOf("bob"), 1);
}

}  // namespace
}  // namespace subrosa
