#include "src/request/request_choice.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/consent/consent_ledger.h"
#include "src/request/request_desk.h"
#include "src/request/sample_request.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

// Whose door takes everything: what stands is for these tests to say.
absl::Status TakeAnything(const v1::LedgerEntry&, const v1::Standing&) {
  return absl::OkStatus();
}

class RequestChoiceTest : public testing::Test {
 protected:
  RequestChoiceTest()
      : desk_(RequestDesk::Open(*scratch_.OpenAnother(), SampleLawBook(),
                                SampleRequestPolicy(), scratch_.clock(),
                                nullptr)
                  .value()),
        choices_(
            ConsentLedger::Open(scratch_.vault(), scratch_.clock()).value()) {}

  void Enter(const v1::LedgerEntry& entry) {
    const auto results = choices_->Append({&entry}, TakeAnything);
    ASSERT_TRUE(results.ok()) << results.status();
    ASSERT_TRUE(results->front().status.ok()) << results->front().status;
  }
  // To have it shared, at `when`.
  void Consent(absl::Time when) {
    v1::LedgerEntry entry;
    entry.set_consumer("c-1");
    v1::Choice& choice = *entry.mutable_choice();
    choice.set_consumer("c-1");
    choice.set_kind(v1::CHOICE_KIND_CONSENT);
    choice.add_action(v1::ACTION_SHARE);
    choice.add_purpose("coaching");
    choice.mutable_given_at()->set_seconds(absl::ToUnixSeconds(when));
    Enter(entry);
  }
  v1::Request Asked(v1::RequestKind kind, const std::string& residence) {
    v1::Request request =
        SampleRequest(kind, residence, scratch_.clock().Now());
    request.clear_event();
    request.clear_without_authentication();
    return request;
  }
  std::string Receive(const v1::Request& request) {
    return desk_->Receive(request).value().kept.request_ref;
  }
  v1::RequestEvent Step(v1::RequestEventKind kind) {
    v1::RequestEvent event = StepAt(scratch_.clock().Now(), kind);
    event.clear_at();
    return event;
  }
  absl::Status Complete(const std::string& ref) {
    return desk_->Take(ref, Step(v1::REQUEST_EVENT_KIND_COMPLETED)).status();
  }
  std::vector<v1::Choice> Recorded() {
    std::vector<v1::Choice> recorded;
    const absl::Status read =
        choices_->Visit("c-1", [&](uint64_t, const v1::LedgerEntry& entry) {
          if (entry.has_choice()) recorded.push_back(entry.choice());
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok() || absl::IsNotFound(read)) << read;
    return recorded;
  }
  absl::Time Now() { return scratch_.clock().Now(); }

  ScratchVault scratch_;
  std::unique_ptr<RequestDesk> desk_;
  std::unique_ptr<ConsentLedger> choices_;
};

TEST_F(RequestChoiceTest, EachKindOfRequestIsTheChoiceThatItAsksFor) {
  struct Case {
    v1::RequestKind kind;
    const char* residence;
    v1::ChoiceKind choice;
    std::vector<int> actions;
  };
  for (const Case& each :
       {Case{v1::REQUEST_KIND_OPT_OUT,
             "US-CA",
             v1::CHOICE_KIND_OPT_OUT,
             {v1::ACTION_SHARE, v1::ACTION_SELL}},
        Case{v1::REQUEST_KIND_LIMIT, "US-CA", v1::CHOICE_KIND_LIMIT, {}},
        Case{v1::REQUEST_KIND_CEASE,
             "US-NV",
             v1::CHOICE_KIND_OPT_OUT,
             {v1::ACTION_COLLECT, v1::ACTION_SHARE, v1::ACTION_SELL}}}) {
    const std::string ref = Receive(Asked(each.kind, each.residence));
    scratch_.clock().Advance(absl::Hours(1));
    if (desk_->Read(ref)->machine.status() == v1::REQUEST_STATUS_RECEIVED) {
      ASSERT_TRUE(desk_
                      ->Authenticate(ref, "",
                                     Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED))
                      .ok());
    }

    ASSERT_TRUE(Complete(ref).ok());

    const v1::Choice choice = Recorded().back();
    EXPECT_EQ(choice.kind(), each.choice);
    EXPECT_EQ(std::vector<int>(choice.action().begin(), choice.action().end()),
              each.actions);
    EXPECT_EQ(choice.method(),
              absl::StrCat("request-", absl::BytesToHexString(ref)));
    EXPECT_EQ(choice.given_at().seconds(),
              desk_->Read(ref)->request().received_at().seconds());
    const RequestView view = *desk_->Read(ref);
    EXPECT_EQ(view.machine.status(), v1::REQUEST_STATUS_COMPLETED);
    EXPECT_EQ(view.machine.parts().at(kChoicesPart).status,
              v1::REQUEST_PART_STATUS_DONE);
  }
}

TEST_F(RequestChoiceTest, AWithdrawalTakesBackWhatWasConsentedTo) {
  Consent(Now() - absl::Hours(1));
  const std::string ref = Receive(Asked(v1::REQUEST_KIND_WITHDRAW, "US-WA"));
  ASSERT_TRUE(
      desk_->Authenticate(ref, "", Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED))
          .ok());
  ASSERT_TRUE(Complete(ref).ok());
  EXPECT_TRUE(choices_->ReadConsents("c-1")->empty());
  EXPECT_EQ(Recorded().back().kind(), v1::CHOICE_KIND_WITHDRAWAL);
}

TEST_F(RequestChoiceTest, WhereNothingWasConsentedToAWithdrawalChangesNothing) {
  const std::string ref = Receive(Asked(v1::REQUEST_KIND_WITHDRAW, "US-WA"));
  ASSERT_TRUE(
      desk_->Authenticate(ref, "", Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED))
          .ok());
  ASSERT_TRUE(Complete(ref).ok());
  EXPECT_TRUE(Recorded().empty());
}

TEST_F(RequestChoiceTest, AChoiceOfNobodyWhoIsKnownIsNotComplete) {
  v1::Request request = Asked(v1::REQUEST_KIND_OPT_OUT, "US-CA");
  request.clear_consumer();
  const std::string ref = Receive(request);
  EXPECT_TRUE(absl::IsFailedPrecondition(Complete(ref)));
  EXPECT_EQ(desk_->Read(ref)->machine.status(), v1::REQUEST_STATUS_WORKING);

  const v1::RequestEvent named = Step(v1::REQUEST_EVENT_KIND_IDENTIFIED);
  EXPECT_TRUE(
      absl::IsInvalidArgument(desk_->Identify(ref, "", named).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(desk_->Take(ref, named).status()));
  ASSERT_TRUE(desk_->Identify(ref, "c-1", named).ok());
  EXPECT_TRUE(
      absl::IsAlreadyExists(desk_->Identify(ref, "c-1", named).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(desk_->Identify(ref, "c-2", named).status()));
  EXPECT_TRUE(Complete(ref).ok());
  EXPECT_EQ(Recorded().size(), 1U);
}

TEST_F(RequestChoiceTest, WhoeverGoesOnAfterAKillRecordsItOnce) {
  const std::string ref = Receive(Asked(v1::REQUEST_KIND_OPT_OUT, "US-CA"));
  const RequestView view = *desk_->Read(ref);
  // A kill came between the choice and the completion; then they agreed anew.
  ASSERT_TRUE(
      RecordChoice(SampleRequestLaw(), view.kept, Now(), *choices_).ok());
  scratch_.clock().Advance(absl::Hours(1));
  Consent(Now());

  ASSERT_TRUE(Complete(ref).ok());

  EXPECT_EQ(Recorded().size(), 2U);
  EXPECT_EQ(choices_->ReadConsents("c-1")->size(), 1U);
}

TEST_F(RequestChoiceTest,
       WhatAStoreRefusesIsCompletedInPartAndChosenAllTheSame) {
  const std::string ref = Receive(Asked(v1::REQUEST_KIND_OPT_OUT, "US-CA"));
  for (const auto kind : {v1::REQUEST_EVENT_KIND_PART_SENT,
                          v1::REQUEST_EVENT_KIND_PART_REFUSED}) {
    ASSERT_TRUE(desk_->Take(ref, PartStepAt(Now(), kind, "acme")).ok());
  }
  ASSERT_TRUE(Complete(ref).ok());
  EXPECT_EQ(desk_->Read(ref)->machine.status(),
            v1::REQUEST_STATUS_COMPLETED_IN_PART);
  EXPECT_EQ(Recorded().size(), 1U);
}

TEST_F(RequestChoiceTest, WhileAPartIsSilentNothingIsChosenYet) {
  const std::string ref = Receive(Asked(v1::REQUEST_KIND_OPT_OUT, "US-CA"));
  ASSERT_TRUE(
      desk_
          ->Take(ref,
                 PartStepAt(Now(), v1::REQUEST_EVENT_KIND_PART_SENT, "acme"))
          .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Complete(ref)));
  EXPECT_TRUE(Recorded().empty());
}

TEST_F(RequestChoiceTest, NobodySaysByHandThatItWasChosen) {
  const std::string ref = Receive(Asked(v1::REQUEST_KIND_OPT_OUT, "US-CA"));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      desk_
          ->Take(ref, PartStepAt(Now(), v1::REQUEST_EVENT_KIND_PART_SENT,
                                 kChoicesPart))
          .status()));
}

TEST_F(RequestChoiceTest, WhoSpeaksForTheConsumerIsRecordedAsThat) {
  v1::Request request = Asked(v1::REQUEST_KIND_OPT_OUT, "US-CA");
  request.mutable_requester()->set_kind(v1::REQUESTER_KIND_AGENT);
  request.mutable_requester()->set_permission("form-7");
  ASSERT_TRUE(Complete(Receive(request)).ok());
  EXPECT_EQ(Recorded().back().actor().kind(), v1::ACTOR_KIND_AGENT);
  EXPECT_EQ(Recorded().back().actor().permission(), "form-7");

  v1::LedgerEntry facts;
  facts.set_consumer("c-1");
  facts.mutable_facts()->add_guardian("rosa");
  Enter(facts);
  scratch_.clock().Advance(absl::Hours(1));
  request = Asked(v1::REQUEST_KIND_LIMIT, "US-CA");
  request.mutable_requester()->set_kind(v1::REQUESTER_KIND_GUARDIAN);
  request.mutable_requester()->set_permission("rosa");
  ASSERT_TRUE(Complete(Receive(request)).ok());
  EXPECT_EQ(Recorded().back().actor().kind(), v1::ACTOR_KIND_PARENT);
}

}  // namespace
}  // namespace subrosa
