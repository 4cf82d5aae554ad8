#include "src/erasure/erasure_run.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/signed_note.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/stored_erasure.h"
#include "src/recipients/recipient_registry.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ErasureRunTest : public testing::Test {
 protected:
  ErasureRunTest() {
    for (const char* const consumer : {"ada", "bo"}) {
      v1::MoodCheckIn check_in;
      check_in.set_score(3);
      home_.Put({RecordOf(consumer, "1", check_in)});
    }
  }

  void Connect(const std::string& text) {
    ASSERT_TRUE(
        ReplaceFile(absl::StrCat(home_.folder(), "/", kConnectorFileName), text,
                    0600)
            .ok());
    run_.reset();
  }

  // A store whose program ends with what the file `name` in the home says.
  static std::string Store(const std::string& id) {
    return absl::StrCat("connector { id: '", id,
                        "' kind: PARTY_KIND_STORE command {"
                        " argument: '/bin/sh' argument: '-c' argument: '");
  }

  ErasureRun& run() {
    if (run_ == nullptr) run_ = ErasureRun::Open(home_.steward()).value();
    return *run_;
  }

  absl::Status Order(const std::string& consumer) {
    ErasureOrder order;
    order.consumer = consumer;
    order.times = {home_.clock().Now(), home_.clock().Now()};
    return run().Order({order})->front();
  }

  ErasureProgress Continue() {
    const auto progress = run().Continue();
    EXPECT_TRUE(progress.ok()) << progress.status();
    return progress.value_or(ErasureProgress());
  }

  // The certificate of `consumer`, verified with the log's key.
  VerifiedCertificate Verified(const std::string& consumer) {
    const auto file = run().Certificate(consumer);
    EXPECT_TRUE(file.ok()) << file.status();
    const auto keys = home_.steward().LogKeys();
    EXPECT_TRUE(keys.ok());
    auto verified = VerifyCertificate(*file, *keys, {});
    EXPECT_TRUE(verified.ok()) << verified.status();
    EXPECT_TRUE(CheckCertificateConsumer(*verified, consumer).ok());
    return *std::move(verified);
  }

  bool IsThere(const std::string& consumer) {
    return home_.steward().CountRows(consumer).ok();
  }

  // Opens the home again, as after a kill.
  void Restart() {
    run_.reset();
    home_.Close();
    ASSERT_TRUE(home_.Open().ok());
  }

  ScratchHome home_;
  std::unique_ptr<ErasureRun> run_;
};

TEST_F(ErasureRunTest, WhoIsErasedIsGivenACertificateThatAStrangerCanCheck) {
  ASSERT_TRUE(Order("ada").ok());

  const ErasureProgress progress = Continue();

  EXPECT_EQ(progress.keys_destroyed, 1);
  EXPECT_EQ(progress.issued, 1);
  EXPECT_FALSE(IsThere("ada"));
  EXPECT_TRUE(IsThere("bo"));
  const VerifiedCertificate verified = Verified("ada");
  EXPECT_EQ(verified.certificate.stage(), v1::CERTIFICATE_STAGE_INTERIM);
  EXPECT_EQ(verified.certificate.entity(), "rosewater");
  EXPECT_THAT(verified.certificate.epoch(), ElementsAre(1));
  // Washington's six months for backups.
  ASSERT_GE(verified.certificate.limit_size(), 1);
  EXPECT_THAT(verified.statement, HasSubstr("wa-mhmda/delete-backups"));
}

// Covers: ca-ccpa/delete-third-party-sourced
TEST_F(ErasureRunTest, WhatSomebodyElseHandedOverGoesAsWell) {
  v1::MoodCheckIn check_in;
  check_in.set_score(2);
  v1::HealthRecord record = RecordOf("ada", "2", check_in);
  record.mutable_provenance()->set_collection(v1::COLLECTION_THIRD_PARTY);
  home_.Put({record});
  ASSERT_EQ(home_.steward().CountRows("ada").value(), 2);
  ASSERT_TRUE(Order("ada").ok());

  Continue();

  EXPECT_FALSE(IsThere("ada"));
  EXPECT_TRUE(absl::IsNotFound(home_.steward().ScanForConsumer(
      "ada", [](const v1::HealthRecord&, const RowFacts&) {
        return absl::OkStatus();
      })));
}

TEST_F(ErasureRunTest, UntilItIsCarriedOutNothingIsDestroyedOrCertified) {
  ASSERT_TRUE(Order("ada").ok());

  EXPECT_TRUE(IsThere("ada"));
  EXPECT_TRUE(absl::IsFailedPrecondition(run().Certificate("ada").status()));
}

TEST_F(ErasureRunTest, OrderingAndContinuingTwiceIsOnce) {
  ASSERT_TRUE(Order("ada").ok());
  ASSERT_TRUE(Order("ada").ok());
  Continue();
  const std::string id = Verified("ada").certificate.id();

  ASSERT_TRUE(Order("ada").ok());
  const ErasureProgress again = Continue();

  EXPECT_EQ(again.keys_destroyed, 0);
  EXPECT_EQ(again.issued, 0);
  EXPECT_EQ(Verified("ada").certificate.id(), id);
  EXPECT_EQ(Verified("ada").certificate.issue(), 1);
}

TEST_F(ErasureRunTest, AnErasureThatWasStoppedGoesOn) {
  ASSERT_TRUE(Order("ada").ok());
  Restart();

  EXPECT_EQ(Continue().keys_destroyed, 1);
  Restart();

  EXPECT_EQ(Continue().keys_destroyed, 0);
  EXPECT_EQ(Verified("ada").certificate.issue(), 1);
}

TEST_F(ErasureRunTest, OneStoppedAfterItsKeysWereDestroyedIsCertifiedStill) {
  ASSERT_TRUE(Order("ada").ok());
  const auto stored = run().Find("ada");
  ASSERT_TRUE(stored.ok());
  // What the first half of Continue does.
  auto vault = home_.steward().OpenUngatedVault();
  PreparedErasure prepared;
  prepared.consumer = "ada";
  std::copy(stored->key_id().begin(), stored->key_id().end(),
            prepared.key_id.begin());
  prepared.leaf = stored->erased_leaf();
  ASSERT_TRUE(
      (*vault)
          ->keys()
          .EraseAll({prepared}, (*vault)->records().ReadIssued().value())
          .ok());
  Restart();

  EXPECT_EQ(Continue().issued, 1);

  Verified("ada");
}

TEST_F(ErasureRunTest, AnOrderThatWaitedIsDatedTheDayOnWhichItIsCarriedOut) {
  ASSERT_TRUE(Order("ada").ok());
  home_.clock().Advance(absl::Hours(72));

  Continue();

  EXPECT_EQ(Verified("ada").certificate.erased_day(),
            DayOf(home_.clock().Now()));
}

TEST_F(ErasureRunTest, ACertificateIsFinalOnceItsEpochIsDestroyed) {
  ASSERT_TRUE(Order("ada").ok());
  Continue();
  KeyCustody custody = home_.steward().Custody();
  ASSERT_TRUE(custody.Rotate(nullptr).ok());
  EXPECT_EQ(Continue().issued, 1);
  const VerifiedCertificate promised = Verified("ada");
  EXPECT_EQ(promised.certificate.stage(), v1::CERTIFICATE_STAGE_INTERIM);
  const int32_t day = promised.certificate.backups_day();
  EXPECT_EQ(day, DayOf(home_.clock().Now()) + 31);

  home_.clock().Advance(absl::Hours(24 * 32));
  ASSERT_EQ(custody.Retire()->size(), 1);
  const ErasureProgress progress = Continue();

  EXPECT_EQ(progress.final, 1);
  const VerifiedCertificate verified = Verified("ada");
  EXPECT_EQ(verified.certificate.stage(), v1::CERTIFICATE_STAGE_FINAL);
  EXPECT_EQ(verified.certificate.assurance(), v1::CERTIFICATE_ASSURANCE_C);
  EXPECT_EQ(verified.certificate.id(), promised.certificate.id());
  EXPECT_EQ(Continue().issued, 0);
}

TEST_F(ErasureRunTest, OneSilentStoreLeavesItOpenAndTheRestDone) {
  const std::string gate = home_.folder() + "/crm-is-back";
  Connect(absl::StrCat(Store("crm"), "test -e ", gate, "' } }\n", Store("mail"),
                       "exit 0' } }\n"));
  ASSERT_TRUE(Order("ada").ok());

  const ErasureProgress first = Continue();

  EXPECT_EQ(first.open, 1);
  EXPECT_EQ(first.told, 2);
  EXPECT_FALSE(first.why_silent.ok());
  EXPECT_FALSE(IsThere("ada"));
  EXPECT_THAT(Verified("ada").statement, HasSubstr("Store: mail, told 2026-"));
  EXPECT_THAT(Verified("ada").statement, HasSubstr("Store: crm, told 2026-"));
  EXPECT_THAT(Verified("ada").statement, HasSubstr("no answer, due"));

  // Not asked again before its time.
  EXPECT_EQ(Continue().told, 0);
  ASSERT_TRUE(ReplaceFile(gate, "", 0600).ok());
  home_.clock().Advance(absl::Minutes(2));
  Restart();
  const ErasureProgress second = Continue();

  EXPECT_EQ(second.told, 1);
  EXPECT_EQ(second.open, 0);
  EXPECT_EQ(second.issued, 1);
  EXPECT_THAT(Verified("ada").statement, Not(HasSubstr("no answer")));
  EXPECT_EQ(run().Find("ada")->consumer(), "");
}

// Covers: wa-mhmda/delete-recipients
TEST_F(ErasureRunTest, WhoeverWasGivenDataIsToldToDeleteIt) {
  Steward& steward = home_.steward();
  ASSERT_TRUE(
      steward.Recipients()
          .Put({ScratchThirdParty()}, CivilDayOf(DayOf(home_.clock().Now())))
          .ok());
  ASSERT_TRUE(steward.gate().Refresh().ok());
  v1::Disclosure given;
  given.set_consumer("ada");
  given.set_recipient("coach-desk");
  given.set_purpose("coaching");
  given.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
  given.mutable_at()->set_seconds(absl::ToUnixSeconds(home_.clock().Now()));
  ASSERT_TRUE((*steward.OpenSharing())
                  ->Declare({given}, DeclareMode::kRecord)
                  ->front()
                  .entry.status.ok());
  const std::string told = home_.folder() + "/told";
  Connect(absl::StrCat(
      "connector { id: 'coach-desk' kind: PARTY_KIND_RECIPIENT command {"
      " argument: '/bin/sh' argument: '-c' argument: 'cat > ",
      told, "' } }\n"));
  ASSERT_TRUE(Order("ada").ok());

  Continue();

  EXPECT_THAT(*ReadFile(told, 1 << 20), HasSubstr("\"type\":\"erase\""));
  EXPECT_THAT(Verified("ada").statement,
              HasSubstr("Recipient: coach-desk, told 2026-"));
  EXPECT_FALSE(HasOpenParty(*run().Find("ada")));
}

TEST_F(ErasureRunTest, AStoreThatRefusesIsNamedAndTheErasureIsOver) {
  Connect(absl::StrCat(Store("crm"), "exit 11' } }\n"));
  ASSERT_TRUE(Order("ada").ok());

  EXPECT_EQ(Continue().open, 0);

  EXPECT_THAT(Verified("ada").statement, HasSubstr(", refused 2026-"));
}

TEST_F(ErasureRunTest, WhatAPartyAnsweredBeforeTheErasureIsCarriedOutStays) {
  Connect(Store("crm") + "exit 1' } }");
  ASSERT_TRUE(Order("ada").ok());
  ASSERT_TRUE(run().Answer("ada", "crm", PartyAnswer::kDone).ok());
  home_.clock().Advance(absl::Hours(24));
  EXPECT_EQ(Continue().open, 0);
  EXPECT_THAT(Verified("ada").statement, Not(HasSubstr("no answer")));
}

TEST_F(ErasureRunTest, AnOfficerSaysWhatAPartyAnswered) {
  Connect(absl::StrCat(Store("crm"), "exit 1' } }\n"));
  ASSERT_TRUE(Order("ada").ok());
  Continue();

  EXPECT_TRUE(absl::IsNotFound(run().Answer("ada", "x", PartyAnswer::kDone)));
  ASSERT_TRUE(run().Answer("ada", "crm", PartyAnswer::kDone).ok());

  EXPECT_EQ(Continue().open, 0);
  EXPECT_THAT(Verified("ada").statement, HasSubstr(", done 2026-"));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      run().Answer("ada", "crm", PartyAnswer::kRefused)));
}

TEST_F(ErasureRunTest, ManyAreErasedTogetherAndEachHasItsOwnCertificate) {
  ErasureOrder ada;
  ada.consumer = "ada";
  ErasureOrder bo = ada;
  bo.consumer = "bo";
  ErasureOrder nobody = ada;
  nobody.consumer = "nobody";

  const auto statuses = run().Order({ada, nobody, bo});

  ASSERT_TRUE(statuses.ok());
  EXPECT_TRUE((*statuses)[0].ok());
  EXPECT_TRUE(absl::IsNotFound((*statuses)[1]));
  EXPECT_TRUE((*statuses)[2].ok());
  EXPECT_EQ(Continue().keys_destroyed, 2);
  int files = 0;
  ASSERT_TRUE(
      run()
          .VisitIssued([&](const v1::StoredErasure&, const std::string& file) {
            ++files;
            return VerifyCertificate(file, *home_.steward().LogKeys(), {})
                .status();
          })
          .ok());
  EXPECT_EQ(files, 2);
  EXPECT_FALSE(CheckCertificateConsumer(Verified("ada"), "bo").ok());
}

TEST_F(ErasureRunTest, WhereThePolicyWantsTwoOfficersOneAloneErasesNobody) {
  ASSERT_TRUE(
      ReplaceFile(PolicyOf(home_.folder()),
                  ScratchHomePolicy() + " erasure_wants_two_officers: true",
                  0600)
          .ok());
  Restart();
  EXPECT_TRUE(absl::IsInvalidArgument(Order("ada")));
  ErasureOrder order;
  order.consumer = "ada";
  order.times = {home_.clock().Now(), home_.clock().Now()};
  order.officer = "rosa";
  ASSERT_TRUE(run().Order({order})->front().ok());

  EXPECT_EQ(Continue().waiting, 1);
  EXPECT_TRUE(IsThere("ada"));
  EXPECT_TRUE(absl::IsFailedPrecondition(run().Confirm("ada", "rosa")));
  EXPECT_TRUE(absl::IsInvalidArgument(run().Confirm("ada", "")));
  ASSERT_TRUE(run().Confirm("ada", "lin").ok());

  EXPECT_EQ(Continue().keys_destroyed, 1);
  EXPECT_FALSE(IsThere("ada"));
  EXPECT_TRUE(absl::IsFailedPrecondition(run().Confirm("ada", "lin")));
}

TEST_F(ErasureRunTest, WhatHasDaysOfGraceIsCarriedOutAfterThem) {
  ASSERT_TRUE(Order("ada").ok());
  const std::unique_ptr<Vault> vault =
      home_.steward().OpenUngatedVault().value();
  ErasureBook book(*vault, home_.clock());
  ErasureEntry entry = book.Find("ada").value();
  entry.erasure.set_not_before_day(DayOf(home_.clock().Now()) + 2);
  ASSERT_TRUE(book.Put(&entry).value());

  EXPECT_EQ(Continue().waiting, 1);
  home_.clock().Advance(absl::Hours(24));
  EXPECT_EQ(Continue().waiting, 1);
  EXPECT_TRUE(IsThere("ada"));
  home_.clock().Advance(absl::Hours(24));

  EXPECT_EQ(Continue().keys_destroyed, 1);
  EXPECT_FALSE(IsThere("ada"));
}

TEST_F(ErasureRunTest, OnlyWhatIsOrderedIsHeldOrReleased) {
  EXPECT_TRUE(absl::IsNotFound(run().Hold("ada")));
  ASSERT_TRUE(Order("ada").ok());
  // Of Washington's statute.
  EXPECT_TRUE(absl::IsFailedPrecondition(run().Hold("ada")));
  EXPECT_TRUE(absl::IsFailedPrecondition(run().Release("ada")));
  Continue();

  EXPECT_TRUE(absl::IsFailedPrecondition(run().Hold("ada")));
}

TEST_F(ErasureRunTest, WhoLivesInWashingtonIsNotKeptFromComingBack) {
  ASSERT_TRUE(Order("ada").ok());
  Continue();

  v1::MoodCheckIn check_in;
  check_in.set_score(3);
  home_.Put({RecordOf("ada", "1", check_in)});

  EXPECT_TRUE(IsThere("ada"));
}

TEST_F(ErasureRunTest, WhoLivesInCaliforniaIsNotTakenInAgain) {
  ErasureOrder order;
  order.consumer = "ada";
  order.times = {home_.clock().Now(), home_.clock().Now()};
  order.facts.set_residence("US-CA");
  ASSERT_TRUE(run().Order({order})->front().ok());
  Continue();

  v1::MoodCheckIn check_in;
  check_in.set_score(3);
  const v1::HealthRecord record = RecordOf("ada", "1", check_in);
  const auto results = home_.steward().Put({&record});

  ASSERT_TRUE(results.ok());
  EXPECT_FALSE(results->front().status.ok());
  EXPECT_FALSE(IsThere("ada"));
  EXPECT_THAT(Verified("ada").statement, HasSubstr("ca-ccpa/suppress-deleted"));
}

TEST_F(ErasureRunTest, WhatIsNoRequestsLeafIsRefused) {
  ErasureOrder order;
  order.consumer = "ada";
  order.requested_leaf = "SBL1 or not";

  EXPECT_TRUE(absl::IsInvalidArgument(run().Order({order})->front()));
  EXPECT_TRUE(IsThere("ada"));
}

TEST_F(ErasureRunTest, ABrokenFileOfConnectorsErasesNobody) {
  Connect("connector { id: 'crm' }");

  EXPECT_TRUE(
      absl::IsInvalidArgument(ErasureRun::Open(home_.steward()).status()));
}

}  // namespace
}  // namespace subrosa
