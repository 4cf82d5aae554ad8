// What several processes do to one erasure at once.
#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/erasure/connector.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_run.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;

constexpr char kHoldRule[] = "ca-ccpa/hold-deletion";

// Whether `is_so` came to be; it is waited for.
bool Await(const std::function<bool()>& is_so) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!is_so()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

v1::PartyState StateIn(const v1::ErasureCertificate& certificate,
                       const std::string& id) {
  for (const v1::CertificateParty& party : certificate.party()) {
    if (party.id() == id) return party.state();
  }
  return v1::PARTY_STATE_UNSPECIFIED;
}

class ErasureRaceTest : public testing::Test {
 protected:
  ErasureRaceTest() {
    v1::MoodCheckIn check_in;
    check_in.set_score(3);
    home_.Put({RecordOf("ada", "1", check_in)});
    StewardOptions options;
    options.clock = &home_.clock();
    other_ = Steward::Open(home_.folder(), home_.passphrase(), options).value();
  }

  ErasureOrder OrderOf(const std::string& request_ref = "") {
    ErasureOrder order;
    order.consumer = "ada";
    order.times = {home_.clock().Now(), home_.clock().Now()};
    order.facts.set_residence("US-CA");
    order.request_ref = request_ref;
    return order;
  }

  // Stores are told one after the other: "slow", which answers once there is a
  // file "go", and "crm", which does not.
  void ConnectSlow() {
    const auto store = [](const std::string& id, const std::string& script) {
      return absl::StrCat("connector { id: '", id,
                          "' kind: PARTY_KIND_STORE command {"
                          " argument: '/bin/sh' argument: '-c' argument: '",
                          script, "' timeout_seconds: 20 } }\n");
    };
    ASSERT_TRUE(
        ReplaceFile(PathOf(kConnectorFileName),
                    store("slow", absl::StrCat("echo >> ", PathOf("told"),
                                               "; until test -e ", PathOf("go"),
                                               "; do sleep 0.02; done")) +
                        store("crm", "exit 5"),
                    0600)
            .ok());
  }

  std::string PathOf(absl::string_view name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  void OpenRun() { run_ = ErasureRun::Open(home_.steward()).value(); }

  // Carries out, in a process of its own as it were, what is ordered.
  std::future<absl::StatusOr<ErasureProgress>> StartContinuing() {
    if (run_ == nullptr) OpenRun();
    return std::async(std::launch::async, [this] { return run_->Continue(); });
  }

  // Waits until the keys are gone and "slow" is told, so often; Go lets it
  // answer.
  bool AwaitTold(size_t times = 1) {
    return Await([&] {
      const auto told = ReadFile(PathOf("told"), 16);
      return told.ok() && told->size() >= times;
    });
  }
  void Go() { ASSERT_TRUE(ReplaceFile(PathOf("go"), "", 0600).ok()); }

  bool IsThere() { return home_.steward().CountRows("ada").ok(); }

  ScratchHome home_;
  // Of another process.
  std::unique_ptr<Steward> other_;
  std::unique_ptr<ErasureRun> run_;
};

TEST_F(ErasureRaceTest, WhatAnOfficerSaysWhileAConnectorIsAwaitedStays) {
  ConnectSlow();
  auto officer = ErasureRun::Open(*other_).value();
  ASSERT_TRUE(officer->Order({OrderOf()})->front().ok());
  auto continued = StartContinuing();
  const bool is_told = AwaitTold();

  const absl::Status said = officer->Answer("ada", "crm", PartyAnswer::kDone);
  Go();

  const auto progress = continued.get();
  ASSERT_TRUE(is_told);
  EXPECT_TRUE(said.ok()) << said;
  ASSERT_TRUE(progress.ok()) << progress.status();
  EXPECT_EQ(progress->open, 0);
  EXPECT_EQ(progress->issued, 1);
  const v1::StoredErasure erasure = run_->Find("ada").value();
  EXPECT_TRUE(erasure.keys_destroyed());
  EXPECT_EQ(StateIn(erasure.certificate(), "crm"), v1::PARTY_STATE_DONE);
  EXPECT_EQ(StateIn(erasure.certificate(), "slow"), v1::PARTY_STATE_DONE);
  EXPECT_EQ(erasure.certificate().issue(), 1);
  EXPECT_TRUE(run_->Certificate("ada").ok());
}

// As docs/operations/connectors.md says.
TEST_F(ErasureRaceTest, OfTwoWhoCarryAnErasureOnOneTellsAndBothEndIt) {
  ConnectSlow();
  auto second = ErasureRun::Open(*other_).value();
  ASSERT_TRUE(second->Order({OrderOf()})->front().ok());
  auto continued = StartContinuing();
  const bool is_told = AwaitTold();

  const auto progress_again = second->Continue();
  Go();
  const auto progress = continued.get();

  ASSERT_TRUE(is_told);
  ASSERT_TRUE(progress.ok()) << progress.status();
  ASSERT_TRUE(progress_again.ok()) << progress_again.status();
  EXPECT_TRUE(progress_again->told_elsewhere);
  EXPECT_EQ(progress_again->told, 0);
  EXPECT_FALSE(progress->told_elsewhere);
  EXPECT_EQ(progress->told, 2);
  EXPECT_EQ(ReadFile(PathOf("told"), 16)->size(), 1u);
  EXPECT_EQ(progress->keys_destroyed, 1);
  EXPECT_EQ(progress_again->keys_destroyed, 0);
  const v1::StoredErasure erasure = run_->Find("ada").value();
  EXPECT_TRUE(erasure.keys_destroyed());
  EXPECT_EQ(StateIn(erasure.certificate(), "slow"), v1::PARTY_STATE_DONE);
  EXPECT_EQ(StateIn(erasure.certificate(), "crm"), v1::PARTY_STATE_SILENT);
  EXPECT_TRUE(run_->Certificate("ada").ok());
}

TEST_F(ErasureRaceTest, ARequestThatComesWhileAConnectorIsAwaitedIsTold) {
  ConnectSlow();
  auto officer = ErasureRun::Open(*other_).value();
  ASSERT_TRUE(officer->Order({OrderOf("first")})->front().ok());
  auto continued = StartContinuing();
  const bool is_told = AwaitTold();

  // Two of one consumer in one batch, too.
  const auto ordered = officer->Order({OrderOf("second"), OrderOf("third")});
  Go();

  ASSERT_TRUE(continued.get().ok());
  ASSERT_TRUE(is_told);
  ASSERT_TRUE(ordered.ok());
  EXPECT_TRUE(ordered->front().ok());
  EXPECT_THAT(run_->Find("ada")->request_ref(),
              ElementsAre("first", "second", "third"));
  EXPECT_TRUE(run_->Certificate("ada").ok());
}

TEST_F(ErasureRaceTest, WhatIsToldToARequestDropsNoOtherThatCameMeanwhile) {
  auto officer = ErasureRun::Open(*other_).value();
  ASSERT_TRUE(officer->Order({OrderOf("first")})->front().ok());
  ASSERT_TRUE(StartContinuing().get().ok());

  ASSERT_TRUE(
      run_->ReportToRequests([&](absl::string_view, const v1::StoredErasure&) {
            EXPECT_TRUE(officer->Order({OrderOf("second")})->front().ok());
            return true;
          })
          .ok());

  EXPECT_THAT(run_->Find("ada")->request_ref(), ElementsAre("first", "second"));
}

TEST_F(ErasureRaceTest, NothingIsHeldOnceItsKeysAreGone) {
  ConnectSlow();
  auto officer = ErasureRun::Open(*other_).value();
  ASSERT_TRUE(officer->Order({OrderOf()})->front().ok());
  auto continued = StartContinuing();
  const bool is_told = AwaitTold();

  const absl::Status held = officer->Hold("ada");
  Go();

  EXPECT_TRUE(continued.get().ok());
  ASSERT_TRUE(is_told);
  EXPECT_TRUE(absl::IsFailedPrecondition(held)) << held;
  EXPECT_EQ(run_->Find("ada")->hold_rule(), "");
}

// Both of the next stop the one that continues where it is about to destroy the
// keys: it has made the order one of this day, and waits for the key store.

TEST_F(ErasureRaceTest, AHoldThatLandsBeforeTheKeysGoKeepsThem) {
  ASSERT_TRUE(
      ErasureRun::Open(*other_).value()->Order({OrderOf()})->front().ok());
  home_.clock().Advance(absl::Hours(24));
  const std::unique_ptr<Vault> vault = other_->OpenUngatedVault().value();
  ErasureBook book(*vault, home_.clock());
  const std::string leaf = book.Find("ada")->erasure.erased_leaf();
  OpenRun();
  std::future<absl::StatusOr<ErasureProgress>> continued;
  {
    const Transaction keys =
        Transaction::Begin(vault->keys().database()).value();
    continued = StartContinuing();
    ASSERT_TRUE(
        Await([&] { return book.Find("ada")->erasure.erased_leaf() != leaf; }));
    ErasureEntry entry = book.Find("ada").value();
    entry.erasure.set_hold_rule(kHoldRule);
    ASSERT_TRUE(book.Put(&entry).value());
  }

  const auto progress = continued.get();

  ASSERT_TRUE(progress.ok()) << progress.status();
  EXPECT_EQ(progress->waiting, 1);
  EXPECT_EQ(progress->keys_destroyed, 0);
  EXPECT_TRUE(IsThere());
  const v1::StoredErasure erasure = run_->Find("ada").value();
  EXPECT_EQ(erasure.hold_rule(), kHoldRule);
  EXPECT_FALSE(erasure.keys_destroyed());
}

TEST_F(ErasureRaceTest, AHoldThatIsGrantedHolds) {
  auto officer = ErasureRun::Open(*other_).value();
  ASSERT_TRUE(officer->Order({OrderOf()})->front().ok());
  home_.clock().Advance(absl::Hours(24));
  const std::unique_ptr<Vault> vault = other_->OpenUngatedVault().value();
  ErasureBook book(*vault, home_.clock());
  const std::string leaf = book.Find("ada")->erasure.erased_leaf();
  OpenRun();
  std::future<absl::StatusOr<ErasureProgress>> continued;
  std::future<absl::Status> held;
  {
    const Transaction keys =
        Transaction::Begin(vault->keys().database()).value();
    continued = StartContinuing();
    ASSERT_TRUE(
        Await([&] { return book.Find("ada")->erasure.erased_leaf() != leaf; }));
    held = std::async(std::launch::async, [&] { return officer->Hold("ada"); });
    // A hold that does not wait for the key store is granted by then.
    held.wait_for(std::chrono::milliseconds(500));
  }

  // Whichever of them came first.
  const absl::Status status = held.get();
  ASSERT_TRUE(continued.get().ok());
  EXPECT_EQ(status.ok(), IsThere()) << status;
  EXPECT_EQ(run_->Find("ada")->hold_rule(), status.ok() ? kHoldRule : "");
  EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status)) << status;
}

TEST_F(ErasureRaceTest, WhatWasReadBeforeAnotherKeptItIsReadAgain) {
  ASSERT_TRUE(
      ErasureRun::Open(*other_).value()->Order({OrderOf()})->front().ok());
  const std::unique_ptr<Vault> vault = other_->OpenUngatedVault().value();
  ErasureBook book(*vault, home_.clock());
  ErasureEntry mine = book.Find("ada").value();
  ErasureEntry theirs = mine;
  theirs.erasure.set_hold_rule(kHoldRule);
  ASSERT_TRUE(book.Put(&theirs).value());

  mine.erasure.set_confirmed_by("lin");
  EXPECT_FALSE(book.Put(&mine).value());

  EXPECT_EQ(book.Find("ada")->erasure.hold_rule(), kHoldRule);
  std::vector<ErasureEntry> entries = {std::move(mine)};
  ASSERT_TRUE(book.ReadChanges(ErasureState::kOpen, &entries).ok());
  ASSERT_EQ(entries.size(), 1);
  EXPECT_EQ(entries[0].erasure.hold_rule(), kHoldRule);
  EXPECT_EQ(entries[0].erasure.confirmed_by(), "");
  EXPECT_TRUE(book.Put(&entries[0]).value());

  ASSERT_TRUE(book.Remove(entries[0]).ok());
  ASSERT_TRUE(book.ReadChanges(ErasureState::kOpen, &entries).ok());
  EXPECT_TRUE(entries.empty());
}

}  // namespace
}  // namespace subrosa
