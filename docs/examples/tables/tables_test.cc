// The sample tables are read whole by their mappings.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/ingest/message_types.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/row_mapping.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

std::vector<v1::Assessment> ReadTable(absl::string_view table,
                                      absl::string_view mapping_file) {
  constexpr absl::string_view kFolder = "docs/examples/tables/";
  std::vector<v1::Assessment> assessments;
  const auto mapping = RowMapping::Load(absl::StrCat(kFolder, mapping_file),
                                        MessageTypes::Linked());
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  if (!mapping.ok()) return assessments;
  ReaderOptions options;
  options.mapping = mapping->get();
  options.defaults.source = "clinic";
  options.defaults.purpose = "screening";
  options.defaults.basis = v1::BASIS_NECESSARY;
  options.defaults.collection = v1::COLLECTION_PROVIDER;
  options.defaults.collected_at = absl::FromUnixSeconds(1790000000);
  const auto reader = OpenReader(absl::StrCat(kFolder, table), options);
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return assessments;
  v1::HealthRecord record;
  for (;;) {
    const auto outcome = (*reader)->Next(&record);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    if (!outcome.ok() || outcome->step == ReadStep::kEnd) return assessments;
    EXPECT_EQ(outcome->step, ReadStep::kRecord)
        << outcome->number << ": " << outcome->reject;
    EXPECT_TRUE(record.payload().UnpackTo(&assessments.emplace_back()));
  }
}

TEST(TablesTest, EveryRowOfThePhq9TableIsTaken) {
  const auto assessments = ReadTable("phq9.csv", "phq9.textproto");

  ASSERT_EQ(assessments.size(), 18u);
  EXPECT_EQ(assessments[0].instrument(), v1::INSTRUMENT_PHQ9);
  EXPECT_EQ(assessments[0].items_size(), 9);
  EXPECT_TRUE(assessments[0].has_total());
  // One item was not answered.
  EXPECT_FALSE(assessments[5].has_total());
}

TEST(TablesTest, EveryRowOfTheGad7TableIsTaken) {
  const auto assessments = ReadTable("gad7.ndjson", "gad7.textproto");

  ASSERT_EQ(assessments.size(), 12u);
  EXPECT_EQ(assessments[0].instrument(), v1::INSTRUMENT_GAD7);
  EXPECT_EQ(assessments[0].items_size(), 7);
  EXPECT_TRUE(assessments[0].has_total());
  EXPECT_FALSE(assessments[4].has_total());
}

}  // namespace
}  // namespace subrosa
