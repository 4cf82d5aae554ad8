#include "src/exports/scanner_recall.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ScannerRecallTest, TheShippedFiguresSayHowTheyWereMeasured) {
  const auto recall = ScannerRecall::BuiltIn();

  ASSERT_TRUE(recall.ok()) << recall.status();
  EXPECT_NE(recall->source, "");
  ASSERT_EQ(recall->parts.size(), 3u);
  for (const ScannerRecall::Part& part : recall->parts) {
    EXPECT_GT(part.Recall(), 0.5) << part.what;
    EXPECT_LT(part.Recall(), 1) << part.what;
  }
}

TEST(ScannerRecallTest, FiguresThatCannotBeAreRefused) {
  for (const char* text : {
           "",
           "source\tx\nyear\t2026\n",
           "year\t2026\nmeasured\tall\t10\t9\n",
           "source\tx\nyear\t2026\nmeasured\tall\t10\t11\n",
           "source\tx\nyear\t2026\nmeasured\tall\t0\t0\n",
           "source\tx\nsource\ty\nyear\t2026\nmeasured\tall\t10\t9\n",
           "source\tx\nyear\t2026\nmeasured\tall\t10\n",
           "source\tx\nyear\t2026\nmeasured\tall\tmany\t9\n",
           "source\tx\nyear\t2026\nguessed\tall\t10\t9\n",
       }) {
    EXPECT_TRUE(absl::IsInvalidArgument(ScannerRecall::Parse(text).status()))
        << text;
  }
}

}  // namespace
}  // namespace subrosa
