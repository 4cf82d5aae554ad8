#include "src/classify/help_model.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/health_vocabulary.h"
#include "src/classify/health_words.h"

namespace subrosa {
namespace {

double Score(absl::string_view weights, const std::vector<uint32_t>& hashes) {
  const absl::StatusOr<HelpModel> model = HelpModel::Parse(weights);
  if (!model.ok()) return -1000;
  std::vector<HealthWord> words;
  for (const uint32_t hash : hashes) {
    words.emplace_back();
    words.back().hash = hash;
  }
  return model->Score(words);
}

TEST(HelpModelTest, WordsAddTheirWeightsByTheRootOfTheirNumber) {
  // One word in the first slot, and room as for 24 more.
  EXPECT_DOUBLE_EQ(Score("bias\t16\n0\t32\n", {0}), 1 + 2 / std::sqrt(25));
  EXPECT_DOUBLE_EQ(Score("bias\t-16\n", {}), -1);
}

TEST(HelpModelTest, WordsThatTheModelDoesNotKnowMakeItLessSure) {
  constexpr uint32_t kUnknown = 3u << 30;
  EXPECT_GT(Score("bias\t0\n0\t32\n", {0}),
            Score("bias\t0\n0\t32\n", {0, kUnknown}));
}

uint32_t HashOf(absl::string_view word) {
  const HealthVocabulary vocabulary;
  return HealthVocabulary::Lookup(vocabulary).TellCopied(word).hash;
}

// The hashes that tools/train_health computes: a model trained with others
// would score at random.
TEST(HelpModelTest, HashesAreThoseThatTheModelWasTrainedWith) {
  EXPECT_EQ(HashOf("i"), 2549171313u);
  EXPECT_EQ(HashOf("Don't"), 2244807541u);
  EXPECT_EQ(HashOf("relationship"), 3082322036u);
  EXPECT_EQ(HashOf("misunderstandings"), 2859541251u);
}

TEST(HelpModelTest, AFileThatIsNotAsTheFormatSaysIsRefused) {
  for (const absl::string_view text :
       {"", "0\t1\n", "bias\t1\nbias\t1\n", "bias\tx\n", "bias\n",
        "bias\t40000\n", "bias\t0\n1\t1\n1\t1\n", "bias\t0\n2\t1\n1\t1\n",
        "bias\t0\n262144\t1\n", "bias\t0\n-1\t1\n", "bias\t0\n1\t128\n",
        "bias\t0\n1\t-128\n", "bias\t0\n1\t1\t1\n", "bias\t0\nx\t1\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(HelpModel::Parse(text).status()))
        << text;
  }
}

}  // namespace
}  // namespace subrosa
