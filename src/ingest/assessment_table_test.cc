// Tables of questionnaires: a column an item, the total computed or checked.
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/row_mapping.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

std::string Gad7(absl::string_view rest) {
  std::string text =
      "name: 'gad7' message: 'subrosa.v1.Assessment' missing: '9' "
      "column { name: 'who' consumer {} } ";
  for (int i = 1; i <= 7; ++i) {
    absl::StrAppend(&text, "column { name: 'q", i, "' item { number: ", i,
                    " } } ");
  }
  return absl::StrCat(text, rest);
}

constexpr absl::string_view kQuestionnaire =
    "questionnaire { instrument: INSTRUMENT_GAD7 }";
constexpr absl::string_view kTotal =
    "column { name: 'sum' total {} } "
    "questionnaire { instrument: INSTRUMENT_GAD7 }";

Reading Read(absl::string_view mapping_text, absl::string_view file) {
  const auto mapping =
      RowMapping::Parse("m", mapping_text, MessageTypes::Linked());
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  ReaderOptions options = OptionsWithDefaults();
  options.mapping = mapping->get();
  return ReadText(file, options);
}

v1::Assessment AssessmentOf(const v1::HealthRecord& record) {
  v1::Assessment assessment;
  EXPECT_TRUE(record.payload().UnpackTo(&assessment));
  return assessment;
}

TEST(AssessmentTableTest, TheTotalIsComputedWhereEveryItemIsAnswered) {
  const Reading reading = Read(Gad7(kQuestionnaire),
                               "who,q1,q2,q3,q4,q5,q6,q7\n"
                               "ada,0,1,2,3,0,1,2.0\n");

  ASSERT_EQ(reading.records.size(), 1u);
  const v1::Assessment assessment = AssessmentOf(reading.records[0]);
  EXPECT_EQ(assessment.instrument(), v1::INSTRUMENT_GAD7);
  EXPECT_EQ(assessment.items_size(), 7);
  EXPECT_EQ(assessment.items(3).number(), 4);
  EXPECT_EQ(assessment.items(3).answer(), 3);
  EXPECT_EQ(assessment.total(), 9);
}

TEST(AssessmentTableTest, ASkippedItemStaysWithoutAnAnswerAndThereIsNoTotal) {
  const Reading reading = Read(Gad7(kQuestionnaire),
                               "who,q1,q2,q3,q4,q5,q6,q7\n"
                               "ada,0,,9,3,0,1,2\n");

  ASSERT_EQ(reading.records.size(), 1u);
  const v1::Assessment assessment = AssessmentOf(reading.records[0]);
  EXPECT_FALSE(assessment.has_total());
  ASSERT_EQ(assessment.items_size(), 7);
  EXPECT_FALSE(assessment.items(1).has_answer());
  EXPECT_TRUE(assessment.items(0).has_answer());
}

TEST(AssessmentTableTest, AnAnswerOutOfRangeIsRejected) {
  const Reading reading = Read(Gad7(kQuestionnaire),
                               "who,q1,q2,q3,q4,q5,q6,q7\n"
                               "ada,4,0,0,0,0,0,0\n"
                               "ada,-1,0,0,0,0,0,0\n"
                               "ada,1.5,0,0,0,0,0,0\n"
                               "ada,often,0,0,0,0,0,0\n");
  EXPECT_TRUE(reading.records.empty());
  EXPECT_EQ(reading.rejects.size(), 4u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0],
                                "column.q1: want an answer of 0 to 3"));
}

TEST(AssessmentTableTest, ATotalThatIsNotTheSumIsRejected) {
  const Reading reading = Read(Gad7(kTotal),
                               "who,q1,q2,q3,q4,q5,q6,q7,sum\n"
                               "ada,1,1,1,1,1,1,1,7\n"
                               "ada,1,1,1,1,1,1,1,8\n"
                               "ada,1,1,1,1,1,1,,7\n"
                               "ada,1,1,1,1,1,1,1,\n");
  EXPECT_EQ(reading.records.size(), 2u);
  ASSERT_EQ(reading.rejects.size(), 2u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[0],
                                "column.sum: want the sum of the answers"));
}

TEST(AssessmentTableTest, ATotalAloneIsTakenInItsRange) {
  const Reading reading =
      Read(absl::StrCat("name: 't' message: 'subrosa.v1.Assessment' "
                        "column { name: 'who' consumer {} } ",
                        kTotal),
           "who,sum\nada,21\nada,22\nada,\nada,x\n");
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(AssessmentOf(reading.records[0]).total(), 21);
  EXPECT_EQ(reading.rejects.size(), 3u);
}

TEST(AssessmentTableTest, ARowWithoutAnswersIsRejected) {
  const Reading reading =
      Read(Gad7("questionnaire { instrument: INSTRUMENT_GAD7 min_answers: 5 }"),
           "who,q1,q2,q3,q4,q5,q6,q7\nada,,,,,,,\nada,1,1,1,1,,,\n"
           "ada,1,1,1,1,1,,\n");
  EXPECT_EQ(reading.records.size(), 1u);
  ASSERT_EQ(reading.rejects.size(), 2u);
  EXPECT_TRUE(absl::StrContains(reading.rejects[1],
                                "want answers to at least 5 items, got 4"));
}

}  // namespace
}  // namespace subrosa
