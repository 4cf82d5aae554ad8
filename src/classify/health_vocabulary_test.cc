#include "src/classify/health_vocabulary.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/health_word_key.h"

namespace subrosa {
namespace {

using Id = HealthVocabulary::Id;

Id NumberOf(const HealthVocabulary& vocabulary, absl::string_view word) {
  return HealthVocabulary::Lookup(vocabulary).TellCopied(word).id;
}

TEST(HealthVocabularyTest, EachOfManyWordsKeepsItsNumber) {
  HealthVocabulary vocabulary;
  std::vector<Id> numbers;
  for (int i = 0; i < 5000; ++i) {
    numbers.push_back(vocabulary.Add(absl::StrCat("word", i)));
  }

  for (int i = 0; i < 5000; ++i) {
    const std::string word = absl::StrCat("word", i);
    EXPECT_EQ(NumberOf(vocabulary, word), numbers[i]);
    EXPECT_EQ(vocabulary.Add(word), numbers[i]);
    EXPECT_EQ(vocabulary.WordOf(numbers[i]), word);
    EXPECT_EQ(NumberOf(vocabulary, absl::StrCat("w", i)), 0);
  }
}

TEST(HealthVocabularyTest, WhatIsAboveItsRoomHasNoNumber) {
  HealthVocabulary vocabulary;
  for (int i = 0; i < 32766; ++i) {
    ASSERT_NE(vocabulary.Add(absl::StrCat("word", i)), 0);
  }

  EXPECT_EQ(vocabulary.Add("another"), 0);
  EXPECT_EQ(NumberOf(vocabulary, "another"), 0);
  EXPECT_NE(NumberOf(vocabulary, "word32765"), 0);
}

TEST(HealthVocabularyTest, ASpellingHasTheNumberOfItsWord) {
  HealthVocabulary vocabulary;
  const Id word = vocabulary.AddSpelling("cant", "can't");

  EXPECT_EQ(NumberOf(vocabulary, "CANT"), word);
  EXPECT_EQ(NumberOf(vocabulary, "can't"), word);
  EXPECT_NE(NumberOf(vocabulary, "can"), word);
}

TEST(HealthVocabularyTest, AWordMayBeToldByHowItBeginsOrEnds) {
  constexpr Id kMayHaveAffix = HealthVocabulary::kMayHaveAffix;
  HealthVocabulary vocabulary;
  vocabulary.AddBeginning("insomn");
  vocabulary.AddBeginning("std");
  vocabulary.AddEnding("itis");
  vocabulary.AddEnding("oma");

  for (const absl::string_view word :
       {"insomnia", "INSOMNIAC", "std", "stds", "std's", "neuritis", "Sarcoma",
        "17-hydroxysarcoma"}) {
    EXPECT_EQ(NumberOf(vocabulary, word), kMayHaveAffix) << word;
  }
  // An ending stands in words of six letters or more.
  for (const absl::string_view word :
       {"in", "st", "inside", "coma", "itis", "omaha", "sleep"}) {
    EXPECT_EQ(NumberOf(vocabulary, word), 0) << word;
  }
}

TEST(HealthVocabularyTest, AWordThatWasAddedIsNotTakenForAnAffix) {
  HealthVocabulary vocabulary;
  vocabulary.AddEnding("itis");
  const Id word = vocabulary.Add("gastritis");

  EXPECT_EQ(NumberOf(vocabulary, "gastritis"), word);
}

TEST(HealthVocabularyTest, FewWordsThatBeginWithADigitNeedALook) {
  HealthVocabulary vocabulary;
  const Id word = vocabulary.Add("5k");
  vocabulary.AddEnding("itis");
  const HealthVocabulary::Lookup lookup(vocabulary);
  const auto may = [&lookup](absl::string_view number) {
    std::string padded(number);
    padded.resize(number.size() + kPaddedWordBytes);
    return lookup.MayHaveNumber(padded.data(), number.size());
  };

  EXPECT_TRUE(may("5k"));
  EXPECT_TRUE(may("5K"));
  EXPECT_TRUE(may("2-gastritis"));
  EXPECT_FALSE(may("2026-11-26"));
  EXPECT_FALSE(may("5"));
  EXPECT_EQ(NumberOf(vocabulary, "5K"), word);
}

}  // namespace
}  // namespace subrosa
