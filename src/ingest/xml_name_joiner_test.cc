#include "src/ingest/xml_name_joiner.h"

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

// What is parsed of `document`, given in pieces of `size` bytes.
std::string Parsed(const std::string& document, size_t size) {
  XmlNameJoiner joiner;
  std::string parsed;
  for (size_t at = 0; at < document.size(); at += size) {
    const bool is_last = at + size >= document.size();
    const absl::string_view given =
        joiner.Take(absl::string_view(document).substr(at, size), is_last);
    parsed.append(given.data(), given.size());
  }
  return parsed;
}

void ExpectParsed(const std::string& document, const std::string& parsed) {
  for (size_t size = 1; size <= document.size(); ++size) {
    ASSERT_EQ(Parsed(document, size), parsed) << "in pieces of " << size;
  }
}

TEST(XmlNameJoinerTest, SpacesWithinAnAttributesNameBecomeUnderscores) {
  ExpectParsed(
      "<Workout type=\"x\" Health Mate App Version=\"2 6\"  b\t c = 'd e'/>",
      "<Workout type=\"x\" Health_Mate_App_Version=\"2 6\"  b__c = 'd e'/>");
  ExpectParsed("<a b c=\"1\"><d e\n f='2'>t u=\"v\"</d></a>",
               "<a b_c=\"1\"><d e__f='2'>t u=\"v\"</d></a>");
}

TEST(XmlNameJoinerTest, WhatNeedsNoMendingStaysAsItIs) {
  for (const std::string document :
       {"<a b=\"c d\" e='f \" g'  h = \"i\" />", "<a >b c</a >", "<a/>", "<a>",
        "a b", "<a b='it is > 1 < 2' c=\"d\"/>", "< a", "<", "",
        "<!-- a <b c d> --><b/>", "<a><![CDATA[<b c d> ]] > x]]></a>",
        "<?xml version=\"1.0\" a b?><c/>", "<a b=\"c", "<a b "}) {
    ExpectParsed(document, document);
  }
}

TEST(XmlNameJoinerTest, AfterACommentOrASectionTagsAreMendedAgain) {
  ExpectParsed("<!-- a > b --><c d e='f'/>", "<!-- a > b --><c d_e='f'/>");
  ExpectParsed("<a><![CDATA[b ]> c]]><d e f='g'/></a>",
               "<a><![CDATA[b ]> c]]><d e_f='g'/></a>");
  ExpectParsed("<?a b > c?><d e f='g'/>", "<?a b > c?><d e_f='g'/>");
}

TEST(XmlNameJoinerTest, AGapOfAnySizeIsHeldInLittleMemory) {
  const std::string gap(100000, ' ');
  XmlNameJoiner joiner;

  EXPECT_EQ(joiner.Take("<a b", false), "<a b");
  EXPECT_EQ(joiner.Take(gap, false), gap);
  EXPECT_EQ(joiner.Take("c='d'/>", true), "c='d'/>");
}

}  // namespace
}  // namespace subrosa
