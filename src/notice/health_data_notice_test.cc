#include "src/notice/health_data_notice.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "src/notice/notice_document.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPolicy[] = R"(
  entity: "rosewater" name: "Rosewater"
  contact_email: "privacy@rosewater.example"
  purpose { id: "diary" title: "To keep your diary"
    action: [ ACTION_COLLECT, ACTION_USE ]
    category: [ HEALTH_CATEGORY_CONDITIONS, HEALTH_CATEGORY_MEDICATION ] }
  purpose { id: "coaching" title: "To coach you" action: ACTION_SHARE
    category: HEALTH_CATEGORY_CONDITIONS })";

constexpr char kWords[] = R"(
  title: "Health data" locale: "en-US" version: "1" effective_on: "2026-12-01"
  section { item: "wa-mhmda/policy#categories-and-purposes" heading: "What" }
  section { item: "wa-mhmda/policy#sources" heading: "From where" }
  section { item: "wa-mhmda/policy#shared" heading: "Shared" }
  section { item: "wa-mhmda/policy#recipients" heading: "With whom" }
  section { item: "wa-mhmda/policy#rights" heading: "Rights" paragraph: "Ask." }
  source { id: "ios-app" text: "you" })";

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

v1::Recipient RecipientOf(const std::string& id, v1::RecipientRole role) {
  v1::Recipient recipient;
  recipient.set_id(id);
  recipient.set_name("Name of " + id);
  recipient.set_role(role);
  recipient.set_category("coaching companies");
  recipient.add_purpose("coaching");
  recipient.add_category_allowed(v1::HEALTH_CATEGORY_CONDITIONS);
  return recipient;
}

class HealthDataNoticeTest : public testing::Test {
 protected:
  HealthDataNoticeTest()
      : law_(LawBook::BuiltIn().value()),
        words_(Parse<v1::NoticeWords>(kWords)) {
    facts_.policy = Parse<v1::Policy>(kPolicy);
    facts_.day = absl::CivilDay(2026, 12, 1);
    Hold(v1::HEALTH_CATEGORY_CONDITIONS, "ios-app");
  }

  void Hold(v1::HealthCategory category, const std::string& source) {
    InventoryLine& line = facts_.inventory.lines.emplace_back();
    line.category = category;
    line.source = source;
    line.counts.records = 1;
  }
  NoticeDocument Write() {
    const auto document = WriteHealthDataNotice(law_, facts_, words_);
    EXPECT_TRUE(document.ok()) << document.status();
    return document.value_or(NoticeDocument());
  }
  // The cells of an item's rows, joined.
  std::vector<std::string> RowsOf(const std::string& key) {
    std::vector<std::string> rows;
    const NoticeDocument document = Write();
    for (const NoticeItem& item : document.items) {
      if (item.key != key) continue;
      for (const NoticeLine& line : item.rows) {
        std::string& row = rows.emplace_back();
        for (const std::string& cell : line.cells) row += cell + ". ";
      }
    }
    return rows;
  }

  const LawBook law_;
  NoticeFacts facts_;
  v1::NoticeWords words_;
};

// Covers: wa-mhmda/policy
TEST_F(HealthDataNoticeTest, ItHoldsTheFiveElementsInTheStatutesOrder) {
  const NoticeDocument document = Write();

  std::vector<std::string> keys;
  for (const NoticeItem& item : document.items) keys.push_back(item.key);
  EXPECT_THAT(keys, ElementsAre("categories-and-purposes", "sources", "shared",
                                "recipients", "rights"));
  EXPECT_THAT(document.missing, IsEmpty());
}

TEST_F(HealthDataNoticeTest, EachCategoryIsToldWithItsPurposes) {
  EXPECT_EQ(RowsOf("categories-and-purposes").size(), 2u);
  EXPECT_THAT(RowsOf("categories-and-purposes")[0],
              HasSubstr("To keep your diary"));
}

TEST_F(HealthDataNoticeTest, AffiliatesAreNamedAndThirdPartiesByTheirCategory) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE),
                       RecipientOf("desk", v1::RECIPIENT_ROLE_THIRD_PARTY)};

  EXPECT_THAT(RowsOf("recipients"),
              ElementsAre("coaching companies. To coach you. ",
                          "our affiliate Name of sister. To coach you. "));
  EXPECT_EQ(RowsOf("shared").size(), 1u);
}

TEST_F(HealthDataNoticeTest, WhatAProcessorIsGivenIsNotShared) {
  facts_.recipients = {RecipientOf("host", v1::RECIPIENT_ROLE_PROCESSOR),
                       RecipientOf("staff", v1::RECIPIENT_ROLE_CONTRACTOR)};

  EXPECT_THAT(RowsOf("shared"), IsEmpty());
  EXPECT_THAT(NoticeMarkdown(Write()),
              HasSubstr("None: no consumer health data is shared."));
}

TEST_F(HealthDataNoticeTest, WhomNothingIsGivenAnyMoreIsNotTold) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  facts_.recipients[0].set_ended_on("2026-12-01");
  EXPECT_THAT(RowsOf("recipients"), IsEmpty());

  facts_.recipients[0].set_ended_on("2026-12-02");
  EXPECT_EQ(RowsOf("recipients").size(), 1u);
}

TEST_F(HealthDataNoticeTest, ACategoryThatIsHeldForNoPurposeIsMissing) {
  Hold(v1::HEALTH_CATEGORY_GENETIC, "ios-app");

  EXPECT_THAT(Write().missing,
              ElementsAre("wa-mhmda/policy#categories-and-purposes: want a "
                          "purpose of the policy for `genetic`, of which "
                          "records are held, got none"));
}

TEST_F(HealthDataNoticeTest, ASourceThatNobodyPutIntoWordsIsMissing) {
  Hold(v1::HEALTH_CATEGORY_CONDITIONS, "wearable");

  EXPECT_THAT(Write().missing,
              ElementsAre("wa-mhmda/policy#sources: want words for the source "
                          "`wearable`, got none"));
}

TEST_F(HealthDataNoticeTest, WordsContactAndThirdPartysCategoryAreMissed) {
  words_.clear_section();
  facts_.policy.clear_contact_email();
  facts_.recipients = {RecipientOf("desk", v1::RECIPIENT_ROLE_THIRD_PARTY)};
  facts_.recipients[0].clear_category();
  facts_.inventory.lines.clear();

  // Five sections, sources, the third party, the rights, the contact.
  EXPECT_EQ(Write().missing.size(), 9u);
}

TEST_F(HealthDataNoticeTest, EachLineSaysOnWhichFactsItRests) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  const NoticeDocument document = Write();

  for (const NoticeItem& item : document.items) {
    for (const auto* lines : {&item.paragraphs, &item.rows}) {
      for (const NoticeLine& line : *lines) {
        EXPECT_FALSE(line.facts.empty()) << line.id;
        EXPECT_EQ(FindLine(document, line.id), &line);
      }
    }
  }
  EXPECT_THAT(FindLine(document, "recipients.1")->facts,
              ElementsAre("policy: purpose `coaching`", "recipient `sister`"));
  EXPECT_EQ(FindLine(document, "recipients.9"), nullptr);
}

TEST_F(HealthDataNoticeTest, TheSameFactsGiveTheSameHashAndOthersAnother) {
  const std::string hash = NoticeSha256(Write());
  EXPECT_EQ(NoticeSha256(Write()), hash);

  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  EXPECT_NE(NoticeSha256(Write()), hash);
}

TEST_F(HealthDataNoticeTest, ANameIsNoMarkupOfThePage) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  facts_.recipients[0].set_name("<script>a|b</script> \"&");

  const NoticeDocument document = Write();

  EXPECT_THAT(NoticeHtml(document),
              HasSubstr("&lt;script&gt;a|b&lt;/script&gt; &quot;&amp;"));
  EXPECT_THAT(NoticeMarkdown(document), HasSubstr("&lt;script>a\\|b&lt;/"));
}

}  // namespace
}  // namespace subrosa
