#include "src/steward/permitted_walk.h"

#include <map>
#include <utility>

#include "src/base/status_macros.h"
#include "src/consent/compiled_standing.h"
#include "src/crypto/secret_key.h"
#include "src/recipients/recipient_registry.h"
#include "src/vault/consumer_snapshot.h"
#include "src/vault/consumer_walk.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "src/vault/sealed_row.h"

namespace subrosa {

absl::StatusOr<std::unique_ptr<PermittedWalk>> PermittedWalk::Open(
    Steward& steward, v1::Action action, absl::string_view purpose,
    absl::string_view recipient) {
  ConsentGate& gate = steward.gate();
  // What another process recorded a moment ago counts: this cannot be undone.
  SUBROSA_RETURN_IF_ERROR(gate.Refresh());
  SUBROSA_ASSIGN_OR_RETURN(RecordedRecipient recorded,
                           gate.FindRecipient(recipient));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  std::unique_ptr<PermittedWalk> walk(
      new PermittedWalk(gate, std::move(vault)));
  walk->recipient_ = std::move(recorded.recipient);
  walk->use_ = gate.UseOf(action, purpose, recipient, /*categories=*/0);
  return walk;
}

// The directory leads from account ids to keys and not back: an account id
// stands in the consumer's records alone. Empty if there are none.
absl::StatusOr<std::string> PermittedWalk::AccountOf(
    const ConsumerHandle& handle) {
  std::string account;
  const auto open_first = [&](const SecretKey& key,
                              const std::string& data_ref) -> absl::Status {
    std::string plaintext;
    const absl::Status visited = vault_->records().VisitConsumer(
        data_ref, [&](const RecordRow& row) -> absl::Status {
          SUBROSA_RETURN_IF_ERROR(
              OpenRow(vault_->entity(), key, row, &plaintext));
          v1::HealthRecord record;
          if (!record.ParseFromString(plaintext)) {
            return absl::DataLossError("record: want one, got another message");
          }
          account = record.consumer();
          return absl::CancelledError("the first is enough");
        });
    return absl::IsCancelled(visited) ? absl::OkStatus() : visited;
  };
  SUBROSA_RETURN_IF_ERROR(open_first(*handle.key, handle.data_ref));
  for (const OlderKey& older : handle.older) {
    if (!account.empty()) break;
    SUBROSA_RETURN_IF_ERROR(open_first(*older.key, older.data_ref));
  }
  return account;
}

absl::Status PermittedWalk::Visit(VisitConsumer visit) {
  return WalkConsumers(
      vault_->keys(), "", [&](const ConsumerHandle& handle) -> absl::Status {
        WalkedConsumer consumer;
        SUBROSA_ASSIGN_OR_RETURN(consumer.id, AccountOf(handle));
        if (consumer.id.empty()) return absl::OkStatus();
        consumer.key_id = handle.key_ref.id;
        const absl::Status visited =
            visit(consumer, [&](absl::string_view schema, TakeRecord take) {
              return Read(consumer.id, schema, take);
            });
        // Erased meanwhile.
        return absl::IsNotFound(visited) ? absl::OkStatus() : visited;
      });
}

absl::Status PermittedWalk::Read(const std::string& consumer,
                                 absl::string_view schema, TakeRecord take) {
  SUBROSA_ASSIGN_OR_RETURN(const CompiledStanding standing,
                           gate_.StandingOf(consumer));
  // Of one consumer, what is of the same categories is decided for alike.
  std::map<uint32_t, Decision> decisions;
  const auto decide = [&](uint32_t categories) -> const Decision& {
    const auto [decision, is_new] = decisions.try_emplace(categories);
    if (is_new) {
      Use use = use_;
      use.categories = categories;
      decision->second = gate_.Decide(standing, use);
    }
    return decision->second;
  };
  return vault_->ReadAtOneInstant(
      consumer, [&](const ConsumerSnapshot& snapshot) {
        return snapshot.Scan(schema,
                             [&](const v1::HealthRecord& record,
                                 const RowFacts& facts) -> absl::Status {
                               const Decision& decision =
                                   decide(facts.categories);
                               if (decision.Permits()) {
                                 return take(record, facts);
                               }
                               ++not_permitted_;
                               if (denial_.ok()) {
                                 denial_ = gate_.StatusOf(decision);
                               }
                               return absl::OkStatus();
                             });
      });
}

absl::Status PermittedWalk::CheckStillPermitted(absl::string_view consumer,
                                                uint32_t categories,
                                                std::set<std::string>* rules) {
  Use use = use_;
  use.categories = categories;
  SUBROSA_ASSIGN_OR_RETURN(const CompiledStanding standing,
                           gate_.StandingOf(consumer));
  const Decision decision = gate_.Decide(standing, use);
  for (size_t i = 0; rules != nullptr && i < decision.rule_count; ++i) {
    rules->insert(gate_.RuleOf(decision.rules[i]).id);
  }
  return gate_.StatusOf(decision);
}

}  // namespace subrosa
