#include "src/notice/evidence_report.h"

#include <string>

#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/crypto/key_provider.h"
#include "src/notice/encryption_inventory.h"
#include "src/notice/holdings.h"
#include "src/notice/notice_facts.h"
#include "src/vault/key_custody.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

NoticeFacts Facts() {
  NoticeFacts facts;
  facts.policy = Parse<v1::Policy>(R"(
      entity: "rosewater" storage_location: "US-OR"
      purpose { id: "diary" retention: "P2Y" action: ACTION_COLLECT
        category: HEALTH_CATEGORY_CONDITIONS }
      purpose { id: "coaching" action: ACTION_SHARE
        category: HEALTH_CATEGORY_CONDITIONS })");
  facts.recipients = {Parse<v1::Recipient>(R"(
      id: "desk" name: "<Desk>" role: RECIPIENT_ROLE_THIRD_PARTY
      purpose: "coaching" category_allowed: HEALTH_CATEGORY_CONDITIONS
      location: "IE")")};
  facts.held.records = 5;
  facts.held.by_category[v1::HEALTH_CATEGORY_CONDITIONS] = 5;
  HeldLine& line = facts.held.lines.emplace_back();
  line.category = v1::HEALTH_CATEGORY_CONDITIONS;
  line.source = "ios-app";
  line.purposes = {"diary"};
  line.records = 5;
  facts.day = absl::CivilDay(2026, 12, 1);
  return facts;
}

KeyStatus Keys() {
  KeyStatus keys;
  keys.key_backup_days = 30;
  EpochStatus& epoch = keys.epochs.emplace_back();
  epoch.epoch = 7;
  epoch.consumers = 2;
  return keys;
}

EvidenceReport Report() {
  return MakeEvidenceReport(Facts(), Keys(), Assurance::kRewrittenFile,
                            *BuiltInEncryptionInventory());
}

TEST(EvidenceReportTest, TheDataMapSaysWhenceForWhatHowLongAndToWhom) {
  const EvidenceReport report = Report();

  ASSERT_EQ(report.data_map.size(), 1u);
  EXPECT_EQ(report.data_map[0].clause, "RCW 19.373.010(8)(b)(i)");
  EXPECT_EQ(report.data_map[0].records, 5);
  EXPECT_THAT(report.data_map[0].sources, ElementsAre("ios-app"));
  EXPECT_THAT(report.data_map[0].retentions, ElementsAre("diary: P2Y"));
  EXPECT_THAT(report.data_map[0].recipients,
              ElementsAre("<Desk> (third-party): coaching, in IE"));
}

TEST(EvidenceReportTest, TheInventorySaysWhatRestsInClear) {
  bool tells_of_clear = false;
  const EvidenceReport report = Report();
  for (const auto& kind : report.sealed.kind()) {
    tells_of_clear |= kind.protection().find("in clear") != std::string::npos;
    EXPECT_THAT(EvidenceHtml(report), HasSubstr(kind.store()));
  }
  EXPECT_TRUE(tells_of_clear);
  EXPECT_THAT(EvidenceHtml(Report()), HasSubstr("a keyring file is rewritten"));
}

TEST(EvidenceReportTest, BothFormsSayTheSameAndDrawNoConclusion) {
  const auto json = nlohmann::json::parse(EvidenceJson(Report()));

  EXPECT_EQ(json["data_map"][0]["records"], 5);
  EXPECT_EQ(json["epochs"][0]["epoch"], 7);
  EXPECT_EQ(json["key_backup_days"], 30);
  EXPECT_THAT(EvidenceHtml(Report()), HasSubstr("&lt;Desk&gt;"));
  EXPECT_THAT(EvidenceHtml(Report()), Not(HasSubstr("compliant")));
}

TEST(EvidenceReportTest, WhatIsNotSaidIsSaidToBe) {
  NoticeFacts facts = Facts();
  facts.policy.clear_storage_location();
  facts.policy.mutable_purpose(0)->clear_retention();

  const EvidenceReport report = MakeEvidenceReport(
      facts, Keys(), Assurance::kHardwareObject, *BuiltInEncryptionInventory());

  EXPECT_THAT(report.data_map[0].retentions, ElementsAre("diary: not said"));
  EXPECT_THAT(EvidenceHtml(report),
              HasSubstr("places that the policy does not name"));
}

TEST(EvidenceReportTest, AnEmptyHomeHasAnEmptyMap) {
  NoticeFacts facts = Facts();
  facts.held = Holdings();

  EXPECT_THAT(
      MakeEvidenceReport(facts, Keys(), Assurance::kRewrittenFile, {}).data_map,
      IsEmpty());
}

}  // namespace
}  // namespace subrosa
