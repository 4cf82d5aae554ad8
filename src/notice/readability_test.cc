#include "src/notice/readability.h"

#include <string>

#include "gtest/gtest.h"
#include "src/notice/notice_document.h"

namespace subrosa {
namespace {

TEST(ReadabilityTest, WordsSentencesAndSyllablesAreCounted) {
  const TextLength length =
      LengthOf("The cat sat. Did it like the little table? Yes");

  EXPECT_EQ(length.words, 10);
  EXPECT_EQ(length.sentences, 3);
  EXPECT_EQ(length.syllables, 12);  // lit-tle, ta-ble.
}

TEST(ReadabilityTest, LongWordsInLongSentencesAreHarder) {
  EXPECT_LT(LengthOf("We keep your data safe. You may ask us.").Grade(), 3);
  EXPECT_GT(LengthOf("Notwithstanding limitations enumerated hereinabove, "
                     "determinations regarding individually identifiable "
                     "information necessitate authorization.")
                .Grade(),
            20);
}

TEST(ReadabilityTest, WhatHasNoWordsHasNoGrade) {
  for (const char* text : {"", "  ", "...", "1234 !", "https://x.example",
                           "privacy@rosewater.example", "\xff\xfe"}) {
    EXPECT_EQ(LengthOf(text).words, 0) << text;
    EXPECT_EQ(LengthOf(text).Grade(), 0) << text;
  }
}

TEST(ReadabilityTest, ANoticesTablesAreNoProse) {
  NoticeDocument document;
  NoticeItem item;
  item.paragraphs.push_back({"a.1", {"We share this."}, {}, ""});
  item.columns = {"Category"};
  item.rows.push_back({"a.2", {"reproductive health information"}, {}, ""});
  document.items.push_back(item);

  EXPECT_EQ(LengthOf(document).words, 3);
}

}  // namespace
}  // namespace subrosa
