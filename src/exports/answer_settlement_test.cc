#include "src/exports/answer_settlement.h"

#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_numbers.h"
#include "src/audit/log_reader.h"
#include "src/audit/merkle.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/exports/aggregate.h"
#include "src/exports/aggregate_policy.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/lost_answers.h"
#include "src/vault/told_since.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kPolicy[] = R"pb(
  entity: 'rosewater'
  least_group: 5
  period: AGGREGATE_PERIOD_QUARTER
  question {
    id: 'moods'
    title: 'How moods were'
    recipient: 'coach-desk'
    purpose: 'mood-tracking'
    schema: 'subrosa.v1.MoodCheckIn'
  }
  question {
    id: 'mean-mood'
    title: 'The mean mood'
    recipient: 'coach-desk'
    purpose: 'mood-tracking'
    schema: 'subrosa.v1.MoodCheckIn'
    mean_of: 'score'
  }
)pb";

// Six people have a check-in of 2026-Q2; "moods" is answered of it, and then
// copies of the stores are made.
class AnswerSettlementTest : public testing::Test {
 protected:
  AnswerSettlementTest() {
    EXPECT_TRUE(
        home_.steward()
            .Recipients()
            .Put({With(ScratchThirdParty(), "purpose: 'mood-tracking'")},
                 CivilDayOf(DayOf(home_.clock().Now())))
            .ok());
    policy_ = ParseAggregatePolicy("policy", kPolicy, "rosewater").value();
    for (int i = 0; i < 6; ++i) PutMood(absl::StrCat("person-", i), 7);
    // The quarter must be over.
    home_.clock().Advance(absl::Hours(24 * 100));
    EXPECT_TRUE(Ask("moods").ok());
    CopyRecords();
  }

  std::string Path(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  void PutMood(const std::string& consumer, int score,
               absl::CivilDay day = absl::CivilDay(2026, 6, 1)) {
    v1::MoodCheckIn mood;
    mood.set_score(score);
    v1::HealthRecord record =
        RecordOf(consumer, absl::FormatCivilTime(day), mood);
    record.mutable_collected_at()->set_seconds(
        absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone())));
    home_.Put({record});
  }

  void CopyRecords() {
    home_.Close();
    const auto database = OpenSqlite(Path("records.db"), SqliteOptions());
    EXPECT_TRUE((*database)->FlushJournal(absl::Seconds(1)).ok());
    const auto content = ReadFile(Path("records.db"), size_t{64} << 20);
    EXPECT_TRUE(ReplaceFile(Path("records.old"), *content, 0600).ok());
    EXPECT_TRUE(home_.Open().ok());
  }

  RestoreReport PutCopyBack() {
    home_.Close();
    RestoreOptions options;
    options.records_file = Path("records.old");
    const auto report =
        RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), options);
    EXPECT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(home_.Open().ok());
    return report.value_or(RestoreReport());
  }

  absl::StatusOr<Aggregate> Ask(const std::string& question,
                                const std::string& period = "2026-Q2") {
    return AnswerAggregate(home_.steward(), policy_, question, period);
  }

  ScratchHome home_;
  v1::AggregatePolicy policy_;
};

TEST_F(AnswerSettlementTest, AnAnswerThatARestoreForgetsIsNotGivenAnew) {
  ASSERT_TRUE(Ask("mean-mood").ok());
  PutMood("newcomer", 1);

  EXPECT_EQ(PutCopyBack().answers_lost, 1);

  // Seven times this mean, less six times the first, were the newcomer's score.
  const absl::Status again = Ask("mean-mood").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(again)) << again;
  EXPECT_THAT(again.ToString(), HasSubstr("`subrosa export lost-answers`"));
  const LostAnswers lost = FindLostAnswers(home_.steward()).value();
  EXPECT_EQ(lost.answers, 1);
  EXPECT_EQ(lost.last_day, DayOf(home_.clock().Now()));
  EXPECT_FALSE(lost.is_settled);
}

TEST_F(AnswerSettlementTest, WhatTheCopyKnowsIsGivenAgain) {
  const std::string first = Ask("moods")->text;
  ASSERT_TRUE(Ask("mean-mood").ok());
  PutCopyBack();

  const auto again = Ask("moods");

  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->is_repeated);
  EXPECT_EQ(again->text, first);
}

TEST_F(AnswerSettlementTest, ACopyThatKnowsAllAnswersLosesNone) {
  PutMood("newcomer", 1);

  EXPECT_EQ(PutCopyBack().answers_lost, 0);

  EXPECT_EQ(FindLostAnswers(home_.steward())->answers, 0);
  EXPECT_TRUE(Ask("mean-mood").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      SettleAnswers(home_.steward(), "for nothing").status()));
}

TEST_F(AnswerSettlementTest, AnAnswerThatWaitsInTheCopyForTheLogIsNotLost) {
  LogReader log = home_.steward().ReadLog().value();
  absl::flat_hash_set<MerkleHash> waiting;
  ASSERT_TRUE(log.VisitEntries(0, log.checkpoint().size,
                               [&](uint64_t, absl::string_view entry) {
                                 if (ParseLeaf(entry)->kind == kSetGivenLeaf) {
                                   waiting.insert(MerkleHasher().Leaf(entry));
                                 }
                                 return absl::OkStatus();
                               })
                  .ok());
  ASSERT_EQ(waiting.size(), 1u);

  EXPECT_EQ(ReadToldSince(log, CopySizes(), {})->answers, 1);
  EXPECT_EQ(ReadToldSince(log, CopySizes(), waiting)->answers, 0);
}

TEST_F(AnswerSettlementTest, OnceSettledLaterPeriodsAreAnsweredAndNoOthers) {
  ASSERT_TRUE(Ask("mean-mood").ok());
  const absl::CivilDay lost_on = CivilDayOf(DayOf(home_.clock().Now()));
  PutCopyBack();
  for (int i = 0; i < 6; ++i) {
    PutMood(absl::StrCat("person-", i), 4, absl::CivilDay(2027, 2, 1));
  }
  home_.clock().Advance(absl::Hours(24 * 200));
  ASSERT_TRUE(absl::IsFailedPrecondition(Ask("mean-mood", "2027-Q1").status()));

  const auto settled = SettleAnswers(home_.steward(), "the recipient is gone");

  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_TRUE(settled->is_settled);
  EXPECT_EQ(Ask("mean-mood", "2027-Q1").status(), absl::OkStatus());
  // The last of them was given in the fourth quarter.
  for (const std::string period : {"2026-Q2", "2026-Q4"}) {
    const absl::Status before = Ask("mean-mood", period).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(before)) << before;
    EXPECT_THAT(before.ToString(), HasSubstr(absl::FormatCivilTime(lost_on)));
  }
}

TEST_F(AnswerSettlementTest, TheLogSaysWhyItWasSettled) {
  ASSERT_TRUE(Ask("mean-mood").ok());
  PutCopyBack();
  ASSERT_TRUE(SettleAnswers(home_.steward(), "the recipient is gone").ok());

  LogReader log = home_.steward().ReadLog().value();
  std::vector<std::string> reasons;
  ASSERT_TRUE(log.VisitEntries(0, log.checkpoint().size,
                               [&](uint64_t, absl::string_view entry) {
                                 const Leaf leaf = ParseLeaf(entry).value();
                                 if (leaf.kind == kLostAnswersSettledLeaf) {
                                   EXPECT_EQ(leaf.numbers.front(), 1u);
                                   reasons.push_back(leaf.text);
                                 }
                                 return absl::OkStatus();
                               })
                  .ok());
  EXPECT_EQ(reasons, std::vector<std::string>{"the recipient is gone"});
  EXPECT_TRUE(absl::IsFailedPrecondition(
      SettleAnswers(home_.steward(), "again").status()));
}

TEST_F(AnswerSettlementTest, WhatIsLostLaterIsNotSettledWithIt) {
  ASSERT_TRUE(Ask("mean-mood").ok());
  PutCopyBack();
  ASSERT_TRUE(SettleAnswers(home_.steward(), "the recipient is gone").ok());

  // The same copy: it knows neither the answer nor that it was settled.
  EXPECT_EQ(PutCopyBack().answers_lost, 1);

  EXPECT_FALSE(FindLostAnswers(home_.steward())->is_settled);
}

TEST_F(AnswerSettlementTest, AReasonThatTheLogCannotHoldSettlesNothing) {
  ASSERT_TRUE(Ask("mean-mood").ok());
  PutCopyBack();

  for (const std::string& reason :
       {std::string(), std::string(kMaxSettlementReasonBytes + 1, 'x'),
        std::string("canary\n")}) {
    const absl::Status status = SettleAnswers(home_.steward(), reason).status();

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(status.ToString(), Not(HasSubstr("canary")));
  }
  EXPECT_FALSE(FindLostAnswers(home_.steward())->is_settled);
}

}  // namespace
}  // namespace subrosa
