#include "src/classify/name_tokens.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::vector<NameToken> TokensOf(absl::string_view text) {
  std::vector<NameToken> tokens;
  TokenizeForNames(text, &tokens);
  return tokens;
}

std::vector<std::string> WordsOf(absl::string_view text) {
  std::vector<std::string> words;
  for (const NameToken& token : TokensOf(text)) {
    words.emplace_back(text.substr(token.begin, token.end - token.begin));
  }
  return words;
}

NameShape ShapeOf(absl::string_view word) { return TokensOf(word)[0].shape; }

using Words = std::vector<std::string>;

TEST(NameTokensTest, SignsStandAlone) {
  EXPECT_EQ(WordsOf("Hi, Anna!"), (Words{"Hi", ",", "Anna", "!"}));
}

TEST(NameTokensTest, AnApostropheJoinsOnlyBeforeACapital) {
  EXPECT_EQ(WordsOf("O'Brien"), (Words{"O'Brien"}));
  EXPECT_EQ(WordsOf("Anna's"), (Words{"Anna", "'", "s"}));
}

TEST(NameTokensTest, LettersBeyondAsciiStayInTheirWord) {
  EXPECT_EQ(WordsOf("Zoë Đoković"), (Words{"Zoë", "Đoković"}));
}

TEST(NameTokensTest, DashesAndQuotesBeyondAsciiDivideWords) {
  EXPECT_EQ(WordsOf("“Anna”—Ben"), (Words{"“", "Anna", "”", "—", "Ben"}));
}

TEST(NameTokensTest, ShapesTellCapitalsBeyondAscii) {
  EXPECT_EQ(ShapeOf("Anna"), NameShape::kCapital);
  EXPECT_EQ(ShapeOf("Élodie"), NameShape::kCapital);
  EXPECT_EQ(ShapeOf("Žarko"), NameShape::kCapital);
  EXPECT_EQ(ShapeOf("Иван"), NameShape::kCapital);
  EXPECT_EQ(ShapeOf("ANNA"), NameShape::kAllCaps);
  EXPECT_EQ(ShapeOf("McAdam"), NameShape::kInnerCaps);
  EXPECT_EQ(ShapeOf("J"), NameShape::kInitial);
}

TEST(NameTokensTest, WhatHasNoCapitalIsNone) {
  EXPECT_EQ(ShapeOf("anna"), NameShape::kLower);
  EXPECT_EQ(ShapeOf("élodie"), NameShape::kLower);
  EXPECT_EQ(ShapeOf("иван"), NameShape::kLower);
  EXPECT_EQ(ShapeOf("山田"), NameShape::kLower);
  EXPECT_EQ(ShapeOf("1234"), NameShape::kNumber);
  EXPECT_EQ(ShapeOf("a1b2"), NameShape::kMixed);
  EXPECT_EQ(ShapeOf("#"), NameShape::kSign);
}

TEST(NameTokensTest, AWordHasOneHashWhateverItsCase) {
  EXPECT_EQ(TokensOf("ANNA")[0].word, NameWordHash("anna"));
  EXPECT_EQ(TokensOf("ÉLODIE")[0].word, NameWordHash("élodie"));
  EXPECT_NE(TokensOf("Anna")[0].word, NameWordHash("anne"));
}

TEST(NameTokensTest, LineBreaksAndGluedTokensAreTold) {
  const std::vector<NameToken> tokens = TokensOf("a-b\nc");
  EXPECT_TRUE(tokens[0].begins_line);
  EXPECT_FALSE(tokens[0].is_glued);
  EXPECT_TRUE(tokens[1].is_glued);
  EXPECT_TRUE(tokens[3].begins_line);
}

TEST(NameTokensTest, BytesThatAreNoTextCutNoWhereElse) {
  EXPECT_TRUE(TokensOf("").empty());
  EXPECT_TRUE(TokensOf(" \n\t ").empty());
  EXPECT_EQ(WordsOf("\xFF\xFE").size(), 1u);
  EXPECT_EQ(WordsOf("\xE2\x80").size(), 1u);
  EXPECT_EQ(WordsOf("\xE2\x80\x94").size(), 1u);
  EXPECT_EQ(WordsOf(absl::string_view("a\0b", 3)).size(), 3u);
}

}  // namespace
}  // namespace subrosa
