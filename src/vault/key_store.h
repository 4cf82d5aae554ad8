// The KeyStore keeps, for one regulated entity, who is who and which key is
// whose: the directory from consumer ids to random references, the consumers'
// keys under the epoch's working key, and the ids that must not come back
// (suppression). It decides: a consumer exists exactly if the key store has
// their key, whatever the record store still holds.
//
// No consumer id rests here in clear. The directory finds one through a PRF
// under a key of the epoch; what a row leads to is sealed.
//
// Thread-compatible. Errors are those of Connection and KeyProvider, besides
// what is said below.
#ifndef SUBROSA_SRC_VAULT_KEY_STORE_H_
#define SUBROSA_SRC_VAULT_KEY_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/vault/consumer_directory.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"
#include "src/vault/erasure_count.h"
#include "src/vault/key_rotation.h"
#include "src/vault/key_tables.h"
#include "src/vault/resolved_consumers.h"
#include "src/vault/stable_secret.h"

namespace subrosa {

// What FindOrCreate came to for one id.
struct Resolved {
  // Null if the id is suppressed, or is new and may not be made.
  std::unique_ptr<ConsumerHandle> consumer;
};

// A change that the law cares about leaves an entry in the outbox: an epoch
// opened, consumers' keys made, a key destroyed (src/audit/leaf.h).
class KeyStore {
 public:
  // Makes the tables for `entity`, a slug of at most 64 bytes, in the new
  // `database`, with the first epoch made at `provider`. `clock` must outlive
  // the store. ALREADY_EXISTS if the database holds the entity already.
  static absl::StatusOr<std::unique_ptr<KeyStore>> Create(
      std::unique_ptr<Connection> database, KeyProvider& provider,
      absl::string_view entity, const Clock& clock);

  // Opens the only entity in `database`; its epochs' working keys are opened at
  // `provider`, which must outlive the store. NOT_FOUND if there is no entity.
  static absl::StatusOr<std::unique_ptr<KeyStore>> Open(
      std::unique_ptr<Connection> database, KeyProvider& provider,
      const Clock& clock);

  // The entity's slug; 16 bytes that name this pair of stores.
  const std::string& entity() const { return entity_; }
  const std::string& installation() const { return installation_; }

  // NOT_FOUND if no such consumer is known. FindShared costs less: the next to
  // find them shares it.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> Find(
      absl::string_view consumer);
  absl::StatusOr<std::shared_ptr<const ConsumerHandle>> FindShared(
      absl::string_view consumer);

  // Finds each consumer, and makes those that are new, in one transaction that
  // also checks suppression: one result an id, in order. Of a new one
  // `may_make` is asked first, by their place; who it denies is not made.
  using MayMake = absl::FunctionRef<bool(size_t place)>;
  static bool Everybody(size_t /*place*/) { return true; }
  absl::StatusOr<std::vector<Resolved>> FindOrCreate(
      absl::Span<const std::string> consumers, MayMake may_make = Everybody);

  // Whom an entry of a blind index leads to. NOT_FOUND if they are gone.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> Resolve(
      const DirectoryPointer& pointer);

  // Drops the keys in memory: for when another connection erased somebody.
  void DropKeys();

  // See stable_secret.h.
  absl::StatusOr<SecretKey> StableSecretOf(const ConsumerHandle& consumer) {
    return subrosa::StableSecretOf(entity_, consumer);
  }

  // Erases the consumer: their keys, their directory entry; leaves the id
  // suppressed and their rows due for deletion (DueDeletions). Once this is OK
  // the keys are gone for good, from the database's journal too. NOT_FOUND as
  // Find.
  //
  // UNAVAILABLE after the keys are gone if the journal could not be emptied:
  // FlushJournal must then be called again. `records_seen` is the record store
  // outbox's ReadIssued from before the call.
  absl::StatusOr<DestroyedKey> Erase(absl::string_view consumer,
                                     int64_t records_seen);

  // The same of many, in two steps: see ConsumerErasure. `handle` is the
  // consumer's.
  absl::StatusOr<PreparedErasure> PrepareErasure(absl::string_view consumer,
                                                 const ConsumerHandle& handle);
  absl::StatusOr<std::vector<std::optional<DestroyedKey>>> EraseAll(
      absl::Span<const PreparedErasure> erasures, int64_t records_seen);
  absl::StatusOr<std::vector<std::optional<DestroyedKey>>> EraseChosen(
      ConsumerErasure::Chooser choose, int64_t records_seen);

  // Makes the next version of the consumer's key (ConsumerKeys::InsertNext).
  // NOT_FOUND as Find. `records_seen` as Erase.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> AddVersion(
      absl::string_view consumer, absl::string_view selection,
      int64_t records_seen);

  // Destroys a version of a consumer's key that was followed by another, whose
  // rows stood under `data_ref`, as Erase does. NOT_FOUND if it is gone, or an
  // older one is not.
  absl::Status DestroyVersion(const KeyRef& ref, int64_t records_seen);

  // The data_refs of erased consumers, whose rows may still stand, or come late
  // from a put that was under way. ForgetDueDeletions drops those of erasures
  // before a day (counted from 1970-01-01).
  absl::StatusOr<std::vector<std::string>> DueDeletions();
  absl::Status ForgetDueDeletions(int32_t before_day);

  // Rotates into the next epoch; destroys what is due (KeyRotation). The object
  // is for one use.
  KeyRotation Rotation() {
    return KeyRotation(*database_, provider_, *epochs_, *outbox_, clock_,
                       entity_number_);
  }
  absl::StatusOr<std::vector<EpochRow>> ReadEpochs() {
    return epochs_->ReadRows();
  }

  // The tables, for what else works on them while this lives.
  KeyTables Tables() {
    return KeyTables{*database_, *epochs_, *directory_, *consumer_keys_,
                     entity_number_};
  }
  Connection& database() { return *database_; }

  // How far the outbox has got; how many erasures there were (ErasureCount).
  absl::StatusOr<int64_t> ReadIssued() { return outbox_->ReadIssued(); }
  absl::StatusOr<int64_t> ReadErasureCount() { return erasure_count_->Read(); }

  // See Connection::FlushJournal.
  absl::Status FlushJournal(absl::Duration patience) {
    return database_->FlushJournal(patience);
  }

 private:
  KeyStore(std::unique_ptr<Connection> database, KeyProvider& provider,
           std::string entity, std::string installation, int64_t entity_number,
           std::unique_ptr<Epochs> epochs, const Clock& clock);

  absl::Status PrepareStatements();

  // Find, when there were `erasures`.
  absl::StatusOr<std::shared_ptr<const ConsumerHandle>> FindAt(
      absl::string_view consumer, int64_t erasures);
  // NOT_FOUND as Find. `inner_token` is the consumer's.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> FindByToken(
      absl::string_view inner_token);
  absl::StatusOr<bool> IsSuppressed(absl::string_view inner_token);
  // Within a transaction.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> Create(
      absl::string_view inner_token);

  std::unique_ptr<Connection> database_;
  KeyProvider& provider_;
  std::string entity_;
  std::string installation_;
  int64_t entity_number_;
  std::unique_ptr<Epochs> epochs_;
  const Clock& clock_;
  ResolvedConsumers resolved_;
  std::optional<Outbox> outbox_;
  std::optional<ConsumerDirectory> directory_;
  std::optional<ConsumerKeys> consumer_keys_;
  std::optional<ErasureCount> erasure_count_;
  std::unique_ptr<Statement> find_suppressed_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_STORE_H_
