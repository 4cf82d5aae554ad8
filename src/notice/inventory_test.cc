#include "src/notice/inventory.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/notice/holdings.h"
#include "src/notice/inventory_report.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

v1::MoodCheckIn CheckIn() {
  v1::MoodCheckIn check_in;
  check_in.set_score(4);
  check_in.set_note("canary-note");
  return check_in;
}

v1::SleepSession Sleep() {
  v1::SleepSession sleep;
  sleep.set_awakenings(1);
  return sleep;
}

v1::JournalEntry Journal(const std::string& text) {
  v1::JournalEntry entry;
  entry.set_text(text);
  return entry;
}

// A subscription that says nothing of health.
v1::SubscriptionEvent Renewal() {
  v1::SubscriptionEvent event;
  event.set_change(v1::SUBSCRIPTION_CHANGE_RENEWED);
  return event;
}

v1::HealthRecord On(v1::HealthRecord record, int64_t seconds) {
  record.mutable_effective()->mutable_start()->set_seconds(seconds);
  return record;
}

const InventoryLine* FindLine(const Inventory& inventory,
                              v1::HealthCategory category,
                              v1::HealthLabel label,
                              const std::string& source) {
  for (const InventoryLine& line : inventory.lines) {
    if (line.category == category && line.label == label &&
        line.source == source) {
      return &line;
    }
  }
  return nullptr;
}

TEST(InventoryTest, RecordsAndConsumersAreCountedByCategoryLabelAndSource) {
  ScratchHome home;
  v1::HealthRecord wearable = RecordOf("bo", "2", Sleep());
  wearable.set_source("wearable");
  home.Put({RecordOf("ada", "1", Sleep()), RecordOf("ada", "2", Sleep()),
            RecordOf("bo", "1", Sleep()), wearable,
            RecordOf("bo", "3", CheckIn())});

  const Inventory inventory = *TakeInventory(home.steward());

  const InventoryLine* app =
      FindLine(inventory, v1::HEALTH_CATEGORY_BODILY_FUNCTIONS,
               v1::HEALTH_LABEL_SLEEP, "ios-app");
  ASSERT_NE(app, nullptr);
  EXPECT_EQ(app->counts.records, 3);
  EXPECT_EQ(app->counts.consumers, 2);
  EXPECT_THAT(app->schemas, ElementsAre("subrosa.v1.SleepSession"));
  EXPECT_THAT(app->purposes, ElementsAre("mood-tracking"));
  const InventoryLine* worn =
      FindLine(inventory, v1::HEALTH_CATEGORY_BODILY_FUNCTIONS,
               v1::HEALTH_LABEL_SLEEP, "wearable");
  ASSERT_NE(worn, nullptr);
  EXPECT_EQ(worn->counts.records, 1);
  EXPECT_EQ(inventory.total.records, 5);
  EXPECT_EQ(inventory.total.consumers, 2);
}

TEST(InventoryTest, ARecordCountsUnderEachOfItsLabels) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn())});

  const Inventory inventory = *TakeInventory(home.steward());

  for (const v1::HealthLabel label :
       {v1::HEALTH_LABEL_MENTAL_HEALTH, v1::HEALTH_LABEL_MOOD}) {
    EXPECT_NE(
        FindLine(inventory, v1::HEALTH_CATEGORY_CONDITIONS, label, "ios-app"),
        nullptr);
  }
  EXPECT_EQ(inventory.total.records, 1);
}

TEST(InventoryTest, TheDaysAreThoseOnWhichItHappened) {
  ScratchHome home;
  home.Put({On(RecordOf("ada", "1", Sleep()), 0),
            On(RecordOf("ada", "2", Sleep()), 86400 * 365)});

  const Inventory inventory = *TakeInventory(home.steward());

  EXPECT_EQ(inventory.total.earliest_day, 0);
  EXPECT_EQ(inventory.total.latest_day, 365);
}

TEST(InventoryTest, PersonalDataWithoutAHealthCategoryIsNotLeftOut) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", Renewal())});

  const Inventory inventory = *TakeInventory(home.steward());

  ASSERT_EQ(inventory.lines.size(), 1u);
  EXPECT_EQ(inventory.lines[0].category, v1::HEALTH_CATEGORY_UNSPECIFIED);
  EXPECT_THAT(InventoryReport(inventory, home.clock().Now()),
              HasSubstr("## Personal data without a health category"));
}

TEST(InventoryTest, OldRevisionsAreNotCounted) {
  ScratchHome home;
  v1::SleepSession better = Sleep();
  better.set_awakenings(0);
  better.set_quality(5);
  home.Put({RecordOf("ada", "1", Sleep()), RecordOf("ada", "1", better)});

  EXPECT_EQ(TakeInventory(home.steward())->total.records, 1);
}

TEST(InventoryTest, WhatWordsAloneSayIsCountedApartAndStaysSoWhenReopened) {
  ScratchHome home;
  ASSERT_TRUE(ReplaceFile(PolicyOf(home.folder()),
                          ScratchHomePolicy() + " reads_health_words: true",
                          0600)
                  .ok());
  ASSERT_TRUE(home.Open().ok());
  home.Put({RecordOf("ada", "1", Journal("I stopped my antidepressants")),
            RecordOf("bo", "1", Journal("my sister takes antidepressants")),
            RecordOf("cy", "1", Journal("we planted beans"))});
  ASSERT_TRUE(home.Open().ok());

  const Inventory inventory = *TakeInventory(home.steward());

  const InventoryLine* medication =
      FindLine(inventory, v1::HEALTH_CATEGORY_MEDICATION,
               v1::HEALTH_LABEL_PSYCHOTROPIC_MEDICATION, "ios-app");
  ASSERT_NE(medication, nullptr);
  EXPECT_EQ(medication->counts.records, 2);
  EXPECT_EQ(medication->by_words_alone, 2);
  EXPECT_EQ(medication->of_somebody_else, 1);
  const InventoryLine* marked =
      FindLine(inventory, v1::HEALTH_CATEGORY_CONDITIONS,
               v1::HEALTH_LABEL_MENTAL_HEALTH, "ios-app");
  ASSERT_NE(marked, nullptr);
  EXPECT_EQ(marked->counts.records, 3);
  EXPECT_EQ(marked->by_words_alone, 0);
  EXPECT_THAT(InventoryTable(inventory), HasSubstr("by words alone"));
  EXPECT_THAT(InventoryReport(inventory, home.clock().Now()),
              HasSubstr("2 (2 by words alone)"));
  // Its tag covers what words say too: the row opens.
  EXPECT_TRUE(
      home.steward()
          .ScanForConsumer("ada",
                           [](const v1::HealthRecord&, const RowFacts& facts) {
                             EXPECT_NE(facts.told, 0u);
                             return absl::OkStatus();
                           })
          .ok());
}

TEST(InventoryTest, AnEmptyHomeHoldsNothing) {
  ScratchHome home;

  const Inventory inventory = *TakeInventory(home.steward());

  EXPECT_TRUE(inventory.lines.empty());
  EXPECT_EQ(InventoryTable(inventory), "No records are held.\n");
}

TEST(HoldingsTest, EveryLineHasTheRecordsThatTheInventoryCounts) {
  ScratchHome home;
  v1::HealthRecord wearable = RecordOf("bo", "2", Sleep());
  wearable.set_source("wearable");
  home.Put({RecordOf("ada", "1", Sleep()), RecordOf("ada", "2", CheckIn()),
            RecordOf("bo", "1", Renewal()), wearable});
  home.Put({RecordOf("ada", "1", CheckIn())});

  const Inventory inventory = *TakeInventory(home.steward());
  const Holdings held = *ReadHoldings(home.steward());

  EXPECT_EQ(held.records, 4);
  ASSERT_EQ(held.lines.size(), inventory.lines.size());
  for (size_t i = 0; i < held.lines.size(); ++i) {
    EXPECT_EQ(held.lines[i].category, inventory.lines[i].category);
    EXPECT_EQ(held.lines[i].label, inventory.lines[i].label);
    EXPECT_EQ(held.lines[i].source, inventory.lines[i].source);
    EXPECT_EQ(held.lines[i].records, inventory.lines[i].counts.records);
    EXPECT_EQ(held.lines[i].purposes, inventory.lines[i].purposes);
    EXPECT_EQ(held.lines[i].schemas, inventory.lines[i].schemas);
  }
  // A check-in has two labels below its category, and is one record.
  EXPECT_EQ(held.by_category.at(v1::HEALTH_CATEGORY_CONDITIONS), 2);
}

TEST(InventoryReportTest, TheReportCitesEachClauseAndHowSureWeAreOfIt) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn())});

  const std::string report =
      InventoryReport(*TakeInventory(home.steward()), home.clock().Now());

  EXPECT_THAT(report, HasSubstr("RCW 19.373.010(8)(b)(i) (statute read)"));
  EXPECT_THAT(report, HasSubstr("NRS 603A.430"));
  EXPECT_THAT(report, HasSubstr("Civ. Code 1798.140(ae)(2)(B)"));
  EXPECT_THAT(report, HasSubstr("no legal advice"));
  EXPECT_THAT(report, Not(HasSubstr("compliant")));
}

TEST(InventoryReportTest, NoFormHoldsAValueOrAnId) {
  ScratchHome home;
  home.Put({RecordOf("canary-consumer", "canary-id", CheckIn())});
  const Inventory inventory = *TakeInventory(home.steward());

  for (const std::string& form :
       {InventoryTable(inventory),
        InventoryReport(inventory, home.clock().Now()),
        InventoryJson(inventory, home.clock().Now())}) {
    EXPECT_THAT(form, Not(HasSubstr("canary")));
  }
}

TEST(InventoryReportTest, TheJsonSaysTheSameAsTheLines) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", Sleep())});

  const auto json = nlohmann::json::parse(
      InventoryJson(*TakeInventory(home.steward()), home.clock().Now()));

  EXPECT_EQ(json["entity"], "rosewater");
  EXPECT_EQ(json["total"]["records"], 1);
  ASSERT_EQ(json["lines"].size(), 1u);
  EXPECT_EQ(json["lines"][0]["category"], "bodily-functions");
  EXPECT_EQ(json["lines"][0]["label"], "sleep");
  EXPECT_EQ(json["lines"][0]["clause"], "RCW 19.373.010(8)(b)(v)");
  EXPECT_EQ(json["lines"][0]["clause_certainty"], "statute read");
  EXPECT_EQ(json["lines"][0]["earliest"], "2026-06-21");
}

}  // namespace
}  // namespace subrosa
