#include "src/classify/health_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

class HealthReaderTest : public testing::Test {
 protected:
  HealthReaderTest() : reader_(HealthReader::Create()) {}

  void SetUp() override { ASSERT_TRUE(reader_.ok()) << reader_.status(); }

  // "sleep/self/present" of each mention, with spaces between.
  std::string Read(absl::string_view text) const {
    std::string told;
    for (const HealthMention& mention : reader_->Read(text)) {
      absl::StrAppend(&told, told.empty() ? "" : " ",
                      absl::string_view(mention.rule->id).substr(9), "/",
                      ExperiencerText(mention.experiencer), "/",
                      AssertionText(mention.assertion));
    }
    return told;
  }

  // Where and what a mention is, moved by `offset`.
  static std::string Told(const HealthMention& mention, size_t offset) {
    return absl::StrCat(mention.rule->id, " ", mention.span.offset + offset,
                        "+", mention.span.length, " ",
                        ExperiencerText(mention.experiencer), " ",
                        AssertionText(mention.assertion));
  }

  absl::StatusOr<HealthReader> reader_;
};

TEST_F(HealthReaderTest, EverydayWordsTellOfOnesOwnState) {
  EXPECT_EQ(Read("haven't slept in weeks"), "sleep/nobody/present");
  EXPECT_EQ(Read("I haven't slept in weeks"), "sleep/self/present");
  EXPECT_EQ(Read("my period is late"), "cycle/self/present");
  EXPECT_EQ(Read("I can't stop drinking"), "substance/self/present");
  EXPECT_EQ(Read("I feel nothing anymore"), "mood/self/present");
}

TEST_F(HealthReaderTest, ASisterWhoStoppedAnAntidepressantIsFamily) {
  EXPECT_EQ(Read("my sister stopped her antidepressants"),
            "psychotropic/family/present");
  EXPECT_EQ(Read("My aunt came. She has dementia."), "nerves/family/present");
}

TEST_F(HealthReaderTest, AFriendOrClientIsSomebodyElse) {
  EXPECT_EQ(Read("a friend of mine has asthma"), "breathing/other/present");
  EXPECT_EQ(Read("he has asthma"), "breathing/other/present");
}

TEST_F(HealthReaderTest, AnArticleIsATopicAndNobodysState) {
  EXPECT_EQ(Read("How to choose a therapist"), "therapy/nobody/present");
  const std::vector<HealthMention> mentions =
      reader_->Read("Ten facts about asthma");
  ASSERT_EQ(mentions.size(), 1u);
  EXPECT_FALSE(mentions[0].is_state());
}

TEST_F(HealthReaderTest, ADenialIsHealthDataToo) {
  EXPECT_EQ(Read("I don't have diabetes"), "metabolic/self/negated");
  EXPECT_EQ(Read("I do n't have asthma"), "breathing/self/negated");
  EXPECT_EQ(Read("my asthma is gone"), "breathing/self/negated");
}

TEST_F(HealthReaderTest, ADenialEndsAtAButAndWithItsSentence) {
  EXPECT_EQ(Read("I am not old but I have asthma"), "breathing/self/present");
  EXPECT_EQ(Read("I did not go. I have asthma."), "breathing/self/present");
}

TEST_F(HealthReaderTest, DoubtConditionAndPastAreToldApart) {
  EXPECT_EQ(Read("I might have asthma"), "breathing/self/uncertain");
  EXPECT_EQ(Read("if I had asthma I would know"),
            "breathing/self/hypothetical");
  EXPECT_EQ(Read("I had asthma as a child"), "breathing/self/history");
}

TEST_F(HealthReaderTest, WordsThatOnlySoundLikeHealthAreNotHealth) {
  for (const absl::string_view text :
       {"killer app", "Cocoa bindings", "die another day", "sick beat",
        "the battery died", "a healthy profit", "abort the build",
        "my dog has arthritis", "be patient", "no concept of time"}) {
    EXPECT_EQ(Read(text), "") << text;
  }
}

TEST_F(HealthReaderTest, AnIdiomHidesNothingBesideIt) {
  EXPECT_EQ(Read("the killer app for my asthma"), "breathing/self/present");
}

TEST_F(HealthReaderTest, EverydayFeelingsAreNotHealth) {
  EXPECT_EQ(Read("I love my job and my team"), "");
  EXPECT_EQ(Read("dinner with my parents was nice"), "");
  EXPECT_EQ(Read("how do I transfer money"), "");
}

TEST_F(HealthReaderTest, AskingForAdviceAboutPeopleIsSeekingHelp) {
  EXPECT_EQ(Read("my husband and I argue daily, what should I do?"),
            "seeking-help/self/uncertain");
}

TEST_F(HealthReaderTest, NamesFormedLikeMedicinesAndDiseasesAreKnown) {
  EXPECT_EQ(Read("I take enalapril"), "medicine-form/self/present");
  EXPECT_EQ(Read("I have keratoconjunctivitis"), "condition-form/self/present");
}

TEST_F(HealthReaderTest, ASpanCoversTheWordsThatTell) {
  const std::vector<HealthMention> mentions =
      reader_->Read("I can\xe2\x80\x99t sleep, and asthma");
  ASSERT_EQ(mentions.size(), 2u);
  EXPECT_EQ(mentions[0].span.offset, 2u);
  EXPECT_EQ(mentions[0].span.length, 13u);
  EXPECT_EQ(mentions[1].span.offset, 21u);
  EXPECT_EQ(mentions[1].span.length, 6u);
}

TEST_F(HealthReaderTest, AnyBytesAreSafe) {
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read("'-'.?!\n n't 'm"), "");
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes.push_back(static_cast<char>(i * 7));
  EXPECT_EQ(Read(bytes), "");
}

TEST_F(HealthReaderTest, AFindingCitesItsClauseAndHoldsNoText) {
  const std::vector<HealthMention> mentions = reader_->Read("my asthma");
  ASSERT_EQ(mentions.size(), 1u);
  const std::vector<Finding> findings = FindingsOf(mentions[0], "note");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].category, v1::HEALTH_CATEGORY_CONDITIONS);
  EXPECT_EQ(findings[0].basis, FindingBasis::kLanguage);
  EXPECT_EQ(findings[0].rule_id, "language/breathing");
  EXPECT_EQ(findings[0].clause, "RCW 19.373.010(8)(b)(i)");
  EXPECT_EQ(findings[0].reason,
            "its words speak of breathing (whose: self; present)");
}

// What stands in lines that are read in one go, by line.
TEST_F(HealthReaderTest, LinesReadTogetherSayWhatEachSaysAlone) {
  std::vector<std::string> lines = {
      "my sister is depressed",     "",       "i feel", "tired all the time\r",
      "she can\xe2\x80\x99t sleep", "ca n't", "sleep",  "no fever."};
  // Longer than what is read in one go, with a word over its end.
  lines.push_back(std::string(4090, '.') + " insomnia " +
                  std::string(9000, '-') + " migraine");
  lines.push_back("in 2019 he had a stroke");
  std::string text;
  HealthReader::Scratch scratch;
  std::vector<HealthMention> mentions;
  std::vector<std::string> expected;
  for (const std::string& line : lines) {
    reader_->Read(line, &scratch, &mentions);
    for (const HealthMention& mention : mentions) {
      expected.push_back(Told(mention, text.size()));
    }
    absl::StrAppend(&text, line, "\n");
  }
  ASSERT_GE(expected.size(), 6u);

  reader_->ReadLines(text, &scratch, &mentions);

  std::vector<std::string> told;
  for (const HealthMention& mention : mentions) {
    told.push_back(Told(mention, 0));
  }
  EXPECT_EQ(told, expected);
  reader_->ReadLines("", &scratch, &mentions);
  EXPECT_TRUE(mentions.empty());
}

TEST_F(HealthReaderTest, ALineOfALogOrOfMarkupAsksForNothing) {
  const std::string plea = "my husband and i argue, what should i do?";
  EXPECT_EQ(reader_->Read(plea).size(), 1u);

  EXPECT_TRUE(reader_
                  ->Read(plea +
                         " 0x1f 0x2e uid=7 gid=7 pid=301 tid=9 fd=4 rc=0 "
                         "seq=11 ack=12 win=64 len=0 ttl=52 opt=00 iface "
                         "eth0 mtu=1500 qlen=100 rx=17 tx=19 drop=0 err=0")
                  .empty());
}

}  // namespace
}  // namespace subrosa
