#include "src/consent/receipt_entries.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "src/consent/sample_choice.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

v1::Choice ConsentToCoaching() {
  return SampleConsent(v1::ACTION_SHARE, "coaching");
}

v1::Choice Withdrawal() {
  v1::Choice choice = SampleOptOut();
  choice.set_kind(v1::CHOICE_KIND_WITHDRAWAL);
  choice.clear_action();
  return choice;
}

// The receipt's material of entry `number`, of a ledger of `choices` from 1.
ReceiptEntries Collected(uint64_t number,
                         const std::vector<v1::Choice>& choices) {
  ReceiptEntries entries(number);
  uint64_t next = 0;
  for (const v1::Choice& choice : choices) {
    v1::LedgerEntry entry;
    *entry.mutable_choice() = choice;
    entries.Add(++next, entry);
  }
  return entries;
}

TEST(ReceiptEntriesTest, AConsentIsFoundWithWhatTookItBack) {
  v1::Choice other = Withdrawal();
  other.add_purpose("research");
  const ReceiptEntries entries =
      Collected(2, {SampleOptOut(), ConsentToCoaching(), other, Withdrawal(),
                    SampleOptOut()});

  ASSERT_TRUE(entries.consent().has_value());
  EXPECT_EQ(entries.consent()->purpose(0), "coaching");
  ASSERT_EQ(entries.withdrawals().size(), 2);
  EXPECT_EQ(entries.withdrawals()[0].kind(), v1::CHOICE_KIND_WITHDRAWAL);
}

TEST(ReceiptEntriesTest, WhatCameBeforeItTookNothingBack) {
  const ReceiptEntries entries =
      Collected(2, {Withdrawal(), ConsentToCoaching()});

  EXPECT_TRUE(entries.consent().has_value());
  EXPECT_TRUE(entries.withdrawals().empty());
}

TEST(ReceiptEntriesTest, ANoAndAnEntryThatIsNotThereHaveNoReceipt) {
  EXPECT_FALSE(Collected(1, {SampleOptOut()}).consent().has_value());
  EXPECT_FALSE(Collected(2, {ConsentToCoaching()}).consent().has_value());
}

TEST(ReceiptEntriesTest, FactsAreNoChoice) {
  ReceiptEntries entries(1);
  v1::LedgerEntry entry;
  entry.mutable_facts()->set_residence("US-WA");
  entries.Add(1, entry);

  EXPECT_FALSE(entries.consent().has_value());
}

TEST(ReceiptEntriesTest, ANoTakesBackWhatItSpeaksOf) {
  const v1::Choice consent = ConsentToCoaching();
  v1::Choice of_some = Withdrawal();
  of_some.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
  v1::Choice of_another = Withdrawal();
  of_another.add_category(v1::HEALTH_CATEGORY_GENETIC);
  v1::Choice of_one_recipient = Withdrawal();
  of_one_recipient.add_recipient("coach-desk");
  v1::Choice limit = Withdrawal();
  limit.set_kind(v1::CHOICE_KIND_LIMIT);

  EXPECT_TRUE(TakesBackAll(Withdrawal(), consent));
  EXPECT_TRUE(TakesBackAll(SampleOptOut(), consent));
  EXPECT_TRUE(TakesBackAll(of_some, consent));
  EXPECT_FALSE(TakesBack(of_another, consent));
  EXPECT_TRUE(TakesBack(of_one_recipient, consent));
  EXPECT_FALSE(TakesBackAll(of_one_recipient, consent));
  EXPECT_FALSE(TakesBack(limit, consent));
  EXPECT_FALSE(TakesBack(consent, consent));
}

TEST(ReceiptRecipientsTest, WhomTheConsentNamesOrElseThePurpose) {
  std::vector<v1::Recipient> on_record(3);
  on_record[0].set_id("coach-desk");
  on_record[0].add_purpose("coaching");
  on_record[1].set_id("delphi");
  on_record[1].add_purpose("research");
  on_record[2].set_id("sleep-desk");
  on_record[2].add_purpose("coaching");
  v1::Choice named = ConsentToCoaching();
  named.add_recipient("sleep-desk");

  const auto of_purpose = ReceiptRecipients(ConsentToCoaching(), on_record);
  ASSERT_EQ(of_purpose.size(), 2);
  EXPECT_EQ(of_purpose[1].id(), "sleep-desk");
  const auto of_name = ReceiptRecipients(named, on_record);
  ASSERT_EQ(of_name.size(), 1);
  EXPECT_EQ(of_name[0].id(), "sleep-desk");
  EXPECT_TRUE(ReceiptRecipients(SampleConsent(v1::ACTION_COLLECT, "coaching"),
                                on_record)
                  .empty());
}

}  // namespace
}  // namespace subrosa
