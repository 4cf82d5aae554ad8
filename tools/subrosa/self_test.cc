#include "tools/subrosa/self_test.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_run.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "tools/subrosa/self_test_choices.h"

namespace subrosa {
namespace {

constexpr char kWashingtonPack[] = "wa-mhmda";
constexpr char kMarylandPack[] = "md-modpa";
constexpr absl::string_view kOfficers[] = {"selftest-one", "selftest-two"};

bool Has(const v1::Purpose& purpose, v1::Action action) {
  return std::find(purpose.action().begin(), purpose.action().end(), action) !=
         purpose.action().end();
}

bool IsByConsentAlone(const v1::Purpose& purpose) {
  return purpose.need() == v1::NEED_NONE;
}

bool IsSaleOrAdvertising(const v1::Purpose& purpose) {
  return purpose.targeted_advertising() || Has(purpose, v1::ACTION_SELL);
}

// Plays the consumers, one after the other.
class SelfTestPlay {
 public:
  SelfTestPlay(SelfTestHome& home, const std::vector<SelfTestSink>& sinks)
      : home_(home),
        steward_(home.steward()),
        policy_(home.steward().gate().policy().proto()),
        choices_(home),
        sinks_(sinks) {}

  absl::StatusOr<SelfTestReport> Run() {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recipients,
                             steward_.gate().ReadRecipients());
    for (const RecordedRecipient& each : recipients) {
      recipients_.push_back(each.recipient.id());
    }
    if (recipients_.empty()) {
      report_.not_tested.push_back("sharing: there is no recipient");
    }
    SUBROSA_RETURN_IF_ERROR(PlayWithdrawn());
    SUBROSA_RETURN_IF_ERROR(PlayMaryland("maryland", /*is_teen=*/false));
    SUBROSA_RETURN_IF_ERROR(PlayMaryland("teen", /*is_teen=*/true));
    SUBROSA_RETURN_IF_ERROR(PlayExpired());
    SUBROSA_RETURN_IF_ERROR(PlayDeleted());
    return std::move(report_);
  }

 private:
  using Purposes = SelfTestChoices::Purposes;

  bool HasPack(absl::string_view pack) const {
    const auto has = [pack](const auto& packs) {
      return std::find(packs.begin(), packs.end(), pack) != packs.end();
    };
    return has(policy_.pack()) || has(policy_.pack_for_all());
  }

  Purposes PurposesThat(bool (*is_one)(const v1::Purpose&)) const {
    Purposes purposes;
    for (const v1::Purpose& purpose : policy_.purpose()) {
      if (is_one(purpose)) purposes.push_back(&purpose);
    }
    return purposes;
  }

  const SelfTestSink* FindSink(absl::string_view name) const {
    for (const SelfTestSink& sink : sinks_) {
      if (sink.name == name) return &sink;
    }
    return nullptr;
  }

  // Gives `who` records, for the first purpose that does not rest on consent
  // and lets them be collected and used; its id, or empty: there is none.
  absl::StatusOr<std::string> GiveRecords(absl::string_view who) {
    const SelfTestSink* const put = FindSink(kPutSink);
    for (const v1::Purpose& purpose : policy_.purpose()) {
      if (put == nullptr || IsByConsentAlone(purpose) ||
          !Has(purpose, v1::ACTION_COLLECT) || !Has(purpose, v1::ACTION_USE)) {
        continue;
      }
      SUBROSA_ASSIGN_OR_RETURN(
          const bool taken, put->passes({SelfTestIdOf(who), purpose.id(), ""}));
      if (taken) return purpose.id();
    }
    report_.not_tested.push_back(absl::StrCat(
        who, ": no purpose but by consent lets records be collected and used"));
    return "";
  }

  void Leaked(absl::string_view who, const std::string& sink,
              const SelfTestAttempt& attempt) {
    report_.leaks.push_back(
        {std::string(who), sink, attempt.purpose, attempt.recipient});
  }

  // Tries `sink` for `purpose`, with each recipient if it has one.
  absl::Status TryOne(absl::string_view who, const SelfTestSink& sink,
                      const std::string& purpose) {
    std::vector<std::string> recipients = {""};
    if (sink.has_recipient) recipients = recipients_;
    for (const std::string& recipient : recipients) {
      const SelfTestAttempt attempt = {SelfTestIdOf(who), purpose, recipient};
      SUBROSA_ASSIGN_OR_RETURN(const bool passed, sink.passes(attempt));
      if (passed) {
        Leaked(who, sink.name, attempt);
      } else {
        ++report_.refused;
      }
    }
    return absl::OkStatus();
  }

  // None of `purposes` may get anything of `who` anywhere.
  absl::Status MustBeRefused(absl::string_view who, const Purposes& purposes) {
    for (const SelfTestSink& sink : sinks_) {
      if (sink.name == kCopySink) continue;
      for (const v1::Purpose* const purpose : purposes) {
        SUBROSA_RETURN_IF_ERROR(TryOne(who, sink, purpose->id()));
      }
    }
    return absl::OkStatus();
  }

  // That what is allowed is given: else a refusal says nothing.
  absl::Status MustPass(absl::string_view who, const std::string& purpose) {
    const SelfTestSink* const get = FindSink(kGetSink);
    if (get == nullptr || purpose.empty()) return absl::OkStatus();
    SUBROSA_ASSIGN_OR_RETURN(const bool passed,
                             get->passes({SelfTestIdOf(who), purpose, ""}));
    if (passed) {
      ++report_.passed;
    } else {
      report_.stopped.push_back({std::string(who), get->name, purpose, ""});
    }
    return absl::OkStatus();
  }

  // Whether there is anything to test of `who`; said if not.
  bool HasSome(absl::string_view who, const Purposes& purposes,
               absl::string_view what) {
    if (!purposes.empty()) return true;
    report_.not_tested.push_back(
        absl::StrCat(who, ": the policy has no purpose ", what));
    return false;
  }

  absl::Status PlayWithdrawn() {
    constexpr absl::string_view kWho = "withdrawn";
    const Purposes purposes = PurposesThat(IsByConsentAlone);
    if (!HasSome(kWho, purposes, "that rests on consent alone")) {
      return absl::OkStatus();
    }
    SUBROSA_ASSIGN_OR_RETURN(const std::string held, GiveRecords(kWho));
    SUBROSA_RETURN_IF_ERROR(choices_
                                .Consent(kWho, purposes,
                                         policy_.residence_unless_known(),
                                         absl::InfiniteFuture())
                                .status());
    SUBROSA_RETURN_IF_ERROR(choices_.StopAll(kWho, purposes));
    SUBROSA_RETURN_IF_ERROR(MustBeRefused(kWho, purposes));
    return MustPass(kWho, held);
  }

  absl::Status PlayExpired() {
    constexpr absl::string_view kWho = "expired";
    if (!HasPack(kWashingtonPack)) {
      report_.not_tested.push_back(
          "expired: the policy has no pack by which a consent is needed");
      return absl::OkStatus();
    }
    const Purposes purposes = PurposesThat(IsByConsentAlone);
    if (!HasSome(kWho, purposes, "that rests on consent alone")) {
      return absl::OkStatus();
    }
    SUBROSA_RETURN_IF_ERROR(choices_.RecordFacts(kWho, "US-WA", ""));
    SUBROSA_ASSIGN_OR_RETURN(const std::string held, GiveRecords(kWho));
    SUBROSA_ASSIGN_OR_RETURN(
        const bool consented,
        choices_.Consent(kWho, purposes, "US-WA",
                         home_.clock().Now() + absl::Hours(24)));
    if (!consented) {
      report_.not_tested.push_back(
          "expired: no notice of the policy lets a consent be given");
    }
    home_.clock().Advance(absl::Hours(72));
    SUBROSA_RETURN_IF_ERROR(steward_.gate().Refresh());
    SUBROSA_RETURN_IF_ERROR(MustBeRefused(kWho, purposes));
    return MustPass(kWho, held);
  }

  // Nobody's data is sold in Maryland, and a teen's is used for no targeted
  // advertising either, whatever they say (Md. Code, Com. Law 14-4707).
  absl::Status PlayMaryland(absl::string_view who, bool is_teen) {
    if (!HasPack(kMarylandPack)) {
      report_.not_tested.push_back(
          absl::StrCat(who, ": the policy has not the pack of Maryland"));
      return absl::OkStatus();
    }
    const Purposes purposes =
        is_teen ? PurposesThat(IsSaleOrAdvertising)
                : PurposesThat([](const v1::Purpose& purpose) {
                    return Has(purpose, v1::ACTION_SELL);
                  });
    if (!HasSome(who, purposes, is_teen ? "to sell or advertise" : "to sell")) {
      return absl::OkStatus();
    }
    const auto year =
        absl::ToCivilYear(home_.clock().Now(), absl::UTCTimeZone()).year();
    SUBROSA_RETURN_IF_ERROR(choices_.RecordFacts(
        who, "US-MD", is_teen ? absl::StrCat(year - 15, "-01-01") : ""));
    SUBROSA_ASSIGN_OR_RETURN(const std::string held, GiveRecords(who));
    SUBROSA_RETURN_IF_ERROR(
        choices_.Consent(who, purposes, "US-MD", absl::InfiniteFuture())
            .status());
    SUBROSA_RETURN_IF_ERROR(MustBeRefused(who, purposes));
    return MustPass(who, held);
  }

  absl::StatusOr<v1::StoredErasure> Erase(const std::string& consumer) {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ErasureRun> run,
                             ErasureRun::Open(steward_));
    ErasureOrder order;
    order.consumer = consumer;
    order.times = {home_.clock().Now(), home_.clock().Now()};
    order.officer = std::string(kOfficers[0]);
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<absl::Status> ordered,
                             run->Order({order}));
    SUBROSA_RETURN_IF_ERROR(ordered.front());
    if (policy_.erasure_wants_two_officers()) {
      SUBROSA_RETURN_IF_ERROR(run->Confirm(consumer, kOfficers[1]));
    }
    // Days of grace, if the policy has some.
    home_.clock().Advance(absl::Hours(24) * policy_.erasure_grace_days());
    SUBROSA_RETURN_IF_ERROR(run->Continue().status());
    SUBROSA_RETURN_IF_ERROR(steward_.FinishErasures(nullptr).status());
    return run->Find(consumer);
  }

  // Gives what may be given of `who` to each recipient that has a connector;
  // returns to whom something was.
  absl::StatusOr<std::vector<std::string>> GiveToRecipients(
      absl::string_view who) {
    std::vector<std::string> given;
    const SelfTestSink* const declare = FindSink(kDeclareSink);
    for (const std::string& recipient : home_.told_recipients()) {
      bool is_given = false;
      for (const v1::Purpose& purpose : policy_.purpose()) {
        if (is_given || declare == nullptr) break;
        SUBROSA_ASSIGN_OR_RETURN(
            is_given,
            declare->passes({SelfTestIdOf(who), purpose.id(), recipient}));
      }
      if (is_given) {
        given.push_back(recipient);
      } else {
        report_.not_tested.push_back(
            absl::StrCat(who, ", recipient ", recipient,
                         ": nothing may be given to it without a consent, so "
                         "that there is nothing to tell it"));
      }
    }
    return given;
  }

  absl::Status PlayDeleted() {
    const std::string who = "deleted";
    SUBROSA_ASSIGN_OR_RETURN(const std::string held, GiveRecords(who));
    if (held.empty()) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(MustPass(who, held));
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> given,
                             GiveToRecipients(who));
    SUBROSA_ASSIGN_OR_RETURN(const v1::StoredErasure erasure,
                             Erase(SelfTestIdOf(who)));
    if (!erasure.suppressed()) {
      report_.not_tested.push_back(
          "deleted, put and declare: they may come back as somebody new, as no "
          "statute that applies lets a token of them stay");
    }
    for (const SelfTestSink& sink : sinks_) {
      if (sink.name == kCopySink) {
        SUBROSA_RETURN_IF_ERROR(TryOne(who, sink, ""));
        continue;
      }
      if (sink.begins && !erasure.suppressed()) continue;
      for (const v1::Purpose& purpose : policy_.purpose()) {
        SUBROSA_RETURN_IF_ERROR(TryOne(who, sink, purpose.id()));
      }
    }
    for (const std::string& store : home_.stores()) {
      if (absl::StrContains(home_.ToldTo(v1::PARTY_KIND_STORE, store),
                            SelfTestIdOf(who))) {
        ++report_.refused;
      } else {
        Leaked(who, absl::StrCat("store ", store), {});
      }
    }
    // They know them by another name.
    for (const std::string& recipient : given) {
      if (home_.ToldTo(v1::PARTY_KIND_RECIPIENT, recipient).empty()) {
        Leaked(who, absl::StrCat("recipient ", recipient), {});
      } else {
        ++report_.refused;
      }
    }
    return absl::OkStatus();
  }

  SelfTestHome& home_;
  Steward& steward_;
  const v1::Policy& policy_;
  SelfTestChoices choices_;
  const std::vector<SelfTestSink>& sinks_;
  std::vector<std::string> recipients_;
  SelfTestReport report_;
};

}  // namespace

absl::StatusOr<SelfTestReport> RunSelfTest(
    SelfTestHome& home, const std::vector<SelfTestSink>& sinks) {
  return SelfTestPlay(home, sinks).Run();
}

}  // namespace subrosa
