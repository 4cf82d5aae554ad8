#include "src/vault/consumer_keys.h"

#include <cstddef>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/length_prefixed.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/crypto/sealed_value.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

constexpr uint32_t kFirstKeyVersion = 1;

// Bounds on the consumers' keys that are open in memory.
constexpr size_t kOpenedKeys = 16384;
constexpr absl::Duration kOpenedFor = absl::Minutes(5);

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

std::string DataRefOf(const SecretKey& key) {
  const auto output = Prf(key, "data ref", {});
  return std::string(reinterpret_cast<const char*>(output.data()),
                     kReferenceBytes);
}

// Without the epoch: a rotation leaves it as it stands.
std::string BesideContext(absl::string_view entity, const KeyRef& ref) {
  return LengthPrefixed({"subrosa part erasure", entity, View(ref.id),
                         absl::StrCat(ref.version)});
}

absl::Status LostVersion() {
  return absl::DataLossError(
      "key store: a version of a consumer's key: want the one before it and "
      "what stands beside, got another; the file was changed or damaged");
}

}  // namespace

ConsumerKeys::ConsumerKeys(Connection& database, Epochs& epochs,
                           int64_t entity_number, const Clock& clock)
    : database_(database),
      epochs_(epochs),
      entity_number_(entity_number),
      clock_(clock),
      opened_(kOpenedKeys, kOpenedFor) {}

absl::Status ConsumerKeys::Prepare() {
  SUBROSA_ASSIGN_OR_RETURN(
      find_,
      database_.Prepare("SELECT version, epoch, wrapped, carried"
                        " FROM consumer_key WHERE entity = $1 AND key_id = $2"
                        " ORDER BY version DESC"));
  SUBROSA_ASSIGN_OR_RETURN(
      insert_, database_.Prepare(
                   "INSERT INTO consumer_key(entity, key_id, version, epoch,"
                   " wrapped, carried) VALUES($1, $2, $3, $4, $5, $6)"));
  SUBROSA_ASSIGN_OR_RETURN(
      find_beside_, database_.Prepare("SELECT version, job FROM part_erasure"
                                      " WHERE entity = $1 AND key_id = $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      remove_, database_.Prepare("DELETE FROM consumer_key"
                                 " WHERE entity = $1 AND key_id = $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      remove_beside_, database_.Prepare("DELETE FROM part_erasure"
                                        " WHERE entity = $1 AND key_id = $2"));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> ConsumerKeys::Resolve(
    const DirectoryPointer& pointer) {
  struct Row {
    KeyRef ref;
    uint32_t epoch;
    std::string wrapped;
    std::string carried;
  };
  std::vector<Row> rows;
  find_->BindInt(1, entity_number_);
  find_->BindBytes(2, View(pointer.key_id));
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, find_->Step());
    if (!found) break;
    Row& row = rows.emplace_back();
    row.ref = {pointer.key_id, static_cast<uint32_t>(find_->ColumnInt(0))};
    row.epoch = static_cast<uint32_t>(find_->ColumnInt(1));
    row.wrapped = std::string(find_->ColumnBytes(2));
    row.carried = std::string(find_->ColumnBytes(3));
  }
  if (rows.empty()) {
    return absl::NotFoundError(
        "consumer: want one that is held here, got none");
  }
  auto consumer = std::make_unique<ConsumerHandle>();
  for (Row& row : rows) {
    const std::string name = absl::StrCat(View(row.ref.id), row.ref.version);
    std::shared_ptr<const SecretKey> key = opened_.Find(name, clock_.Now());
    if (key == nullptr) {
      SUBROSA_ASSIGN_OR_RETURN(SecretKey unwrapped,
                               Unwrap(row.ref, row.epoch, row.wrapped));
      key = opened_.Insert(name, std::move(unwrapped), clock_.Now());
    }
    if (consumer->key == nullptr) {
      consumer->key_ref = row.ref;
      consumer->key = std::move(key);
      consumer->carried = std::move(row.carried);
    } else {
      consumer->older.push_back({row.ref, std::move(key), "", ""});
    }
  }
  consumer->consumer_ref = pointer.consumer_ref;
  // The pointer may have been read before a newer version was made, and the
  // keys after it.
  consumer->data_ref = consumer->key_ref.version == kFirstKeyVersion
                           ? pointer.data_ref
                           : DataRefOf(*consumer->key);
  if (!consumer->older.empty()) {
    SUBROSA_RETURN_IF_ERROR(ReadBeside(consumer.get()));
  }
  return consumer;
}

absl::Status ConsumerKeys::ReadBeside(ConsumerHandle* consumer) {
  std::map<uint32_t, std::string> beside;
  find_beside_->BindInt(1, entity_number_);
  find_beside_->BindBytes(2, View(consumer->key_ref.id));
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, find_beside_->Step());
    if (!found) break;
    beside[static_cast<uint32_t>(find_beside_->ColumnInt(0))] =
        std::string(find_beside_->ColumnBytes(1));
  }
  const SecretKey* next = consumer->key.get();
  uint32_t next_version = consumer->key_ref.version;
  for (size_t i = 0; i < consumer->older.size(); ++i) {
    OlderKey& older = consumer->older[i];
    const auto sealed = beside.find(older.ref.version);
    if (sealed == beside.end()) {
      // The oldest go first.
      consumer->older.resize(i);
      break;
    }
    if (older.ref.version + 1 != next_version) return LostVersion();
    const absl::StatusOr<std::string> opened =
        OpenValue(*next, BesideContext(epochs_.enabled().entity(), older.ref),
                  sealed->second);
    if (!opened.ok() || opened->size() < kReferenceBytes) return LostVersion();
    older.data_ref = opened->substr(0, kReferenceBytes);
    older.selection = opened->substr(kReferenceBytes);
    next = older.key.get();
    next_version = older.ref.version;
  }
  return absl::OkStatus();
}

absl::StatusOr<SecretKey> ConsumerKeys::Unwrap(const KeyRef& ref,
                                               uint32_t epoch,
                                               absl::string_view wrapped) {
  const EntityKeys* keys = epochs_.Find(epoch);
  if (keys == nullptr) {
    SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
    keys = epochs_.Find(epoch);
  }
  if (keys == nullptr) {
    return absl::DataLossError(absl::StrCat(
        "key store: a consumer's key: want an open epoch, got ", epoch));
  }
  return keys->UnwrapConsumerKey(ref, wrapped);
}

absl::Status ConsumerKeys::Insert(const KeyRef& ref, const SecretKey& key,
                                  absl::string_view carried) {
  const EntityKeys& keys = epochs_.enabled();
  SUBROSA_ASSIGN_OR_RETURN(const std::string wrapped,
                           keys.WrapConsumerKey(ref, key));
  insert_->BindInt(1, entity_number_);
  insert_->BindBytes(2, View(ref.id));
  insert_->BindInt(3, ref.version);
  insert_->BindInt(4, keys.epoch());
  insert_->BindBytes(5, wrapped);
  insert_->BindBytes(6, carried);
  return insert_->Run();
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> ConsumerKeys::InsertNext(
    const ConsumerHandle& consumer, absl::string_view selection,
    int32_t today) {
  const std::string& entity = epochs_.enabled().entity();
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, SecretKey::Random());
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           StableSecretOf(entity, consumer));
  auto next = std::make_unique<ConsumerHandle>(consumer);
  ++next->key_ref.version;
  next->data_ref = DataRefOf(key);
  SUBROSA_ASSIGN_OR_RETURN(
      next->carried, CarryStableSecret(entity, secret, next->key_ref, key));
  SUBROSA_RETURN_IF_ERROR(Insert(next->key_ref, key, next->carried));

  SUBROSA_ASSIGN_OR_RETURN(
      const std::string job,
      SealValue(key, BesideContext(entity, consumer.key_ref),
                absl::StrCat(consumer.data_ref, selection)));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_.Prepare("INSERT INTO part_erasure(entity, key_id, version,"
                        " begun_day, destroy_day, job)"
                        " VALUES($1, $2, $3, $4, 0, $5)"));
  insert->BindInt(1, entity_number_);
  insert->BindBytes(2, View(consumer.key_ref.id));
  insert->BindInt(3, consumer.key_ref.version);
  insert->BindInt(4, today);
  insert->BindBytes(5, job);
  SUBROSA_RETURN_IF_ERROR(insert->Run());

  next->older.insert(next->older.begin(),
                     {consumer.key_ref, consumer.key, consumer.data_ref,
                      std::string(selection)});
  next->key = std::make_shared<const SecretKey>(std::move(key));
  return next;
}

absl::StatusOr<std::vector<RetiringKey>> ConsumerKeys::ReadRetiring() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT key_id, version, begun_day, destroy_day"
                        " FROM part_erasure WHERE entity = $1"
                        " ORDER BY key_id, version"));
  read->BindInt(1, entity_number_);
  std::vector<RetiringKey> retiring;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return retiring;
    RetiringKey& key = retiring.emplace_back();
    read->ColumnBytes(0).copy(reinterpret_cast<char*>(key.ref.id.data()),
                              key.ref.id.size());
    key.ref.version = static_cast<uint32_t>(read->ColumnInt(1));
    key.begun_day = static_cast<int32_t>(read->ColumnInt(2));
    key.destroy_day = static_cast<int32_t>(read->ColumnInt(3));
  }
}

absl::Status ConsumerKeys::SetDestroyDay(const KeyRef& ref,
                                         int32_t destroy_day) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_.Prepare("UPDATE part_erasure SET destroy_day = $1"
                        " WHERE entity = $2 AND key_id = $3 AND version = $4"));
  update->BindInt(1, destroy_day);
  update->BindInt(2, entity_number_);
  update->BindBytes(3, View(ref.id));
  update->BindInt(4, ref.version);
  return update->Run();
}

absl::Status ConsumerKeys::Remove(const KeyRef& ref) {
  for (const absl::string_view table : {"consumer_key", "part_erasure"}) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> remove,
        database_.Prepare(absl::StrCat(
            "DELETE FROM ", table,
            " WHERE entity = $1 AND key_id = $2 AND version = $3")));
    remove->BindInt(1, entity_number_);
    remove->BindBytes(2, View(ref.id));
    remove->BindInt(3, ref.version);
    SUBROSA_RETURN_IF_ERROR(remove->Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ConsumerKeys::HasRetiring(const KeyId& id) {
  find_beside_->BindInt(1, entity_number_);
  find_beside_->BindBytes(2, View(id));
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find_beside_->Step());
  find_beside_->Reset();
  return found;
}

absl::Status ConsumerKeys::RemoveAll(const KeyId& id) {
  for (Statement* const remove : {remove_.get(), remove_beside_.get()}) {
    remove->BindInt(1, entity_number_);
    remove->BindBytes(2, View(id));
    SUBROSA_RETURN_IF_ERROR(remove->Run());
  }
  return absl::OkStatus();
}

}  // namespace subrosa
