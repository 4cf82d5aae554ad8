#include "src/classify/document_prose.h"

#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The pieces of `value`; "no document" if it is none.
std::vector<std::string> PiecesOf(absl::string_view value) {
  DocumentProse prose;
  if (!prose.Read(value)) return {"no document"};
  std::vector<std::string> pieces;
  for (const ByteSpan& piece : prose.pieces()) {
    pieces.emplace_back(prose.TextOf(piece));
  }
  return pieces;
}

// Where in `value` the prose `words` is said to stand, as the value has it.
std::string AsItStands(absl::string_view value, absl::string_view words) {
  DocumentProse prose;
  if (!prose.Read(value)) return "no document";
  for (const ByteSpan& piece : prose.pieces()) {
    const size_t at = prose.TextOf(piece).find(words);
    if (at == absl::string_view::npos) continue;
    const ByteSpan span = prose.SpanOf({piece.offset + at, words.size()});
    return std::string(value.substr(span.offset, span.length));
  }
  return "not found";
}

bool IsStructure(absl::string_view value, absl::string_view part) {
  DocumentProse prose;
  EXPECT_TRUE(prose.Read(value)) << value;
  return prose.IsStructure({value.find(part), part.size()});
}

constexpr absl::string_view kHeartRate =
    R"({"resourceType":"Observation","id":"c1","meta":{"profile":["http://x"]},)"
    R"("code":{"coding":[{"system":"http://loinc.org","code":"8867-4",)"
    R"("display":"Heart rate"}]},"subject":{"reference":"Patient/p1"},)"
    R"("note":[{"text":"felt dizzy"}],"valueQuantity":{"value":60.5e0}})";

TEST(DocumentProseTest, ReferencesSystemsIdsAndCodesAreNoProse) {
  EXPECT_THAT(PiecesOf(kHeartRate), ElementsAre("Heart rate", "felt dizzy"));
}

TEST(DocumentProseTest, NamesOfMembersAreNoProseAndNoStructureToBeLeftOut) {
  EXPECT_THAT(PiecesOf(R"({"patient":{"my therapist":true}})"), IsEmpty());
  EXPECT_FALSE(IsStructure(R"({"jo@post.example":1})", "jo@post.example"));
}

TEST(DocumentProseTest, AValueOfSeveralWordsIsProseUnderEveryName) {
  EXPECT_THAT(PiecesOf(R"({"status":"I have HIV","code":"B20"})"),
              ElementsAre("I have HIV"));
}

TEST(DocumentProseTest, AListAndWhatFollowsAnObjectStandUnderTheNameBefore) {
  EXPECT_THAT(PiecesOf(R"(["a",{"code":["b",{"text":"c"},"d"]},"e"])"),
              ElementsAre("a", "c", "e"));
}

TEST(DocumentProseTest, MarkupInAStringOfJsonIsReadAsMarkup) {
  const absl::string_view value =
      R"({"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>No )"
      R"(<b>asthma</b> now</p><td title='lives alone'>A<br/>B</td></div>"})";

  EXPECT_THAT(PiecesOf(value),
              ElementsAre("\n\nNo  asthma  now\n\nA\nB\n\n", "lives alone"));
  EXPECT_TRUE(IsStructure(value, "http://www.w3.org/1999/xhtml"));
  EXPECT_FALSE(IsStructure(value, "lives alone"));
  EXPECT_EQ(AsItStands(value, "asthma"), "asthma");
}

TEST(DocumentProseTest, EscapesAreReadAsWhatTheyStandFor) {
  const absl::string_view value =
      R"({"note":"\u003cp\u003eI don\u0027t \"sleep\"\nand caf\u00e9\u003c/p>"})";

  EXPECT_THAT(PiecesOf(value), ElementsAre("\nI don't \"sleep\"\nand café\n"));
  EXPECT_EQ(AsItStands(value, "don't"), R"(don\u0027t)");
  EXPECT_EQ(AsItStands(value, "sleep"), "sleep");
  EXPECT_EQ(AsItStands(value, "and caf"), "and caf");
}

TEST(DocumentProseTest, TextAndWordsInAttributesOfXmlAreProse) {
  const absl::string_view value =
      "<?xml version='1.0'?>\n<entry><observation classCode=\"OBS\"><code "
      "code=\"1\" codeSystem = '2.16' displayName=\"Heart rate\"/><!-- pale -->"
      "<text><content>Sees her patient</content>p < "
      "0.5</text></observation></entry>";
  std::string all = absl::StrJoin(PiecesOf(value), "|");

  EXPECT_EQ(all.substr(all.find('|')), "|Heart rate");
  EXPECT_EQ(AsItStands(value, "Sees her patient"), "Sees her patient");
  EXPECT_EQ(AsItStands(value, "pale"), "pale");
  EXPECT_EQ(AsItStands(value, "0.5"), "0.5");
  EXPECT_TRUE(IsStructure(value, "2.16"));
  EXPECT_FALSE(IsStructure(value, "Heart rate"));
  EXPECT_THAT(PiecesOf("<Record type=\"HKHeart\" sourceName=\"Jo\"/>"),
              ElementsAre("\n", "Jo"));
}

TEST(DocumentProseTest, OnlyWhatLiesWhollyInStructureIsStructure) {
  EXPECT_TRUE(IsStructure(kHeartRate, "http://loinc.org"));
  EXPECT_TRUE(IsStructure(kHeartRate, "loinc"));
  EXPECT_TRUE(IsStructure(kHeartRate, "Patient/p1"));
  EXPECT_FALSE(IsStructure(kHeartRate, "loinc.org\",\"code"));
  EXPECT_FALSE(IsStructure(kHeartRate, "Heart"));
  EXPECT_FALSE(IsStructure(kHeartRate, "{\"resourceType"));
}

TEST(DocumentProseTest, WhatPeopleWriteIsNoDocument) {
  for (const absl::string_view text : {"",
                                       " ",
                                       "I saw the doctor",
                                       "{sad} today",
                                       "[Mood] bad",
                                       "[sad]",
                                       "<3 my cat",
                                       "<sad> all day",
                                       "{\"a\":\"b\"} and more",
                                       "{\"a\":1",
                                       "{\"a\":\"b",
                                       "{\"a\":\"b\\",
                                       "[1}",
                                       "]",
                                       "12",
                                       "\"words\"",
                                       "<a><b></a> tail",
                                       "<",
                                       "<p",
                                       "<!",
                                       "{} []"}) {
    EXPECT_THAT(PiecesOf(text), ElementsAre("no document")) << text;
  }
}

TEST(DocumentProseTest, BrokenMarkupAndEscapesAreSafe) {
  for (const absl::string_view text :
       {"<p a='x</p>", "<p a=></p>", "<p><</p>", "<p a= </p>", "<p a='</p>",
        R"(["\u12","\uzzzz","\ud83d\ude00"])", "[\"\\x\"]", "[\"<p>\\</p>\"]",
        "<p <!-- </p>", "[[[[[[]]]]]]", "{}"}) {
    DocumentProse prose;
    ASSERT_TRUE(prose.Read(text)) << text;
    for (const ByteSpan& piece : prose.pieces()) {
      ASSERT_FALSE(prose.TextOf(piece).empty());
      for (size_t i = 0; i < piece.length; ++i) {
        const ByteSpan span = prose.SpanOf({piece.offset + i, 1});
        EXPECT_LE(span.offset + span.length, text.size()) << text;
      }
    }
  }
}

TEST(DocumentProseTest, AnyBytesAreSafeAndEveryPartLiesInTheValue) {
  const absl::string_view parts[] = {
      "{",       "}",    "[",       "]",      "\"",        "\\",
      ":",       ",",    "<",       ">",      "/",         "=",
      "'",       "<a>",  "</a>",    "<!--",   "<![CDATA[", "<?",
      "\\u00e9", "\\n",  "\"id\":", "\"t\":", " ",         "pale",
      "1",       "true", "\xff",    "code=",  "x\"y"};
  std::mt19937 random(1);
  int documents = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string value = i % 2 == 0 ? "[\"" : "<a>";
    for (size_t left = random() % 12; left > 0; --left) {
      absl::StrAppend(&value, parts[random() % std::size(parts)]);
    }
    absl::StrAppend(&value, i % 2 == 0 ? "\"]" : "</a>");
    DocumentProse prose;
    if (!prose.Read(value)) continue;
    ++documents;
    size_t before = 0;
    for (const DocumentProse::Said& said : prose.said()) {
      ASSERT_GE(said.span.offset, before) << value;
      before = said.span.offset + said.span.length;
      ASSERT_LE(before, value.size()) << value;
    }
    for (const ByteSpan& piece : prose.pieces()) {
      for (size_t at = 0; at < piece.length; ++at) {
        const ByteSpan span = prose.SpanOf({piece.offset + at, 1});
        ASSERT_LE(span.offset + span.length, value.size()) << value;
      }
    }
  }
  EXPECT_GT(documents, 50000);
}

TEST(DocumentProseTest, NestingCostsNoStack) {
  constexpr size_t kDeep = 1000000;
  const std::string deep = absl::StrCat(std::string(kDeep, '['), "\"pale\"",
                                        std::string(kDeep, ']'));

  EXPECT_THAT(PiecesOf(deep), ElementsAre("pale"));
}

}  // namespace
}  // namespace subrosa
