#include "src/consent/consent_receipt.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/consent/sample_choice.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::json;

constexpr char kReceiptId[] = "receipt-id-bytes";
constexpr char kRecordId[] = "record-id-bytes!";

v1::Recipient CoachDesk() {
  v1::Recipient recipient;
  recipient.set_id("coach-desk");
  recipient.set_name("Coach Desk, Inc.");
  recipient.set_role(v1::RECIPIENT_ROLE_THIRD_PARTY);
  recipient.mutable_contact()->set_email("privacy@coach.example");
  return recipient;
}

v1::Choice Withdrawal() {
  v1::Choice choice = SampleOptOut();
  choice.set_kind(v1::CHOICE_KIND_WITHDRAWAL);
  choice.clear_action();
  *choice.mutable_given_at() = SampleTimestamp("2026-06-01 08:30:00");
  return choice;
}

class ConsentReceiptTest : public testing::Test {
 protected:
  absl::StatusOr<std::string> Write(const v1::Choice& consent) {
    source_.consent = &consent;
    std::string text;
    EXPECT_TRUE(google::protobuf::TextFormat::PrintToString(policy_, &text));
    const absl::StatusOr<Policy> policy =
        Policy::Parse("policy.textproto", text, book_);
    EXPECT_TRUE(policy.ok()) << policy.status();
    return WriteConsentReceipt(source_, *policy, book_);
  }

  Json Written(const v1::Choice& consent) {
    const absl::StatusOr<std::string> receipt = Write(consent);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return Json::parse(*receipt);
  }

  const LawBook book_ = *LawBook::BuiltIn();
  const std::vector<v1::Recipient> recipients_ = {CoachDesk()};
  v1::Policy policy_ = SamplePolicy();
  ReceiptSource source_ = {kReceiptId,
                           kRecordId,
                           "p-9f2c",
                           nullptr,
                           {},
                           recipients_,
                           SampleTime("2026-03-05 10:00:02")};
};

v1::Choice ConsentToCoaching() {
  return SampleConsent(v1::ACTION_SHARE, "coaching");
}

TEST_F(ConsentReceiptTest, EveryMandatoryFieldOfTheStandardIsThere) {
  const Json receipt = Written(ConsentToCoaching());

  const std::vector<std::string> kPaths = {
      "/@context",
      "/dct:conformsTo",  // schema version
      "/dct:identifier",  // receipt id
      "/dct:created",
      "/dpv:hasRecordOfActivity/dct:conformsTo",
      "/dpv:hasRecordOfActivity/dct:identifier",  // record id
      // pii principal id
      "/dpv:hasRecordOfActivity/dpv:hasDataSubject/dct:identifier",
      // privacy notice, language
      "/dpv:hasRecordOfActivity/dpv:hasNotice/dct:identifier",
      "/dpv:hasRecordOfActivity/dpv:hasNotice/dct:language",
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasPurpose/dct:title",
      // pii information, pii type
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasPersonalData/0/"
      "skos:broader",
      // storage locations, retention period
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasStorageCondition/0/"
      "dpv:hasLocation/0/dct:identifier",
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasStorageCondition/1/"
      "dpv:hasDuration/rdf:value",
      "/dpv:hasRecordOfActivity/dpv:hasJurisdiction/dct:identifier",
      // recipient third parties, withdrawal method
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasRecipient/0/@id",
      "/dpv:hasRecordOfActivity/dpv:hasConsentControl/dpv:isExercisedAt/0",
      "/dpv:hasRecordOfActivity/dpv:hasRight/dct:title",
      // pii controllers: party id, address, name, contact, type
      "/dpv:hasRecordOfActivity/dpv:hasDataController/dct:identifier",
      "/dpv:hasRecordOfActivity/dpv:hasDataController/dpv:hasAddress",
      "/dpv:hasRecordOfActivity/dpv:hasDataController/dpv:hasName",
      "/dpv:hasRecordOfActivity/dpv:hasDataController/dpv:hasContact/0",
      "/dpv:hasRecordOfActivity/dpv:hasDataController/@type",
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasRecipient/0/"
      "dpv:hasAddress",
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasRecipient/0/"
      "dpv:hasContact",
      // event time, validity duration, entity id, event type, event state
      "/dpv:hasRecordOfActivity/dpv:hasConsentStatus/0/dpv:isIndicatedAtTime",
      "/dpv:hasRecordOfActivity/dpv:hasConsentStatus/0/dpv:hasDuration",
      "/dpv:hasRecordOfActivity/dpv:hasConsentStatus/0/dpv:isIndicatedBy",
      "/dpv:hasRecordOfActivity/dpv:hasConsentStatus/0/@type/1",
      "/dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasLegalBasis",
  };
  for (const std::string& path : kPaths) {
    const Json::json_pointer pointer(path);
    ASSERT_TRUE(receipt.contains(pointer)) << path;
    EXPECT_FALSE(receipt[pointer].empty()) << path;
  }
}

TEST_F(ConsentReceiptTest, ItSaysWhatWasAgreedToAndShown) {
  const Json record = Written(ConsentToCoaching())["dpv:hasRecordOfActivity"];

  EXPECT_EQ(record["dct:identifier"], "7265636f-7264-4d69-a42d-627974657321");
  EXPECT_EQ(record["dpv:hasDataSubject"]["dct:identifier"], "p-9f2c");
  EXPECT_EQ(record["dpv:hasProcess"]["dpv:hasPurpose"]["dct:title"],
            "Let a coach see how you feel");
  EXPECT_EQ(record["dpv:hasProcess"]["dpv:hasPersonalData"][0]["dct:source"],
            "RCW 19.373.010(8)(b)(i)");
  EXPECT_EQ(record["dpv:hasNotice"]["dct:identifier"], "ask-coaching/3");
  EXPECT_EQ(record["dpv:hasNotice"]["spdx:checksum"]["spdx:checksumValue"],
            ConsentToCoaching().notice().sha256());
  EXPECT_EQ(record["dpv:hasConsentStatus"].size(), 1);
  EXPECT_EQ(record["dpv:hasConsentStatus"][0]["dpv:isIndicatedAtTime"],
            "2026-03-05T10:00:00Z");
}

// Covers: wa-mhmda/withdraw
TEST_F(ConsentReceiptTest, OnceWithdrawnItSaysSo) {
  const std::vector<v1::Choice> withdrawals = {Withdrawal()};
  source_.withdrawals = withdrawals;
  source_.issued_at = SampleTime("2026-06-01 08:30:01");
  const Json events = Written(
      ConsentToCoaching())["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"];

  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0]["@type"][0], "dpv:ConsentGiven");
  EXPECT_EQ(events[1]["@type"][0], "dpv:ConsentWithdrawn");
  EXPECT_EQ(events[1]["dpv:isIndicatedAtTime"], "2026-06-01T08:30:00Z");
}

TEST_F(ConsentReceiptTest, WhatWasTakenBackInPartIsSaidToBe) {
  std::vector<v1::Choice> withdrawals = {Withdrawal(), SampleOptOut()};
  withdrawals[0].add_recipient("coach-desk");
  *withdrawals[1].mutable_given_at() = SampleTimestamp("2026-06-02 08:30:00");
  source_.withdrawals = withdrawals;
  const Json events = Written(
      ConsentToCoaching())["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"];

  ASSERT_EQ(events.size(), 3);
  EXPECT_EQ(events[1]["dct:description"], "in part");
  EXPECT_FALSE(events[2].contains("dct:description"));
}

TEST_F(ConsentReceiptTest, OnceExpiredItSaysSo) {
  v1::Choice consent = ConsentToCoaching();
  *consent.mutable_expires_at() = SampleTimestamp("2026-04-01 00:00:00");
  source_.issued_at = SampleTime("2026-04-01 00:00:00");
  const Json events =
      Written(consent)["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"];

  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0]["dpv:hasDuration"]["rdf:value"], "2026-04-01T00:00:00Z");
  EXPECT_EQ(events[1]["@type"][0], "dpv:ConsentExpired");
}

TEST_F(ConsentReceiptTest, AnAuthorizationToSellHasOneToo) {
  const Json record = Written(SampleAuthorization())["dpv:hasRecordOfActivity"];

  EXPECT_EQ(record["dpv:hasNotice"]["dct:identifier"], "authorization");
  EXPECT_EQ(record["dpv:hasProcess"]["dpv:hasPurpose"]["skos:broader"]["@id"],
            "dpv:SellDataToThirdParties");
}

TEST_F(ConsentReceiptTest, WhoCollectsAloneIsTheRecipient) {
  source_.recipients = {};
  const Json process = Written(SampleConsent(
      v1::ACTION_COLLECT,
      "mood-tracking"))["dpv:hasRecordOfActivity"]["dpv:hasProcess"];

  EXPECT_EQ(process["dpv:hasRecipient"][0]["@id"], "_:controller");
  EXPECT_EQ(process["dpv:hasProcessing"].size(), 2);
  EXPECT_EQ(process["dpv:hasStorageCondition"][1]["dpv:hasDuration"]["@type"],
            "dpv:TemporalDuration");
}

TEST_F(ConsentReceiptTest, AParentWhoConsentedIsNamedAsSuchAndNotByAccount) {
  v1::Choice consent = ConsentToCoaching();
  consent.mutable_actor()->set_kind(v1::ACTOR_KIND_PARENT);
  consent.mutable_actor()->set_account("ann-1");
  const absl::StatusOr<std::string> receipt = Write(consent);

  ASSERT_TRUE(receipt.ok());
  EXPECT_TRUE(absl::StrContains(*receipt, "dpv:ParentOfDataSubject"));
  EXPECT_FALSE(absl::StrContains(*receipt, "ann-1"));
  EXPECT_FALSE(absl::StrContains(*receipt, "maya-7"));
}

TEST_F(ConsentReceiptTest, TheSameReceiptHasTheSameBytes) {
  EXPECT_EQ(*Write(ConsentToCoaching()), *Write(ConsentToCoaching()));
  EXPECT_EQ(Write(ConsentToCoaching())->back(), '\n');
}

TEST_F(ConsentReceiptTest, QuotesAndBytesThatAreNoTextBreakNoReceipt) {
  v1::Choice consent = ConsentToCoaching();
  consent.mutable_notice()->set_interface("a \"quoted\"\\ one\n\x01");
  source_.principal = "p\xff\"";
  const Json record = Written(consent)["dpv:hasRecordOfActivity"];

  EXPECT_EQ(record["dpv:hasNotice"]["dct:description"],
            "shown in a \"quoted\"\\ one\n\x01");
  EXPECT_EQ(record["dpv:hasDataSubject"]["dct:identifier"], "p\xef\xbf\xbd\"");
}

TEST_F(ConsentReceiptTest, TheWorkedExampleIsWhatIsWritten) {
  const absl::StatusOr<std::string> page =
      ReadFile("docs/formats/consent_receipt.md", size_t{1} << 20);
  ASSERT_TRUE(page.ok()) << page.status();
  const size_t begin = page->find("```json\n") + 8;
  const Json example =
      Json::parse(page->substr(begin, page->find("```", begin) - begin));
  const std::vector<v1::Choice> withdrawals = {Withdrawal()};
  source_.withdrawals = withdrawals;
  source_.issued_at = SampleTime("2026-06-01 08:30:01");

  EXPECT_EQ(Written(ConsentToCoaching()), example);
}

TEST_F(ConsentReceiptTest, WhatThePolicyDoesNotSayMakesNoReceipt) {
  const std::vector<std::pair<std::string, std::function<void(v1::Policy&)>>>
      gaps = {
          {"policy.purpose.retention",
           [](auto& policy) { policy.mutable_purpose(1)->clear_retention(); }},
          {"policy.storage_location",
           [](auto& policy) { policy.clear_storage_location(); }},
          {"policy.purpose",
           [](auto& policy) { policy.mutable_purpose(1)->set_id("other"); }},
      };
  for (const auto& [field, leave_out] : gaps) {
    policy_ = SamplePolicy();
    leave_out(policy_);
    const absl::Status status = Write(ConsentToCoaching()).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << field;
    EXPECT_TRUE(absl::StartsWith(status.message(), field + ":")) << status;
  }
}

TEST_F(ConsentReceiptTest, WhatIsNoConsentHasNoReceipt) {
  v1::Choice two_actions = ConsentToCoaching();
  two_actions.add_action(v1::ACTION_COLLECT);
  v1::Choice nowhere = ConsentToCoaching();
  nowhere.set_jurisdiction("Washington");
  for (const v1::Choice& choice : {SampleOptOut(), two_actions, nowhere}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Write(choice).status()));
  }

  std::vector<v1::Choice> withdrawals = {Withdrawal()};
  *withdrawals[0].mutable_given_at() = SampleTimestamp("2026-03-05 09:59:59");
  source_.withdrawals = withdrawals;
  EXPECT_TRUE(absl::IsInvalidArgument(Write(ConsentToCoaching()).status()));
  withdrawals[0] = Withdrawal();
  withdrawals[0].add_purpose("research");
  EXPECT_TRUE(absl::IsInvalidArgument(Write(ConsentToCoaching()).status()));
}

TEST_F(ConsentReceiptTest, IdsPrincipalAndRecipientsAreAskedFor) {
  source_.receipt_id = "short";
  EXPECT_TRUE(absl::IsInvalidArgument(Write(ConsentToCoaching()).status()));
  source_.receipt_id = kReceiptId;
  source_.principal = "";
  EXPECT_TRUE(absl::IsInvalidArgument(Write(ConsentToCoaching()).status()));
  source_.principal = "p-9f2c";
  EXPECT_TRUE(absl::IsInvalidArgument(
      Write(SampleConsent(v1::ACTION_COLLECT, "mood-tracking")).status()));
  source_.recipients = {};
  EXPECT_TRUE(absl::IsInvalidArgument(Write(ConsentToCoaching()).status()));
}

}  // namespace
}  // namespace subrosa
