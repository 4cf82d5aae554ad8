#include "src/vault/part_selection.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_key.h"
#include "src/vault/record_refs.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

using testing::ElementsAre;

constexpr uint32_t kCondition = 1 << 1;
constexpr uint32_t kBody = 1 << 5;

class PartSelectionTest : public testing::Test {
 protected:
  RecordRow Row(uint32_t revision, uint32_t categories) const {
    RecordRow row;
    row.place.record_ref = RecordRefOfId(key_, "ios-app", "m-1");
    row.place.revision = revision;
    row.facts.categories = categories;
    row.facts.purpose = "mood-tracking";
    row.facts.collected_day = 20000;
    return row;
  }

  std::vector<bool> SelectedBy(const PartSelection& selection,
                               const std::vector<RecordRow>& rows) const {
    return SelectRows(selection, key_, rows);
  }

  const SecretKey key_ = std::move(SecretKey::Random()).value();
};

TEST_F(PartSelectionTest, NothingIsSelectedByAnEmptyOne) {
  EXPECT_THAT(SelectedBy({}, {Row(1, kBody), Row(2, kBody)}),
              ElementsAre(false, false));
}

TEST_F(PartSelectionTest, ARecordOfACategoryIsSelectedWithItsOldRevisions) {
  PartSelection selection;
  selection.categories = kCondition;

  EXPECT_THAT(SelectedBy(selection, {Row(1, kBody), Row(2, kCondition)}),
              ElementsAre(true, true));
}

TEST_F(PartSelectionTest, AnOldRevisionOfACategoryIsSelectedAlone) {
  PartSelection selection;
  selection.categories = kCondition;

  EXPECT_THAT(SelectedBy(selection, {Row(1, kCondition), Row(2, kBody)}),
              ElementsAre(true, false));
}

TEST_F(PartSelectionTest, TheNewestRevisionIsNoOldOne) {
  PartSelection selection;
  selection.old_revisions = true;

  EXPECT_THAT(
      SelectedBy(selection, {Row(1, kBody), Row(2, kBody), Row(3, kBody)}),
      ElementsAre(true, true, false));
}

TEST_F(PartSelectionTest, ARecordIsSelectedByItsSourceAndId) {
  PartSelection selection;
  selection.source = "ios-app";
  selection.id = "m-1";
  PartSelection of_another = selection;
  of_another.id = "m-2";
  PartSelection of_another_source = selection;
  of_another_source.source = "android-app";

  EXPECT_THAT(SelectedBy(selection, {Row(1, kBody)}), ElementsAre(true));
  EXPECT_THAT(SelectedBy(of_another, {Row(1, kBody)}), ElementsAre(false));
  EXPECT_THAT(SelectedBy(of_another_source, {Row(1, kBody)}),
              ElementsAre(false));
}

TEST_F(PartSelectionTest, AllThatIsSaidMustHold) {
  PartSelection selection;
  selection.categories = kBody;
  selection.purpose = "mood-tracking";
  selection.collected_before = 20001;
  EXPECT_THAT(SelectedBy(selection, {Row(1, kBody)}), ElementsAre(true));

  PartSelection of_another_purpose = selection;
  of_another_purpose.purpose = "research";
  PartSelection of_older_ones = selection;
  of_older_ones.collected_before = 20000;
  PartSelection of_another_category = selection;
  of_another_category.categories = kCondition;

  for (const auto& each :
       {of_another_purpose, of_older_ones, of_another_category}) {
    EXPECT_THAT(SelectedBy(each, {Row(1, kBody)}), ElementsAre(false));
  }
}

TEST_F(PartSelectionTest, WhatIsWrittenDownIsReadBack) {
  PartSelection selection;
  selection.source = "ios-app";
  selection.id = "m-1";
  selection.old_revisions = true;
  selection.categories = kBody;
  selection.purpose = "mood-tracking";
  selection.collected_before = -3;

  const auto read = ParseSelection(SerializeSelection(selection));

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(SerializeSelection(*read), SerializeSelection(selection));
  EXPECT_EQ(read->id, "m-1");
  EXPECT_EQ(read->collected_before, -3);
  EXPECT_TRUE(ParseSelection(SerializeSelection({}))->empty());
}

TEST_F(PartSelectionTest, OtherBytesAreNoSelection) {
  PartSelection selection;
  selection.purpose = "research";
  const std::string bytes = SerializeSelection(selection);

  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_TRUE(
        absl::IsDataLoss(ParseSelection(bytes.substr(0, size)).status()))
        << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(ParseSelection(bytes + "x").status()));
  EXPECT_TRUE(
      absl::IsDataLoss(ParseSelection("\x02" + bytes.substr(1)).status()));
}

TEST_F(PartSelectionTest, AnIdWithoutASourceIsRefused) {
  PartSelection selection;
  selection.id = "m-1";
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSelection(selection)));

  selection.source = "ios-app";
  EXPECT_TRUE(CheckSelection(selection).ok());

  selection.id = std::string(kMaxSelectionTextBytes + 1, 'x');
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSelection(selection)));
}

}  // namespace
}  // namespace subrosa
