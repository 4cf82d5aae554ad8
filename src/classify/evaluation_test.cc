#include "src/classify/evaluation.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTypes[] =
    "type\tZIP\tstructured\tZIP\ttext/zip\n"
    "type\tADDRESS\tstructured\tADDRESS\ttext/address,text/zip\n"
    "type\tPHONE\tstructured\tPHONE\ttext/phone\n"
    "type\tPERSON\tnames\tPERSON\ttext/person\n"
    "pass\tTITLE\tnobody's identifier\n";

SpanLabel Label(size_t offset, size_t length, std::string type) {
  return {{offset, length}, std::move(type)};
}

FoundSpan Find(size_t offset, size_t length, std::string rule,
               double score = 0.5) {
  return {{offset, length}, std::move(rule), score};
}

class EvaluationTest : public testing::Test {
 protected:
  EvaluationTest() : types_(*SpanTypes::Parse(kTypes)) {
    options_.resamples = 200;
  }

  static LabelledText Text(std::string id, std::vector<SpanLabel> labels,
                           std::string source = "") {
    LabelledText text;
    text.id = std::move(id);
    text.text = std::string(100, 'x');
    text.source = std::move(source);
    text.labels = std::move(labels);
    return text;
  }

  const SpanTypes types_;
  Evaluation::Options options_;
};

TEST_F(EvaluationTest, AFindThatSharesHalfCountsButIsNotExact) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(evaluation
                  .Add(Text("a", {Label(0, 10, "PHONE"), Label(20, 8, "PHONE"),
                                  Label(40, 5, "PHONE")}),
                       {Find(0, 10, "text/phone"), Find(22, 6, "text/phone"),
                        Find(60, 5, "text/phone")})
                  .ok());

  // 3 labelled, 3 found, 2 overlap, 1 is equal; 10 + 6 of 23 bytes are covered.
  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  ASSERT_EQ(1, report.types.size());
  const EvaluationRow& phone = report.types[0];
  EXPECT_DOUBLE_EQ(2.0 / 3, phone.cover.precision);
  EXPECT_DOUBLE_EQ(2.0 / 3, phone.cover.recall);
  EXPECT_DOUBLE_EQ(2.0 / 3, phone.cover.f2);
  EXPECT_DOUBLE_EQ(2.0 / 3, phone.paired.f2);
  EXPECT_DOUBLE_EQ(1.0 / 3, phone.exact.f1);
  EXPECT_EQ(23, phone.tally.labelled_bytes);
  EXPECT_EQ(16, phone.tally.covered_bytes);
}

TEST_F(EvaluationTest, AMissCostsF2FourTimesWhatAFalseAlarmCosts) {
  // 8 of 10 found and 2 false alarms; then 8 of 9, and 3.
  EXPECT_DOUBLE_EQ(0.8, ScoreOf(10, 8, 10, 8).f2);
  EXPECT_DOUBLE_EQ(40.0 / (36 + 11), ScoreOf(9, 8, 11, 8).f2);
  EXPECT_DOUBLE_EQ(16.0 / 20, ScoreOf(9, 8, 11, 8).f1);
}

TEST_F(EvaluationTest, NothingAskedAndNothingFoundIsNoFault) {
  EXPECT_DOUBLE_EQ(1, ScoreOf(0, 0, 0, 0).f2);
  EXPECT_DOUBLE_EQ(0, ScoreOf(3, 0, 0, 0).f2);
  EXPECT_DOUBLE_EQ(0, ScoreOf(3, 0, 0, 0).recall);
  EXPECT_DOUBLE_EQ(0, ScoreOf(0, 0, 3, 0).precision);
}

TEST_F(EvaluationTest, AFindOfAnotherTypeIsAMissAndAFalseAlarm) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(evaluation
                  .Add(Text("a", {Label(0, 10, "PHONE"), Label(20, 9, "ZIP")}),
                       {Find(0, 10, "text/zip")})
                  .ok());

  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  ASSERT_EQ(2, report.types.size());
  EXPECT_EQ(1, report.types[0].tally.found);  // ZIP: a false alarm.
  EXPECT_EQ(0, report.types[0].tally.paired);
  EXPECT_EQ(0, report.types[1].tally.found);
  // Though nothing of the phone number is left bare.
  EXPECT_EQ(10, report.types[1].tally.covered_bytes);
}

TEST_F(EvaluationTest, TwoFindsInOneLabelAreBothRightAndOnePair) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(evaluation
                  .Add(Text("a", {Label(0, 30, "ADDRESS")}),
                       {Find(0, 20, "text/address"), Find(25, 5, "text/zip")})
                  .ok());

  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  EXPECT_EQ(2, report.all.tally.found);
  EXPECT_EQ(2, report.all.tally.right);
  EXPECT_EQ(1, report.all.tally.paired);
  EXPECT_EQ(25, report.all.tally.covered_bytes);
  EXPECT_DOUBLE_EQ(1, report.all.cover.f2);
  EXPECT_GT(1, report.all.paired.f2);
}

TEST_F(EvaluationTest, WhatASourceNeverLabelsIsNotJudged) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(evaluation
                  .Add(Text("a", {Label(0, 5, "PERSON")}, "names-only"),
                       {Find(10, 5, "text/phone")})
                  .ok());
  ASSERT_TRUE(
      evaluation.Add(Text("b", {Label(0, 9, "PHONE")}, "phones"), {}).ok());

  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  EXPECT_EQ(1, report.not_judged);
  EXPECT_EQ(0, report.all.tally.found);
}

TEST_F(EvaluationTest, WhatLiesUnderALabelThatIsPassedOverIsNoAlarm) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(evaluation
                  .Add(Text("a", {Label(0, 3, "TITLE"), Label(4, 6, "PERSON")}),
                       {Find(0, 3, "text/person"), Find(4, 6, "text/person")})
                  .ok());

  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  EXPECT_EQ(1, report.names.tally.labelled);
  EXPECT_EQ(1, report.names.tally.found);
}

TEST_F(EvaluationTest, NamesAreToldApartFromStructuredIdentifiers) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(
      evaluation
          .Add(Text("a", {Label(0, 5, "PERSON"), Label(10, 5, "PHONE")}),
               {Find(10, 5, "text/phone")})
          .ok());

  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  EXPECT_DOUBLE_EQ(1, report.structured.cover.f2);
  EXPECT_DOUBLE_EQ(0, report.names.cover.f2);
  EXPECT_DOUBLE_EQ(0.5, report.all_macro.f2);
  EXPECT_DOUBLE_EQ(5.0 / (8 + 1), report.all.cover.f2);
}

TEST_F(EvaluationTest, TheWorstErrorsComeFirstAndShowNoText) {
  Evaluation evaluation(types_, options_);
  ASSERT_TRUE(
      evaluation
          .Add(Text("a", {Label(0, 5, "PHONE"), Label(10, 9, "PHONE")}),
               {Find(40, 5, "text/phone", 0.4), Find(50, 5, "text/phone", 0.9)})
          .ok());

  const auto errors = evaluation.Report(EvaluationPart::kAll).errors;
  ASSERT_EQ(4, errors.size());
  EXPECT_TRUE(errors[0].is_missed);
  EXPECT_EQ(9, errors[0].bare_bytes);
  EXPECT_FALSE(errors[2].is_missed);
  EXPECT_EQ(50, errors[2].span.offset);
  for (const EvaluationError& error : errors) EXPECT_EQ("", error.text);
}

TEST_F(EvaluationTest, IntervalsHoldTheFigureAndAreTheSameOnEachRun) {
  const auto run = [this] {
    Evaluation evaluation(types_, options_);
    for (int i = 0; i < 40; ++i) {
      std::vector<FoundSpan> found;
      if (i % 4 != 0) found.push_back(Find(0, 8, "text/phone"));
      EXPECT_TRUE(
          evaluation.Add(Text(absl::StrCat(i), {Label(0, 8, "PHONE")}), found)
              .ok());
    }
    return evaluation.Report(EvaluationPart::kAll).structured;
  };

  const EvaluationRow first = run();
  EXPECT_DOUBLE_EQ(0.75, first.cover.recall);
  EXPECT_GT(0.75, first.recall_interval.low);
  EXPECT_LT(0.5, first.recall_interval.low);
  EXPECT_LT(0.75, first.recall_interval.high);
  EXPECT_DOUBLE_EQ(first.recall_interval.low, run().recall_interval.low);
}

TEST_F(EvaluationTest, ALabelThatNobodyKnowsIsRefusedWithoutBeingRepeated) {
  Evaluation evaluation(types_, options_);

  const absl::Status status =
      evaluation.Add(Text("a", {Label(0, 5, "Canary")}), {});
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("spans[0].type"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("Canary")));
  EXPECT_EQ(0, evaluation.Report(EvaluationPart::kAll).texts);
}

TEST(LabelledTextTest, SpansCountBytesAndComeInOrder) {
  const auto text = ParseLabelledText(
      R"({"id": "a", "text": "Zoë 555", "source": "own", "track": "t",)"
      R"( "spans": [{"bstart": 5, "bend": 8, "type": "PHONE"},)"
      R"( {"bstart": 0, "bend": 4, "type": "PERSON", "start": 0}]})");

  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ("own/t", text->source);
  ASSERT_EQ(2, text->labels.size());
  EXPECT_EQ("PERSON", text->labels[0].type);
  EXPECT_EQ(3, text->labels[1].span.length);
}

TEST(LabelledTextTest, WhatIsNoLabelledTextIsRefusedWithoutAValue) {
  for (const char* line :
       {"", "[]", "{", R"({"id": "a"})",
        R"({"id": "", "text": "", "spans": []})",
        R"({"id": 1, "text": "canary", "spans": []})",
        R"({"id": "a", "text": ["canary"], "spans": []})",
        R"({"id": "a", "text": "canary", "spans": {}})",
        R"({"id": "a", "text": "canary", "spans": [1]})",
        R"({"id": "a", "text": "canary", "spans": [{"bstart": 0}]})",
        R"({"id": "a", "text": "canary",)"
        R"( "spans": [{"bstart": -1, "bend": 2, "type": "PHONE"}]})",
        R"({"id": "a", "text": "canary",)"
        R"( "spans": [{"bstart": 0, "bend": 7, "type": "PHONE"}]})",
        R"({"id": "a", "text": "canary",)"
        R"( "spans": [{"bstart": 3, "bend": 3, "type": "PHONE"}]})",
        R"({"id": "a", "text": "canarë",)"
        R"( "spans": [{"bstart": 0, "bend": 6, "type": "PHONE"}]})",
        R"({"id": "a", "text": "canary",)"
        R"( "spans": [{"bstart": 0, "bend": 2, "type": 7}]})"}) {
    const auto text = ParseLabelledText(line);

    EXPECT_TRUE(absl::IsInvalidArgument(text.status())) << line;
    EXPECT_THAT(std::string(text.status().message()), Not(HasSubstr("canar")));
  }
}

TEST(SpanTypesTest, WhatIsBuiltInIsWhole) {
  const auto types = SpanTypes::BuiltIn();

  ASSERT_TRUE(types.ok()) << types.status();
  EXPECT_TRUE(types->OfLabel("PHONE").ok());
  EXPECT_EQ(SpanTypes::kPass, *types->OfLabel("TITLE"));
  EXPECT_TRUE(types->OfRule("text/no-such-rule").empty());
}

TEST(SpanTypesTest, ABadLineIsNamedByItsNumber) {
  for (const char* text : {"# fine\ntype\tA\n", "# fine\nkind\tA\tb\tc\td\n",
                           "# fine\ntype\tA\tnonsense\tA\ttext/a\n",
                           "pass\tA\twhy\npass\tA\twhy\n"}) {
    const auto types = SpanTypes::Parse(text);

    EXPECT_TRUE(absl::IsInvalidArgument(types.status())) << text;
    EXPECT_THAT(std::string(types.status().message()), HasSubstr("line 2: "));
  }
}

LabelledText Sentence(const std::string& before, const std::string& value,
                      const std::string& after) {
  LabelledText text;
  text.id = "s";
  text.text = absl::StrCat(before, value, after);
  text.labels = {Label(before.size(), value.size(), "PERSON")};
  return text;
}

TEST(TextTemplatesTest, OneSentenceWithTwoNamesIsOneTemplate) {
  TextTemplates templates;
  templates.Add(Sentence("My name is ", "Ann", "."));
  templates.Add(Sentence("my name is ", "Robert Smith", " !"));
  templates.Add(Sentence("Your name is ", "Ann", "."));

  EXPECT_EQ(2, templates.count());
  EXPECT_EQ(templates.HeldOut()[0], templates.HeldOut()[1]);
}

TEST(TextTemplatesTest, TextsThatBeginOrEndAlikeStayTogether) {
  TextTemplates templates;
  const std::string start = "please send my new card to the place of ";
  templates.Add(Sentence(start, "Ann", ", as I am on the road"));
  templates.Add(Sentence(start, "Bob", " and do it soon, will you"));
  templates.Add(Sentence("Hello. Would you, for ", "Eve",
                         ", now and then do it soon, will you"));
  templates.Add(Sentence("x ", "Eve", " now and then do it soon, will you"));

  EXPECT_EQ(2, templates.count());
}

TEST(TextTemplatesTest, BothHalvesGetTemplates) {
  TextTemplates templates;
  for (int i = 0; i < 64; ++i) {
    templates.Add(Sentence(
        std::string(static_cast<size_t>(i) + 1, 'a') + " is ", "Ann", "."));
  }

  const std::vector<bool> held_out = templates.HeldOut();
  const auto count = std::count(held_out.begin(), held_out.end(), true);
  EXPECT_LT(8, count);
  EXPECT_GT(56, count);
}

}  // namespace
}  // namespace subrosa
