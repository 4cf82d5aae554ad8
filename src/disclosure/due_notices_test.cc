#include "src/disclosure/due_notices.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/disclosure/scratch_disclosure.h"
#include "src/vault/key_store.h"
#include "src/vault/part_erasure.h"
#include "src/vault/scratch_vault.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

class DueNoticesTest : public testing::Test {
 protected:
  DueNoticesTest()
      : ledger_(std::move(
                    DisclosureLedger::Open(scratch_.vault(), scratch_.clock()))
                    .value()),
        notices_(scratch_.vault(), *ledger_, scratch_.clock()) {
    Append(ScratchDisclosure("ada", "coach", "pseudonym: 'p-coach'"));
    Append(ScratchDisclosure("ada", "broker", "purpose: 'sale'"));
    Append(ScratchDisclosure("luz", "coach", "pseudonym: 'p-luz'"));
  }

  void Append(const v1::Disclosure& entry) {
    const auto results = ledger_->Append({&entry});
    ASSERT_TRUE(results.ok() && (*results)[0].status.ok());
  }
  // Of conditions, collected from the day of disclosures on.
  static SelectedPart Part() {
    SelectedPart part;
    part.rows = 2;
    part.categories = uint32_t{1} << v1::HEALTH_CATEGORY_CONDITIONS;
    part.first_day = kDisclosureDay;
    part.last_day = kDisclosureDay + 9;
    return part;
  }
  // All that are due, by recipient.
  std::map<std::string, v1::DueNotice> Due(absl::string_view recipient = "") {
    std::map<std::string, v1::DueNotice> due;
    const absl::Status visited = notices_.Visit(
        recipient, [&](absl::string_view ref, const v1::DueNotice& notice) {
          EXPECT_EQ(kNoticeRefBytes, ref.size());
          last_ref_ = std::string(ref);
          EXPECT_TRUE(due.emplace(notice.recipient(), notice).second);
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return due;
  }

  ScratchVault scratch_;
  std::unique_ptr<DisclosureLedger> ledger_;
  DueNotices notices_;
  std::string last_ref_;
};

TEST_F(DueNoticesTest, EveryRecipientOfTheErasedIsToldUnderTheNameItKnows) {
  const auto planned =
      notices_.Plan(*scratch_.vault().keys().FindShared("ada").value());

  ASSERT_TRUE(planned.ok()) << planned.status();
  std::map<std::string, v1::DueNotice> due;
  for (const v1::DueNotice& one : *planned) due[one.recipient()] = one;
  ASSERT_EQ(2u, due.size());
  const v1::DueNotice& coach = due.at("coach");
  EXPECT_EQ(v1::NOTICE_REASON_ERASURE, coach.reason());
  EXPECT_EQ("privacy@coach.example", coach.recipient_contact());
  ASSERT_EQ(1, coach.pseudonym_size());
  EXPECT_EQ("p-coach", coach.pseudonym(0));
  EXPECT_FALSE(coach.has_unnamed());
  EXPECT_EQ(kDisclosureDay, coach.last_day());
  EXPECT_TRUE(due.at("broker").has_unnamed());
  EXPECT_EQ("sale", due.at("broker").purpose(0));
}

TEST_F(DueNoticesTest, APlanKeepsNothing) {
  EXPECT_EQ(2u,
            notices_.Plan(*scratch_.vault().keys().FindShared("ada").value())
                ->size());
  EXPECT_EQ(2u, notices_.PlanForPart("ada", Part(), 20700)->size());
  EXPECT_EQ(1u, notices_.PlanForRevocation("ada", "coach", "")->size());

  EXPECT_TRUE(Due().empty());
}

TEST_F(DueNoticesTest, WhatIsDueOutlivesItsConsumer) {
  EXPECT_EQ(2, notices_.QueueForPart("ada", Part(), 20700).value());
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());

  const std::map<std::string, v1::DueNotice> due = Due();

  ASSERT_EQ(2u, due.size());
  EXPECT_EQ("p-coach", due.at("coach").pseudonym(0));
}

TEST_F(DueNoticesTest, WhatWasGivenSinceIsToldAnew) {
  EXPECT_EQ(1, notices_.QueueForRevocation("ada", "coach", "").value());
  Append(ScratchDisclosure("ada", "coach", "pseudonym: 'p-2'"));

  EXPECT_EQ(1, notices_.QueueForRevocation("ada", "coach", "").value());
}

TEST_F(DueNoticesTest, ARevocationTellsItsRecipientOfItsPurposeAlone) {
  Append(ScratchDisclosure("ada", "coach", "purpose: 'safety'"));

  EXPECT_EQ(1, notices_.QueueForRevocation("ada", "coach", "safety").value());
  EXPECT_EQ(0, notices_.QueueForRevocation("ada", "coach", "sale").value());
  EXPECT_EQ(0, notices_.QueueForRevocation("ada", "nobody", "").value());

  const std::map<std::string, v1::DueNotice> due = Due();
  ASSERT_EQ(1u, due.size());
  EXPECT_EQ(v1::NOTICE_REASON_REVOCATION, due.at("coach").reason());
  ASSERT_EQ(1, due.at("coach").purpose_size());
  EXPECT_EQ("safety", due.at("coach").purpose(0));
}

TEST_F(DueNoticesTest, OfAPartThoseAreToldWhoMayHaveBeenGivenAnyOfIt) {
  v1::Disclosure other = ScratchDisclosure("ada", "pharmacy");
  other.set_category(0, v1::HEALTH_CATEGORY_MEDICATION);
  Append(other);
  v1::Disclosure unsaid = ScratchDisclosure("ada", "host");
  unsaid.clear_category();
  Append(unsaid);
  v1::Disclosure before = ScratchDisclosure("ada", "early");
  before.mutable_at()->set_seconds(kDisclosureSeconds - 86400);
  Append(before);
  Append(
      ScratchDisclosure("ada", "coach", "category: HEALTH_CATEGORY_GENETIC"));

  ASSERT_EQ(3,
            notices_.QueueForPart("ada", Part(), kDisclosureDay + 30).value());

  const std::map<std::string, v1::DueNotice> due = Due();
  ASSERT_EQ(3u, due.size());
  const v1::DueNotice& coach = due.at("coach");
  EXPECT_EQ(v1::NOTICE_REASON_PART, coach.reason());
  // Not the kind that it has of something else, nor one that it was not given.
  ASSERT_EQ(1, coach.category_size());
  EXPECT_EQ(v1::HEALTH_CATEGORY_CONDITIONS, coach.category(0));
  EXPECT_EQ(kDisclosureDay, coach.collected_first_day());
  EXPECT_EQ(kDisclosureDay + 9, coach.collected_last_day());
  EXPECT_EQ(2, coach.disclosures());
  EXPECT_EQ(1u, due.count("broker"));
  EXPECT_EQ(0, due.at("host").category_size()) << "of whatever kind";
}

TEST_F(DueNoticesTest, WhatIsOfNoKindMayHaveGoneWithAnyDisclosure) {
  SelectedPart part = Part();
  part.categories = uint32_t{1} << v1::HEALTH_CATEGORY_GENETIC;
  EXPECT_EQ(0u, notices_.PlanForPart("ada", part, 0)->size());

  part.has_uncategorized = true;

  const auto planned = notices_.PlanForPart("ada", part, 0);
  ASSERT_EQ(2u, planned->size());
  EXPECT_EQ(0, planned->at(0).category_size());
  part.rows = 0;
  EXPECT_EQ(0u, notices_.PlanForPart("ada", part, 0)->size());
}

TEST_F(DueNoticesTest, APartIsToldOnceAndAnotherPartApart) {
  EXPECT_EQ(2, notices_.QueueForPart("ada", Part(), 20700).value());
  EXPECT_EQ(0, notices_.QueueForPart("ada", Part(), 20701).value());
  SelectedPart longer = Part();
  ++longer.last_day;
  EXPECT_EQ(2, notices_.QueueForPart("ada", longer, 20700).value());
  EXPECT_EQ(1, notices_.QueueForRevocation("ada", "coach", "").value());
}

TEST_F(DueNoticesTest, ANoticeIsOverdueFromTheDayAfterItsLast) {
  v1::DueNotice notice;
  EXPECT_FALSE(IsOverdue(notice, 30000));
  notice.set_due_day(20700);
  EXPECT_FALSE(IsOverdue(notice, 20700));
  EXPECT_TRUE(IsOverdue(notice, 20701));
}

TEST_F(DueNoticesTest, OfAStrangerNothingIsQueued) {
  EXPECT_TRUE(absl::IsNotFound(
      notices_.QueueForPart("nobody", Part(), 20700).status()));
  scratch_.Put({"mei"}, "r-1", "a note");
  EXPECT_EQ(0, notices_.QueueForPart("mei", Part(), 20700).value());
}

TEST_F(DueNoticesTest, ASettledNoticeIsForgotten) {
  ASSERT_EQ(1, notices_.QueueForRevocation("ada", "coach", "").value());
  EXPECT_TRUE(Due("broker").empty());
  ASSERT_EQ(1u, Due("coach").size());

  EXPECT_TRUE(notices_.Settle(last_ref_).ok());
  EXPECT_TRUE(absl::IsNotFound(notices_.Settle(last_ref_)));
  EXPECT_TRUE(Due().empty());
}

TEST_F(DueNoticesTest, ANoticeThatNobodySettledEndsWithItsYear) {
  ASSERT_EQ(2, notices_.QueueForPart("ada", Part(), 20700).value());
  scratch_.clock().Advance(absl::Hours(24) * 300);  // Into 2027.
  EXPECT_EQ(0, notices_.DeleteExpired().value());
  scratch_.clock().Advance(absl::Hours(24) * 365);
  ASSERT_TRUE(scratch_.vault().Evidence().DestroyDue().ok());

  EXPECT_TRUE(Due().empty());
  EXPECT_EQ(2, notices_.DeleteExpired().value());
  EXPECT_EQ(0, scratch_.Number("records", "SELECT count(*) FROM due_notice"));
}

TEST_F(DueNoticesTest, ANoticeThatWasMovedDoesNotOpen) {
  ASSERT_EQ(1, notices_.QueueForRevocation("ada", "coach", "").value());
  scratch_.Execute("records", "UPDATE due_notice SET recipient = 'broker'");

  EXPECT_TRUE(absl::IsDataLoss(
      notices_.Visit("", [](absl::string_view, const v1::DueNotice&) {
        return absl::OkStatus();
      })));
}

TEST_F(DueNoticesTest, NeitherNoticeNorErasureLeavesTheAccountId) {
  Append(ScratchDisclosure("canary-account", "coach",
                           "pseudonym: 'canary-name' purpose: 'canary-why'"));
  ASSERT_EQ(1, notices_.QueueForPart("canary-account", Part(), 20700).value());
  ASSERT_TRUE(scratch_.vault().Erase("canary-account").ok());

  const std::map<std::string, v1::DueNotice> due = Due();
  ASSERT_EQ(1u, due.size());
  EXPECT_FALSE(
      absl::StrContains(due.at("coach").SerializeAsString(), "canary-account"));
  for (const char* store : {"records", "keys"}) {
    for (const char* suffix : {"", "-wal"}) {
      const auto bytes = ReadFile(scratch_.PathOf(store) + suffix, 1 << 24);
      if (!bytes.ok()) continue;
      EXPECT_FALSE(absl::StrContains(*bytes, "canary")) << store << suffix;
    }
  }
}

}  // namespace
}  // namespace subrosa
