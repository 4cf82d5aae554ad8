#include "src/recipients/contract_items.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

using testing::Test;

class ContractItemsTest : public Test {
 protected:
  ContractItemsTest() : law_(LawBook::BuiltIn().value()) {}

  std::set<std::string> ItemsOf(v1::RecipientRole role,
                                const std::vector<std::string>& packs) {
    std::set<std::string> names;
    for (const ContractItem& item : ContractItemsOf(role, law_, packs)) {
      EXPECT_TRUE(names.insert(item.Name()).second) << item.Name();
    }
    return names;
  }

  const LawBook law_;
};

// Covers: wa-mhmda/processor-contract
TEST_F(ContractItemsTest, AWashingtonProcessorIsBoundByInstructionsAndLimits) {
  const std::set<std::string> want = {
      "wa-mhmda/processor-contract#instructions",
      "wa-mhmda/processor-contract#limits",
      "wa-mhmda/processor-contract#assistance"};

  EXPECT_EQ(want, ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {"wa-mhmda"}));
  // Who works for the entity under another name is no less a processor.
  EXPECT_EQ(want, ItemsOf(v1::RECIPIENT_ROLE_CONTRACTOR, {"wa-mhmda"}));
  EXPECT_TRUE(ItemsOf(v1::RECIPIENT_ROLE_THIRD_PARTY, {"wa-mhmda"}).empty());
  EXPECT_TRUE(ItemsOf(v1::RECIPIENT_ROLE_AFFILIATE, {"wa-mhmda"}).empty());
}

// Covers: nv-sb370/processor-contract
TEST_F(ContractItemsTest, ANevadaProcessorIsToldWhichActionsAreAuthorized) {
  const std::set<std::string> want = {
      "nv-sb370/processor-contract#instructions",
      "nv-sb370/processor-contract#limits",
      "nv-sb370/processor-contract#assistance"};

  EXPECT_EQ(want, ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {"nv-sb370"}));
  EXPECT_TRUE(ItemsOf(v1::RECIPIENT_ROLE_THIRD_PARTY, {"nv-sb370"}).empty());
}

// Covers: ca-ccpa/contract, ca-ccpa/third-party-contract,
//     ca-ccpa/contractor-contract
TEST_F(ContractItemsTest,
       CaliforniaAsksOtherThingsOfThirdPartiesThanOfItsHands) {
  const std::set<std::string> of_processors =
      ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {"ca-ccpa"});
  const std::set<std::string> of_third_parties =
      ItemsOf(v1::RECIPIENT_ROLE_THIRD_PARTY, {"ca-ccpa"});

  EXPECT_EQ(7u, of_processors.size());
  EXPECT_EQ(1u, of_processors.count("ca-ccpa/contract#no-sale"));
  std::set<std::string> of_contractors = of_processors;
  of_contractors.insert("ca-ccpa/contractor-contract#certification");
  of_contractors.insert("ca-ccpa/contractor-contract#monitoring");
  EXPECT_EQ(of_contractors,
            ItemsOf(v1::RECIPIENT_ROLE_CONTRACTOR, {"ca-ccpa"}));
  EXPECT_EQ(6u, of_third_parties.size());
  for (const std::string& item : of_third_parties) {
    EXPECT_TRUE(absl::StartsWith(item, "ca-ccpa/third-party-contract#"))
        << item;
  }
}

// Covers: ct-ctdpa/staff, ct-ctdpa/processor-contract
TEST_F(ContractItemsTest, AConnecticutContractorIsBoundToConfidentiality) {
  EXPECT_EQ(std::set<std::string>({"ct-ctdpa/staff#confidentiality",
                                   "ct-ctdpa/processor-contract#contract"}),
            ItemsOf(v1::RECIPIENT_ROLE_CONTRACTOR, {"ct-ctdpa"}));
  EXPECT_EQ(std::set<std::string>({"ct-ctdpa/processor-contract#contract"}),
            ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {"ct-ctdpa"}));
}

// Covers: md-modpa/staff, md-modpa/processor-contract
TEST_F(ContractItemsTest, AMarylandContractorIsBoundToConfidentiality) {
  EXPECT_EQ(std::set<std::string>({"md-modpa/staff#confidentiality",
                                   "md-modpa/processor-contract#contract"}),
            ItemsOf(v1::RECIPIENT_ROLE_CONTRACTOR, {"md-modpa"}));
  EXPECT_EQ(std::set<std::string>({"md-modpa/processor-contract#contract"}),
            ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {"md-modpa"}));
}

TEST_F(ContractItemsTest, EveryRuleOnRecipientsBindsSomebody) {
  for (const LawEntry& entry : law_.entries()) {
    if (entry.rule->room() != v1::ROOM_RECIPIENTS) continue;
    EXPECT_FALSE(entry.rule->contents().role().empty()) << entry.id;
    for (const std::string& role : entry.rule->contents().role()) {
      EXPECT_TRUE(role == "processor" || role == "contractor" ||
                  role == "affiliate" || role == "third-party")
          << entry.id << ": " << role;
    }
  }
}

TEST_F(ContractItemsTest, APackThatTheEntityDoesNotGoByAsksNothing) {
  EXPECT_TRUE(ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {}).empty());
  EXPECT_TRUE(ItemsOf(v1::RECIPIENT_ROLE_PROCESSOR, {"wa"}).empty());
}

TEST_F(ContractItemsTest, AnUnknownRoleIsAskedForNothingAndHasNoName) {
  EXPECT_TRUE(ItemsOf(v1::RECIPIENT_ROLE_UNSPECIFIED, {"wa-mhmda"}).empty());
  EXPECT_EQ("", RecipientRoleName(v1::RECIPIENT_ROLE_UNSPECIFIED));
  EXPECT_EQ("", RecipientRoleName(static_cast<v1::RecipientRole>(99)));
}

TEST_F(ContractItemsTest, AnItemIsFoundByTheNameThatItIsListedBy) {
  const ContractItem item =
      FindContractItem("wa-mhmda/processor-contract#limits", law_);

  ASSERT_NE(nullptr, item.rule);
  EXPECT_EQ("RCW 19.373.060", item.rule->rule->citation());
  EXPECT_EQ("wa-mhmda/processor-contract#limits", item.Name());
}

TEST_F(ContractItemsTest, WhatNoRuleOnContractsHoldsIsNoItem) {
  for (const char* name :
       {"", "#", "wa-mhmda/processor-contract", "wa-mhmda/processor-contract#",
        "wa-mhmda/processor-contract#LIMITS",
        "wa-mhmda/processor-contract#limits#limits",
        "wa-mhmda/access-answer#data",  // What a consumer is told.
        "wa-mhmda#limits", "nowhere/contract#limits"}) {
    EXPECT_EQ(nullptr, FindContractItem(name, law_).rule) << name;
  }
}

}  // namespace
}  // namespace subrosa
