#include "src/steward/record_consents.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/consent/consent_ledger.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kNotTheirs =
    "consent_ref: want a consent of this consumer's that stands, got another";

// Records for "coaching", which the scratch home's policy asks consent for.
class RecordConsentsTest : public testing::Test {
 protected:
  RecordConsentsTest()
      : vault_(*home_.steward().OpenUngatedVault()),
        ledger_(*ConsentLedger::Open(*vault_, home_.steward().clock())) {}

  // As another process: past the door, which would want the notice shown.
  std::string Choose(const std::string& consumer, const std::string& choice) {
    v1::LedgerEntry entry;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("choice { given_at { seconds: 1782000000 }"
                     " actor { kind: ACTOR_KIND_SELF } ",
                     choice, " }"),
        &entry));
    entry.set_consumer(consumer);
    entry.mutable_choice()->set_consumer(consumer);
    const auto results = ledger_->Append(
        {&entry}, [](const v1::LedgerEntry&, const v1::Standing&) {
          return absl::OkStatus();
        });
    EXPECT_TRUE(results.ok() && (*results)[0].status.ok());
    EXPECT_TRUE(home_.steward().gate().Refresh().ok());
    return (*results)[0].consent_ref;
  }
  std::string Consent(const std::string& consumer,
                      const std::string& more = "") {
    return Choose(consumer, absl::StrCat("kind: CHOICE_KIND_CONSENT"
                                         " action: ACTION_COLLECT"
                                         " purpose: 'coaching' ",
                                         more));
  }

  absl::Status Put(const std::string& consumer, const std::string& consent_ref,
                   v1::Basis basis = v1::BASIS_CONSENT,
                   const std::string& purpose = "coaching") {
    v1::MoodCheckIn mood;
    mood.set_score(3);
    v1::HealthRecord record =
        RecordOf(consumer, absl::StrCat("mood-", ++records_), mood);
    record.set_purpose(purpose);
    record.set_basis(basis);
    record.set_consent_ref(consent_ref);
    const auto results = home_.steward().Put({&record});
    return results.ok() ? (*results)[0].status : results.status();
  }

  ScratchHome home_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<ConsentLedger> ledger_;
  int records_ = 0;
};

TEST_F(RecordConsentsTest, ARecordIsHeldOnTheConsentThatItNames) {
  const std::string ref = Consent("ada");

  EXPECT_EQ(Put("ada", ref), absl::OkStatus());
  EXPECT_EQ(Put("ada", ref), absl::OkStatus()) << "from memory";
  EXPECT_EQ(Put("ada", ""), absl::OkStatus()) << "it need not name it";
}

TEST_F(RecordConsentsTest, AConsentOfAnotherConsumerOrOfNobodyIsRefused) {
  Consent("ada");
  const std::string luz = Consent("luz");

  for (const std::string& ref : {luz, std::string(16, 'x')}) {
    EXPECT_EQ(Put("ada", ref), absl::InvalidArgumentError(kNotTheirs));
  }
}

TEST_F(RecordConsentsTest, AConsentThatWasWithdrawnAndGivenAgainHasANewName) {
  const std::string old = Consent("ada");
  ASSERT_TRUE(Put("ada", old).ok());
  Choose("ada", "kind: CHOICE_KIND_WITHDRAWAL");
  EXPECT_TRUE(absl::IsPermissionDenied(Put("ada", old)));

  const std::string again = Consent("ada");

  EXPECT_EQ(Put("ada", old), absl::InvalidArgumentError(kNotTheirs));
  EXPECT_EQ(Put("ada", again), absl::OkStatus());
}

TEST_F(RecordConsentsTest, AConsentToSomethingElseIsRefused) {
  Consent("ada");
  const std::string share = Choose(
      "ada",
      "kind: CHOICE_KIND_CONSENT action: ACTION_SHARE purpose: 'coaching'");
  const std::string diary = Choose("ada",
                                   "kind: CHOICE_KIND_CONSENT"
                                   " action: ACTION_COLLECT"
                                   " purpose: 'mood-tracking'");

  EXPECT_EQ(Put("ada", share),
            absl::InvalidArgumentError("consent_ref: want a consent to collect,"
                                       " got one to another action"));
  EXPECT_EQ(Put("ada", diary), absl::InvalidArgumentError(
                                   "consent_ref: want a consent for the "
                                   "record's purpose, got one for another"));
}

TEST_F(RecordConsentsTest, AConsentThatEndedOrCoversOtherCategoriesIsRefused) {
  const std::string ended =
      Consent("ada", "expires_at { seconds: 1782100000 }");
  const std::string genetic =
      Consent("ada", "category: HEALTH_CATEGORY_GENETIC");
  Consent("ada", "category: HEALTH_CATEGORY_CONDITIONS");

  EXPECT_FALSE(Put("ada", ended).ok());
  EXPECT_EQ(Put("ada", genetic),
            absl::InvalidArgumentError(
                "consent_ref: want a consent for the record's categories, got "
                "one for others or fewer"));
}

TEST_F(RecordConsentsTest, WhatConsentAloneAllowsIsNotCalledNecessary) {
  const std::string ref = Consent("ada");

  EXPECT_EQ(Put("ada", ref, v1::BASIS_NECESSARY),
            absl::InvalidArgumentError(
                "basis: want consent, on which alone this may be collected, "
                "got another"));
}

TEST_F(RecordConsentsTest, WhatTheServiceNeedsIsNecessaryThoughConsentedTo) {
  Choose("ada",
         "kind: CHOICE_KIND_CONSENT action: ACTION_COLLECT"
         " purpose: 'mood-tracking'");

  EXPECT_EQ(Put("ada", "", v1::BASIS_NECESSARY, "mood-tracking"),
            absl::OkStatus());
}

TEST_F(RecordConsentsTest, WhereNoConsentIsAskedAnotherSystemsNameIsKept) {
  EXPECT_EQ(
      Put("ada", std::string(16, 'x'), v1::BASIS_CONSENT, "mood-tracking"),
      absl::OkStatus());
}

TEST_F(RecordConsentsTest, NoMoreThanItsBoundIsKept) {
  RecordConsents kept;
  const auto none = std::make_shared<const StandingConsents>();
  for (size_t i = 0; i <= RecordConsents::kMaxConsumers; ++i) {
    kept.Put(absl::StrCat("c-", i), none);
  }

  EXPECT_EQ(kept.Find("c-0"), nullptr);
  EXPECT_EQ(kept.Find(absl::StrCat("c-", RecordConsents::kMaxConsumers)), none);
}

}  // namespace
}  // namespace subrosa
