#include "src/erasure/certificate_handout.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_run.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_rotation.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CertificateHandoutTest : public testing::Test {
 protected:
  CertificateHandoutTest()
      : vault_(home_.steward().OpenUngatedVault().value()),
        book_(*vault_, home_.clock()) {}

  // Erases, and closes every backup of the keys.
  void EraseForGood(const std::string& consumer, const std::string& contact) {
    v1::MoodCheckIn check_in;
    check_in.set_score(3);
    home_.Put({RecordOf(consumer, "1", check_in)});
    auto run = ErasureRun::Open(home_.steward()).value();
    ErasureOrder order;
    order.consumer = consumer;
    order.times = {home_.clock().Now(), home_.clock().Now()};
    order.contact = contact;
    ASSERT_TRUE(run->Order({order})->front().ok());
    ASSERT_TRUE(run->Continue().ok());
    EXPECT_THAT(*GiveAll(), IsEmpty()) << "an interim one";
    KeyCustody custody = home_.steward().Custody();
    ASSERT_TRUE(custody.Rotate(nullptr).ok());
    home_.clock().Advance(absl::Hours(24 * 32));
    ASSERT_TRUE(custody.Retire().ok());
    const auto progress = run->Continue();
    ASSERT_TRUE(progress.ok()) << progress.status();
    EXPECT_EQ(progress->final, 1);
    EXPECT_EQ(progress->for_officer, contact.empty() ? 0 : 1 + parts_);
    EXPECT_EQ(progress->HasLeft(), !contact.empty());
  }

  // How those whose certificates were given are reached.
  absl::StatusOr<std::vector<std::string>> GiveAll(
      const absl::Status& status = absl::OkStatus()) {
    std::vector<std::string> contacts;
    CertificateHandout handout(home_.steward(), *vault_);
    const absl::StatusOr<int64_t> given = handout.GiveAll(
        [&](const v1::StoredErasure& erasure, const std::string& file) {
          EXPECT_TRUE(
              VerifyCertificate(file, *home_.steward().LogKeys(), {}).ok());
          contacts.push_back(erasure.contact());
          return status;
        });
    if (!given.ok()) return given.status();
    EXPECT_EQ(*given, static_cast<int64_t>(contacts.size()));
    return contacts;
  }

  ScratchHome home_;
  const std::unique_ptr<Vault> vault_;
  ErasureBook book_;
  int parts_ = 0;  // That wait for a second officer.
};

TEST_F(CertificateHandoutTest, AFinalCertificateIsGivenOnceAndItsContactGone) {
  EraseForGood("ada", "ada@mail.example");

  EXPECT_THAT(*GiveAll(), ElementsAre("ada@mail.example"));

  const ErasureEntry entry = book_.Find("ada").value();
  EXPECT_EQ(entry.erasure.contact(), "");
  EXPECT_EQ(entry.state, ErasureState::kFinal);
  EXPECT_THAT(*GiveAll(), IsEmpty());
}

TEST_F(CertificateHandoutTest, WhatCouldNotBePassedOnIsGivenAgain) {
  EraseForGood("ada", "ada@mail.example");

  EXPECT_TRUE(
      absl::IsUnavailable(GiveAll(absl::UnavailableError("full")).status()));

  EXPECT_EQ(book_.Find("ada")->erasure.contact(), "ada@mail.example");
  EXPECT_THAT(*GiveAll(), ElementsAre("ada@mail.example"));
}

TEST_F(CertificateHandoutTest, WhoCannotBeReachedIsGivenNothing) {
  EraseForGood("ada", "");

  EXPECT_THAT(*GiveAll(), IsEmpty());
}

// What an officer of a part asked for is of the same state, and no certificate.
TEST_F(CertificateHandoutTest, APartThatWaitsIsLeftAlone) {
  const int32_t today = DayOf(home_.clock().Now());
  ASSERT_TRUE(book_.MakeKeyFor(today).ok());
  ErasureEntry entry = book_.FindPart("bo", today)->next;
  entry.erasure.set_consumer("bo");
  entry.erasure.set_part("which");
  ASSERT_TRUE(book_.Insert(entry).value());
  parts_ = 1;
  EraseForGood("ada", "ada@mail.example");

  EXPECT_THAT(*GiveAll(), ElementsAre("ada@mail.example"));

  EXPECT_TRUE(book_.FindPart("bo", today)->newest.has_value());
}

}  // namespace
}  // namespace subrosa
