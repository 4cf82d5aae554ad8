#include "src/classify/name_tagger.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/name_features.h"

namespace subrosa {
namespace {

const NameTagger& TheTagger() {
  static const NameTagger* const tagger =
      new NameTagger(std::move(NameTagger::BuiltIn()).value());
  return *tagger;
}

std::vector<FoundName> MatchesIn(absl::string_view text) {
  NameTagger::Scratch scratch;
  std::vector<FoundName> matches;
  TheTagger().Tag(text, 0, text.size(), &scratch, &matches);
  return matches;
}

// The names found, each after its kind.
std::vector<std::string> NamesIn(absl::string_view text) {
  std::vector<std::string> names;
  for (const FoundName& match : MatchesIn(text)) {
    const char* const kind = match.label == NameLabel::kPerson ? "person "
                             : match.label == NameLabel::kPlace
                                 ? "place "
                                 : "organization ";
    names.push_back(
        absl::StrCat(kind, text.substr(match.begin, match.end - match.begin)));
  }
  return names;
}

using Names = std::vector<std::string>;

struct Found {
  const char* text;
  Names names;
};

TEST(NameTaggerTest, NamesAreFoundWhereTheirSurroundingsSaySo) {
  const Found kCases[] = {
      {"My name is Maria Lopez", {"person Maria Lopez"}},
      {"my name is maria lopez", {"person maria lopez"}},
      {"my name is maria aldersson", {"person maria aldersson"}},
      {"please call mr. alderovic today", {"person alderovic"}},
      {"maria prescribed zoloft", {"person maria"}},
      {"the doctor told me that anna visited", {"person anna"}},
      {"Patient: John Smith", {"person John Smith"}},
      {"She was seen by Dr. Patel.", {"person Patel"}},
      {"Mr. Nowak denies fever.", {"person Nowak"}},
      {"my husband Ahmed snores", {"person Ahmed"}},
      {"Electronically signed by Wei Zhang, MD", {"person Wei Zhang"}},
      {"She lives in Chicago.", {"place Chicago"}},
      {"He moved to New Zealand.", {"place New Zealand"}},
      {"He was admitted to Lakeside Hospital.",
       {"organization Lakeside Hospital"}},
      {"He works at Baker Industries.", {"organization Baker Industries"}},
  };
  for (const Found& test : kCases) {
    EXPECT_EQ(NamesIn(test.text), test.names) << test.text;
  }
}

TEST(NameTaggerTest, WordsThatOnlyLookLikeNamesAreNone) {
  const char* const kCases[] = {
      // Eponyms.
      "History of Parkinson's disease.",
      "Her mother has Alzheimer's disease.",
      "A Foley catheter was placed.",
      "Apgar score was 9.",
      "Positive Murphy's sign.",
      "Hodgkin lymphoma, stage II.",
      // Medicines and brands.
      "She takes Zoloft and Metformin.",
      "I use Google on my iPhone.",
      // Words that are names too.
      "Will you come? I may.",
      "Hope you feel better soon.",
      "Grace period ends today.",
      "April showers bring May flowers.",
      "Mark the box and sign here.",
      // Days, headings, beginnings of sentences.
      "See you on Monday.",
      "Chief Complaint: Chest Pain",
      "PAST MEDICAL HISTORY: Hypertension, Diabetes.",
      "Thanks for your help. Please call back.",
      "I CANNOT SLEEP AND I FEEL TERRIBLE",
      // Logs.
      "ERROR RequestHandler: Timeout while reading Response",
      "WARN ConnectionPool Retry 3 of 5",
      // No capitals and no list.
      "the quick brown fox jumps over the lazy dog",
      "",
  };
  for (const char* const text : kCases) {
    EXPECT_EQ(NamesIn(text), Names()) << text;
  }
}

TEST(NameTaggerTest, AListAloneDecidesNothing) {
  EXPECT_EQ(NamesIn("Pat the dog dry."), Names());
  EXPECT_EQ(NamesIn("Pat went home."), Names{"person Pat"});
}

TEST(NameTaggerTest, WhoBearsAnEponymIsAPersonStill) {
  EXPECT_EQ(NamesIn("Dr. Parkinson called."), Names{"person Parkinson"});
  EXPECT_EQ(NamesIn("Parkinson disease was ruled out."), Names());
}

TEST(NameTaggerTest, OnlyNamesThatBeginInTheRangeAreTold) {
  const absl::string_view text = "Dear Anna,\nDear Peter,\n";
  NameTagger::Scratch scratch;
  std::vector<FoundName> matches;

  TheTagger().Tag(text, 11, text.size(), &scratch, &matches);

  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].begin, 16u);
  EXPECT_EQ(matches[0].end, 21u);
}

TEST(NameTaggerTest, ANameEndsWithItsLine) {
  for (const FoundName& match :
       MatchesIn("Regards,\nAnna Smith\nPeter Brown")) {
    EXPECT_TRUE(match.end <= 19 || match.begin >= 20);
  }
}

TEST(NameTaggerTest, ScoresAreAboveAHalfAndBelowOne) {
  for (const FoundName& match : MatchesIn("Maria Lopez lives in Chicago")) {
    EXPECT_GE(match.score, 0.5f);
    EXPECT_LT(match.score, 1.0f);
  }
}

TEST(NameTaggerTest, BytesThatAreNoTextAreSafe) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 31 ^ i >> 3);
  size_t end = 0;
  for (const FoundName& match : MatchesIn(bytes)) {
    EXPECT_LE(end, match.begin);
    EXPECT_LT(match.begin, match.end);
    EXPECT_LE(match.end, bytes.size());
    end = match.end;
  }
}

TEST(NameTaggerTest, ALineOfAMegabyteIsReadOnce) {
  std::string text;
  while (text.size() < 1 << 20) text += "Anna and ";
  EXPECT_LE(MatchesIn(text).size(), text.size() / 4);
}

struct Refused {
  const char* lists;
  const char* weights;
  const char* line;
};

TEST(NameTaggerTest, FilesThatAreNotAModelAreRefusedByLine) {
  const Refused kCases[] = {
      {"nonsense\tanna", "", "line 1"},
      {"given", "", "line 1"},
      {"given\tanna\tben", "", "line 1"},
      {"# note\n\ngiven\tanna\nplaces\toslo", "", "line 4"},
      {"", "1 2 3", "line 1"},
      {"", "1 2 3 4 5 6 7", "line 1"},
      {"", "131072 1 1 1 1 1", "line 1"},
      {"", "-1 1 1 1 1 1", "line 1"},
      {"", "1 1 1 1 1 128", "line 1"},
      {"", "1 1 1 1 1 x", "line 1"},
      {"", "none-penalty", "line 1"},
      {"", "# note\nnone-penalty 1001", "line 2"},
  };
  for (const Refused& test : kCases) {
    const auto tagger = NameTagger::Parse(test.lists, test.weights);
    EXPECT_TRUE(absl::IsInvalidArgument(tagger.status())) << test.weights;
    EXPECT_TRUE(absl::StrContains(tagger.status().message(), test.line))
        << tagger.status();
  }
}

TEST(NameTaggerTest, AModelWithoutWeightsFindsNothing) {
  const auto tagger = NameTagger::Parse("given\tanna", "");
  ASSERT_TRUE(tagger.ok());
  NameTagger::Scratch scratch;
  std::vector<FoundName> matches;

  tagger->Tag("Dear Anna", 0, 9, &scratch, &matches);

  EXPECT_TRUE(matches.empty());
}

}  // namespace
}  // namespace subrosa
