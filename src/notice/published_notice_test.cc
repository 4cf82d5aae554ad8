#include "src/notice/published_notice.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/notice/notice_document.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NoticeDocument Document() {
  NoticeDocument document;
  document.title = "Health data";
  document.locale = "en-US";
  document.version = "7";
  document.effective_on = "2026-12-01";
  NoticeItem item;
  item.rule = "wa-mhmda/policy#shared";
  item.key = "shared";
  item.heading = "Shared";
  item.paragraphs.push_back({"shared.1", {"We share <this> & that."}, {}, ""});
  item.paragraphs.push_back({"shared.2", {"Choices"}, {}, "/choices"});
  item.columns = {"Category", "For"};
  item.rows.push_back({"shared.3", {"a \"b\"", "c; d"}, {}, ""});
  document.items.push_back(item);
  return document;
}

TEST(PublishedNoticeTest, OurPageAndOurJsonReadAlike) {
  const NoticeDocument document = Document();

  for (const std::string& form : {NoticeHtml(document), NoticeJson(document)}) {
    const PublishedNotice notice = ReadPublishedNotice(form).value();
    EXPECT_EQ(notice.version, "7");
    EXPECT_EQ(notice.effective_on, "2026-12-01");
    ASSERT_EQ(notice.items.size(), 1u);
    EXPECT_EQ(notice.items[0].rule, "wa-mhmda/policy#shared");
    EXPECT_THAT(notice.items[0].rows,
                ElementsAre(ElementsAre("a \"b\"", "c; d")));
    EXPECT_THAT(notice.links, ElementsAre("/choices"));
    EXPECT_TRUE(notice.Says("We share <this> & that."));
  }
}

TEST(PublishedNoticeTest, OfAnyPageTheTextAndTheLinksAreRead) {
  const PublishedNotice notice =
      ReadPublishedNotice(
          "<p>Your <b>health</b>\n data &mdash; <A HREF=/p>here</a></p>"
          "<script>not('this')</script><!-- nor this --><style>nor</style>")
          .value();

  EXPECT_THAT(notice.items, IsEmpty());
  EXPECT_EQ(notice.text, "your health data \u2014 here");
  EXPECT_THAT(notice.links, ElementsAre("/p"));
  EXPECT_TRUE(notice.Says("HEALTH  data"));
  EXPECT_FALSE(notice.Says("this"));
}

TEST(PublishedNoticeTest, WhatIsNotClosedEndsWithThePage) {
  for (const char* page :
       {"<", "<a", "<a href", "<a href=", "<a href='x", "<!--", "<script>x",
        "&", "&#", "&#99999999999;", "<section data-rule=x><tr><td>y", "</",
        "<a =b>", "<tr><td>x"}) {
    EXPECT_TRUE(ReadPublishedNotice(page).ok()) << page;
  }
  EXPECT_THAT(
      ReadPublishedNotice("<section data-rule=x><tr><td>y")->items[0].rows,
      ElementsAre(ElementsAre("y")));
}

TEST(PublishedNoticeTest, OtherJsonIsNoNotice) {
  for (const char* json :
       {"{", "{}", "{\"items\":1}", "{\"items\":[1]}",
        "{\"items\":[{\"rule\":\"a\"}]}",
        "{\"items\":[{\"rule\":\"a\",\"paragraphs\":[],\"rows\":[1]}]}",
        "{\"items\":[{\"rule\":\"a\",\"paragraphs\":[],"
        "\"rows\":[{\"cells\":[1]}]}]}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadPublishedNotice(json).status()))
        << json;
  }
}

TEST(PublishedNoticeTest, WhatIsTooLongOrNoUtf8IsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadPublishedNotice(std::string(kMaxPublishedBytes + 1, 'a')).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadPublishedNotice("\xff").status()));
}

TEST(PublishedNoticeTest, JsonThatNestsWithoutEndIsRefusedAndNotFollowed) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadPublishedNotice("{\"items\":" + std::string(1000000, '[')).status()));
}

}  // namespace
}  // namespace subrosa
