// What stands of one consumer.
#include <utility>

#include "src/base/status_macros.h"
#include "src/consent/consent_ledger.h"
#include "src/consent/ledger_seal.h"
#include "src/crypto/secret_key.h"
#include "src/vault/key_store.h"
#include "src/vault/stable_secret.h"

namespace subrosa {

struct ConsentLedger::Known {
  std::string consumer_ref;
  ChoiceState state;
  std::unique_ptr<SecretKey> stable_secret;  // If something stands.
  v1::Standing standing;
};

absl::StatusOr<std::unique_ptr<ConsentLedger::Known>> ConsentLedger::ReadKnown(
    absl::string_view consumer) {
  const absl::StatusOr<std::shared_ptr<const ConsumerHandle>> found =
      vault_.keys().FindShared(consumer);
  if (absl::IsNotFound(found.status())) return nullptr;
  SUBROSA_RETURN_IF_ERROR(found.status());
  return ReadKnown(**found);
}

absl::StatusOr<std::unique_ptr<ConsentLedger::Known>> ConsentLedger::ReadKnown(
    const ConsumerHandle& consumer) {
  auto known = std::make_unique<Known>();
  known->consumer_ref = consumer.consumer_ref;
  SUBROSA_ASSIGN_OR_RETURN(known->state, states_.Read(known->consumer_ref));
  if (known->state.standing.empty()) return known;
  SUBROSA_ASSIGN_OR_RETURN(SecretKey secret,
                           vault_.keys().StableSecretOf(consumer));
  known->stable_secret = std::make_unique<SecretKey>(std::move(secret));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                           LedgerKeyOf(*known->stable_secret));
  SUBROSA_RETURN_IF_ERROR(OpenLedger(key,
                                     {vault_.entity(), known->consumer_ref, 0},
                                     known->state.standing, &known->standing));
  return known;
}

absl::StatusOr<StandingState> ConsentLedger::ReadStanding(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Known> known,
                           ReadKnown(consumer));
  return known == nullptr ? StandingState() : StateOf(known.get());
}

absl::StatusOr<StandingState> ConsentLedger::ReadStanding(
    const ConsumerHandle& consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Known> known,
                           ReadKnown(consumer));
  return StateOf(known.get());
}

StandingState ConsentLedger::StateOf(Known* known) {
  StandingState read;
  read.consumer_ref = std::move(known->consumer_ref);
  read.choices = known->state.choices;
  read.ask_again = known->state.ask_again;
  read.standing.Swap(&known->standing);
  return read;
}

absl::StatusOr<std::vector<StandingConsent>> ConsentLedger::ReadConsents(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Known> known,
                           ReadKnown(consumer));
  std::vector<StandingConsent> consents;
  if (known == nullptr || known->state.ask_again) return consents;
  for (const v1::StandingChoice& choice : known->standing.choice()) {
    if (choice.kind() != v1::CHOICE_KIND_CONSENT) continue;
    consents.push_back(
        {ConsentRefOf(ChoiceTagOf(*known->stable_secret, choice.number())),
         choice});
  }
  return consents;
}

}  // namespace subrosa
