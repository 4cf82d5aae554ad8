// The ConsentGate is what every use of consumers' data passes: it knows the
// entity's policy, its packs and recipients, and what each consumer chose, and
// decides. Choices are recorded through it as well, so that the next decision
// knows them.
//
// What this process records counts at once; what others do, choices and
// recipients, within kFreshness. Who hands data on calls Refresh before.
//
// Thread-safe. Memory: see ConsumerStates.
//
// Errors are those of ConsentLedger, RecipientRegistry and Decider.
#ifndef SUBROSA_SRC_STEWARD_CONSENT_GATE_H_
#define SUBROSA_SRC_STEWARD_CONSENT_GATE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/consent/choice_check.h"
#include "src/consent/compiled_standing.h"
#include "src/consent/consent_ledger.h"
#include "src/consent/consumer_states.h"
#include "src/consent/decider.h"
#include "src/consent/decision.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/record_consents.h"
#include "src/vault/evidence_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class ConsentGate {
 public:
  // How long what another process did may not be known here.
  static constexpr absl::Duration kFreshness = absl::Seconds(1);

  // `vault` is for the gate alone. `clock` must outlive it.
  static absl::StatusOr<std::unique_ptr<ConsentGate>> Open(
      std::unique_ptr<Vault> vault, LawBook law, Policy policy,
      const Clock& clock);

  const LawBook& law() const { return law_; }
  const Policy& policy() const { return policy_; }

  // A use by its names; a name that is not there makes one that is denied.
  // `categories` as bits.
  Use UseOf(v1::Action action, absl::string_view purpose,
            absl::string_view recipient, uint32_t categories) const;

  // Whether it may be, of `consumer`, an account id. Of somebody who is not
  // known nothing stands.
  absl::StatusOr<Decision> Decide(absl::string_view consumer, const Use& use);

  // For many decisions about one consumer: what stands of their choices now,
  // and what follows from it.
  absl::StatusOr<CompiledStanding> StandingOf(absl::string_view consumer);
  Decision Decide(const CompiledStanding& standing, const Use& use) const;

  // Where the rule of a decision stands.
  const LawEntry& RuleOf(const AppliedRule& rule) const {
    return law_.entries()[rule.rule];
  }

  // PERMISSION_DENIED, "use: want a permit, got 'needs consent': … (PACK/RULE,
  // …)", unless `decision` permits; the rules are those without a ground.
  absl::Status StatusOf(const Decision& decision) const;

  // Whether the ground that `record` says it is held on is true, where
  // `decision`, to collect its `categories` (as bits), rests on a consent that
  // no need of the service could stand in for: the record then says so, and
  // what it names as its consent, if it does, is one of the ledger's that
  // covers it (CheckConsentRef). Elsewhere consent_ref is taken as it is given:
  // it may be another system's.
  //
  // INVALID_ARGUMENT, `basis: …` or `consent_ref: …`; else errors of the
  // ledger.
  absl::Status CheckGround(const v1::HealthRecord& record, uint32_t categories,
                           const Decision& decision);

  // Appends `entries` to the ledger: see ConsentLedger::Append. What is no
  // consent is refused (choice_check.h). An authorization that is taken is also
  // kept as evidence, for as long as the packs say (authorization_keeping.h):
  // in one transaction, so that neither is there without the other.
  absl::StatusOr<std::vector<EntryResult>> Record(
      absl::Span<const v1::LedgerEntry* const> entries);

  // See ConsentLedger. `visit` must not call this gate.
  absl::StatusOr<std::vector<StandingConsent>> ReadConsents(
      absl::string_view consumer);
  absl::StatusOr<StandingState> ReadStanding(absl::string_view consumer);
  absl::StatusOr<StandingState> ReadStanding(const ConsumerHandle& consumer);
  absl::Status VisitEntries(absl::string_view consumer,
                            ConsentLedger::EntryVisitor visit);

  // The recipient of that id. NOT_FOUND if there is none.
  absl::StatusOr<RecordedRecipient> FindRecipient(absl::string_view id);

  // All that are on record: see RecipientRegistry.
  absl::StatusOr<std::vector<RecordedRecipient>> ReadRecipients();

  // Forgets what is kept in memory of `consumer`, who was erased, their key
  // among it.
  void Forget(absl::string_view consumer);

  // Sees what other processes did.
  absl::Status Refresh();

  // For measuring.
  const ConsumerStates& states() const { return states_; }

 private:
  ConsentGate(std::unique_ptr<Vault> vault, LawBook law, Policy policy,
              const Clock& clock)
      : law_(std::move(law)),
        policy_(std::move(policy)),
        clock_(clock),
        vault_(std::move(vault)) {}

  std::shared_ptr<const Decider> decider() const;
  absl::Status CheckEntry(const v1::LedgerEntry& entry,
                          const v1::Standing& standing) const;
  absl::Status RefreshIfOlder();
  // The next three with mutex_ held.
  absl::Status RefreshLocked();
  absl::Status RefreshDecider();
  // What is kept of an authorization if it is taken; nothing of any other
  // entry, and where no pack asks for it.
  absl::StatusOr<std::optional<SealedEvidence>> SealEvidence(
      const v1::LedgerEntry& entry);

  const LawBook law_;
  const Policy policy_;
  const Clock& clock_;
  std::unique_ptr<const ChoiceCheck> door_;
  ConsumerStates states_;
  RecordConsents consents_;

  mutable std::shared_mutex decider_mutex_;
  std::shared_ptr<const Decider> decider_;  // Guarded by decider_mutex_.

  std::mutex mutex_;
  // All below are guarded by mutex_.
  const std::unique_ptr<Vault> vault_;
  std::unique_ptr<ConsentLedger> ledger_;
  std::unique_ptr<RecipientRegistry> recipients_;
  int64_t erasures_ = 0;
  int64_t recipient_change_ = -1;
  int32_t decider_day_ = 0;
  // Of the machine's clock, since the other may stand still.
  std::atomic<int64_t> refreshed_ns_{0};
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_CONSENT_GATE_H_
