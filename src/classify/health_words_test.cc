#include "src/classify/health_words.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/health_vocabulary.h"

namespace subrosa {
namespace {

// The words of `line` by bytes, "0-3"; with "!" where one begins a sentence,
// and the word itself where the vocabulary knows it.
std::string Split(absl::string_view line) {
  HealthVocabulary vocabulary;
  vocabulary.Add("sleep");
  vocabulary.Add("immunosuppression");
  const HealthWordSplitter splitter(&vocabulary);
  HealthWords words;
  splitter.Split(line, HealthWordSplitter::kOneLine, &words);
  std::string told;
  for (const HealthWord& word : words.all()) {
    absl::StrAppend(&told, told.empty() ? "" : " ",
                    word.begins_sentence() ? "!" : "", word.begin, "-",
                    word.end,
                    word.id <= HealthVocabulary::kMayHaveAffix ? "" : ":",
                    word.id <= HealthVocabulary::kMayHaveAffix
                        ? ""
                        : vocabulary.WordOf(word.id));
  }
  return told;
}

TEST(HealthWordsTest, WordsAreKnownInEitherCaseAndOfAnyLength) {
  EXPECT_EQ(Split("SLEEP slept"), "!0-5:sleep 6-11");
  EXPECT_EQ(Split("Immunosuppression"), "!0-17:immunosuppression");
}

TEST(HealthWordsTest, WordsThatDifferInOneLetterAreNotKnown) {
  for (const absl::string_view word :
       {"sleeps", "slee", "aleep", "sleeq", "immunosuppressiom",
        "immunosuppressions", "ammunosuppression"}) {
    EXPECT_EQ(Split(word), absl::StrCat("!0-", word.size()));
  }
}

TEST(HealthWordsTest, SpellingsOfAContractionAreOneWord) {
  EXPECT_EQ(Split("cant"), "!0-4:can't");
  EXPECT_EQ(Split("ca n't"), "!0-6:can't");
  EXPECT_EQ(Split("can\xe2\x80\x99t"), "!0-7:can't");
  EXPECT_EQ(Split("i 'm"), "!0-4:i'm");
}

TEST(HealthWordsTest, ApostrophesAndHyphensDivideWhereNoLetterFollows) {
  EXPECT_EQ(Split("'sleep' -sleep- x"), "!1-6:sleep 9-14:sleep 16-17");
  EXPECT_EQ(Split("sleep--sleep"), "!0-5:sleep 7-12:sleep");
  EXPECT_EQ(Split("sleep\xe2\x80\x99 \xe2\x80\x99sleep"),
            "!0-5:sleep 12-17:sleep");
}

TEST(HealthWordsTest, ASentenceEndsAtItsMarkAndNotAtANumbersPoint) {
  EXPECT_EQ(Split("sleep. x"), "!0-5:sleep !7-8");
  EXPECT_EQ(Split("sleep\nx?y!z"), "!0-5:sleep !6-7 !8-9 !10-11");
  EXPECT_EQ(Split("sleep 1.5 x"), "!0-5:sleep 6-7 8-9 10-11");
}

// Lines are looked at in blocks: where a word stands must not matter.
TEST(HealthWordsTest, AWordIsTheSameWhereverItStands) {
  for (size_t before = 0; before < 140; ++before) {
    const std::string line =
        absl::StrCat(std::string(before, ' '), "can\xe2\x80\x99t sleep. X");
    EXPECT_EQ(
        Split(line),
        absl::StrCat("!", before, "-", before + 7, ":can't ", before + 8, "-",
                     before + 13, ":sleep !", before + 15, "-", before + 16));
  }
}

TEST(HealthWordsTest, AnyBytesAreSafe) {
  EXPECT_EQ(Split(""), "");
  EXPECT_EQ(Split("\xe2\x80\x99"), "");
  EXPECT_EQ(Split("n't 'm"), "!0-6");
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes.push_back(static_cast<char>(i * 7));
  EXPECT_NE(Split(bytes), "");
}

}  // namespace
}  // namespace subrosa
