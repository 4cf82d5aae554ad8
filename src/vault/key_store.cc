#include "src/vault/key_store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/crypto/random_bytes.h"
#include "src/store/migrations.h"
#include "src/vault/key_store_schema.h"
#include "src/vault/tombstones.h"

namespace subrosa {
namespace {

constexpr uint32_t kFirstEpoch = 1;
constexpr uint32_t kFirstKeyVersion = 1;

// How long an erasure waits for whoever reads the key store, which nobody does
// for long, before it says that the journal is not empty.
constexpr absl::Duration kJournalPatience = absl::Seconds(10);

// Bounds on the consumers who are remembered, and their keys.
constexpr size_t kResolvedConsumers = 16384;
constexpr absl::Duration kResolvedFor = absl::Minutes(5);

// Puts the leaf into `outbox`, within the transaction of what it tells.
absl::StatusOr<int64_t> AppendLeaf(const Leaf& leaf, int64_t records_seen,
                                   Outbox& outbox) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string entry, SerializeLeaf(leaf));
  return outbox.Append({entry}, records_seen);
}

}  // namespace

KeyStore::KeyStore(std::unique_ptr<Connection> database, KeyProvider& provider,
                   std::string entity, std::string installation,
                   int64_t entity_number, std::unique_ptr<Epochs> epochs,
                   const Clock& clock)
    : database_(std::move(database)),
      provider_(provider),
      entity_(std::move(entity)),
      installation_(std::move(installation)),
      entity_number_(entity_number),
      epochs_(std::move(epochs)),
      clock_(clock),
      resolved_(kResolvedConsumers, kResolvedFor) {}

absl::StatusOr<std::unique_ptr<KeyStore>> KeyStore::Create(
    std::unique_ptr<Connection> database, KeyProvider& provider,
    absl::string_view entity, const Clock& clock) {
  SUBROSA_RETURN_IF_ERROR(
      Migrate(*database, "key store", KeyStoreMigrations()));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string sealed_working_key,
      provider.CreateEpoch(entity, kFirstEpoch, clock.Now()));
  SUBROSA_ASSIGN_OR_RETURN(
      const SecretKey working,
      provider.OpenEpoch(entity, kFirstEpoch, sealed_working_key));
  SUBROSA_ASSIGN_OR_RETURN(const WrappedEntityKeys wrapped,
                           EntityKeys::Create(working, entity, kFirstEpoch));
  const std::string installation = RandomBytes(kReferenceBytes);

  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*database));
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Statement> statement,
      database->Prepare("INSERT INTO installation VALUES($1)"));
  statement->BindBytes(1, installation);
  SUBROSA_RETURN_IF_ERROR(statement->Run());
  SUBROSA_ASSIGN_OR_RETURN(
      statement,
      database->Prepare("INSERT INTO entity(number, slug, erasures, clock_day)"
                        " VALUES(1, $1, 0, $2)"));
  statement->BindText(1, entity);
  statement->BindInt(2, DayOf(clock.Now()));
  SUBROSA_RETURN_IF_ERROR(statement->Run());
  SUBROSA_ASSIGN_OR_RETURN(
      statement,
      database->Prepare("INSERT INTO epoch(entity, epoch, opened_day,"
                        " working_key, inner_key, suppression_key)"
                        " VALUES(1, $1, $2, $3, $4, $5)"));
  statement->BindInt(1, kFirstEpoch);
  statement->BindInt(2, DayOf(clock.Now()));
  statement->BindBytes(3, sealed_working_key);
  statement->BindBytes(4, wrapped.inner);
  statement->BindBytes(5, wrapped.suppression);
  SUBROSA_RETURN_IF_ERROR(statement->Run());
  {
    SUBROSA_ASSIGN_OR_RETURN(Outbox outbox, Outbox::Open(*database));
    Leaf leaf = NewLeaf(LeafKind::kEpochOpened, DayOf(clock.Now()));
    leaf.numbers = {kFirstEpoch};
    SUBROSA_RETURN_IF_ERROR(AppendLeaf(leaf, 0, outbox).status());
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  statement.reset();
  return Open(std::move(database), provider, clock);
}

absl::StatusOr<std::unique_ptr<KeyStore>> KeyStore::Open(
    std::unique_ptr<Connection> database, KeyProvider& provider,
    const Clock& clock) {
  SUBROSA_RETURN_IF_ERROR(
      Migrate(*database, "key store", KeyStoreMigrations()));
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Statement> statement,
      database->Prepare("SELECT slug, number, id FROM installation, entity"));
  SUBROSA_ASSIGN_OR_RETURN(const bool found, statement->Step());
  if (!found) {
    return absl::NotFoundError(
        "key store: want an entity, got none; `subrosa init` makes one");
  }
  const std::string entity(statement->ColumnBytes(0));
  const int64_t entity_number = statement->ColumnInt(1);
  std::string installation(statement->ColumnBytes(2));
  statement.reset();
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Epochs> epochs,
      Epochs::Open(*database, provider, entity, entity_number));
  auto store = std::unique_ptr<KeyStore>(new KeyStore(
      std::move(database), provider, entity, std::move(installation),
      entity_number, std::move(epochs), clock));
  SUBROSA_RETURN_IF_ERROR(store->PrepareStatements());
  return store;
}

absl::Status KeyStore::PrepareStatements() {
  SUBROSA_ASSIGN_OR_RETURN(outbox_, Outbox::Open(*database_));
  SUBROSA_ASSIGN_OR_RETURN(
      directory_,
      ConsumerDirectory::Open(*database_, *epochs_, entity_number_));
  consumer_keys_.emplace(*database_, *epochs_, entity_number_, clock_);
  SUBROSA_RETURN_IF_ERROR(consumer_keys_->Prepare());
  SUBROSA_ASSIGN_OR_RETURN(erasure_count_,
                           ErasureCount::Open(*database_, entity_number_));
  SUBROSA_ASSIGN_OR_RETURN(
      find_suppressed_,
      database_->Prepare(
          "SELECT 1 FROM suppression WHERE entity = $1 AND token = $2"));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> KeyStore::Find(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::shared_ptr<const ConsumerHandle> found,
                           FindShared(consumer));
  return std::make_unique<ConsumerHandle>(*found);
}

absl::StatusOr<std::shared_ptr<const ConsumerHandle>> KeyStore::FindShared(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures, ReadErasureCount());
  return FindAt(consumer, erasures);
}

absl::StatusOr<std::shared_ptr<const ConsumerHandle>> KeyStore::FindAt(
    absl::string_view consumer, int64_t erasures) {
  const std::string inner_token = epochs_->enabled().InnerToken(consumer);
  const absl::Time now = clock_.Now();
  if (std::shared_ptr<const ConsumerHandle> known =
          resolved_.Find(inner_token, erasures, now)) {
    return known;
  }
  SUBROSA_ASSIGN_OR_RETURN(std::shared_ptr<const ConsumerHandle> found,
                           FindByToken(inner_token));
  resolved_.Insert(inner_token, found, erasures, now);
  return found;
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> KeyStore::FindByToken(
    absl::string_view inner_token) {
  SUBROSA_ASSIGN_OR_RETURN(const DirectoryPointer pointer,
                           directory_->Find(inner_token));
  return Resolve(pointer);
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> KeyStore::Resolve(
    const DirectoryPointer& pointer) {
  return consumer_keys_->Resolve(pointer);
}

absl::StatusOr<bool> KeyStore::IsSuppressed(absl::string_view inner_token) {
  const std::string token = epochs_->enabled().SuppressionToken(inner_token);
  find_suppressed_->BindInt(1, entity_number_);
  find_suppressed_->BindBytes(2, token);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find_suppressed_->Step());
  find_suppressed_->Reset();
  return found;
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> KeyStore::Create(
    absl::string_view inner_token) {
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, SecretKey::Random());
  DirectoryPointer pointer;
  pointer.inner_token = std::string(inner_token);
  pointer.data_ref = RandomBytes(kReferenceBytes);
  pointer.consumer_ref = RandomBytes(kReferenceBytes);
  RandomBytes(kReferenceBytes)
      .copy(reinterpret_cast<char*>(pointer.key_id.data()), kReferenceBytes);
  KeyRef ref;
  ref.id = pointer.key_id;
  ref.version = kFirstKeyVersion;

  SUBROSA_RETURN_IF_ERROR(directory_->Insert(pointer));

  SUBROSA_RETURN_IF_ERROR(consumer_keys_->Insert(ref, key, /*carried=*/""));
  auto consumer = std::make_unique<ConsumerHandle>();
  consumer->data_ref = std::move(pointer.data_ref);
  consumer->consumer_ref = std::move(pointer.consumer_ref);
  consumer->key_ref = ref;
  consumer->key = std::make_shared<const SecretKey>(std::move(key));
  consumer->is_new = true;
  return consumer;
}

absl::StatusOr<std::vector<Resolved>> KeyStore::FindOrCreate(
    absl::Span<const std::string> consumers, MayMake may_make) {
  std::vector<Resolved> resolved(consumers.size());
  std::vector<size_t> missing;
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures, ReadErasureCount());
  for (size_t i = 0; i < consumers.size(); ++i) {
    const absl::StatusOr<std::shared_ptr<const ConsumerHandle>> found =
        FindAt(consumers[i], erasures);
    if (found.ok()) {
      resolved[i].consumer = std::make_unique<ConsumerHandle>(**found);
    } else if (absl::IsNotFound(found.status())) {
      if (may_make(i)) missing.push_back(i);
    } else {
      return found.status();
    }
  }
  if (missing.empty()) return resolved;

  // Within the transaction each is looked for again: another process may have
  // made or erased the consumer meanwhile, and an id may stand here twice.
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*database_));
  // New keys go into the epoch that is enabled now.
  SUBROSA_RETURN_IF_ERROR(epochs_->Refresh().status());
  uint64_t made = 0;
  for (const size_t i : missing) {
    const std::string inner_token = epochs_->enabled().InnerToken(consumers[i]);
    SUBROSA_ASSIGN_OR_RETURN(const bool suppressed, IsSuppressed(inner_token));
    if (suppressed) continue;
    absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        FindByToken(inner_token);
    if (absl::IsNotFound(consumer.status())) {
      consumer = Create(inner_token);
      ++made;
    }
    if (!consumer.ok()) return consumer.status();
    resolved[i].consumer = *std::move(consumer);
  }
  if (made > 0) {
    Leaf leaf = NewLeaf(LeafKind::kConsumerKeysMade, DayOf(clock_.Now()));
    leaf.numbers = {made};
    SUBROSA_RETURN_IF_ERROR(AppendLeaf(leaf, 0, *outbox_).status());
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return resolved;
}

void KeyStore::DropKeys() {
  consumer_keys_->Clear();
  resolved_.Clear();
}

absl::StatusOr<DestroyedKey> KeyStore::Erase(absl::string_view consumer,
                                             int64_t records_seen) {
  SUBROSA_ASSIGN_OR_RETURN(const std::shared_ptr<const ConsumerHandle> handle,
                           FindShared(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const PreparedErasure prepared,
                           PrepareErasure(consumer, *handle));
  SUBROSA_ASSIGN_OR_RETURN(std::vector<std::optional<DestroyedKey>> destroyed,
                           EraseAll({prepared}, records_seen));
  if (!destroyed.front().has_value()) {
    return absl::NotFoundError("consumer: want one that is known, got another");
  }
  return *std::move(destroyed.front());
}

absl::StatusOr<PreparedErasure> KeyStore::PrepareErasure(
    absl::string_view consumer, const ConsumerHandle& handle) {
  return ConsumerErasure(Tables(), *outbox_, clock_, entity_)
      .Prepare(consumer, handle);
}

absl::StatusOr<std::vector<std::optional<DestroyedKey>>> KeyStore::EraseAll(
    absl::Span<const PreparedErasure> erasures, int64_t records_seen) {
  return EraseChosen(
      [erasures]() -> absl::StatusOr<absl::Span<const PreparedErasure>> {
        return erasures;
      },
      records_seen);
}

absl::StatusOr<std::vector<std::optional<DestroyedKey>>> KeyStore::EraseChosen(
    ConsumerErasure::Chooser choose, int64_t records_seen) {
  absl::StatusOr<std::vector<std::optional<DestroyedKey>>> destroyed =
      ConsumerErasure(Tables(), *outbox_, clock_, entity_)
          .Run(choose, records_seen);
  DropKeys();
  return destroyed;
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> KeyStore::AddVersion(
    absl::string_view consumer, absl::string_view selection,
    int64_t records_seen) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*database_));
  SUBROSA_RETURN_IF_ERROR(epochs_->Refresh().status());
  SUBROSA_ASSIGN_OR_RETURN(
      const DirectoryPointer pointer,
      directory_->Find(epochs_->enabled().InnerToken(consumer)));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> present,
                           consumer_keys_->Resolve(pointer));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<ConsumerHandle> next,
                           AddKeyVersion(Tables(), pointer, *present, selection,
                                         DayOf(clock_.Now())));
  Leaf leaf = NewLeaf(LeafKind::kConsumerKeysMade, DayOf(clock_.Now()));
  leaf.numbers = {1};
  SUBROSA_RETURN_IF_ERROR(AppendLeaf(leaf, records_seen, *outbox_).status());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return next;
}

absl::Status KeyStore::DestroyVersion(const KeyRef& ref, int64_t records_seen) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*database_));
  SUBROSA_RETURN_IF_ERROR(epochs_->Refresh().status());
  DirectoryPointer pointer;
  pointer.key_id = ref.id;
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> consumer,
                           consumer_keys_->Resolve(pointer));
  if (consumer->older.empty() ||
      consumer->older.back().ref.version != ref.version) {
    return absl::NotFoundError(
        "key store: want the oldest version of a consumer's key, got another");
  }
  const OlderKey& oldest = consumer->older.back();
  SUBROSA_RETURN_IF_ERROR(
      RemoveKeyVersion(Tables(), ref, oldest.data_ref, DayOf(clock_.Now())));
  Leaf leaf = NewLeaf(LeafKind::kKeyVersionDestroyed, DayOf(clock_.Now()));
  leaf.commitments.push_back(KeyTombstoneOf(*oldest.key, ref));
  SUBROSA_RETURN_IF_ERROR(AppendLeaf(leaf, records_seen, *outbox_).status());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  DropKeys();
  return Annotate(database_->FlushJournal(kJournalPatience),
                  "key store: the key's version is gone, but its journal could "
                  "not be emptied");
}

absl::StatusOr<std::vector<std::string>> KeyStore::DueDeletions() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> statement,
      database_->Prepare(
          "SELECT data_ref FROM due_deletion WHERE entity = $1"));
  statement->BindInt(1, entity_number_);
  std::vector<std::string> due;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, statement->Step());
    if (!found) return due;
    due.emplace_back(statement->ColumnBytes(0));
  }
}

absl::Status KeyStore::ForgetDueDeletions(int32_t before_day) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> statement,
      database_->Prepare(
          "DELETE FROM due_deletion WHERE entity = $1 AND day < $2"));
  statement->BindInt(1, entity_number_);
  statement->BindInt(2, before_day);
  return statement->Run();
}

}  // namespace subrosa
