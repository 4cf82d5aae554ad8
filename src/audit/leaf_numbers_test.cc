#include "src/audit/leaf_numbers.h"

#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"

namespace subrosa {
namespace {

using testing::ElementsAre;

Leaf LeafOf(LeafKind kind, const std::vector<uint64_t>& numbers) {
  Leaf leaf = NewLeaf(kind, 20782);
  leaf.numbers = numbers;
  return leaf;
}

TEST(LeafNumbersTest, EachNumberOfEachKindHasAName) {
  int known = 0;
  for (int kind = 1; kind <= 255; ++kind) {
    Leaf leaf = NewLeaf(static_cast<LeafKind>(kind), 20782);
    leaf.numbers.resize(LeafNumberNames(leaf.kind).size());
    // A wrong count of numbers would be named before anything after it.
    const std::string error(SerializeLeaf(leaf).status().message());
    EXPECT_EQ(error.find("leaf.numbers"), std::string::npos) << error;
    known += error.find("leaf.kind") == std::string::npos ? 1 : 0;
  }
  EXPECT_GE(known, 15);
}

TEST(LeafNumbersTest, NamesStandInTheOrderOfTheNumbers) {
  EXPECT_THAT(LeafNumberNames(LeafKind::kRecordsPut),
              ElementsAre("added", "revised"));
  EXPECT_THAT(LeafNumberNames(LeafKind::kEpochRetired),
              ElementsAre("epoch", "assurance"));
}

TEST(LeafNumbersTest, WhatIsPutComesAndWhatIsDeletedGoes) {
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kRecordsPut, {5, 2})), 7);
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kRecordsDeleted, {4})), -4);
}

TEST(LeafNumbersTest, AnOlderCopyBringsRowsBackAndLosesOthers) {
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kRecordsRestored, {9, 2, 5})), -3);
}

TEST(LeafNumbersTest, OtherLeavesTellOfNoRows) {
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kConsumerKeysMade, {9})), 0);
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kEpochOpened, {9})), 0);
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kKeysRestored, {9, 1})), 0);
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kEvidenceKeysDestroyed, {2026, 9})),
            0);
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kEvidenceKept, {2026})), 0);
  EXPECT_EQ(RowChangeOf(LeafOf(LeafKind::kConsumerKeyDestroyed, {})), 0);
}

}  // namespace
}  // namespace subrosa
