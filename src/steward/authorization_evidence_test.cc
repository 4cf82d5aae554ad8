// What is kept of an authorization to sell: it is there if the authorization
// counts, and only then, whatever stands before it in the same batch.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/consent/policy.h"
#include "src/consent/sample_choice.h"
#include "src/law/law_book.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "src/steward/scratch_home.h"
#include "src/vault/evidence_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

constexpr char kMaya[] = "maya";

class AuthorizationEvidenceTest : public testing::Test {
 protected:
  AuthorizationEvidenceTest() : law_(*LawBook::BuiltIn()), vault_(NewVault()) {
    v1::Recipient delphi;
    delphi.set_id("delphi");
    delphi.set_name("Delphi Insights, LLC");
    delphi.set_role(v1::RECIPIENT_ROLE_THIRD_PARTY);
    delphi.set_pays(true);
    RecipientRegistry registry(vault_->records().database(),
                               vault_->records().entity_number());
    EXPECT_TRUE(registry.Put({delphi}, absl::CivilDay(2026, 7, 1)).ok());
    std::string text;
    EXPECT_TRUE(
        google::protobuf::TextFormat::PrintToString(SamplePolicy(), &text));
    absl::StatusOr<Policy> policy = Policy::Parse("policy", text, law_);
    EXPECT_TRUE(policy.ok()) << policy.status();
    auto gate = ConsentGate::Open(NewVault(), *LawBook::BuiltIn(),
                                  *std::move(policy), home_.clock());
    EXPECT_TRUE(gate.ok()) << gate.status();
    gate_ = *std::move(gate);
  }

  std::unique_ptr<Vault> NewVault() {
    auto vault = home_.steward().OpenUngatedVault();
    EXPECT_TRUE(vault.ok()) << vault.status();
    return *std::move(vault);
  }

  static v1::LedgerEntry EntryOf(const v1::Choice& choice) {
    v1::LedgerEntry entry;
    entry.set_consumer(kMaya);
    *entry.mutable_choice() = choice;
    entry.mutable_choice()->set_consumer(kMaya);
    return entry;
  }

  // An opt-out after the sample's authorization was given: who holds to it
  // refuses that.
  static v1::LedgerEntry LaterOptOut() {
    v1::Choice choice = SampleOptOut();
    *choice.mutable_given_at() = SampleTimestamp("2026-04-01 10:00:00");
    return EntryOf(choice);
  }

  std::vector<absl::Status> Record(std::vector<v1::LedgerEntry> entries) {
    std::vector<const v1::LedgerEntry*> pointers;
    for (const v1::LedgerEntry& entry : entries) pointers.push_back(&entry);
    const auto results = gate_->Record(pointers);
    EXPECT_TRUE(results.ok()) << results.status();
    std::vector<absl::Status> statuses;
    if (!results.ok()) return statuses;
    for (const EntryResult& result : *results) {
      statuses.push_back(result.status);
    }
    return statuses;
  }

  size_t Kept() {
    const auto kept = vault_->Evidence().ListKinds(kMaya);
    EXPECT_TRUE(kept.ok()) << kept.status();
    return kept.ok() ? kept->size() : 0;
  }

  ScratchHome home_;
  LawBook law_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<ConsentGate> gate_;
};

TEST_F(AuthorizationEvidenceTest, OneThatCountsIsKeptOnce) {
  const v1::LedgerEntry authorization = EntryOf(SampleAuthorization());

  const auto statuses = Record({authorization, authorization});

  ASSERT_EQ(statuses.size(), 2u);
  EXPECT_TRUE(statuses[0].ok()) << statuses[0];
  EXPECT_TRUE(absl::IsAlreadyExists(statuses[1])) << statuses[1];
  EXPECT_EQ(Kept(), 1u);
}

TEST_F(AuthorizationEvidenceTest, OneThatCountsByWhatTheBatchSaidBeforeIsKept) {
  ASSERT_TRUE(Record({LaterOptOut()})[0].ok());
  v1::LedgerEntry answer;
  answer.set_consumer(kMaya);
  answer.mutable_facts()->set_residence("US-WA");
  answer.set_answers_all(true);

  const auto statuses = Record({answer, EntryOf(SampleAuthorization())});

  ASSERT_EQ(statuses.size(), 2u);
  EXPECT_TRUE(statuses[0].ok()) << statuses[0];
  EXPECT_TRUE(statuses[1].ok()) << statuses[1];
  EXPECT_EQ(Kept(), 1u);
}

TEST_F(AuthorizationEvidenceTest, OneThatTheBatchSaidNoBeforeIsNotKept) {
  const auto statuses = Record({LaterOptOut(), EntryOf(SampleAuthorization())});

  ASSERT_EQ(statuses.size(), 2u);
  EXPECT_TRUE(statuses[0].ok()) << statuses[0];
  EXPECT_TRUE(absl::IsInvalidArgument(statuses[1])) << statuses[1];
  EXPECT_EQ(Kept(), 0u);
}

TEST_F(AuthorizationEvidenceTest, OneThatCannotBeKeptDoesNotCount) {
  v1::LedgerEntry authorization = EntryOf(SampleAuthorization());
  v1::Authorization& document =
      *authorization.mutable_choice()->mutable_authorization();
  *document.mutable_signed_at() = SampleTimestamp("1990-01-01 00:00:00");

  const auto statuses = Record({LaterOptOut(), authorization});

  ASSERT_EQ(statuses.size(), 2u);
  EXPECT_TRUE(statuses[0].ok()) << statuses[0];
  EXPECT_FALSE(statuses[1].ok());
  EXPECT_EQ(Kept(), 0u);
}

}  // namespace
}  // namespace subrosa
