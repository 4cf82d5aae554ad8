// By what two de-identified sets could be joined: names, days, order.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/exports/deidentified_set.h"
#include "src/exports/scratch_set.h"
#include "src/steward/sharing.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kMoods[] = "records/subrosa.v1.MoodCheckIn.ndjson";
constexpr int kManyRecords = 600;

// A record of a set. Where no two of a home have one score, a score tells which
// record it is, and how many thousands it has whose.
struct Line {
  std::string consumer;
  std::string when;
  int score = 0;
};

class SetNamesTest : public testing::Test, protected ScratchSet {
 protected:
  // Twelve consumers with three check-ins each, `account-0` with many.
  void PutScored() {
    std::vector<v1::HealthRecord> records;
    for (int consumer = 0; consumer < 12; ++consumer) {
      for (int i = 0; i < (consumer == 0 ? kManyRecords : 3); ++i) {
        v1::MoodCheckIn mood;
        mood.set_score(consumer * 1000 + i + 1);
        records.push_back(RecordOf(absl::StrCat("account-", consumer),
                                   absl::StrCat("r-", i), mood));
      }
    }
    home().Put(records);
  }

  std::vector<Line> LinesOf(const SetTerms& terms) {
    std::vector<Line> lines;
    const std::string file = FilesOf(terms)[kMoods];
    for (const auto text : absl::StrSplit(file, '\n', absl::SkipEmpty())) {
      const auto json = nlohmann::json::parse(text);
      Line& line = lines.emplace_back();
      line.consumer = json["consumer"];
      line.when = json["when"];
      line.score = json["content"]["score"];
    }
    return lines;
  }

  static std::set<std::string> NamesOf(const std::vector<Line>& lines) {
    std::set<std::string> names;
    for (const Line& line : lines) names.insert(line.consumer);
    return names;
  }

  // Consumers, by number, in their order.
  static std::vector<int> ConsumersOf(const std::vector<Line>& lines) {
    std::vector<int> consumers;
    for (const Line& line : lines) {
      if (consumers.empty() || consumers.back() != line.score / 1000) {
        consumers.push_back(line.score / 1000);
      }
    }
    return consumers;
  }

  // The scores of `account-0`, in their order.
  static std::vector<int> ScoresOfFirst(const std::vector<Line>& lines) {
    std::vector<int> scores;
    for (const Line& line : lines) {
      if (line.score < 1000) scores.push_back(line.score);
    }
    return scores;
  }
};

TEST_F(SetNamesTest, RecipientsKnowAConsumerUnderDifferentNames) {
  PutTwelve();
  SetTerms other = Terms();
  other.recipient = "institute";

  const std::set<std::string> first = NamesOf(LinesOf(Terms()));
  const std::set<std::string> second = NamesOf(LinesOf(other));

  ASSERT_EQ(first.size(), 12u);
  for (const std::string& name : first) EXPECT_EQ(second.count(name), 0u);
  const auto shared =
      home().steward().PseudonymOf("account-1", "coach-desk", "2026");
  EXPECT_EQ(first.count(shared.value()), 0u);
}

TEST_F(SetNamesTest, TheSameQuestionAgainKnowsConsumersUnderTheSameNames) {
  PutScored();
  SetTerms packed = Terms();  // How it is packed is no part of the question.
  packed.form = SetForm::kCsv;
  packed.is_compressed = true;
  packed.attested_by = "somebody else";

  std::map<int, std::string> names;
  for (const Line& line : LinesOf(Terms())) names[line.score] = line.consumer;
  std::map<int, std::string> again;
  for (const Line& line : LinesOf(Terms())) again[line.score] = line.consumer;
  ASSERT_TRUE(Write(packed).ok());

  EXPECT_EQ(names, again);
  const auto received =
      home().steward().OpenSharing().value()->ledger().ReadRecipients(
          "account-1");
  ASSERT_EQ(received->size(), 1u);
  EXPECT_EQ(received->front().disclosures, 3);
  EXPECT_THAT(received->front().pseudonyms, ElementsAre(names[1001]));
}

TEST_F(SetNamesTest, SetsOfOtherQuestionsCannotBeJoinedByNames) {
  PutTwelve();
  const std::vector<std::function<void(SetTerms*)>> questions = {
      [](SetTerms*) {},
      [](SetTerms* terms) { terms->schemas = {"subrosa.v1.MoodCheckIn"}; },
      [](SetTerms* terms) {
        terms->schemas = {"subrosa.v1.MoodCheckIn", "subrosa.v1.JournalEntry"};
      },
      [](SetTerms* terms) { terms->keep_text = false; },
      [](SetTerms* terms) { terms->least_group = 2; },
  };
  std::set<std::string> names;
  for (const auto& change : questions) {
    SetTerms terms = Terms();
    change(&terms);

    for (const std::string& name : NamesOf(LinesOf(terms))) names.insert(name);
  }

  EXPECT_EQ(names.size(), questions.size() * 12);
}

TEST_F(SetNamesTest, TwoSetsShareNoOrder) {
  PutScored();
  SetTerms other = Terms();
  other.recipient = "institute";

  const std::vector<Line> first = LinesOf(Terms());
  const std::vector<Line> second = LinesOf(other);

  ASSERT_EQ(first.size(), second.size());
  EXPECT_TRUE(std::is_sorted(
      first.begin(), first.end(),
      [](const Line& a, const Line& b) { return a.consumer < b.consumer; }));
  EXPECT_EQ(ConsumersOf(first).size(), 12u);
  EXPECT_NE(ConsumersOf(first), ConsumersOf(second));
  EXPECT_NE(ScoresOfFirst(first), ScoresOfFirst(second));
}

TEST_F(SetNamesTest, RecordsThatCameTogetherDoNotStayTogether) {
  PutScored();
  SetTerms other = Terms();
  other.recipient = "institute";

  std::vector<int> first = ScoresOfFirst(LinesOf(Terms()));
  std::vector<int> second = ScoresOfFirst(LinesOf(other));

  // More than one batch is shuffled as one: of the first hundred of six hundred
  // some seventeen are among the other's first hundred, and never sixty.
  ASSERT_EQ(first.size(), size_t{kManyRecords});
  first.resize(100);
  second.resize(100);
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  std::vector<int> both;
  std::set_intersection(first.begin(), first.end(), second.begin(),
                        second.end(), std::back_inserter(both));
  EXPECT_LT(both.size(), 60u);
}

TEST_F(SetNamesTest, DaysAreMovedOtherwiseForAnotherQuestion) {
  PutScored();
  SetTerms terms = Terms();
  terms.dates = DateRule::kShifted;
  SetTerms other = terms;
  other.schemas = {"subrosa.v1.MoodCheckIn"};

  std::map<int, std::string> days;
  for (const Line& line : LinesOf(terms)) days[line.score] = line.when;
  std::map<int, std::string> again;
  for (const Line& line : LinesOf(terms)) again[line.score] = line.when;
  int moved = 0;
  for (const Line& line : LinesOf(other)) {
    if (line.score % 1000 == 1 && days[line.score] != line.when) ++moved;
  }

  EXPECT_EQ(days, again);
  EXPECT_GE(moved, 6);  // Of twelve; by chance one of 365 is not.
}

TEST_F(SetNamesTest, WhoHasYearsOfAConsumerGetsNoMovedDaysNorTheOtherWay) {
  PutTwelve();
  SetTerms moved = Terms();
  moved.dates = DateRule::kShifted;
  SetTerms moved_first = moved;
  moved_first.recipient = "institute";
  SetTerms years_after = Terms();
  years_after.recipient = "institute";
  ASSERT_TRUE(Write(Terms()).ok());
  ASSERT_TRUE(Write(Terms()).ok());
  ASSERT_TRUE(Write(moved_first).ok());

  const absl::Status refused = Write(moved).status();

  EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("dates"));
  EXPECT_TRUE(absl::IsPermissionDenied(
      PlanDeidentifiedSet(home().steward(), moved).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(Write(years_after).status()));
  EXPECT_EQ(DisclosuresOf("account-1"), 3);
}

TEST_F(SetNamesTest, ATypeThatNobodyKnowsIsRefusedWithThoseThatAreHeld) {
  PutTwelve();
  SetTerms terms = Terms();
  for (const char* unknown : {"subrosa.v1.MoodChekIn", "", "MoodCheckIn",
                              "google.protobuf.Timestamp"}) {
    terms.schemas = {unknown};

    const absl::Status refused = Write(terms).status();

    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
    EXPECT_THAT(refused.message(), HasSubstr("subrosa.v1.MoodCheckIn"));
    EXPECT_TRUE(absl::IsInvalidArgument(
        PlanDeidentifiedSet(home().steward(), terms).status()));
  }
}

}  // namespace
}  // namespace subrosa
