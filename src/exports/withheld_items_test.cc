#include "src/exports/withheld_items.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

std::unique_ptr<WithheldItems> Shipped() {
  auto law = LawBook::BuiltIn();
  EXPECT_TRUE(law.ok()) << law.status();
  auto withheld = WithheldItems::Create(*law);
  EXPECT_TRUE(withheld.ok()) << withheld.status();
  return std::move(*withheld);
}

int64_t TimesOf(const WithheldItems& withheld, const std::string& key) {
  for (const WithheldItem& item : withheld.items()) {
    if (item.key == key) return item.times;
  }
  return -1;
}

v1::JournalEntry Journal(const std::string& text) {
  v1::JournalEntry entry;
  entry.set_text(text);
  return entry;
}

TEST(WithheldItemsTest, ASocialSecurityNumberInAJournalIsSaidToBeHeld) {
  const auto withheld = Shipped();
  v1::JournalEntry entry =
      Journal("My SSN is 219-09-9999, do not tell. I slept badly.");

  ASSERT_TRUE(withheld->TakeOut(&entry).ok());

  EXPECT_EQ(
      "My SSN is [held, not handed out: social security number], do not tell. "
      "I slept badly.",
      entry.text());
  EXPECT_EQ(1, TimesOf(*withheld, "ssn"));
}

// Covers: ca-ccpa/never-disclosed
TEST(WithheldItemsTest, EachItemOfTheRegulationIsFoundInText) {
  struct Case {
    const char* key;
    const char* text;
    const char* secret;
  };
  for (const Case& one : {
           Case{"ssn", "ssn: 219-09-9999", "219-09-9999"},
           Case{"government-id", "driver's license no. D1234567", "D1234567"},
           Case{"financial-account", "card 4111 1111 1111 1111",
                "4111 1111 1111 1111"},
           Case{"health-insurance-id", "Medicare number 1EG4-TE5-MK73",
                "1EG4-TE5-MK73"},
           Case{"medical-id", "MRN: 00482913", "00482913"},
           Case{"password", "password: hunter2rose", "hunter2rose"},
       }) {
    const auto withheld = Shipped();
    v1::JournalEntry entry = Journal(one.text);

    ASSERT_TRUE(withheld->TakeOut(&entry).ok());

    EXPECT_THAT(entry.text(), Not(HasSubstr(one.secret))) << one.key;
    EXPECT_GE(TimesOf(*withheld, one.key), 1) << one.key;
  }
}

TEST(WithheldItemsTest, WhatAConsumerMayHaveStaysAsItIs) {
  const auto withheld = Shipped();
  const std::string text =
      "Call me at 555-0100 on 2026-05-01; order 4711, version 1.2.3.4.";
  v1::JournalEntry entry = Journal(text);

  ASSERT_TRUE(withheld->TakeOut(&entry).ok());

  EXPECT_EQ(text, entry.text());
  for (const WithheldItem& item : withheld->items()) EXPECT_EQ(0, item.times);
}

TEST(WithheldItemsTest, TheEntitysOwnNumberOfAHouseholdIsTheConsumersToHave) {
  const auto withheld = Shipped();
  v1::SubscriptionEvent event;
  event.set_household_id("h-4711");

  ASSERT_TRUE(withheld->TakeOut(&event).ok());

  EXPECT_EQ("h-4711", event.household_id());
}

TEST(WithheldItemsTest,
     OfAResourceOfFhirNumbersAreTakenOutAndTheServersIdStays) {
  const auto withheld = Shipped();
  v1::FhirResource patient;
  patient.set_resource_type("Patient");
  patient.set_resource_id("p-4711");
  patient.set_json(
      R"({"resourceType":"Patient","id":"p-4711","identifier":[{"type":{)"
      R"("coding":[{"code":"MR"}]},"value":"A-17"},{"system":"urn:acme",)"
      R"("value":"B-18"},{"type":{"coding":[{"code":"PPN"}]},)"
      R"("value":"C-19"}],"weight":70.10})");

  ASSERT_TRUE(withheld->TakeOut(&patient).ok());

  EXPECT_EQ("p-4711", patient.resource_id());
  EXPECT_EQ(R"({"resourceType":"Patient","id":"p-4711","identifier":[{"type":{)"
            R"("coding":[{"code":"MR"}]},"value":)"
            R"("[held, not handed out: medical identification number]"},)"
            R"({"system":"urn:acme","value":"B-18"},)"
            R"({"type":{"coding":[{"code":"PPN"}]},"value":)"
            R"("[held, not handed out: driver's license and other )"
            R"(government-issued number]"}],"weight":70.10})",
            patient.json());
}

TEST(WithheldItemsTest, EachItemNamesItsRule) {
  const auto withheld = Shipped();

  EXPECT_EQ(8u, withheld->items().size());
  for (const WithheldItem& item : withheld->items()) {
    EXPECT_EQ("ca-ccpa/never-disclosed", item.rule);
    EXPECT_THAT(item.citation, HasSubstr("7024(d)"));
  }
}

TEST(WithheldItemsTest, AnItemThatNobodyWouldFindIsRefused) {
  const auto law = LawBook::WithPacks({{"own", R"(
    id: "own" title: "Our own" jurisdiction: "US-CA"
    time_zone: "America/Los_Angeles" as_of: "2026-01-01"
    rule {
      id: "never" citation: "house rule" text: "never said"
      certainty: TEXT_CERTAINTY_STATUTE_READ from: "2026-01-01"
      room: ROOM_EXPORTS
      contents {
        document: "redacted-from-answers"
        item { key: "shoe-size" text: "size of shoes" }
      }
    })"}});
  ASSERT_TRUE(law.ok()) << law.status();

  const absl::Status status = WithheldItems::Create(*law).status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("shoe-size"));
}

}  // namespace
}  // namespace subrosa
