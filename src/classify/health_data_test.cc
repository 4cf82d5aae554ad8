// Reads the labelled lines that a machine holds beside the checkout, and prints
// by source how many health language is found in. Nothing of them is part of
// the project.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/classify/health_evaluation.h"
#include "src/classify/health_reader.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

constexpr size_t kMaxFileBytes = 16 << 20;

TEST(HealthDataTest, LinesOfOtherSourcesAreRead) {
  const absl::optional<std::string> folder = SharedDataFolder("");
  if (!folder.has_value()) GTEST_SKIP() << kNoSharedData;
  const absl::StatusOr<std::string> file =
      ReadFile(absl::StrCat(*folder, "/text_health_dev.tsv"), kMaxFileBytes);
  const absl::StatusOr<std::string> meta = ReadFile(
      absl::StrCat(*folder, "/text_health_dev.meta.tsv"), kMaxFileBytes);
  if (!file.ok() || !meta.ok()) GTEST_SKIP() << kNoSharedData;
  const absl::StatusOr<HealthReader> reader = HealthReader::Create();
  ASSERT_TRUE(reader.ok()) << reader.status();
  const std::vector<absl::string_view> lines = absl::StrSplit(*file, '\n');
  const std::vector<absl::string_view> sources = absl::StrSplit(*meta, '\n');
  ASSERT_EQ(sources.size(), lines.size() + 1);  // A heading.
  HealthEvaluation evaluation;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    absl::StatusOr<HealthLine> line = ParseHealthLine(lines[i]);
    ASSERT_TRUE(line.ok()) << i << ": " << line.status();
    line->half =
        std::string(sources[i + 1].substr(0, sources[i + 1].find('\t')));
    evaluation.Add(*reader, *line);
  }
  std::printf("%-14s %7s %7s %7s %7s\n", "source", "health", "recall", "other",
              "alarms");
  for (const auto& [source, tally] : evaluation.tallies()) {
    std::printf("%-14s %7d %7.4f %7d %7.4f\n", source.c_str(),
                static_cast<int>(tally.health), tally.recall(),
                static_cast<int>(tally.not_health), tally.alarm_rate());
    if (tally.health > 0) EXPECT_GE(tally.recall(), 0.90) << source;
    EXPECT_LE(tally.alarm_rate(), 0.03) << source;
  }
  EXPECT_FALSE(evaluation.tallies().empty());
}

}  // namespace
}  // namespace subrosa
