#include "src/vault/store_facts.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/migrations.h"
#include "src/store/outbox.h"
#include "src/vault/epochs.h"
#include "src/vault/key_store_schema.h"
#include "src/vault/record_store_schema.h"

namespace subrosa {
namespace {

absl::StatusOr<StoreKind> ParseKind(absl::string_view name) {
  for (const StoreKind kind : {StoreKind::kKeys, StoreKind::kRecords}) {
    if (name == StoreKindName(kind)) return kind;
  }
  return absl::NotFoundError(
      "database: want a key store or a record store, got another");
}

absl::Status ReadOutbox(Connection& database, StoreFacts* facts) {
  SUBROSA_ASSIGN_OR_RETURN(Outbox outbox, Outbox::Open(database));
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState state, outbox.ReadState());
  facts->log_size = state.log_size;
  SUBROSA_ASSIGN_OR_RETURN(facts->issued, outbox.ReadIssued());
  facts->waiting = facts->issued - state.sequenced;
  SUBROSA_ASSIGN_OR_RETURN(facts->seen, outbox.ReadMaxSeen());
  return absl::OkStatus();
}

absl::Status ReadEpoch(Connection& database, StoreFacts* facts) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database.Prepare("SELECT max(epoch), max(key_backup_days),"
                       " (SELECT slug FROM entity) FROM epoch, entity"
                       " WHERE epoch.entity = number AND state = $1"));
  read->BindInt(1, static_cast<int64_t>(EpochState::kEnabled));
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  facts->epoch = static_cast<uint32_t>(read->ColumnInt(0));
  facts->key_backup_days = static_cast<int32_t>(read->ColumnInt(1));
  facts->entity = std::string(read->ColumnBytes(2));
  read->Reset();
  return absl::OkStatus();
}

}  // namespace

absl::string_view StoreKindName(StoreKind kind) {
  return kind == StoreKind::kKeys ? "key store" : "record store";
}

absl::StatusOr<StoreFacts> ReadStoreFacts(Connection& database) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(database));
  SUBROSA_ASSIGN_OR_RETURN(const SchemaVersion schema,
                           ReadSchemaVersion(database));
  StoreFacts facts;
  SUBROSA_ASSIGN_OR_RETURN(facts.kind, ParseKind(schema.kind));
  facts.version = schema.version;
  facts.newest_version = static_cast<int64_t>((facts.kind == StoreKind::kKeys
                                                   ? KeyStoreMigrations()
                                                   : RecordStoreMigrations())
                                                  .size());
  if (facts.version > facts.newest_version) {
    return absl::FailedPreconditionError(absl::StrCat(
        schema.kind, ": want version ", facts.newest_version, " or less, got ",
        facts.version, "; a newer subrosa wrote it: use that one"));
  }
  {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> read,
                             database.Prepare("SELECT id FROM installation"));
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (found) facts.installation = std::string(read->ColumnBytes(0));
    read->Reset();
  }
  if (!facts.is_up_to_date()) return facts;
  SUBROSA_RETURN_IF_ERROR(ReadOutbox(database, &facts));
  if (facts.kind == StoreKind::kKeys) {
    SUBROSA_RETURN_IF_ERROR(ReadEpoch(database, &facts));
  }
  return facts;
}

absl::Status CheckPair(const StoreFacts& keys, const StoreFacts& records) {
  if (keys.installation != records.installation) {
    return absl::FailedPreconditionError(
        "record store: want the one made together with the key store, got "
        "another installation's");
  }
  if (!keys.is_up_to_date() || !records.is_up_to_date()) {
    return absl::OkStatus();
  }
  if (records.log_size > keys.log_size || records.seen > keys.issued) {
    return absl::FailedPreconditionError(
        absl::StrCat("key store: want one as new as the record store, which "
                     "knows a log of ",
                     records.log_size, " leaves, got an older one that knows ",
                     keys.log_size,
                     ": records of consumers who came in between would be "
                     "lost"));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
