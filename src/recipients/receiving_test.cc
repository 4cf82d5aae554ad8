#include "src/recipients/receiving.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "src/recipients/scratch_recipient.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kToday(2026, 11, 26);

ReceivingRules RulesOf(const LawBook& law) {
  return {&law, {"wa-mhmda", "nv-sb370", "ca-ccpa", "ct-ctdpa", "md-modpa"}};
}

class ReceivingTest : public testing::Test {
 protected:
  ReceivingTest() : law_(LawBook::BuiltIn().value()), rules_(RulesOf(law_)) {}

  // The slugs of what stands against `recipient`, in order.
  std::string FaultsOf(const v1::Recipient& recipient,
                       absl::CivilDay day = kToday,
                       Handover handover = Handover::kElsewhere) {
    std::vector<absl::string_view> names;
    for (const ReceivingFault& fault :
         FindReceivingFaults(recipient, rules_, day, handover)) {
      EXPECT_FALSE(fault.text.empty());
      names.push_back(ReceivingFaultName(fault.kind));
    }
    return absl::StrJoin(names, " ");
  }

  const LawBook law_;
  const ReceivingRules rules_;
};

TEST_F(ReceivingTest, WhoIsReachedAndBoundMayReceive) {
  EXPECT_EQ("", FaultsOf(ScratchProcessor()));
  EXPECT_EQ("", FaultsOf(ScratchThirdParty()));
  EXPECT_EQ("", FaultsOf(ScratchThirdParty(), kToday, Handover::kSealed));
}

TEST_F(ReceivingTest, WhomNoConsumerCanReachMayNotReceive) {
  v1::Recipient recipient = ScratchProcessor();
  recipient.clear_contact();

  EXPECT_EQ("contact-missing", FaultsOf(recipient));
}

TEST_F(ReceivingTest, ALetterBoxIsNoContactOnline) {
  v1::Recipient recipient = ScratchProcessor();
  recipient.mutable_contact()->clear_email();
  recipient.mutable_contact()->set_postal("1 Rose Lane\nSeattle");

  EXPECT_EQ("contact-missing", FaultsOf(recipient));
}

TEST_F(ReceivingTest, AContactThatNobodyLookedAtCountsNoMore) {
  const v1::Recipient recipient = ScratchProcessor();
  const absl::CivilDay checked(2026, 10, 1);

  EXPECT_EQ("", FaultsOf(recipient, checked + kContactCheckedDays - 1));
  EXPECT_EQ("contact-not-checked",
            FaultsOf(recipient, checked + kContactCheckedDays));
}

TEST_F(ReceivingTest, AnEndedRecipientReceivesNothingFromItsDayOn) {
  const v1::Recipient recipient =
      With(ScratchProcessor(), "ended_on: '2026-11-26'");

  EXPECT_EQ("", FaultsOf(recipient, kToday - 1));
  EXPECT_EQ("ended", FaultsOf(recipient));
}

TEST_F(ReceivingTest, AContractBindsOnItsDaysAlone) {
  const v1::Recipient recipient =
      With(ScratchProcessor(), "contract { until: '2026-11-26' }");

  EXPECT_EQ("", FaultsOf(recipient, absl::CivilDay(2026, 3, 1)));
  EXPECT_EQ("", FaultsOf(recipient, kToday - 1));
  EXPECT_EQ("contract-not-binding",
            FaultsOf(recipient, absl::CivilDay(2026, 2, 28)));
  EXPECT_EQ("contract-not-binding", FaultsOf(recipient));
}

// Covers: wa-mhmda/processor-contract, nv-sb370/processor-contract,
//         ca-ccpa/contract, ct-ctdpa/processor-contract,
//         md-modpa/processor-contract
TEST_F(ReceivingTest, AProcessorWithoutAContractReceivesNothing) {
  v1::Recipient recipient = ScratchProcessor();
  recipient.clear_contract();

  std::set<std::string> rules;
  for (const ReceivingFault& fault :
       FindReceivingFaults(recipient, rules_, kToday, Handover::kElsewhere)) {
    EXPECT_EQ(ReceivingFaultKind::kContractMissing, fault.kind);
    rules.insert(fault.rule);
  }

  EXPECT_EQ(std::set<std::string>(
                {"wa-mhmda/processor-contract", "nv-sb370/processor-contract",
                 "ca-ccpa/contract", "ct-ctdpa/processor-contract",
                 "md-modpa/processor-contract"}),
            rules);
}

TEST_F(ReceivingTest, EachItemThatAContractLacksIsNamedWithItsRule) {
  const v1::Recipient whole = ScratchProcessor();
  for (int lacking = 0; lacking < whole.contract().item_size(); ++lacking) {
    v1::Recipient recipient = whole;
    auto* const items = recipient.mutable_contract()->mutable_item();
    items->DeleteSubrange(lacking, 1);
    const std::string& item = whole.contract().item(lacking);

    const std::vector<ReceivingFault> faults =
        FindReceivingFaults(recipient, rules_, kToday, Handover::kElsewhere);

    ASSERT_EQ(1u, faults.size()) << item;
    EXPECT_EQ(ReceivingFaultKind::kContractLacksItem, faults[0].kind);
    EXPECT_EQ(item, faults[0].item);
    EXPECT_TRUE(absl::StartsWith(item, faults[0].rule + "#")) << item;
  }
}

// Covers: ca-ccpa/third-party-contract
TEST_F(ReceivingTest, AThirdPartyOfACaliforniaBusinessNeedsItsOwnContract) {
  v1::Recipient recipient = ScratchThirdParty();
  recipient.mutable_contract()->clear_item();
  const std::vector<ReceivingFault> faults =
      FindReceivingFaults(recipient, rules_, kToday, Handover::kElsewhere);

  EXPECT_EQ(6u, faults.size());
  for (const ReceivingFault& fault : faults) {
    EXPECT_EQ("ca-ccpa/third-party-contract", fault.rule);
  }
  recipient.clear_contract();
  EXPECT_EQ("contract-missing", FaultsOf(recipient));
}

// Covers: ct-ctdpa/staff, md-modpa/staff
TEST_F(ReceivingTest, AContractorWhoIsNotBoundToSilenceReceivesNothing) {
  v1::Recipient recipient =
      With(ScratchProcessor(), "role: RECIPIENT_ROLE_CONTRACTOR");

  // Two of confidentiality, and the two that California has of contractors.
  EXPECT_EQ(
      "contract-lacks-item contract-lacks-item contract-lacks-item "
      "contract-lacks-item",
      FaultsOf(recipient));
  recipient = With(recipient, R"pb(
    contract {
      item: [
        "ca-ccpa/contractor-contract#certification",
        "ca-ccpa/contractor-contract#monitoring",
        "ct-ctdpa/staff#confidentiality",
        "md-modpa/staff#confidentiality"
      ]
    })pb");
  EXPECT_EQ("", FaultsOf(recipient));
}

TEST_F(ReceivingTest, AnAffiliateNeedsNoContractAndAContactLikeAll) {
  v1::Recipient recipient =
      With(ScratchProcessor(), "role: RECIPIENT_ROLE_AFFILIATE");
  recipient.clear_contract();

  EXPECT_EQ("", FaultsOf(recipient));
  recipient.clear_contact();
  EXPECT_EQ("contact-missing", FaultsOf(recipient));
}

TEST_F(ReceivingTest, WithoutAnAgeKeyNothingCanBeSealedToIt) {
  EXPECT_EQ("no-age-key",
            FaultsOf(ScratchProcessor(), kToday, Handover::kSealed));
  EXPECT_EQ("", FaultsOf(ScratchProcessor(), kToday, Handover::kElsewhere));
}

TEST_F(ReceivingTest, AllThatIsWrongIsSaidAtOnce) {
  const v1::Recipient nobody = With({},
                                    "role: RECIPIENT_ROLE_THIRD_PARTY"
                                    " ended_on: '2026-01-01'");

  EXPECT_EQ("ended contact-missing contract-missing no-age-key",
            FaultsOf(nobody, kToday, Handover::kSealed));
}

// Whatever day is asked, the days say the same as the faults.
TEST_F(ReceivingTest, DaysOfReceivingAgreeWithTheFaultsOfEachDay) {
  v1::Recipient lacks_maryland = ScratchProcessor();
  lacks_maryland.mutable_contract()->mutable_item()->RemoveLast();
  lacks_maryland.mutable_contract()->set_from("2023-01-01");
  lacks_maryland.mutable_contact()->set_checked_on("2025-09-01");
  const std::vector<v1::Recipient> recipients = {
      ScratchProcessor(),
      ScratchThirdParty(),
      With(ScratchThirdParty(), "ended_on: '2027-02-01'"),
      lacks_maryland,
      With({}, "role: RECIPIENT_ROLE_PROCESSOR"),
  };
  for (const v1::Recipient& recipient : recipients) {
    for (absl::CivilDay day(2025, 8, 1); day < absl::CivilDay(2028, 3, 1);
         day += 13) {
      const ReceivingDays days = FindReceivingDays(recipient, rules_, day);
      const bool may = FaultsOf(recipient, day).empty();
      ASSERT_EQ(may, days.from <= day && day < days.until)
          << recipient.id() << " on " << day;
      if (!may) continue;
      EXPECT_EQ("", FaultsOf(recipient, days.until - 1));
      EXPECT_NE("", FaultsOf(recipient, days.until));
    }
  }
}

TEST_F(ReceivingTest, ARuleThatComesIntoForceEndsWhatItForbids) {
  v1::Recipient recipient = ScratchProcessor();
  recipient.mutable_contract()->mutable_item()->RemoveLast();  // Maryland's.
  recipient.mutable_contract()->set_from("2025-01-01");
  recipient.mutable_contact()->set_checked_on("2025-09-01");

  const ReceivingDays days =
      FindReceivingDays(recipient, rules_, absl::CivilDay(2025, 9, 30));

  EXPECT_EQ(absl::CivilDay(2025, 1, 1), days.from);
  EXPECT_EQ(absl::CivilDay(2025, 10, 1), days.until);
}

}  // namespace
}  // namespace subrosa
