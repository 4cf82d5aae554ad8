#include "src/exports/withheld_items.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
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

TEST(WithheldItemsTest, AFieldThatIsNotForTextIsLookedAtToo) {
  const auto withheld = Shipped();
  v1::MoodCheckIn check_in;
  check_in.add_feelings("calm");
  check_in.add_feelings("my SSN is 219-09-9999; password: hunter2rose");

  ASSERT_TRUE(withheld->TakeOut(&check_in).ok());

  EXPECT_EQ("calm", check_in.feelings(0));
  EXPECT_THAT(check_in.feelings(1), Not(HasSubstr("219")));
  EXPECT_THAT(check_in.feelings(1), Not(HasSubstr("hunter2")));
  EXPECT_EQ(1, TimesOf(*withheld, "ssn"));
}

TEST(WithheldItemsTest, ACodeStaysWhateverItLooksLike) {
  const auto withheld = Shipped();
  v1::Condition condition;
  v1::Coding& coding = *condition.mutable_condition()->add_coding();
  coding.set_system("urn:oid:219-09-9999");
  coding.set_code("219-09-9999");

  ASSERT_TRUE(withheld->TakeOut(&condition).ok());

  EXPECT_EQ("219-09-9999", coding.code());
  EXPECT_EQ("urn:oid:219-09-9999", coding.system());
}

TEST(WithheldItemsTest, WhatNamesARecordHoldsNoNumberOfAPerson) {
  const auto withheld = Shipped();
  v1::HealthRecord record;
  record.set_id("MRN 00482913");
  record.mutable_origin()->set_id("219-09-9999");
  record.mutable_provenance()->set_application("password: hunter2rose");

  const auto is_taken = withheld->TakeOutOfNames(&record);

  ASSERT_TRUE(is_taken.ok()) << is_taken.status();
  EXPECT_TRUE(*is_taken);
  EXPECT_EQ("MRN [held, not handed out: medical identification number]",
            record.id());
  EXPECT_THAT(record.DebugString(), Not(HasSubstr("219")));
  EXPECT_THAT(record.DebugString(), Not(HasSubstr("hunter2")));
}

TEST(WithheldItemsTest, OrdinaryIdsOfRecordsStay) {
  for (const char* const id :
       {"", "r-1", "visit-47", "00482913", "4111111111111111", "123456789",
        "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11", "2026-05-01T06:30:00Z/7",
        "7f3a9c0012b4", "urn:uuid:5eedc0de"}) {
    const auto withheld = Shipped();
    v1::HealthRecord record;
    record.set_id(id);

    const auto is_taken = withheld->TakeOutOfNames(&record);

    ASSERT_TRUE(is_taken.ok()) << is_taken.status();
    EXPECT_FALSE(*is_taken) << id;
    EXPECT_EQ(id, record.id());
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
