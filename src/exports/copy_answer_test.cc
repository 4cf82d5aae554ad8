// That a consumer's copy says what laws want an answer to say, and that none
// leaves which cannot.
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/crypto/age_io.h"
#include "src/exports/copy_archive.h"
#include "src/exports/opened_archive.h"
#include "src/law/law_book.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/consent_gate.h"
#include "src/steward/scratch_home.h"
#include "src/steward/sharing.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;
using Files = std::map<std::string, std::string>;

class CopyAnswerTest : public testing::Test {
 protected:
  CopyAnswerTest() {
    PutRecipient("");
    v1::MoodCheckIn mood;
    mood.set_score(4);
    home_.Put({RecordOf("ada", "1", mood)});
  }

  // The third party, with these fields in place of its own.
  void PutRecipient(const std::string& fields) {
    const auto put = home_.steward().Recipients().Put(
        {With(With(ScratchThirdParty(), "purpose: 'mood-tracking'"), fields)},
        CivilDayOf(DayOf(home_.clock().Now())));
    EXPECT_TRUE(put.ok()) << put.status();
  }

  void RecordEntry(const v1::LedgerEntry& entry) {
    const auto recorded = home_.steward().gate().Record({&entry});
    ASSERT_TRUE(recorded.ok()) << recorded.status();
    ASSERT_TRUE((*recorded)[0].status.ok()) << (*recorded)[0].status;
  }

  // That `recipient` was given something of ada's.
  void Disclose(const std::string& recipient) {
    v1::Disclosure entry;
    entry.set_consumer("ada");
    entry.set_kind(v1::DISCLOSURE_KIND_DECLARED);
    entry.set_recipient(recipient);
    entry.set_action(v1::ACTION_SHARE);
    entry.set_purpose("mood-tracking");
    entry.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
    entry.mutable_at()->set_seconds(absl::ToUnixSeconds(home_.clock().Now()));
    const auto sharing = home_.steward().OpenSharing().value();
    const auto appended = sharing->ledger().Append({&entry});
    ASSERT_TRUE(appended.ok()) << appended.status();
    ASSERT_TRUE((*appended)[0].status.ok()) << (*appended)[0].status;
  }

  absl::StatusOr<Files> Copy() {
    CopyTerms terms;
    terms.made_at = home_.clock().Now();
    terms.sealed_to = "age1example";
    std::string bytes;
    StringSink sink(&bytes);
    const auto written = WriteCopyArchive(home_.steward(), "ada", terms,
                                          testing::TempDir(), &sink);
    if (!written.ok()) return written.status();
    return OpenedArchive(bytes);
  }

  ScratchHome home_;
};

// Covers: ca-ccpa/know, wa-mhmda/access
TEST_F(CopyAnswerTest, EachItemThatAnAnswerMustHoldHasItsPlaceInACopy) {
  // By document and key of the packs: the file, and what stands in it.
  const std::map<std::string, std::pair<std::string, std::string>> places = {
      {"know-answer categories",
       {"records/mood-check-in.ndjson", "\"category\":\"conditions\""}},
      {"know-answer sources",
       {"records/mood-check-in.ndjson", "\"source\":\"ios-app\""}},
      {"know-answer purposes",
       {"records/mood-check-in.ndjson", "\"purpose\":\"mood-tracking\""}},
      {"know-answer third-parties", {"recipients.json", "third-party"}},
      {"know-answer sold", {"recipients.json", "\"sold\": false"}},
      {"know-answer disclosed",
       {"recipients.json", "\"categories\": \"health"}},
      {"access-answer confirmation", {"index.html", "What is held"}},
      {"access-answer data",
       {"records/mood-check-in.ndjson", "\"content\":{\"score\":4}"}},
      {"access-answer recipients", {"recipients.json", "coach-desk"}},
      {"access-answer recipient-contacts",
       {"recipients.json", "\"contact\": \""}},
  };
  Disclose("coach-desk");

  const absl::StatusOr<Files> files = Copy();

  ASSERT_TRUE(files.ok()) << files.status();
  const LawBook& law = home_.steward().gate().law();
  for (const char* rule : {"ca-ccpa/know", "wa-mhmda/access"}) {
    const v1::Contents& wanted = law.Find(rule)->rule->contents();
    EXPECT_GT(wanted.item_size(), 0);
    for (const v1::ContentItem& item : wanted.item()) {
      const auto place = places.find(wanted.document() + " " + item.key());
      ASSERT_NE(place, places.end()) << rule << " " << item.key();
      const auto file = files->find(place->second.first);
      ASSERT_NE(file, files->end()) << place->second.first;
      EXPECT_THAT(file->second, HasSubstr(place->second.second)) << item.key();
    }
  }
}

// RCW 19.373.040(1)(a): an active e-mail address or another online mechanism.
TEST_F(CopyAnswerTest, ARecipientWhoCannotBeReachedStopsACopy) {
  Disclose("somebody-gone");

  const absl::Status copied = Copy().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(copied)) << copied;
  EXPECT_THAT(std::string(copied.message()), HasSubstr("somebody-gone"));
}

TEST_F(CopyAnswerTest, AContactThatNobodyHasTriedForLongStopsACopy) {
  PutRecipient("id: 'old-desk' contact { checked_on: '2025-05-27' }");
  PutRecipient("id: 'new-desk' contact { checked_on: '2025-05-28' }");
  Disclose("new-desk");
  ASSERT_TRUE(Copy().ok()) << Copy().status();
  Disclose("old-desk");

  const absl::Status copied = Copy().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(copied)) << copied;
  EXPECT_THAT(std::string(copied.message()), HasSubstr("recipient old-desk"));
  EXPECT_THAT(std::string(copied.message()), HasSubstr("400 days"));
}

TEST_F(CopyAnswerTest, WhatIsKnownForDecisionsIsInACopyInWords) {
  v1::LedgerEntry entry;
  entry.set_consumer("ada");
  entry.mutable_facts()->set_residence("US-WA");
  entry.mutable_facts()->add_place_of_collection("US-CA");
  entry.mutable_facts()->set_born("1990");
  entry.mutable_facts()->add_guardian("canary-guardian");
  RecordEntry(entry);

  const absl::StatusOr<Files> files = Copy();

  ASSERT_TRUE(files.ok()) << files.status();
  const auto json = nlohmann::json::parse(files->at("choices.json"));
  EXPECT_EQ(json["residence"], "US-WA");
  EXPECT_EQ(json["places_of_collection"][0], "US-CA");
  EXPECT_EQ(json["born"], "1990");
  EXPECT_EQ(json["guardians"], 1);
  EXPECT_EQ(json["entries"][0]["facts"]["born"], "1990");
  EXPECT_THAT(
      files->at("index.html"),
      HasSubstr("Lives in US-WA; data is collected in US-CA; born 1990; "
                "1 guardian."));
  for (const auto& [name, content] : *files) {
    EXPECT_THAT(content, Not(HasSubstr("canary-guardian"))) << name;
  }
}

TEST_F(CopyAnswerTest, AChoiceIsInACopyWhole) {
  v1::LedgerEntry entry;
  entry.set_consumer("ada");
  v1::Choice& choice = *entry.mutable_choice();
  choice.set_consumer("ada");
  choice.set_kind(v1::CHOICE_KIND_OPT_OUT);
  choice.add_action(v1::ACTION_SHARE);
  choice.add_purpose("mood-tracking");
  choice.add_recipient("coach-desk");
  choice.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
  choice.set_method("toggle");
  choice.set_jurisdiction("US-WA");
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  choice.mutable_given_at()->set_seconds(
      absl::ToUnixSeconds(home_.clock().Now()) - 86400);
  RecordEntry(entry);

  const absl::StatusOr<Files> files = Copy();

  ASSERT_TRUE(files.ok()) << files.status();
  const auto json = nlohmann::json::parse(files->at("choices.json"));
  const auto& whole = json["entries"][0]["choice"];
  EXPECT_EQ(whole["kind"], "opt-out");
  EXPECT_EQ(whole["recipients"][0], "coach-desk");
  EXPECT_EQ(whole["categories"][0], "conditions");
  EXPECT_EQ(whole["actor"], "self");
  EXPECT_EQ(whole["given_at"], "2026-06-30T00:00:00Z");
  EXPECT_EQ(json["standing"].size(), 1u);
  const std::string& page = files->at("index.html");
  EXPECT_THAT(page, HasSubstr("opt out, given 2026-06-30 by self"));
  EXPECT_THAT(page, HasSubstr("Coach Desk, Inc."));
  EXPECT_THAT(page, HasSubstr("<li>1: opt-out to share for mood-tracking with "
                              "coach-desk of conditions"));
}

}  // namespace
}  // namespace subrosa
