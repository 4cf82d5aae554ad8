#include "src/notice/notice_writer.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "src/notice/holdings.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_facts.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

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

class NoticeWriterTest : public testing::Test {
 protected:
  NoticeWriterTest()
      : law_(LawBook::BuiltIn().value()),
        words_(Parse<v1::NoticeWords>(kWords)) {
    facts_.policy = Parse<v1::Policy>(kPolicy);
    facts_.day = absl::CivilDay(2026, 12, 1);
    Hold(v1::HEALTH_CATEGORY_CONDITIONS, "ios-app");
  }

  void Hold(v1::HealthCategory category, const std::string& source) {
    HeldLine& line = facts_.held.lines.emplace_back();
    line.category = category;
    line.source = source;
    line.records = 1;
  }
  NoticeDocument Write() {
    const auto document = WriteNotice(law_, rule_, facts_, words_);
    EXPECT_TRUE(document.ok()) << document.status();
    return document.value_or(NoticeDocument());
  }
  // Every item of `rule`, with a heading and a paragraph of its own.
  void UseRule(const std::string& rule) {
    rule_ = rule;
    words_.clear_section();
    for (const auto& item : law_.Find(rule)->rule->contents().item()) {
      auto* const section = words_.add_section();
      section->set_item(absl::StrCat(rule, "#", item.key()));
      section->set_heading("About " + item.key());
      section->add_paragraph("Words.");
    }
  }
  v1::NoticeWords::Section* SectionOf(const std::string& key) {
    for (auto& section : *words_.mutable_section()) {
      if (section.item() == absl::StrCat(rule_, "#", key)) return &section;
    }
    return nullptr;
  }
  std::vector<std::string> KeysOf(const NoticeDocument& document) {
    std::vector<std::string> keys;
    for (const NoticeItem& item : document.items) keys.push_back(item.key);
    return keys;
  }
  std::vector<std::string> KeysOfRule() {
    std::vector<std::string> keys;
    for (const auto& item : law_.Find(rule_)->rule->contents().item()) {
      keys.push_back(item.key());
    }
    return keys;
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
  std::string rule_ = "wa-mhmda/policy";
  NoticeFacts facts_;
  v1::NoticeWords words_;
};

// Covers: wa-mhmda/policy
TEST_F(NoticeWriterTest, ItHoldsTheFiveElementsInTheStatutesOrder) {
  const NoticeDocument document = Write();

  std::vector<std::string> keys;
  for (const NoticeItem& item : document.items) keys.push_back(item.key);
  EXPECT_THAT(keys, ElementsAre("categories-and-purposes", "sources", "shared",
                                "recipients", "rights"));
  EXPECT_THAT(document.missing, IsEmpty());
}

TEST_F(NoticeWriterTest, EachCategoryIsToldWithItsPurposes) {
  EXPECT_EQ(RowsOf("categories-and-purposes").size(), 2u);
  EXPECT_THAT(RowsOf("categories-and-purposes")[0],
              HasSubstr("To keep your diary"));
}

TEST_F(NoticeWriterTest, AffiliatesAreNamedAndThirdPartiesByTheirCategory) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE),
                       RecipientOf("desk", v1::RECIPIENT_ROLE_THIRD_PARTY)};

  EXPECT_THAT(RowsOf("recipients"),
              ElementsAre("coaching companies. To coach you. ",
                          "our affiliate Name of sister. To coach you. "));
  EXPECT_EQ(RowsOf("shared").size(), 1u);
}

TEST_F(NoticeWriterTest, WhatAProcessorIsGivenIsNotShared) {
  facts_.recipients = {RecipientOf("host", v1::RECIPIENT_ROLE_PROCESSOR)};

  EXPECT_THAT(RowsOf("shared"), IsEmpty());
  EXPECT_THAT(NoticeMarkdown(Write()),
              HasSubstr("None: no consumer health data is shared."));
}

TEST_F(NoticeWriterTest, WhomNothingIsGivenAnyMoreIsNotTold) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  facts_.recipients[0].set_ended_on("2026-12-01");
  EXPECT_THAT(RowsOf("recipients"), IsEmpty());

  facts_.recipients[0].set_ended_on("2026-12-02");
  EXPECT_EQ(RowsOf("recipients").size(), 1u);
}

TEST_F(NoticeWriterTest, ACategoryThatIsHeldForNoPurposeIsMissing) {
  Hold(v1::HEALTH_CATEGORY_GENETIC, "ios-app");

  EXPECT_THAT(Write().missing,
              ElementsAre("wa-mhmda/policy#categories-and-purposes: want a "
                          "purpose of the policy for `genetic`, of which "
                          "records are held, got none"));
}

TEST_F(NoticeWriterTest, ASourceThatNobodyPutIntoWordsIsMissing) {
  Hold(v1::HEALTH_CATEGORY_CONDITIONS, "wearable");

  EXPECT_THAT(Write().missing,
              ElementsAre("wa-mhmda/policy#sources: want words for the source "
                          "`wearable`, got none"));
}

TEST_F(NoticeWriterTest, WordsContactAndThirdPartysCategoryAreMissed) {
  words_.clear_section();
  facts_.policy.clear_contact_email();
  facts_.recipients = {RecipientOf("desk", v1::RECIPIENT_ROLE_THIRD_PARTY)};
  facts_.recipients[0].clear_category();
  facts_.held.lines.clear();

  // Five sections, sources, the third party, the contact.
  EXPECT_EQ(Write().missing.size(), 8u);
}

TEST_F(NoticeWriterTest, EachLineSaysOnWhichFactsItRests) {
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

TEST_F(NoticeWriterTest, TheSameFactsGiveTheSameHashAndOthersAnother) {
  const std::string hash = NoticeSha256(Write());
  EXPECT_EQ(NoticeSha256(Write()), hash);

  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  EXPECT_NE(NoticeSha256(Write()), hash);
}

TEST_F(NoticeWriterTest, ANameIsNoMarkupOfThePage) {
  facts_.recipients = {RecipientOf("sister", v1::RECIPIENT_ROLE_AFFILIATE)};
  facts_.recipients[0].set_name("<script>a|b</script> \"&");

  const NoticeDocument document = Write();

  EXPECT_THAT(NoticeHtml(document),
              HasSubstr("&lt;script&gt;a|b&lt;/script&gt; &quot;&amp;"));
  EXPECT_THAT(NoticeMarkdown(document), HasSubstr("&lt;script>a\\|b&lt;/"));
}

// Covers: nv-sb370/policy
TEST_F(NoticeWriterTest, NevadasPolicyHoldsElevenItemsInTheStatutesOrder) {
  UseRule("nv-sb370/policy");
  facts_.recipients = {RecipientOf("host", v1::RECIPIENT_ROLE_PROCESSOR)};

  const NoticeDocument document = Write();

  EXPECT_EQ(document.items.size(), 11u);
  EXPECT_EQ(KeysOf(document), KeysOfRule());
  EXPECT_THAT(document.missing, IsEmpty());
  EXPECT_THAT(RowsOf("purposes"), ElementsAre("To keep your diary. collected, "
                                              "used. ",
                                              "To coach you. shared. "));
  // Nevada's rules leave no processor out of sharing.
  EXPECT_EQ(RowsOf("recipients").size(), 1u);
  EXPECT_THAT(NoticeMarkdown(document),
              HasSubstr("In effect from 2026-12-01."));
}

TEST_F(NoticeWriterTest, AnItemOfWordsAloneWithoutWordsIsMissing) {
  UseRule("nv-sb370/policy");
  SectionOf("tracking")->clear_paragraph();
  SectionOf("requests")->clear_paragraph();

  EXPECT_THAT(Write().missing,
              ElementsAre("nv-sb370/policy#requests: want words, got none",
                          "nv-sb370/policy#tracking: want words, got none"));
}

// Covers: ct-ctdpa/policy
TEST_F(NoticeWriterTest, ConnecticutIsToldOfModelsAndTheMonthOfTheLastChange) {
  UseRule("ct-ctdpa/policy");
  EXPECT_THAT(KeysOf(Write()), ElementsAre("llm-training", "updated-month"));
  EXPECT_THAT(NoticeMarkdown(Write()),
              HasSubstr("Last updated in December 2026."));

  SectionOf("llm-training")->clear_paragraph();
  EXPECT_THAT(Write().missing,
              ElementsAre("ct-ctdpa/policy#llm-training: want words, got "
                          "none"));
}

// What Californians are told of three recipients: one that pays, one that is
// given data to coach, one that acts for the entity.
class CaliforniaNoticeTest : public NoticeWriterTest {
 protected:
  CaliforniaNoticeTest() {
    UseRule("ca-ccpa/policy");
    auto* const sale = facts_.policy.add_purpose();
    sale->set_id("sale");
    sale->set_title("To sell it");
    sale->add_action(v1::ACTION_SELL);
    sale->add_category(v1::HEALTH_CATEGORY_CONDITIONS);
    facts_.recipients = {RecipientOf("host", v1::RECIPIENT_ROLE_PROCESSOR),
                         RecipientOf("desk", v1::RECIPIENT_ROLE_THIRD_PARTY),
                         RecipientOf("buyer", v1::RECIPIENT_ROLE_THIRD_PARTY)};
    facts_.recipients[0].set_category("hosts");
    facts_.recipients[2].set_category("market researchers");
    facts_.recipients[2].clear_purpose();
    facts_.recipients[2].add_purpose("sale");
    facts_.recipients[2].set_pays(true);
    const std::string type = "subrosa.v1.MoodCheckIn";
    facts_.held.lines[0].schemas = {type};
    facts_.schemas[type] = MarksOfSchema(*v1::MoodCheckIn::descriptor());
  }
};

// Covers: ca-ccpa/policy
TEST_F(CaliforniaNoticeTest, ThePolicyHoldsItsItemsInTheRegulationsOrder) {
  const NoticeDocument document = Write();

  EXPECT_EQ(KeysOf(document), KeysOfRule());
  EXPECT_THAT(document.missing, IsEmpty());
  EXPECT_THAT(NoticeMarkdown(document),
              HasSubstr("Last updated on 2026-12-01."));
}

TEST_F(CaliforniaNoticeTest, WhatIsSoldAndWhatIsDisclosedAreToldApart) {
  EXPECT_THAT(RowsOf("e-1-e"),
              ::testing::Contains("sensitive personal information: "
                                  "information collected and analyzed "
                                  "concerning health. market researchers. "));
  EXPECT_THAT(RowsOf("e-1-f"), ElementsAre("To sell it. market researchers. "));
  EXPECT_THAT(RowsOf("e-1-j"),
              ElementsAre("To coach you. coaching companies; hosts. "));
}

TEST_F(CaliforniaNoticeTest, WhereNothingIsSoldThatIsSaid) {
  facts_.recipients.pop_back();

  EXPECT_THAT(RowsOf("e-1-d"), IsEmpty());
  EXPECT_THAT(NoticeMarkdown(Write()),
              HasSubstr("None: no personal information is sold or shared."));
}

TEST_F(CaliforniaNoticeTest, WhoWasGivenDataInTheTimeLookedBackIsStillTold) {
  facts_.recipients[2].set_ended_on("2026-06-01");
  EXPECT_THAT(RowsOf("e-1-f"), IsEmpty());

  facts_.received = {"buyer"};
  EXPECT_EQ(RowsOf("e-1-f").size(), 1u);
}

TEST_F(CaliforniaNoticeTest, AdvertisingAcrossSitesIsSharing) {
  facts_.recipients.pop_back();
  facts_.policy.mutable_purpose(1)->set_targeted_advertising(true);

  EXPECT_THAT(RowsOf("e-1-f"),
              ElementsAre("To coach you. coaching companies. "));
}

TEST_F(CaliforniaNoticeTest, WhetherThoseUnder16AreConcernedPeopleHaveToSay) {
  SectionOf("e-1-g")->clear_paragraph();

  EXPECT_THAT(Write().missing,
              ElementsAre("ca-ccpa/policy#e-1-g: want words on whether the "
                          "personal information of consumers under 16 is "
                          "knowingly sold or shared, got none"));
}

TEST_F(CaliforniaNoticeTest, ATypeWhoseMarksAreNotKnownIsMissing) {
  facts_.schemas.clear();

  EXPECT_THAT(Write().missing,
              ElementsAre("ca-ccpa/policy#e-1-a: want the marks of the type "
                          "`subrosa.v1.MoodCheckIn`, which is held, got "
                          "none"));
}

// Covers: ca-ccpa/notice-at-collection
TEST_F(CaliforniaNoticeTest, TheNoticeAtCollectionHoldsItsSixItems) {
  UseRule("ca-ccpa/notice-at-collection");
  facts_.policy.mutable_purpose(0)->set_retention("P2Y");

  EXPECT_EQ(KeysOf(Write()), KeysOfRule());
  EXPECT_THAT(Write().missing, IsEmpty());
  EXPECT_THAT(RowsOf("retention")[0],
              HasSubstr("for 2 years: To keep your diary"));
  EXPECT_THAT(RowsOf("sold")[0], HasSubstr("yes"));

  facts_.recipients.pop_back();
  EXPECT_EQ(Write().items.size(), 5u);  // Nothing is sold: no link to opt out.
  EXPECT_THAT(RowsOf("sold")[0], HasSubstr("no"));
}

TEST_F(CaliforniaNoticeTest, ACategoryThatNobodySaysHowLongIsKeptIsMissing) {
  UseRule("ca-ccpa/notice-at-collection");

  EXPECT_FALSE(Write().missing.empty());
}

// Covers: ca-ccpa/opt-out-notice, ca-ccpa/limit-notice
TEST_F(CaliforniaNoticeTest, TheLinksHaveTheVeryWordsThatArePrescribed) {
  for (const char* rule : {"ca-ccpa/opt-out-notice", "ca-ccpa/limit-notice"}) {
    UseRule(rule);
    EXPECT_EQ(KeysOf(Write()), KeysOfRule());
    EXPECT_EQ(Write().missing.size(), 1u) << rule;
    auto* const link = SectionOf("link")->add_link();
    link->set_url("/choices");
    link->set_text("Opt out here");
    EXPECT_EQ(Write().missing.size(), 1u) << rule;

    for (const auto& item : law_.Find(rule)->rule->contents().item()) {
      if (item.exact_size() > 0) link->set_text(item.exact(0));
    }

    EXPECT_THAT(Write().missing, IsEmpty());
    EXPECT_THAT(NoticeHtml(Write()),
                HasSubstr(absl::StrCat("<a href=\"/choices\">", link->text())));
  }
}

TEST_F(CaliforniaNoticeTest, AnAuthorizationNamesItsOnePurchaser) {
  UseRule("wa-mhmda/authorization");
  facts_.recipients[2].mutable_contact()->set_email("desk@buyer.example");
  facts_ = FactsOfOnePurpose(facts_, "sale", "buyer").value();

  EXPECT_EQ(Write().items.size(), 9u);
  EXPECT_THAT(Write().missing, IsEmpty());
  EXPECT_THAT(RowsOf("purchaser"),
              ElementsAre("Name of buyer. desk@buyer.example. "));
  EXPECT_EQ(RowsOf("purpose").size(), 1u);
}

TEST_F(CaliforniaNoticeTest, APurposeOrRecipientThatIsNotThereIsRefused) {
  EXPECT_TRUE(
      absl::IsNotFound(FactsOfOnePurpose(facts_, "horoscope", "").status()));
  EXPECT_TRUE(
      absl::IsNotFound(FactsOfOnePurpose(facts_, "sale", "nobody").status()));
}

TEST_F(NoticeWriterTest, ARuleThatListsNoContentsMakesNoNotice) {
  EXPECT_TRUE(absl::IsNotFound(
      WriteNotice(law_, "wa-mhmda/respond", facts_, words_).status()));
  EXPECT_TRUE(absl::IsNotFound(
      WriteNotice(law_, "wa-mhmda/horoscope", facts_, words_).status()));
}

}  // namespace
}  // namespace subrosa
