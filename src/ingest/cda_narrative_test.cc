#include "src/ingest/cda_narrative.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr size_t kRoom = size_t{1} << 20;

void Add(absl::string_view name, absl::string_view id, absl::string_view text,
         CdaNarrative* narrative, size_t room = kRoom) {
  narrative->Start(name, id, room);
  narrative->Text(text);
  narrative->End(name);
}

TEST(CdaNarrativeTest, AnElementIsKnownByItsIdWithAllWordsInIt) {
  CdaNarrative narrative;
  narrative.Start("text", "", kRoom);
  narrative.Start("tr", "row", kRoom);
  Add("td", "name", " Chronic\n  tinnitus ", &narrative);
  narrative.Start("td", "", kRoom);
  narrative.Text("since ");
  Add("content", "year", "20", &narrative);
  narrative.Text("12");
  narrative.End("td");
  narrative.End("tr");
  narrative.End("text");

  EXPECT_EQ(narrative.Find("name"), "Chronic tinnitus");
  EXPECT_EQ(narrative.Find("year"), "20");
  EXPECT_EQ(narrative.Find("row"), "Chronic tinnitus since 2012");
}

TEST(CdaNarrativeTest, AnIdThatIsNotThereOrStandsTwiceIsNotFound) {
  CdaNarrative narrative;
  Add("content", "one", "asthma", &narrative);
  Add("content", "two", "migraine", &narrative);
  Add("content", "two", "anaemia", &narrative);
  Add("content", "two", "gout", &narrative);
  Add("content", "", "words", &narrative);

  EXPECT_EQ(narrative.Find("one"), "asthma");
  EXPECT_EQ(narrative.Find("two"), "");
  EXPECT_EQ(narrative.Find("three"), "");
  EXPECT_EQ(narrative.Find(""), "");
  EXPECT_EQ(narrative.Find("ONE"), "");
}

TEST(CdaNarrativeTest, WordsAndIdsAreBounded) {
  CdaNarrative narrative;
  const std::string long_id(CdaNarrative::kMaxIdBytes + 1, 'i');
  Add("content", long_id, "asthma", &narrative);
  Add("content", "long", std::string(5000, 'w'), &narrative);

  EXPECT_EQ(narrative.Find(long_id), "");
  EXPECT_EQ(narrative.Find("long"),
            std::string(CdaNarrative::kMaxWordsBytes, 'w'));
}

TEST(CdaNarrativeTest, ATextOfAnySizeTakesNoMoreThanItsRoom) {
  constexpr size_t kSmallRoom = 10000;
  CdaNarrative narrative;
  for (int i = 0; i < 100000; ++i) {
    Add("content", absl::StrCat("id", i), "some words", &narrative, kSmallRoom);
  }

  EXPECT_LE(narrative.size_bytes(), kSmallRoom + CdaNarrative::kMaxWordsBytes);
  EXPECT_EQ(narrative.Find("id1"), "some words");
  EXPECT_EQ(narrative.Find("id99999"), "");
}

TEST(CdaNarrativeTest, WordsAreCutAtACharactersEnd) {
  std::string words;
  AppendWords("  \n", 8, &words);
  EXPECT_EQ(words, "");
  AppendWords("a \t b", 8, &words);
  AppendWords(" ", 8, &words);
  AppendWords(" ", 8, &words);
  EXPECT_EQ(words, "a b ");
  AppendWords("cdeü", 8, &words);
  EXPECT_EQ(words, "a b cde");
  AppendWords("f  g", 8, &words);
  EXPECT_EQ(words, "a b cdef");
}

}  // namespace
}  // namespace subrosa
