#include "src/classify/span_match.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kTypes[] =
    "type\tZIP\tstructured\tZIP\ttext/zip,text/address\n"
    "type\tADDRESS\tstructured\tADDRESS\ttext/address,text/zip\n"
    "type\tPERSON\tnames\tPERSON\ttext/person\n"
    "pass\tTITLE\tnobody's identifier\n";

constexpr char kLetter[] = "Dr. Ann Lee, 12 Oak Street, Yakima 98901, called.";

SpanLabel LabelOf(absl::string_view part, std::string type) {
  const size_t at = absl::string_view(kLetter).find(part);
  return {{at, part.size()}, std::move(type)};
}

FoundSpan FindOf(absl::string_view part, std::string rule) {
  return {LabelOf(part, "").span, std::move(rule), 0.5};
}

SpanMatches Match(std::vector<SpanLabel> labels,
                  const std::vector<FoundSpan>& found) {
  static const SpanTypes& types = *new SpanTypes(*SpanTypes::Parse(kTypes));
  LabelledText text;
  text.id = "a";
  text.text = kLetter;
  text.labels = std::move(labels);
  auto matches = MatchSpans(text, found, types);
  EXPECT_TRUE(matches.ok()) << matches.status();
  return *std::move(matches);
}

TEST(SpanMatchTest, OneFindCoversAllPartsOfAnAddress) {
  const SpanMatches matches =
      Match({LabelOf("12 Oak Street", "ADDRESS"), LabelOf("Yakima", "ADDRESS"),
             LabelOf("98901", "ZIP")},
            {FindOf("12 Oak Street, Yakima 98901", "text/address")});

  EXPECT_TRUE(matches.labels[0].is_covered);
  EXPECT_TRUE(matches.labels[1].is_covered);
  EXPECT_TRUE(matches.labels[2].is_covered);
  EXPECT_TRUE(matches.finds[0].is_right);
  EXPECT_EQ(5, matches.finds[0].right_words);
  // Of pairs there is one.
  EXPECT_TRUE(matches.labels[0].is_paired);
  EXPECT_FALSE(matches.labels[1].is_paired);
}

TEST(SpanMatchTest, TwoFindsAddUpToOneLabel) {
  const SpanMatches matches = Match(
      {LabelOf("12 Oak Street, Yakima 98901", "ADDRESS")},
      {FindOf("12 Oak", "text/address"), FindOf("Yakima 98901", "text/zip")});

  EXPECT_TRUE(matches.labels[0].is_covered);
  EXPECT_TRUE(matches.finds[0].is_right);
  EXPECT_TRUE(matches.finds[1].is_right);
  EXPECT_EQ(4, matches.labels[0].covered_words);
}

TEST(SpanMatchTest, ATouchedEdgeIsNotCovered) {
  const SpanMatches matches =
      Match({LabelOf("12 Oak Street, Yakima 98901", "ADDRESS")},
            {FindOf("98901", "text/zip")});

  EXPECT_FALSE(matches.labels[0].is_covered);
  EXPECT_TRUE(matches.labels[0].is_paired);
  EXPECT_TRUE(matches.finds[0].is_right);
}

TEST(SpanMatchTest, AFindOverAWholePageIsWrong) {
  const SpanMatches matches =
      Match({LabelOf("98901", "ZIP")}, {FindOf(kLetter, "text/address")});

  EXPECT_TRUE(matches.labels[0].is_covered);
  EXPECT_FALSE(matches.finds[0].is_right);
  EXPECT_EQ(9, matches.finds[0].words);
  EXPECT_EQ(1, matches.finds[0].right_words);
}

TEST(SpanMatchTest, AFindOfAnotherTypeCoversBytesAndNothingElse) {
  const SpanMatches matches =
      Match({LabelOf("Ann Lee", "PERSON")}, {FindOf("Ann Lee", "text/zip")});

  EXPECT_FALSE(matches.labels[0].is_covered);
  EXPECT_FALSE(matches.labels[0].is_paired);
  EXPECT_EQ(7, matches.labels[0].covered_bytes);
  EXPECT_FALSE(matches.finds[0].is_right);
  EXPECT_EQ(-1, matches.finds[0].type);
}

TEST(SpanMatchTest, WhatIsPassedOverIsNeitherRightNorWrong) {
  const SpanMatches matches =
      Match({LabelOf("Dr. Ann", "TITLE"), LabelOf("Lee", "PERSON")},
            {FindOf("Dr. Ann Lee", "text/person")});

  EXPECT_TRUE(matches.finds[0].is_right);
  EXPECT_TRUE(matches.finds[0].meets_passed);
  EXPECT_EQ(1, matches.finds[0].words);
}

TEST(SpanMatchTest, ALabelOfNothingButSignsIsMeasuredInBytes) {
  EXPECT_TRUE(Match({LabelOf(", ", "ADDRESS")}, {FindOf(",", "text/zip")})
                  .labels[0]
                  .is_covered);
  EXPECT_FALSE(Match({LabelOf(", ", "ADDRESS")}, {}).labels[0].is_covered);
}

TEST(SpanMatchTest, PartOfAWordIsAWordOfTheLabelAndNotOfTheFindBefore) {
  const SpanMatches matches =
      Match({LabelOf("treet", "ADDRESS")}, {FindOf("12 Oak Str", "text/zip")});

  EXPECT_EQ(1, matches.labels[0].words);
  EXPECT_EQ(1, matches.labels[0].covered_words);
  EXPECT_FALSE(matches.labels[0].is_covered);
  EXPECT_EQ(0, matches.finds[0].right_words);
}

TEST(SpanMatchTest, MoreOverlapsThanAnyTextHasAreRefused) {
  const auto types = SpanTypes::Parse(kTypes);
  LabelledText text;
  text.id = "a";
  text.text = std::string(2048, 'x');
  std::vector<FoundSpan> found;
  for (size_t i = 0; i < 1024; ++i) {
    text.labels.push_back({{0, 2048}, "ZIP"});
    found.push_back({{2 * i, 1}, "text/zip", 0.5});
  }

  EXPECT_TRUE(
      absl::IsInvalidArgument(MatchSpans(text, found, *types).status()));
}

}  // namespace
}  // namespace subrosa
