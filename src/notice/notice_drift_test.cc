#include "src/notice/notice_drift.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/classify/name_rules.h"
#include "src/classify/schema_survey.h"
#include "src/law/law_book.h"
#include "src/notice/holdings.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_facts.h"
#include "src/notice/notice_writer.h"
#include "src/notice/published_notice.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPolicy[] = R"(
  entity: "rosewater" name: "Rosewater" contact_email: "p@rosewater.example"
  purpose { id: "diary" title: "To keep your diary"
    action: [ ACTION_COLLECT, ACTION_USE ]
    category: [ HEALTH_CATEGORY_CONDITIONS, HEALTH_CATEGORY_MEDICATION ] }
  purpose { id: "coaching" title: "To coach you" action: ACTION_SHARE
    category: HEALTH_CATEGORY_CONDITIONS })";

constexpr char kRecipient[] = R"(
  id: "desk" name: "Desk" role: RECIPIENT_ROLE_THIRD_PARTY
  category: "coaching companies" purpose: "coaching"
  category_allowed: HEALTH_CATEGORY_CONDITIONS)";

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

class NoticeDriftTest : public testing::Test {
 protected:
  NoticeDriftTest() : law_(LawBook::BuiltIn().value()) {
    words_.set_title("Health data");
    words_.set_locale("en-US");
    words_.set_version("1");
    words_.set_effective_on("2026-12-01");
    auto* const source = words_.add_source();
    source->set_id("ios-app");
    source->set_text("you, as you use our app");
    facts_.policy = Parse<v1::Policy>(kPolicy);
    facts_.recipients = {Parse<v1::Recipient>(kRecipient)};
    facts_.day = absl::CivilDay(2027, 1, 15);
    Hold(v1::HEALTH_CATEGORY_CONDITIONS, "diary", "ios-app");
    Publish();
  }

  void Hold(v1::HealthCategory category, const std::string& purpose,
            const std::string& source) {
    HeldLine& line = facts_.held.lines.emplace_back();
    line.category = category;
    line.source = source;
    line.purposes = {purpose};
    line.records = 3;
  }
  // Publishes what the facts are now.
  void Publish() {
    page_ = NoticeHtml(WriteNotice(law_, rule_, facts_, words_).value());
  }
  std::vector<Difference> Drift(const SchemaSurvey* survey = nullptr,
                                std::vector<LinkingPage> pages = {}) {
    const PublishedNotice published = ReadPublishedNotice(page_).value();
    return FindDrift({law_, rule_, facts_, words_, published, survey,
                      std::move(pages), "/health-data"})
        .value();
  }
  std::vector<std::string> Said() {
    std::vector<std::string> said;
    for (const Difference& one : Drift()) {
      said.push_back(absl::StrCat(one.rule, ": ", one.what));
      EXPECT_FALSE(one.citation.empty());
      EXPECT_FALSE(one.evidence.empty());
      EXPECT_FALSE(one.to_do.empty());
    }
    return said;
  }

  const LawBook law_;
  std::string rule_ = "wa-mhmda/policy";
  NoticeFacts facts_;
  v1::NoticeWords words_;
  std::string page_;
};

TEST_F(NoticeDriftTest, ANoticeThatTellsWhatIsSoHasNoDifference) {
  EXPECT_THAT(Said(), IsEmpty());
}

// Covers: wa-mhmda/policy-first
TEST_F(NoticeDriftTest, ANewCategoryInTheStoreIsFoundBeforeItIsDisclosed) {
  Hold(v1::HEALTH_CATEGORY_GENETIC, "diary", "ios-app");

  EXPECT_THAT(
      Said(),
      ElementsAre("wa-mhmda/policy#categories-and-purposes: want a purpose of "
                  "the policy for `genetic`, of which records are held, got "
                  "none",
                  "wa-mhmda/policy-first: held for `diary`, which the policy "
                  "does not name it for: `genetic data`"));
}

// Covers: nv-sb370/policy-first, nv-sb370/policy-link
TEST_F(NoticeDriftTest, NevadasNoticeIsHeldToNevadasRules) {
  rule_ = "nv-sb370/policy";
  Publish();
  Hold(v1::HEALTH_CATEGORY_CONDITIONS, "horoscope", "ios-app");
  const PublishedNotice without =
      ReadPublishedNotice("<a href=\"/terms\">Terms</a>").value();

  std::vector<std::string> rules;
  for (const Difference& one : Drift(nullptr, {{"index.html", without}})) {
    rules.push_back(one.rule);
  }
  EXPECT_THAT(rules, ::testing::IsSupersetOf(
                         {"nv-sb370/policy-first", "nv-sb370/policy-link"}));
}

TEST_F(NoticeDriftTest, RecordsHeldForAPurposeThatNobodyNamesAreFound) {
  Hold(v1::HEALTH_CATEGORY_CONDITIONS, "horoscope", "ios-app");

  EXPECT_THAT(Said(),
              ElementsAre("wa-mhmda/policy-first: records are held for "
                          "`horoscope`, which is no purpose of the policy"));
}

TEST_F(NoticeDriftTest, ANewPurposeOfThePolicyIsNotTold) {
  auto* const purpose = facts_.policy.add_purpose();
  purpose->set_id("ads");
  purpose->set_title("To advertise");
  purpose->add_action(v1::ACTION_USE);
  purpose->add_category(v1::HEALTH_CATEGORY_CONDITIONS);

  EXPECT_THAT(Said(),
              ElementsAre("wa-mhmda/policy#categories-and-purposes: not told: "
                          "`To advertise` of `health conditions, treatment, "
                          "diseases or diagnosis`"));
}

TEST_F(NoticeDriftTest, ANewRecipientIsNotToldAndOneThatEndedIsToldStill) {
  facts_.recipients[0].set_category("insurers");

  EXPECT_THAT(Said(),
              ElementsAre("wa-mhmda/policy#recipients: not told: `insurers`",
                          "wa-mhmda/policy#recipients: told and not so: "
                          "`coaching companies`"));
}

TEST_F(NoticeDriftTest, WhoWasGivenDataAndIsNowhereToldIsFound) {
  facts_.received = {"desk", "stranger"};

  ASSERT_EQ(Said().size(), 1u);
  EXPECT_THAT(Said()[0], HasSubstr("data was given to `stranger`"));
}

TEST_F(NoticeDriftTest, ANewSourceIsNotTold) {
  Hold(v1::HEALTH_CATEGORY_CONDITIONS, "diary", "wearable");
  auto* const source = words_.add_source();
  source->set_id("wearable");
  source->set_text("your watch");

  EXPECT_THAT(Said(), ElementsAre("wa-mhmda/policy#sources: not told: `your "
                                  "watch`"));
}

TEST_F(NoticeDriftTest, ACategoryMarkedInTheCodeAndNotToldIsFound) {
  const SchemaSurvey survey = SurveySchema(
      NameRules::BuiltIn().value(), {v1::SleepSession::descriptor()->file()});

  const std::vector<Difference> found = Drift(&survey);

  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].rule, "wa-mhmda/policy#categories-and-purposes");
  EXPECT_THAT(found[0].what, HasSubstr("marked in the code and not told: `"));
  EXPECT_THAT(found[0].evidence[0], HasSubstr("mark: subrosa.v1."));
  EXPECT_LE(found[0].evidence.size(), 6u);
}

// Covers: wa-mhmda/policy-link
TEST_F(NoticeDriftTest, APageThatDoesNotLeadToTheNoticeIsFound) {
  const PublishedNotice with =
      ReadPublishedNotice("<a href=\"/health-data\">Health data</a>").value();
  const PublishedNotice without =
      ReadPublishedNotice("<a href=\"/terms\">Terms</a> /health-data").value();

  const std::vector<Difference> found =
      Drift(nullptr, {{"index.html", with}, {"sign-up.html", without}});

  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rule, "wa-mhmda/policy-link");
  EXPECT_THAT(found[0].what, HasSubstr("`sign-up.html`"));
}

TEST_F(NoticeDriftTest, APrescribedLinkThatIsMissingFromTheNoticeIsFound) {
  rule_ = "ca-ccpa/opt-out-notice";
  auto* const section = words_.add_section();
  section->set_item("ca-ccpa/opt-out-notice#link");
  section->set_heading("Opt out");
  auto* const link = section->add_link();
  link->set_text("Do Not Sell or Share My Personal Information");
  link->set_url("/choices");
  Publish();
  EXPECT_THAT(Said(), IsEmpty());

  page_ = "<main><a href=\"/choices\">Choices</a></main>";
  EXPECT_THAT(Said(),
              ElementsAre("ca-ccpa/opt-out-notice#link: the prescribed words "
                          "are not there: `Do Not Sell or Share My Personal "
                          "Information`"));
  page_ = "<p>Do not sell or share my personal information</p>";
  EXPECT_THAT(Said(), ElementsAre("ca-ccpa/opt-out-notice#link: the notice "
                                  "does not lead to `/choices`"));
}

// Covers: ca-ccpa/policy-yearly
TEST_F(NoticeDriftTest, CaliforniasPolicyIsOldAfterAYear) {
  rule_ = "ca-ccpa/policy";
  Publish();
  facts_.day = absl::CivilDay(2027, 12, 1);
  EXPECT_THAT(Said(), IsEmpty());

  facts_.day = absl::CivilDay(2027, 12, 2);

  EXPECT_THAT(Said(), ElementsAre("ca-ccpa/policy-yearly: the notice is of "
                                  "2026-12-01, and was to be brought up to "
                                  "date by 2027-12-01"));
}

TEST_F(NoticeDriftTest, OfAnotherPageEachNameIsLookedFor) {
  page_ =
      "<p>We collect health conditions, treatment, diseases or diagnosis and "
      "the use or purchase of prescribed medication from you, as you use our "
      "app, to keep your diary, and share it with coaching companies.</p>";

  EXPECT_THAT(Said(), ElementsAre("wa-mhmda/policy#shared: not told: `To coach "
                                  "you` of `health conditions, treatment, "
                                  "diseases or diagnosis`",
                                  "wa-mhmda/policy#recipients: not told: `To "
                                  "coach you` of `coaching companies`"));
}

// Covers: ct-ctdpa/material-change
TEST_F(NoticeDriftTest, WhatANewVersionTellsForTheFirstTimeNeedsANewConsent) {
  const PublishedNotice before = ReadPublishedNotice(page_).value();
  facts_.policy.mutable_purpose(0)->add_category(v1::HEALTH_CATEGORY_GENETIC);
  facts_.recipients.clear();
  Publish();
  const PublishedNotice after = ReadPublishedNotice(page_).value();

  const std::vector<NoticeChange> changes =
      DiffNotices(law_, before, after).value();

  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].what, "new: `genetic data`");
  EXPECT_THAT(changes[0].asked_by,
              ElementsAre("ct-ctdpa/material-change", "nv-sb370/policy-first",
                          "wa-mhmda/policy-first"));
  for (const size_t i : {1u, 2u}) {
    EXPECT_THAT(changes[i].what, HasSubstr("gone: "));
    EXPECT_THAT(changes[i].asked_by, IsEmpty());
  }
  EXPECT_THAT(DiffNotices(law_, before, before).value(), IsEmpty());
}

TEST_F(NoticeDriftTest, PagesThatDoNotSayWhatTheirPartsAreHaveNoDiff) {
  const PublishedNotice other = ReadPublishedNotice("<p>x</p>").value();
  const PublishedNotice ours = ReadPublishedNotice(page_).value();

  EXPECT_TRUE(absl::IsInvalidArgument(DiffNotices(law_, ours, other).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(DiffNotices(law_, other, ours).status()));
}

TEST_F(NoticeDriftTest, ARuleThatIsNotThereIsRefused) {
  const PublishedNotice ours = ReadPublishedNotice(page_).value();

  EXPECT_TRUE(absl::IsNotFound(
      FindDrift(
          {law_, "wa-mhmda/horoscope", facts_, words_, ours, nullptr, {}, ""})
          .status()));
}

}  // namespace
}  // namespace subrosa
