#include "src/crypto/row_tag.h"

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr int32_t kDays[] = {20000, -3, 19999};
constexpr int32_t kOtherDays[] = {20000, -4, 19999};
constexpr int32_t kFewerDays[] = {20000, -3};

struct Row {
  EnvelopeContext context;
  RowColumns columns;
};

Row SleepRow() {
  Row row;
  row.context.entity = "acme";
  row.context.data_ref = "data-ref-16bytes";
  row.context.record_ref = "record-16-bytes!";
  row.context.revision = 1;
  row.context.schema = "subrosa.v1.SleepSession";
  row.context.purpose = "sleep-coaching";
  row.columns.key_version = 2;
  row.columns.categories = 0x11;
  row.columns.labels = uint64_t{1} << 40;
  row.columns.source = "ios-app";
  row.columns.days = kDays;
  return row;
}

std::string TagOf(const SecretKey& key, const Row& row) {
  const auto tag = RowTag(key, row.context, row.columns);
  return std::string(tag.begin(), tag.end());
}

TEST(RowTagTest, ARowsOwnTagIsAccepted) {
  const SecretKey key = *SecretKey::Random();
  const Row row = SleepRow();

  EXPECT_TRUE(CheckRowTag(key, row.context, row.columns, TagOf(key, row)).ok());
}

TEST(RowTagTest, EveryColumnAndEveryPartOfTheContextIsBound) {
  const SecretKey key = *SecretKey::Random();
  const std::function<void(Row*)> kChanges[] = {
      [](Row* row) { row->context.entity = "acmf"; },
      [](Row* row) { row->context.data_ref = "data-ref-16byteS"; },
      [](Row* row) { row->context.record_ref = "record-16-bytes?"; },
      [](Row* row) { row->context.revision = 2; },
      [](Row* row) { row->context.schema = "subrosa.v1.VitalSample"; },
      [](Row* row) { row->context.purpose = "advertising"; },
      [](Row* row) { row->columns.key_version = 3; },
      [](Row* row) { row->columns.categories = 0x10; },
      [](Row* row) { row->columns.labels = 0; },
      [](Row* row) { row->columns.told = 0x4; },
      [](Row* row) { row->columns.source = "android-app"; },
      [](Row* row) { row->columns.days = kOtherDays; },
      [](Row* row) { row->columns.days = kFewerDays; },
      [](Row* row) { row->columns.days = {}; },
  };
  const std::string tag = TagOf(key, SleepRow());
  for (const auto& change : kChanges) {
    Row row = SleepRow();
    change(&row);

    EXPECT_TRUE(absl::IsInvalidArgument(
        CheckRowTag(key, row.context, row.columns, tag)));
  }
}

TEST(RowTagTest, EveryFlippedBitAndEveryOtherLengthIsNoticed) {
  const SecretKey key = *SecretKey::Random();
  const Row row = SleepRow();
  const std::string tag = TagOf(key, row);
  for (size_t bit = 0; bit < tag.size() * 8; ++bit) {
    std::string bad = tag;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(CheckRowTag(key, row.context, row.columns, bad).ok());
  }
  EXPECT_FALSE(
      CheckRowTag(key, row.context, row.columns, tag.substr(0, 15)).ok());
  EXPECT_FALSE(CheckRowTag(key, row.context, row.columns, tag + "x").ok());
  EXPECT_FALSE(CheckRowTag(key, row.context, row.columns, "").ok());
}

TEST(RowTagTest, AnotherConsumersKeyMakesAnotherTag) {
  const Row row = SleepRow();

  EXPECT_NE(TagOf(*SecretKey::Random(), row), TagOf(*SecretKey::Random(), row));
}

}  // namespace
}  // namespace subrosa
