// Reads the PHQ-9 table of a national survey that a machine holds beside the
// checkout, and prints what came of it. Nothing of it is part of the project.
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/ingest/message_types.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/row_mapping.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

constexpr size_t kRows = 5735;

// 7 is refused, 9 is not known.
std::string SurveyMapping() {
  std::string text =
      "name: 'survey-phq9' message: 'subrosa.v1.Assessment' "
      "missing: '7' missing: '9' column { name: 'SEQN' consumer {} } "
      "column { name: 'DPQ100' ignore: 'how hard the problems made life: no "
      "item of PHQ-9' } "
      "questionnaire { instrument: INSTRUMENT_PHQ9 } ";
  for (int i = 1; i <= 9; ++i) {
    absl::StrAppend(&text, "column { name: 'DPQ0", i, "0' item { number: ", i,
                    " } } ");
  }
  return text;
}

// A reject without its place.
std::string ReasonOf(const std::string& reject) {
  return reject.substr(reject.find(": ") + 2);
}

TEST(TableDataTest, EveryRowOfTheSurveyIsTakenOrRejectedWithAReason) {
  const absl::optional<std::string> folder = SharedDataFolder("nhanes");
  if (!folder.has_value()) GTEST_SKIP() << "the survey is not here";
  // "7" stands for an account too, so that the ids must not be of one digit.
  const auto mapping =
      RowMapping::Parse("survey", SurveyMapping(), MessageTypes::Linked());
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  ReaderOptions options = OptionsWithDefaults();
  options.mapping = mapping->get();

  const Reading reading =
      ReadAll(absl::StrCat(*folder, "/DPQ_I_2015_2016.csv"), options);

  ASSERT_TRUE(reading.status.ok()) << reading.status;
  std::map<std::string, int> counts;
  for (const v1::HealthRecord& record : reading.records) {
    v1::Assessment assessment;
    ASSERT_TRUE(record.payload().UnpackTo(&assessment));
    ++counts[assessment.has_total() ? "taken, with its total"
                                    : "taken, items skipped"];
  }
  for (const std::string& reject : reading.rejects) {
    ++counts[absl::StrCat("rejected: ", ReasonOf(reject))];
  }
  for (const auto& [what, count] : counts) {
    std::printf("%6d %s\n", count, what.c_str());
  }
  RecordProperty("outside_vectors_run", 1);
  EXPECT_EQ(reading.records.size() + reading.rejects.size(), kRows);
  EXPECT_GT(reading.records.size(), kRows * 8 / 10);
  EXPECT_LE(counts.size(), 3u);
}

}  // namespace
}  // namespace subrosa
