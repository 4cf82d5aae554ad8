#include "src/classify/name_lists.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/name_tokens.h"

namespace subrosa {
namespace {

constexpr absl::string_view kLists =
    "# a note\n"
    "given\tanna will\n"
    "place\tnew_york oslo\n"
    "common\twill\n"
    "eponym\tparkinson's\n";

// The lists of each token of `text`.
std::vector<uint32_t> ListsOf(absl::string_view text) {
  const auto lists = NameLists::Parse(kLists);
  EXPECT_TRUE(lists.ok()) << lists.status();
  std::vector<NameToken> tokens;
  TokenizeForNames(text, &tokens);
  lists->Mark(&tokens);
  std::vector<uint32_t> bits;
  for (const NameToken& token : tokens) bits.push_back(token.lists);
  return bits;
}

using Bits = std::vector<uint32_t>;

TEST(NameListsTest, AWordIsKnownWhateverItsCase) {
  EXPECT_EQ(ListsOf("Anna ANNA anna"),
            (Bits{kGivenList, kGivenList, kGivenList}));
}

TEST(NameListsTest, AWordMayBeOnTwoLists) {
  EXPECT_EQ(ListsOf("Will"), Bits{kGivenList | kCommonList});
}

TEST(NameListsTest, APossessiveIsKnownByItsWord) {
  EXPECT_EQ(ListsOf("Parkinson's"), (Bits{kEponymList, 0, 0}));
}

TEST(NameListsTest, APairIsKnownOnlyTogetherAndInCapitals) {
  EXPECT_EQ(ListsOf("New York"), (Bits{kPlaceList, kPlaceList}));
  EXPECT_EQ(ListsOf("York New"), (Bits{0, 0}));
  EXPECT_EQ(ListsOf("new york"), (Bits{0, 0}));
  EXPECT_EQ(ListsOf("New\nYork"), (Bits{0, 0}));
  EXPECT_EQ(ListsOf("New Oslo"), (Bits{0, kPlaceList}));
}

TEST(NameListsTest, OtherWordsAreOnNone) {
  EXPECT_EQ(ListsOf("Hannah 12 #"), (Bits{0, 0, 0}));
}

TEST(NameListsTest, LinesThatAreNoListAreRefusedByNumber) {
  for (const char* const text :
       {"given\tanna\nnames\tben", "given\tanna\ngiven",
        "given\tanna\ngiven\ta\tb", "given\tanna\nGiven\tben",
        "given\tanna\n\tben"}) {
    const auto lists = NameLists::Parse(text);
    EXPECT_TRUE(absl::IsInvalidArgument(lists.status())) << text;
    EXPECT_TRUE(absl::StrContains(lists.status().message(), "line 2"));
  }
}

TEST(NameListsTest, MoreWordsThanTheTableTakesAreRefused) {
  std::string text = "given\t";
  for (int i = 0; i < 10000; ++i) absl::StrAppend(&text, "w", i, " ");
  EXPECT_TRUE(absl::IsInvalidArgument(NameLists::Parse(text).status()));
}

}  // namespace
}  // namespace subrosa
