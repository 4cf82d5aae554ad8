#include "src/exports/aggregate.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/exports/aggregate_policy.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/scratch_home.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
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
    group_by: 'score'
  }
  question {
    id: 'mean-mood'
    title: 'The mean mood'
    recipient: 'coach-desk'
    purpose: 'mood-tracking'
    schema: 'subrosa.v1.MoodCheckIn'
    mean_of: 'score'
  }
  question {
    id: 'mean-by-mood'
    title: 'The mean again'
    recipient: 'coach-desk'
    purpose: 'mood-tracking'
    schema: 'subrosa.v1.MoodCheckIn'
    group_by: 'score'
    mean_of: 'score'
  }
  question {
    id: 'writers'
    title: 'Who wrote'
    recipient: 'coach-desk'
    purpose: 'mood-tracking'
    schema: 'subrosa.v1.JournalEntry'
  }
)pb";

class AggregateTest : public testing::Test {
 protected:
  AggregateTest() {
    const auto put = home_.steward().Recipients().Put(
        {With(ScratchThirdParty(), "purpose: 'mood-tracking'")},
        CivilDayOf(DayOf(home_.clock().Now())));
    EXPECT_TRUE(put.ok()) << put.status();
    // The quarter of the records, 2026-Q2, must be over.
    home_.clock().Advance(absl::Hours(24 * 100));
    policy_ = ParseAggregatePolicy("policy", kPolicy, "rosewater").value();
  }

  // `count` consumers whose names begin with `name`, a check-in each.
  void PutMoods(const std::string& name, int count, int score) {
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < count; ++i) {
      v1::MoodCheckIn mood;
      mood.set_score(score);
      records.push_back(RecordOf(absl::StrCat(name, i), "mood", mood));
    }
    home_.Put(records);
  }
  void PutMoodOn(absl::CivilDay day, const std::string& consumer, int score) {
    v1::MoodCheckIn mood;
    mood.set_score(score);
    v1::HealthRecord record =
        RecordOf(consumer, absl::FormatCivilTime(day), mood);
    record.mutable_collected_at()->set_seconds(
        absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone())));
    home_.Put({record});
  }
  void PutEntry(const std::string& consumer) {
    v1::JournalEntry entry;
    entry.set_text("slept");
    home_.Put({RecordOf(consumer, "entry", entry)});
  }

  absl::StatusOr<Aggregate> Ask(const std::string& question,
                                const std::string& period = "2026-Q2") {
    return AnswerAggregate(home_.steward(), policy_, question, period);
  }
  nlohmann::json AnswerOf(const std::string& question) {
    const auto answer = Ask(question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? nlohmann::json::parse(answer->text) : nlohmann::json();
  }
  static std::map<std::string, int> GroupsOf(const nlohmann::json& answer) {
    std::map<std::string, int> groups;
    for (const auto& group : answer["groups"]) {
      groups[group["value"]] = group["consumers"];
    }
    return groups;
  }

  ScratchHome home_;
  v1::AggregatePolicy policy_;
};

TEST_F(AggregateTest, GroupsAreCountedByConsumer) {
  PutMoods("low", 6, 2);
  PutMoods("high", 7, 9);

  const auto answer = AnswerOf("moods");

  EXPECT_EQ(answer["consumers"], 13);
  EXPECT_EQ(GroupsOf(answer), (std::map<std::string, int>{{"2", 6}, {"9", 7}}));
  EXPECT_EQ(answer["some_groups_suppressed"], false);
}

TEST_F(AggregateTest, AMeanIsOfConsumersOwnMeans) {
  PutMoods("low", 5, 2);
  PutMoods("high", 5, 8);

  EXPECT_EQ(AnswerOf("mean-mood")["mean"], 5.0);
}

TEST_F(AggregateTest, ASmallGroupIsHiddenAndSoIsOneThatWouldTellIt) {
  PutMoods("low", 20, 2);
  PutMoods("middle", 6, 5);
  PutMoods("high", 3, 9);

  const auto answer = AnswerOf("moods");

  // 29 in all, of whom 20 are told: what is left is nine, not three.
  EXPECT_EQ(answer["consumers"], 29);
  EXPECT_EQ(GroupsOf(answer), (std::map<std::string, int>{{"2", 20}}));
  EXPECT_EQ(answer["some_groups_suppressed"], true);
}

TEST_F(AggregateTest, SubtractingTwoAggregatesTellsOfNobody) {
  PutMoods("person-", 20, 5);
  ASSERT_TRUE(Ask("moods").ok());
  // An attacker who knows that all but one of them keep a diary would learn of
  // that one whether they do.
  for (int i = 0; i < 19; ++i) PutEntry(absl::StrCat("person-", i));

  const auto second = Ask("writers");

  EXPECT_TRUE(absl::IsPermissionDenied(second.status())) << second.status();
  EXPECT_THAT(second.status().ToString(), Not(HasSubstr("person-")));
}

TEST_F(AggregateTest, ASecondQuestionOfPeopleWhoDifferByManyIsAnswered) {
  PutMoods("person-", 20, 5);
  ASSERT_TRUE(Ask("moods").ok());
  for (int i = 0; i < 10; ++i) PutEntry(absl::StrCat("person-", i));

  EXPECT_EQ(AnswerOf("writers")["consumers"], 10);
}

TEST_F(AggregateTest, TheSameQuestionIsAnsweredTheSameWhateverCameSince) {
  PutMoods("person-", 20, 5);
  const auto first = Ask("moods");
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->is_repeated);
  PutMoods("newcomer", 1, 5);

  const auto again = Ask("moods");

  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->is_repeated);
  EXPECT_EQ(again->text, first->text);
}

TEST_F(AggregateTest, AMeanIsToldByOneQuestionAlone) {
  PutMoods("person-", 20, 5);
  ASSERT_TRUE(Ask("mean-mood").ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(Ask("mean-by-mood").status()));
}

// Six people have a score of the first quarter, and one of them alone another
// of the second.
class OverlapTest : public AggregateTest {
 protected:
  OverlapTest() {
    const int scores[] = {7, 6, 8, 9, 5, 7};
    for (int i = 0; i < 6; ++i) {
      PutMoodOn(absl::CivilDay(2026, 2, 10), absl::StrCat("w-", i), scores[i]);
    }
    PutMoodOn(absl::CivilDay(2026, 5, 10), "w-3", 1);
    // The year must be over.
    home_.clock().Advance(absl::Hours(24 * 150));
  }

  absl::StatusOr<Aggregate> AskOfYear(const std::string& question) {
    policy_.set_period(v1::AGGREGATE_PERIOD_YEAR);
    return Ask(question, "2026");
  }
};

TEST_F(OverlapTest, OnePersonsValueIsNotToldByTwoMeansOfPeriodsThatOverlap) {
  const auto quarter = Ask("mean-mood", "2026-Q1");
  ASSERT_TRUE(quarter.ok()) << quarter.status();
  EXPECT_EQ(nlohmann::json::parse(quarter->text)["mean"], 7.0);
  EXPECT_TRUE(absl::IsPermissionDenied(Ask("mean-mood", "2026-Q2").status()));

  // Six times the mean of the year, less six times that of the quarter, is half
  // of what the one's two scores differ by.
  const absl::Status year = AskOfYear("mean-mood").status();

  EXPECT_TRUE(absl::IsFailedPrecondition(year)) << year;
  EXPECT_THAT(year.ToString(), HasSubstr("told for 2026-01-01 to 2026-03-31"));
}

TEST_F(OverlapTest, NeitherAnotherQuestionNorAnotherRecipientMakesADifference) {
  ASSERT_TRUE(home_.steward()
                  .Recipients()
                  .Put({With(ScratchThirdParty(),
                             "id: 'sponsor' purpose: 'mood-tracking'")},
                       CivilDayOf(DayOf(home_.clock().Now())))
                  .ok());
  ASSERT_TRUE(Ask("mean-mood", "2026-Q1").ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(AskOfYear("mean-by-mood").status()));
  policy_.mutable_question(1)->set_recipient("sponsor");
  EXPECT_TRUE(absl::IsFailedPrecondition(AskOfYear("mean-mood").status()));
}

TEST_F(OverlapTest, APeriodThatIsPartOfOneThatWasToldIsRefusedToo) {
  ASSERT_TRUE(AskOfYear("mean-mood").ok());
  policy_.set_period(v1::AGGREGATE_PERIOD_QUARTER);

  const absl::Status quarter = Ask("mean-mood", "2026-Q1").status();

  EXPECT_TRUE(absl::IsFailedPrecondition(quarter)) << quarter;
  EXPECT_THAT(quarter.ToString(), HasSubstr("2026-01-01 to 2026-12-31"));
}

TEST_F(OverlapTest, PeriodsThatShareNoDayAreAnswered) {
  PutMoods("person-", 6, 4);
  for (int i = 0; i < 6; ++i) {
    PutMoodOn(absl::CivilDay(2026, 9, 30), absl::StrCat("person-", i), 3);
  }
  ASSERT_TRUE(Ask("mean-mood", "2026-Q1").ok());

  EXPECT_EQ(Ask("mean-mood", "2026-Q3").status(), absl::OkStatus());
}

// The year's consumers are the quarter's: no count of other days follows.
TEST_F(OverlapTest, CountsOfPeriodsThatOverlapTellOfNoFewerAndAreAnswered) {
  ASSERT_TRUE(Ask("moods", "2026-Q1").ok());

  const auto year = AskOfYear("moods");

  ASSERT_TRUE(year.ok()) << year.status();
  EXPECT_EQ(nlohmann::json::parse(year->text)["consumers"], 6);
}

TEST_F(OverlapTest, ACountOfAYearThatWouldTellOfOneNewcomerIsRefused) {
  PutMoodOn(absl::CivilDay(2026, 5, 10), "newcomer", 1);
  ASSERT_TRUE(Ask("moods", "2026-Q1").ok());

  EXPECT_TRUE(absl::IsPermissionDenied(AskOfYear("moods").status()));
}

TEST_F(AggregateTest, ThoseWhoAskAtOnceGetOneAnswer) {
  constexpr size_t kAskers = 4;
  PutMoods("person-", 20, 5);
  StewardOptions options;
  options.clock = &home_.clock();
  std::vector<std::unique_ptr<Steward>> stewards;
  for (size_t i = 0; i < kAskers; ++i) {
    stewards.push_back(
        Steward::Open(home_.folder(), home_.passphrase(), options).value());
  }
  std::vector<absl::StatusOr<Aggregate>> answers(kAskers,
                                                 absl::UnknownError(""));
  absl::Barrier* const ready = new absl::Barrier(kAskers);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kAskers; ++i) {
    threads.emplace_back([&, i] {
      if (ready->Block()) delete ready;
      answers[i] =
          AnswerAggregate(*stewards[i], policy_, "mean-mood", "2026-Q2");
    });
  }
  for (std::thread& thread : threads) thread.join();

  int first = 0;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->text, answers[0]->text);
    first += answer->is_repeated ? 0 : 1;
  }
  EXPECT_EQ(first, 1);
}

TEST_F(AggregateTest, WhoObjectedIsNotCounted) {
  PutMoods("person-", 7, 5);
  const auto sharing = home_.steward().OpenSharing().value();
  ASSERT_TRUE(sharing->Revoke("person-3", "coach-desk", "").ok());

  EXPECT_EQ(AnswerOf("moods")["consumers"], 6);
}

TEST_F(AggregateTest, AnErasureIsNotFoundOutByAskingAgain) {
  PutMoods("person-", 20, 5);
  ASSERT_TRUE(Ask("moods").ok());
  ASSERT_TRUE(home_.Erase("person-3").ok());

  EXPECT_TRUE(absl::IsPermissionDenied(Ask("mean-mood").status()));
}

TEST_F(AggregateTest, TooFewWhatIsNotAskedForAndWhatIsNotOverAreRefused) {
  PutMoods("person-", 4, 5);

  EXPECT_TRUE(absl::IsPermissionDenied(Ask("moods").status()));
  EXPECT_TRUE(absl::IsNotFound(Ask("everything").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Ask("moods", "2026").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(Ask("moods", "2030-Q1").status()));
  policy_.mutable_question(0)->set_schema("subrosa.v1.Nothing");
  EXPECT_TRUE(absl::IsFailedPrecondition(Ask("moods").status()));
  policy_.mutable_question(0)->set_recipient("nobody");
  EXPECT_TRUE(absl::IsNotFound(Ask("moods").status()));
}

}  // namespace
}  // namespace subrosa
