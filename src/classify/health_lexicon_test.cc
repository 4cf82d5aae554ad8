#include "src/classify/health_lexicon.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/health_vocabulary.h"
#include "src/classify/health_words.h"

namespace subrosa {
namespace {

constexpr absl::string_view kRule =
    "rule\tsleep\tsleep\tbodily-functions\tsleep\n";

absl::StatusOr<HealthLexicon> WithWords(absl::string_view lines) {
  HealthVocabulary vocabulary;
  return HealthLexicon::Parse(absl::StrCat(kRule, lines, "\n"), &vocabulary);
}

// "0-2" of each hit, in order.
std::string Match(absl::string_view lines, absl::string_view text) {
  HealthVocabulary vocabulary;
  const HealthWordSplitter splitter(&vocabulary);
  const absl::StatusOr<HealthLexicon> lexicon =
      HealthLexicon::Parse(absl::StrCat(kRule, lines, "\n"), &vocabulary);
  if (!lexicon.ok()) return std::string(lexicon.status().message());
  HealthWords words;
  splitter.Split(text, HealthWordSplitter::kOneLine, &words);
  HealthLexicon::Places places;
  lexicon->FindPlaces(HealthLexicon::kHealthKind, words.all(), &places);
  std::vector<LexiconHit> hits;
  lexicon->Match(HealthLexicon::kHealthKind, text, words.all(), places, &hits);
  std::string told;
  for (const LexiconHit& hit : hits) {
    absl::StrAppend(&told, told.empty() ? "" : " ", hit.begin, "-", hit.end);
  }
  return told;
}

TEST(HealthLexiconTest, APhraseMatchesWholeWordsOnly) {
  EXPECT_EQ(Match("words\tcan't sleep", "i CANT sleep"), "1-3");
  EXPECT_EQ(Match("words\tcan't sleep", "i can't oversleep"), "");
}

TEST(HealthLexiconTest, AlternativesStandAtTheirPlaceOnly) {
  EXPECT_EQ(Match("words\tcan't|won't sleep|rest", "he won't rest"), "1-3");
  EXPECT_EQ(Match("words\tcan't|won't sleep|rest", "rest won't"), "");
}

TEST(HealthLexiconTest, AGapIsAtMostThreeWords) {
  EXPECT_EQ(Match("words\tbroke ~ leg", "broke my own left leg"), "0-5");
  EXPECT_EQ(Match("words\tbroke ~ leg", "broke my own poor left leg"), "");
  EXPECT_EQ(Match("words\tbroke ~ leg", "broke a"), "");
}

TEST(HealthLexiconTest, AStarStandsForTheRestOfAWord) {
  EXPECT_EQ(Match("words\tinsomn*", "insomniacs"), "0-1");
  EXPECT_EQ(Match("words\t*somnia", "parasomnia"), "0-1");
  EXPECT_EQ(Match("words\t*somnia", "somnia"), "");
}

TEST(HealthLexiconTest, TheLongestPhraseIsTakenFirst) {
  EXPECT_EQ(Match("words\tsleep, sleep apnea", "sleep apnea"), "0-2");
}

TEST(HealthLexiconTest, AnIdiomHidesTheWordsThatItCovers) {
  EXPECT_EQ(Match("words\tsleep\nidiom\tsleep mode", "sleep mode"), "0-2");
}

TEST(HealthLexiconTest, AFileThatIsNotAsTheFormatSaysIsRefused) {
  for (const absl::string_view lines :
       {"word\tsleep", "words", "words\tsleep\tmore", "words\tSleep",
        "words\tsleep ~", "words\ts*", "words\tslee* well", "words\tsleep,well",
        "words\t", "words\ta b c d e f g h i",
        "rule\tsleep\tagain\tbodily-functions\t-",
        "rule\tnap\tnap\tno-such-category\t-", "rule\tnap"}) {
    const absl::Status status = WithWords(lines).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << lines;
    EXPECT_EQ(status.message().substr(0, 12), "line 2: want") << lines;
  }
}

TEST(HealthLexiconTest, WordsBeforeTheFirstRuleAreRefused) {
  HealthVocabulary vocabulary;
  EXPECT_TRUE(absl::IsInvalidArgument(
      HealthLexicon::Parse("words\tsleep\n", &vocabulary).status()));
}

}  // namespace
}  // namespace subrosa
