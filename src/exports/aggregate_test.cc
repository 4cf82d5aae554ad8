#include "src/exports/aggregate.h"

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/exports/aggregate_policy.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/scratch_home.h"
#include "src/steward/sharing.h"
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

  EXPECT_TRUE(absl::IsPermissionDenied(Ask("mean-by-mood").status()));
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
