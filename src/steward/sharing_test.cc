#include "src/steward/sharing.h"

#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/age_file.h"
#include "src/crypto/age_x25519.h"
#include "src/recipients/recipient_registry.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr uint32_t kConditions = 1u << v1::HEALTH_CATEGORY_CONDITIONS;
constexpr uint32_t kMedication = 1u << v1::HEALTH_CATEGORY_MEDICATION;

// A clock that stands still, and does something when it is read for the
// `after`th time from now.
class InterruptingClock final : public Clock {
 public:
  explicit InterruptingClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override {
    ++reads_;
    if (reads_ == interrupt_at_) interrupt_();
    return now_;
  }
  void InterruptAfter(int after, std::function<void()> interrupt) {
    interrupt_ = std::move(interrupt);
    interrupt_at_ = reads_ + after;
  }
  int reads() const { return reads_; }

 private:
  const absl::Time now_;
  mutable int reads_ = 0;
  int interrupt_at_ = -1;
  std::function<void()> interrupt_;
};

class SharingTest : public testing::Test {
 protected:
  SharingTest()
      : identity_(X25519Identity::Generate().value()),
        path_(home_.folder() + ".grant") {
    v1::Recipient coach = With(ScratchThirdParty(), "purpose: 'mood-tracking'");
    coach.set_age_recipient(identity_.recipient().ToString());
    v1::Recipient keyless = With(coach, "id: 'keyless'");
    keyless.clear_age_recipient();
    v1::Recipient unbound = With(coach, "id: 'unbound'");
    unbound.clear_contract();
    const auto put = home_.steward().Recipients().Put(
        {coach, keyless, unbound}, CivilDayOf(DayOf(home_.clock().Now())));
    EXPECT_TRUE(put.ok()) << put.status();
    v1::MoodCheckIn mood;
    mood.set_score(3);
    mood.set_note("tired");
    home_.Put({RecordOf("ada", "1", mood), RecordOf("ada", "2", mood),
               RecordOf("luz", "1", mood)});
    sharing_ = std::move(home_.steward().OpenSharing()).value();
  }

  ShareRequest RequestOf(const std::string& consumer,
                         const std::string& purpose = "mood-tracking",
                         const std::string& recipient = "coach-desk") {
    return {consumer, recipient, purpose, 0};
  }
  absl::StatusOr<SharePlan> Grant(const ShareRequest& request) {
    unlink(path_.c_str());
    return sharing_->Grant(request, path_);
  }
  // What the consumer's list says, a recipient and its number of disclosures
  // each.
  std::vector<std::string> ListOf(const std::string& consumer) {
    std::vector<std::string> list;
    const auto read = sharing_->ledger().ReadRecipients(consumer);
    EXPECT_TRUE(read.ok()) << read.status();
    for (const ReceivedByOne& each : *read) {
      list.push_back(absl::StrCat(each.recipient, " ", each.disclosures));
    }
    return list;
  }
  v1::Disclosure Made(const std::string& consumer, const std::string& recipient,
                      const std::string& purpose) {
    v1::Disclosure entry;
    entry.set_consumer(consumer);
    entry.set_recipient(recipient);
    entry.set_purpose(purpose);
    entry.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
    entry.mutable_at()->set_seconds(absl::ToUnixSeconds(home_.clock().Now()));
    return entry;
  }

  ScratchHome home_;
  X25519Identity identity_;
  const std::string path_;
  std::unique_ptr<Sharing> sharing_;
};

using Strings = std::vector<std::string>;

TEST_F(SharingTest, WhatIsPermittedIsGivenAndStandsInTheList) {
  const auto plan = Grant(RequestOf("ada"));

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(2, plan->records);
  EXPECT_EQ(0, plan->not_permitted);
  EXPECT_EQ(kConditions, plan->categories);
  EXPECT_EQ(1u, plan->rules.count("wa-mhmda/share"));
  EXPECT_EQ(Strings{"coach-desk 1"}, ListOf("ada"));
  const std::string plain = path_ + ".plain";
  ASSERT_TRUE(AgeDecryptFile(path_, {&identity_}, {}, plain).ok());
  const std::string given = *ReadFile(plain, 1 << 20);
  EXPECT_TRUE(absl::StrContains(given, plan->pseudonym));
  EXPECT_FALSE(absl::StrContains(given, "\"ada\""));
}

TEST_F(SharingTest, APlanGivesAndRecordsNothing) {
  const auto plan = sharing_->Plan(RequestOf("ada"));

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(2, plan->records);
  EXPECT_TRUE(ListOf("ada").empty());
}

TEST_F(SharingTest, WithoutConsentNothingIsGivenAndTheRuleIsNamed) {
  const auto plan = Grant(RequestOf("ada", "coaching"));

  EXPECT_TRUE(absl::IsPermissionDenied(plan.status())) << plan.status();
  EXPECT_TRUE(absl::StrContains(plan.status().message(), "wa-mhmda/share"))
      << plan.status();
  EXPECT_NE(0, access(path_.c_str(), F_OK));
  EXPECT_TRUE(ListOf("ada").empty());
}

TEST_F(SharingTest, WhoMayNotReceiveIsGivenNothing) {
  EXPECT_TRUE(absl::IsPermissionDenied(
      Grant(RequestOf("ada", "mood-tracking", "unbound")).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Grant(RequestOf("ada", "mood-tracking", "keyless")).status()));
  EXPECT_TRUE(absl::IsNotFound(
      Grant(RequestOf("ada", "mood-tracking", "nobody")).status()));
  EXPECT_TRUE(absl::IsNotFound(Grant(RequestOf("stranger")).status()));
  EXPECT_TRUE(
      absl::IsPermissionDenied(Grant(RequestOf("ada", "mining")).status()));
  EXPECT_TRUE(ListOf("ada").empty());
}

TEST_F(SharingTest, CategoriesThatAreAskedForMustAllBePermitted) {
  ShareRequest request = RequestOf("ada");
  request.categories = kConditions;
  EXPECT_TRUE(Grant(request).ok());

  // The recipient may have conditions alone.
  request.categories = kConditions | kMedication;
  EXPECT_TRUE(absl::IsPermissionDenied(Grant(request).status()));
  EXPECT_EQ(Strings{"coach-desk 1"}, ListOf("ada"));
}

TEST_F(SharingTest, ARecordOfACategoryThatItMayNotHaveStays) {
  v1::Medication medication;
  medication.set_dosage("one tablet at night");
  home_.Put({RecordOf("ada", "m-1", medication)});

  const auto plan = Grant(RequestOf("ada"));

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(2, plan->records);
  EXPECT_EQ(1, plan->not_permitted);
}

TEST_F(SharingTest, ARevocationStopsFurtherGrantsAndTellsTheRecipient) {
  ASSERT_TRUE(Grant(RequestOf("ada")).ok());

  const auto revoked = sharing_->Revoke("ada", "coach-desk", "");

  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(1, revoked->notices);
  EXPECT_TRUE(absl::IsPermissionDenied(Grant(RequestOf("ada")).status()));
  EXPECT_TRUE(Grant(RequestOf("luz")).ok());
  EXPECT_TRUE(sharing_->ledger().ReadRecipients("ada")->at(0).is_revoked);
  EXPECT_TRUE(absl::IsNotFound(sharing_->Revoke("ada", "nobody", "").status()));
  EXPECT_TRUE(absl::IsNotFound(
      sharing_->Revoke("stranger", "coach-desk", "").status()));
}

TEST_F(SharingTest, ARecipientThatEndsWhileRecordsAreReadIsGivenNothing) {
  InterruptingClock clock(home_.clock().Now());
  StewardOptions options;
  options.clock = &clock;
  const auto other =
      std::move(Steward::Open(home_.folder(), home_.passphrase(), options))
          .value();
  const auto sharing = std::move(other->OpenSharing()).value();
  // As often as Grant reads the clock before it writes.
  const int before = clock.reads();
  ASSERT_TRUE(sharing->Plan(RequestOf("ada")).ok());
  const int reads = clock.reads() - before;
  RecipientRegistry registry = home_.steward().Recipients();
  const absl::CivilDay today = CivilDayOf(DayOf(clock.Now()));
  const v1::Recipient coach = registry.Find("coach-desk")->recipient;

  for (int after = 1; after <= reads; ++after) {
    bool ended = false;
    clock.InterruptAfter(after, [&] {
      ended = true;
      EXPECT_TRUE(registry.End("coach-desk", today, today).ok());
    });

    const auto granted = sharing->Grant(RequestOf("ada"), path_);

    ASSERT_TRUE(ended);
    // After the last look there is nothing between the decision and the entry.
    if (granted.ok()) {
      EXPECT_EQ(after, reads);
      break;
    }
    EXPECT_TRUE(absl::IsPermissionDenied(granted.status())) << granted.status();
    EXPECT_NE(0, access(path_.c_str(), F_OK));
    EXPECT_TRUE(ListOf("ada").empty());
    ASSERT_TRUE(registry.Put({coach}, today).ok());
  }
}

TEST_F(SharingTest, WhatWasGivenElsewhereIsRecordedAlsoWhereNothingAllowedIt) {
  const std::vector<v1::Disclosure> made = {
      Made("ada", "coach-desk", "mood-tracking"),
      Made("ada", "coach-desk", "coaching"),
      Made("ada", "nobody", "mood-tracking"),
      Made("", "coach-desk", "mood-tracking")};

  const auto tried = sharing_->Declare(made, DeclareMode::kTry);
  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_TRUE(ListOf("ada").empty());
  const auto results = sharing_->Declare(made, DeclareMode::kRecord);

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_TRUE((*results)[0].entry.status.ok()) << (*results)[0].entry.status;
  EXPECT_TRUE((*results)[0].decision.ok()) << (*results)[0].decision;
  EXPECT_TRUE((*results)[1].entry.status.ok());
  EXPECT_TRUE(absl::IsPermissionDenied((*results)[1].decision));
  EXPECT_TRUE(absl::IsNotFound((*results)[2].entry.status));
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[3].entry.status));
  EXPECT_EQ(Strings{"coach-desk 2"}, ListOf("ada"));
  EXPECT_EQ("https://coach.example/privacy",
            sharing_->ledger().ReadRecipients("ada")->at(0).contact);
}

}  // namespace
}  // namespace subrosa
