#include "src/exports/group_evidence.h"

#include "gtest/gtest.h"

namespace subrosa {
namespace {

const CoarseValues kSeattle = {"area 981", "year 2026"};
const CoarseValues kSpokane = {"area 992", "year 2026"};

TEST(GroupEvidenceTest, ConsumersWithTheSameValuesAreOneGroup) {
  GroupEvidence evidence;

  EXPECT_EQ(evidence.Add(kSeattle, "mood"), 0u);
  EXPECT_EQ(evidence.Add(kSpokane, "mood"), 1u);
  EXPECT_EQ(evidence.Add(kSeattle, "sleep"), 0u);
  EXPECT_EQ(evidence.consumers(0), 2);
  EXPECT_EQ(evidence.values(1), kSpokane);
}

TEST(GroupEvidenceTest, WhoStandsAloneIsLeftOut) {
  GroupEvidence evidence;
  for (int i = 0; i < 3; ++i) evidence.Add(kSeattle, "mood");
  evidence.Add(kSpokane, "mood");

  const GroupSummary summary = evidence.Summary(3);

  EXPECT_EQ(summary.consumers, 3);
  EXPECT_EQ(summary.groups, 1);
  EXPECT_EQ(summary.least_consumers, 3);
  EXPECT_EQ(summary.left_out, 1);
}

TEST(GroupEvidenceTest, AGroupWhoseConsumersAreAllAlikeHasOneKind) {
  GroupEvidence evidence;
  for (int i = 0; i < 3; ++i) evidence.Add(kSeattle, "mood");
  for (int i = 0; i < 3; ++i) evidence.Add(kSpokane, i == 0 ? "mood" : "sleep");

  const GroupSummary summary = evidence.Summary(3);

  EXPECT_EQ(summary.least_kinds, 1);
  // One with moods and two with sleep, in a group where three are asked for.
  EXPECT_EQ(summary.small_cells, 2);
}

TEST(GroupEvidenceTest, OfNobodyThereIsNoGroup) {
  const GroupSummary summary = GroupEvidence().Summary(2);

  EXPECT_EQ(summary.groups, 0);
  EXPECT_EQ(summary.least_consumers, 0);
}

}  // namespace
}  // namespace subrosa
