#include "tests/forensics/old_copies.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_store.h"
#include "src/vault/key_tables.h"
#include "src/vault/record_row.h"
#include "src/vault/record_store.h"
#include "src/vault/sealed_row.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

absl::StatusOr<std::unique_ptr<Connection>> OpenCopy(const std::string& path) {
  SqliteOptions options;
  options.read_only = true;
  return OpenSqlite(path, options);
}

class Intruder {
 public:
  Intruder(const OldCopies& copies, KeyProvider& provider, const Clock& clock)
      : copies_(copies), provider_(provider), clock_(clock) {}

  absl::StatusOr<OldCopiesReport> Run() {
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> present,
                             OpenSqlite(copies_.present_keys_file, {}));
    SUBROSA_ASSIGN_OR_RETURN(
        present_, KeyStore::Open(std::move(present), provider_, clock_));
    SUBROSA_ASSIGN_OR_RETURN(copy_, OpenCopy(copies_.keys_file));
    SUBROSA_RETURN_IF_ERROR(TakePresentKeys());
    SUBROSA_RETURN_IF_ERROR(OpenEpochs());
    SUBROSA_RETURN_IF_ERROR(OpenConsumerKeys());
    SUBROSA_RETURN_IF_ERROR(FindConsumer());
    SUBROSA_RETURN_IF_ERROR(OpenRows());
    OpenAsHome();
    return report_;
  }

 private:
  absl::Status TakePresentKeys() {
    return VisitConsumerKeys(
        present_->Tables(),
        [&](const KeyRef&, const SecretKey& key, absl::string_view) {
          keys_.push_back(key.Clone().value());
          return absl::OkStatus();
        });
  }

  // Each sealed working key of the copy, with each object there is.
  absl::Status OpenEpochs() {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochObject> objects,
                             provider_.ListEpochs(present_->entity()));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> rows,
        copy_->Prepare("SELECT epoch, working_key, inner_key, suppression_key"
                       " FROM epoch"));
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, rows->Step());
      if (!found) return absl::OkStatus();
      const auto epoch = static_cast<uint32_t>(rows->ColumnInt(0));
      WrappedEntityKeys wrapped;
      wrapped.inner = std::string(rows->ColumnBytes(2));
      wrapped.suppression = std::string(rows->ColumnBytes(3));
      for (const EpochObject& object : objects) {
        absl::StatusOr<SecretKey> working = provider_.OpenEpoch(
            present_->entity(), object.epoch, rows->ColumnBytes(1));
        if (!working.ok()) continue;
        ++report_.epochs_opened;
        absl::StatusOr<EntityKeys> keys = EntityKeys::Open(
            *std::move(working), present_->entity(), epoch, wrapped);
        if (keys.ok()) entity_keys_.push_back(*std::move(keys));
      }
    }
  }

  // Those that he has opened, and those of the present.
  std::vector<const EntityKeys*> AllEntityKeys() {
    std::vector<const EntityKeys*> all =
        present_->Tables().epochs.NewestFirst();
    for (const EntityKeys& keys : entity_keys_) all.push_back(&keys);
    return all;
  }

  absl::Status OpenConsumerKeys() {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> rows,
        copy_->Prepare("SELECT key_id, version, wrapped FROM consumer_key"));
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, rows->Step());
      if (!found) return absl::OkStatus();
      KeyRef ref;
      rows->ColumnBytes(0).copy(reinterpret_cast<char*>(ref.id.data()),
                                ref.id.size());
      ref.version = static_cast<uint32_t>(rows->ColumnInt(1));
      for (const EntityKeys* keys : AllEntityKeys()) {
        absl::StatusOr<SecretKey> key =
            keys->UnwrapConsumerKey(ref, rows->ColumnBytes(2));
        if (!key.ok()) continue;
        ++report_.keys_opened;
        keys_.push_back(*std::move(key));
      }
    }
  }

  // The inner token is the same in all epochs, and so he has the consumer's.
  absl::Status FindConsumer() {
    for (const EntityKeys* keys : AllEntityKeys()) {
      const std::string token =
          keys->DirectoryToken(keys->InnerToken(copies_.consumer));
      for (const char* table : {"directory_odd", "directory_even"}) {
        SUBROSA_ASSIGN_OR_RETURN(
            const std::unique_ptr<Statement> find,
            copy_->Prepare(
                absl::StrCat("SELECT 1 FROM ", table, " WHERE token = $1")));
        find->BindBytes(1, token);
        SUBROSA_ASSIGN_OR_RETURN(const bool found, find->Step());
        report_.consumer_found = report_.consumer_found || found;
      }
    }
    return absl::OkStatus();
  }

  absl::Status OpenRows() {
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> database,
                             OpenCopy(copies_.records_file));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<RecordStore> records,
        RecordStore::Open(std::move(database), present_->entity(),
                          present_->installation()));
    std::string data_ref;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(data_ref, records->NextDataRef(data_ref));
      if (data_ref.empty()) return absl::OkStatus();
      SUBROSA_RETURN_IF_ERROR(
          records->VisitRevisions(data_ref, [&](const RecordRow& row) {
            TryKeys(row);
            return absl::OkStatus();
          }));
    }
  }

  void TryKeys(const RecordRow& row) {
    std::string plaintext;
    for (const SecretKey& key : keys_) {
      ++report_.tries;
      if (!OpenRow(present_->entity(), key, row, &plaintext).ok()) continue;
      v1::HealthRecord record;
      if (record.ParseFromString(plaintext) &&
          record.consumer() == copies_.consumer) {
        ++report_.rows_opened;
        return;
      }
    }
  }

  void OpenAsHome() {
    auto keys = OpenCopy(copies_.keys_file);
    auto records = OpenCopy(copies_.records_file);
    if (!keys.ok() || !records.ok()) return;
    const auto vault =
        Vault::Open(*std::move(keys), *std::move(records), provider_, clock_);
    report_.home_opens = vault.ok();
  }

  const OldCopies& copies_;
  KeyProvider& provider_;
  const Clock& clock_;
  std::unique_ptr<KeyStore> present_;
  std::unique_ptr<Connection> copy_;
  std::vector<EntityKeys> entity_keys_;
  std::vector<SecretKey> keys_;  // Consumers', of the copy and of the present.
  OldCopiesReport report_;
};

}  // namespace

absl::StatusOr<OldCopiesReport> OpenOldCopies(const OldCopies& copies,
                                              KeyProvider& provider,
                                              const Clock& clock) {
  return Intruder(copies, provider, clock).Run();
}

}  // namespace subrosa
