#include "src/recipients/recipient_check.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "src/recipients/scratch_recipient.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kToday(2026, 11, 26);

class RecipientCheckTest : public testing::Test {
 protected:
  RecipientCheckTest() : law_(LawBook::BuiltIn().value()) {}

  absl::Status Check(const v1::Recipient& recipient) const {
    return CheckRecipient(recipient, law_, kToday);
  }

  // Expects that `recipient` is refused for `field`, and that the message says
  // nothing of its value.
  void ExpectRefused(const v1::Recipient& recipient, const std::string& field,
                     const std::string& value = "MARK") {
    const absl::Status status = Check(recipient);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field << ": " << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), field + ": "))
        << field << ": " << status;
    EXPECT_FALSE(absl::StrContains(status.message(), value)) << status;
  }

  const LawBook law_;
};

TEST_F(RecipientCheckTest, WhoIsFullyDescribedIsTaken) {
  EXPECT_TRUE(Check(ScratchProcessor()).ok()) << Check(ScratchProcessor());
  EXPECT_TRUE(Check(ScratchThirdParty()).ok()) << Check(ScratchThirdParty());
}

TEST_F(RecipientCheckTest, AContractThatLacksItemsIsRecordedAllTheSame) {
  v1::Recipient recipient = ScratchProcessor();
  recipient.mutable_contract()->clear_item();

  EXPECT_TRUE(Check(recipient).ok());
  recipient.clear_contract();
  EXPECT_TRUE(Check(recipient).ok());
}

TEST_F(RecipientCheckTest, AnAffiliateIsNamedAndNeedsNoCategory) {
  v1::Recipient recipient = ScratchThirdParty();
  recipient.clear_category();
  ExpectRefused(recipient, "category");

  recipient.set_role(v1::RECIPIENT_ROLE_AFFILIATE);
  EXPECT_TRUE(Check(recipient).ok());
}

TEST_F(RecipientCheckTest, WhatIsMissingIsNamed) {
  struct Case {
    const char* field;
    void (*spoil)(v1::Recipient*);
  };
  const Case kCases[] = {
      {"id", [](v1::Recipient* r) { r->clear_id(); }},
      {"name", [](v1::Recipient* r) { r->clear_name(); }},
      {"role", [](v1::Recipient* r) { r->clear_role(); }},
      {"category", [](v1::Recipient* r) { r->clear_category(); }},
      {"contact", [](v1::Recipient* r) { r->clear_contact(); }},
      {"contact", [](v1::Recipient* r) { r->mutable_contact()->clear_url(); }},
      {"contact.checked_on",
       [](v1::Recipient* r) { r->mutable_contact()->clear_checked_on(); }},
      {"contract.reference",
       [](v1::Recipient* r) { r->mutable_contract()->clear_reference(); }},
      {"contract.from",
       [](v1::Recipient* r) { r->mutable_contract()->clear_from(); }},
      {"purpose", [](v1::Recipient* r) { r->clear_purpose(); }},
      {"location", [](v1::Recipient* r) { r->clear_location(); }},
  };
  for (const Case& each : kCases) {
    v1::Recipient recipient = ScratchThirdParty();
    each.spoil(&recipient);
    ExpectRefused(recipient, each.field);
  }
}

TEST_F(RecipientCheckTest, WhatIsMalformedIsNamedAndNotRepeated) {
  struct Case {
    const char* field;
    const char* text;
  };
  const Case kCases[] = {
      {"id", "id: 'Coach MARK'"},
      {"name", "name: 'MARK\\nDesk'"},
      {"name", "name: 'MARK\\xff'"},
      {"role", "role: 99"},
      {"category", "category: 'MARK\\x01'"},
      {"contact.email", "contact { email: 'MARK' }"},
      {"contact.url", "contact { url: 'http://MARK.example' }"},
      {"contact.postal", "contact { postal: 'MARK\\x07' }"},
      {"contact.checked_on", "contact { checked_on: '2026-02-30' }"},
      {"contact.checked_on", "contact { checked_on: '2026-11-27' }"},
      {"contract.from", "contract { from: 'MARK' }"},
      {"contract.until", "contract { until: '2026-1-1' }"},
      {"contract.until", "contract { until: '2026-01-01' }"},
      {"contract.item[6]", "contract { item: 'MARK' }"},
      {"contract.item[6]", "contract { item: 'wa-mhmda/access-answer#data' }"},
      {"contract.item[6]",
       "contract { item: 'ca-ccpa/third-party-contract#notice' }"},
      {"purpose[1]", "purpose: 'MARK'"},
      {"purpose[1]", "purpose: 'coaching'"},
      {"category_allowed[1]", "category_allowed: HEALTH_CATEGORY_UNSPECIFIED"},
      {"category_allowed[1]", "category_allowed: 99"},
      {"category_allowed[1]", "category_allowed: HEALTH_CATEGORY_CONDITIONS"},
      {"location[1]", "location: 'us'"},
      {"location[1]", "location: 'US'"},
      {"location[1]", "location: 'MARK-LAND'"},
      {"age_recipient", "age_recipient: 'age1MARK'"},
      {"age_recipient",  // Of low order: anybody could open what is sealed.
       "age_recipient: 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
       "q5cu47z'"},
      {"ended_on", "ended_on: 'soon MARK'"},
  };
  for (const Case& each : kCases) {
    ExpectRefused(With(ScratchThirdParty(), each.text), each.field);
  }
}

TEST_F(RecipientCheckTest, EachFieldHasItsBound) {
  const auto bounded = [this](const char* field, size_t most,
                              void (*fill)(v1::Recipient*, size_t)) {
    v1::Recipient recipient = ScratchThirdParty();
    fill(&recipient, most);
    EXPECT_TRUE(Check(recipient).ok()) << field << Check(recipient);
    fill(&recipient, most + 1);
    ExpectRefused(recipient, field);
  };

  bounded("id", 64,
          [](v1::Recipient* r, size_t n) { r->set_id(std::string(n, 'a')); });
  bounded("name", kMaxRecipientNameBytes,
          [](v1::Recipient* r, size_t n) { r->set_name(std::string(n, 'a')); });
  bounded(
      "category", kMaxRecipientCategoryBytes,
      [](v1::Recipient* r, size_t n) { r->set_category(std::string(n, 'a')); });
  bounded("contact.postal", kMaxPostalBytes, [](v1::Recipient* r, size_t n) {
    r->mutable_contact()->set_postal(std::string(n, 'a'));
  });
  bounded("contract.reference", kMaxContractReferenceBytes,
          [](v1::Recipient* r, size_t n) {
            r->mutable_contract()->set_reference(std::string(n, 'a'));
          });
  bounded("purpose", kMaxRecipientPurposes, [](v1::Recipient* r, size_t n) {
    r->clear_purpose();
    for (size_t i = 0; i < n; ++i) r->add_purpose(absl::StrCat("p-", i));
  });
}

}  // namespace
}  // namespace subrosa
