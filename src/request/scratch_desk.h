// A request desk in a scratch vault, and a short way to say its steps.
#ifndef SUBROSA_SRC_REQUEST_SCRATCH_DESK_H_
#define SUBROSA_SRC_REQUEST_SCRATCH_DESK_H_

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/consent/consent_ledger.h"
#include "src/request/request_clocks.h"
#include "src/request/request_desk.h"
#include "src/request/sample_request.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

class ScratchDesk : public testing::Test {
 protected:
  ScratchDesk() {
    absl::StatusOr<std::unique_ptr<RequestDesk>> desk = RequestDesk::Open(
        *scratch_.OpenAnother(), SampleLawBook(), SampleRequestPolicy(),
        scratch_.clock(),
        [this](Vault&, const Clock&, absl::string_view) { return owed_; });
    EXPECT_TRUE(desk.ok()) << desk.status();
    desk_ = *std::move(desk);
  }

  RequestView Receive(v1::RequestKind kind, const std::string& residence) {
    v1::Request request =
        SampleRequest(kind, residence, scratch_.clock().Now());
    request.clear_event();
    request.clear_without_authentication();
    absl::StatusOr<RequestView> view = desk_->Receive(request);
    EXPECT_TRUE(view.ok()) << view.status();
    return *std::move(view);
  }
  // A step that happens now.
  v1::RequestEvent Step(v1::RequestEventKind kind) {
    v1::RequestEvent event = StepAt(scratch_.clock().Now(), kind);
    event.clear_at();
    return event;
  }
  absl::StatusOr<RequestView> Take(const RequestView& view,
                                   const v1::RequestEvent& event) {
    return desk_->Take(view.kept.request_ref, event);
  }
  void MustTake(const RequestView& view, const v1::RequestEvent& event) {
    const auto taken = Take(view, event);
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  void Authenticate(const RequestView& view) {
    const auto taken = desk_->Authenticate(
        view.kept.request_ref, "", Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED));
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  v1::RequestEvent PartStep(v1::RequestEventKind kind,
                            const std::string& part) {
    v1::RequestEvent event = PartStepAt(scratch_.clock().Now(), kind, part);
    event.clear_at();
    return event;
  }
  v1::RequestEvent Denial(v1::DenialReason reason) {
    v1::RequestEvent event = DenialAt(scratch_.clock().Now(), reason);
    event.clear_at();
    return event;
  }
  void AdvanceDays(int days) {
    scratch_.clock().Advance(absl::Hours(24 * days));
  }

  // As `consent facts` records them; makes the consumer, so that they are held.
  void Know(const v1::ConsumerFacts& facts) {
    const auto choices =
        ConsentLedger::Open(scratch_.vault(), scratch_.clock());
    ASSERT_TRUE(choices.ok()) << choices.status();
    v1::LedgerEntry entry;
    entry.set_consumer("c-1");
    *entry.mutable_facts() = facts;
    const auto results = (*choices)->Append(
        {&entry}, [](const v1::LedgerEntry&, const v1::Standing&) {
          return absl::OkStatus();
        });
    ASSERT_TRUE(results.ok()) << results.status();
    ASSERT_TRUE(results->front().status.ok());
  }
  static std::set<std::string> RulesOf(const RequestView& view) {
    std::set<std::string> rules;
    for (const RequestClock& clock : view.clocks) rules.insert(clock.rule->id);
    return rules;
  }

  std::set<std::string> owed_;  // What an erasure has still to do.
  ScratchVault scratch_;  // On 1 July 2026 in UTC, the day before in Seattle.
  std::unique_ptr<RequestDesk> desk_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_SCRATCH_DESK_H_
