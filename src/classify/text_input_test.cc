// Text from strangers: what is no UTF-8, hides, never ends, or asks for
// quadratic time. How long a test may take is the only bound on time here.
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/text_fold.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

const TextScanner& TheScanner() {
  static const TextScanner* const scanner =
      std::move(TextScanner::Create({})).value().release();
  return *scanner;
}

std::string Found(absl::string_view text) {
  const auto scratch = std::move(TheScanner().NewScratch()).value();
  std::vector<TextMatch> matches;
  EXPECT_TRUE(TheScanner().Scan(text, scratch.get(), &matches).ok());
  std::string found;
  for (const TextMatch& match : matches) {
    absl::StrAppend(&found, found.empty() ? "" : "; ",
                    absl::string_view(TextRules()[match.rule].id).substr(5),
                    "=", text.substr(match.span.offset, match.span.length));
  }
  return found;
}

std::string Repeated(absl::string_view piece, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += std::string(piece);
  return text;
}

TEST(TextInputTest, TextThatInvitesQuadraticTimeTakesLinear) {
  for (const char* piece : {"@",
                            "a@",
                            "a@b.",
                            "http://",
                            "://",
                            "www.",
                            "1.1.1.",
                            "::1",
                            "00:",
                            "9",
                            "1 ",
                            "1-1-",
                            "(1) ",
                            "+1",
                            "password:",
                            "mrn ",
                            "st. ",
                            "12 St ",
                            "Apt. 1 ",
                            "suite 1\n",
                            "lives at ",
                            "1 A\n",
                            "jan 1 ",
                            "1 jan",
                            "GA1.1.1",
                            "\xff",
                            "\xe2\x80\x8b",
                            "\xef\xbc\x91",
                            "AA11",
                            "A1A 1A1 ",
                            "password=",
                            "born 1",
                            "b. 1",
                            "a%40b",
                            "\xc3\xa9@",
                            "9y ",
                            "age=",
                            "1.2345,",
                            "1\xc2\xb0"
                            "1'",
                            "1/1-",
                            "1 and 1/1 ",
                            "in her "}) {
    const std::string text = Repeated(piece, 1 << 19);

    Found(text);
  }
}

// What only saves looking closer is passed over where someone asks why.
TEST(TextInputTest, TimesOfMachinesAreReadAlikeWhetherSomeoneAsksOrNot) {
  std::mt19937 random(6);
  constexpr absl::string_view kChanges = "0123456789T:-. Zx\n\"[";
  const auto scratch = std::move(TheScanner().NewScratch()).value();
  for (int round = 0; round < 3000; ++round) {
    std::string text = "born \n2026-03-04T09:30:00.125Z INFO call 206-555-0100";
    for (size_t i = random() % 4; i > 0; --i) {
      text[random() % text.size()] = kChanges[random() % kChanges.size()];
    }
    std::vector<TextMatch> scanned;
    std::vector<TextMatch> explained;
    std::vector<TextRefusal> refusals;
    ASSERT_TRUE(TheScanner().Scan(text, scratch.get(), &scanned).ok());
    ASSERT_TRUE(
        TheScanner().Explain(text, scratch.get(), &explained, &refusals).ok());

    EXPECT_EQ(scanned, explained) << text;
  }
}

TEST(TextInputTest, AnIdentifierIsFoundBehindALineOfManyMegabytes) {
  std::string text(20 << 20, 'x');
  text += " SSN 219-09-9999";

  EXPECT_EQ(Found(text), "ssn=219-09-9999");
}

TEST(TextInputTest, ZeroBytesAndBytesThatAreNoUtf8HideNothingBesideThem) {
  EXPECT_EQ(Found(absl::string_view("\0 219-09-9999\0", 13)),
            "ssn=219-09-9999");
  EXPECT_EQ(Found("\xff\xfe 219-09-9999 \xc3"), "ssn=219-09-9999");
}

// Groups of more digits than a number has room for, where sanitizers look.
TEST(TextInputTest, NumbersOfAnyLengthAreNone) {
  for (const char* text :
       {"33333333333/1-3/5", "9999999999999.1.2.3", "born 99999999999999999",
        "age 99999999999", "1-99999999999-1", "99999999999\xc2\xb0 1'"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(TextInputTest, OtherScriptsAreNoIdentifiers) {
  for (const char* text :
       {"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82, "
        "\xd0\xbc\xd0\xb8\xd1\x80",
        "\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c",
        "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
        "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7",
        "\xf0\x9f\x98\x80\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(TextInputTest, AMarkOfDirectionDoesNotTurnANumberIntoAnother) {
  EXPECT_EQ(Found("\xe2\x80\xae"
                  "219-09-9999\xe2\x80\xac"),
            "ssn=219-09-9999");
}

TEST(TextInputTest, AddressesAreFoundWholeAndOnlyWhereTheyAre) {
  EXPECT_EQ(Found("I live at 123 Main St., Springfield, IL 62704 now"),
            "address=123 Main St., Springfield, IL 62704");
  EXPECT_EQ(Found("ship to PO Box 123, Denver, CO 80202 please"),
            "address=PO Box 123, Denver, CO 80202");
  EXPECT_EQ(Found("Calle Mayor 12, 28013 Madrid"),
            "address=Calle Mayor 12, 28013 Madrid");
  for (const char* text :
       {"take 2 tablets every way 3 times", "on the road for 5 days",
        "sent to 3 people", "room 5 is free, unit 3 too",
        "patient in Room 214, bed 2", "Walk 3 Avenue blocks",
        "rate the best place 1 to 10", "we meet at 5 pm",
        "she drove 20 miles on Route 66 to court"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(TextInputTest, AFoldedByteKnowsWhereItCameFrom) {
  FoldedText text;
  text.Append("a\xe2\x80\x8b\xef\xbc");  // A zero-width space; half a digit.
  text.Append("\x91z");
  text.Flush();

  EXPECT_EQ(text.bytes(), "a1z");
  EXPECT_EQ(text.OriginEnd(0), 1u);
  EXPECT_EQ(text.OriginBegin(1), 4u);
  EXPECT_EQ(text.OriginEnd(1), 7u);
  EXPECT_EQ(text.OriginBegin(2), 7u);
}

TEST(TextInputTest, BytesThatAreNoCharacterAreKept) {
  FoldedText text;
  text.Append("\xe2\x80");
  text.Append("x\xf0");
  text.Flush();

  EXPECT_EQ(text.bytes(), "\xe2\x80x\xf0");
}

}  // namespace
}  // namespace subrosa
