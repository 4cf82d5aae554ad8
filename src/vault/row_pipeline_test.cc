#include "src/vault/row_pipeline.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_key.h"
#include "src/vault/sealed_row.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kEntity = "rosewater";

class RowPipelineTest : public testing::TestWithParam<size_t> {
 protected:
  RowPipelineTest() {
    for (int i = 0; i < 3; ++i) {
      ConsumerHandle& consumer = consumers_.emplace_back();
      consumer.data_ref = std::string(16, static_cast<char>('a' + i));
      consumer.key = std::make_shared<const SecretKey>(
          std::move(SecretKey::Random()).value());
      consumer.key_ref.version = 1;
    }
    records_.resize(GetParam());
    items_.resize(GetParam());
    for (size_t i = 0; i < GetParam(); ++i) {
      v1::MoodCheckIn payload;
      payload.set_note(absl::StrCat("note ", i));
      v1::HealthRecord& record = records_[i];
      record.set_id(absl::StrCat("m-", i));
      record.set_source("ios-app");
      record.set_purpose("mood-tracking");
      record.mutable_payload()->PackFrom(payload);
      items_[i].record = &record;
      items_[i].kinds.categories = static_cast<uint32_t>(i);
      puts_.push_back({&items_[i], &consumers_[i % consumers_.size()]});
    }
  }

  std::vector<ConsumerHandle> consumers_;
  std::vector<v1::HealthRecord> records_;
  std::vector<PutItem> items_;
  std::vector<NewPut> puts_;
};

TEST_P(RowPipelineTest, RowsComeInTheOrderOfThePutsAndOpenForTheirConsumer) {
  RowPipeline rows(kEntity, puts_);
  std::string plaintext;
  for (size_t i = 0; i < puts_.size(); ++i) {
    const auto made = rows.Next();
    ASSERT_TRUE(made.ok()) << made.status();
    const RecordRow& row = (*made)->row;
    EXPECT_EQ(row.place.data_ref, puts_[i].consumer->data_ref);
    EXPECT_EQ(row.facts.categories, i);
    ASSERT_TRUE(
        OpenRow(kEntity, *puts_[i].consumer->key, row, &plaintext).ok());
    EXPECT_EQ(plaintext, records_[i].SerializeAsString());
    EXPECT_EQ((*made)->plaintext, plaintext);
  }
}

TEST_P(RowPipelineTest, ARowThatIsSealedAgainIsThatRevision) {
  RowPipeline rows(kEntity, puts_);
  std::string plaintext;
  for (size_t i = 0; i < puts_.size(); ++i) {
    NewRow* const made = rows.Next().value();
    if (i % 7 != 0) continue;
    ASSERT_TRUE(SealAsRevision(kEntity, *puts_[i].consumer, 5, made).ok());
    EXPECT_TRUE(
        OpenRow(kEntity, *puts_[i].consumer->key, made->row, &plaintext).ok());
    made->row.place.revision = 1;
    EXPECT_TRUE(absl::IsDataLoss(
        OpenRow(kEntity, *puts_[i].consumer->key, made->row, &plaintext)));
  }
}

TEST_P(RowPipelineTest, ItCanBeLeftBeforeTheEnd) {
  RowPipeline rows(kEntity, puts_);
  EXPECT_TRUE(rows.Next().ok());
}

TEST_P(RowPipelineTest, ARowThatCannotBeSealedFailsInItsPlaceAlone) {
  // An entity's name is part of what is sealed, and has a bound.
  const std::string entity(70000, 'e');
  RowPipeline rows(entity, puts_);
  for (size_t i = 0; i < puts_.size(); ++i) {
    EXPECT_FALSE(rows.Next().ok());
  }
}

INSTANTIATE_TEST_SUITE_P(BatchSizes, RowPipelineTest,
                         testing::Values(1, 63, 64, 256, 1000));

}  // namespace
}  // namespace subrosa
