#include "src/law/law_text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

std::vector<std::string> LinesOf(const std::string& rule) {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return DemandLines(*book->Find(rule)->rule);
}

TEST(LawTextTest, ADeadlineIsSaidWithItsClockAndExtension) {
  EXPECT_EQ(LinesOf("wa-mhmda/respond"),
            (std::vector<std::string>{
                "requests: access, third-parties, delete, withdraw",
                "respond within 45 calendar days of receipt; one extension of "
                "45 calendar days"}));
  EXPECT_EQ(LinesOf("ca-ccpa/opt-out-clock"),
            (std::vector<std::string>{
                "requests: opt-out", "cease within 15 business days of receipt",
                "business days by the calendar: california"}));
}

TEST(LawTextTest, AGroundIsSaidWithWhomItIsFor) {
  EXPECT_EQ(LinesOf("ca-ccpa/minors-13-to-15"),
            (std::vector<std::string>{
                "actions: share, sell", "any of the grounds: consent",
                "does not count where it goes to: processor, contractor",
                "ages: from 13 to 15", "chosen by: self"}));
}

TEST(LawTextTest, ABanIsSaid) {
  EXPECT_EQ(LinesOf("md-modpa/sell"),
            (std::vector<std::string>{"unlawful: sell"}));
  EXPECT_EQ(LinesOf("md-modpa/minors"),
            (std::vector<std::string>{"unlawful: sell", "ages: to 17"}));
}

TEST(LawTextTest, AListIsSaidItemByItem) {
  const std::vector<std::string> lines = LinesOf("wa-mhmda/policy");
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[0], "health-data-policy holds, and nothing else:");
  EXPECT_EQ(lines[2], "- sources: the categories of sources");
}

TEST(LawTextTest, EveryShippedRuleSaysSomething) {
  const LawBook book = LawBook::BuiltIn().value();
  for (const LawEntry& entry : book.entries()) {
    EXPECT_FALSE(DemandLines(*entry.rule).empty()) << entry.id;
    EXPECT_NE(DemandName(*entry.rule), "none") << entry.id;
    for (const std::string& line : DemandLines(*entry.rule)) {
      EXPECT_EQ(line.find("unspecified"), std::string::npos) << entry.id;
      EXPECT_EQ(line.find("unknown"), std::string::npos) << entry.id;
    }
  }
}

TEST(LawTextTest, OneOfAUnitIsSingular) {
  v1::Period period;
  period.set_count(1);
  period.set_unit(v1::PERIOD_UNIT_YEARS);
  EXPECT_EQ(PeriodText(period), "1 year");
  period.set_count(2);
  EXPECT_EQ(PeriodText(period), "2 years");
}

TEST(LawTextTest, WhatIsNotSaidOfATextIsFromMemory) {
  EXPECT_EQ(LawCertaintyText(v1::TEXT_CERTAINTY_UNSPECIFIED),
            "from memory: check");
  EXPECT_EQ(LawCertaintyText(v1::TEXT_CERTAINTY_MEMORY), "from memory: check");
}

TEST(LawTextTest, ARuleWithoutADemandSaysNothing) {
  EXPECT_TRUE(DemandLines(v1::LawRule()).empty());
  EXPECT_EQ(DemandName(v1::LawRule()), "none");
}

}  // namespace
}  // namespace subrosa
