#include "src/vault/vault.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/vault/choice_states.h"
#include "src/vault/record_refs.h"
#include "src/vault/resealer.h"
#include "src/vault/sealed_row.h"

namespace subrosa {
namespace {

// How long rows may come late from a put that an erasure overtook and a crash
// then kept from taking them back. Their references are forgotten after it.
constexpr int32_t kLateRowDays = 30;

// Consumers whose choices are forgotten in one transaction.
constexpr size_t kForgottenAtOnce = 1000;

// Enough that no two consumers of a recipient share one.
constexpr size_t kPseudonymBytes = 16;

absl::Status LostRecord() {
  return absl::DataLossError(
      "record store: a record opens and is none; the file was changed or "
      "damaged");
}

std::string Short(const std::array<uint8_t, kPrfBytes>& output, size_t size) {
  return std::string(reinterpret_cast<const char*>(output.data()), size);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Vault>> Vault::Create(
    std::unique_ptr<Connection> key_database,
    std::unique_ptr<Connection> record_database, KeyProvider& provider,
    const Clock& clock, absl::string_view entity) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<KeyStore> keys,
      KeyStore::Create(std::move(key_database), provider, entity, clock));
  return Assemble(std::move(keys), std::move(record_database), provider, clock);
}

absl::StatusOr<std::unique_ptr<Vault>> Vault::Open(
    std::unique_ptr<Connection> key_database,
    std::unique_ptr<Connection> record_database, KeyProvider& provider,
    const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<KeyStore> keys,
      KeyStore::Open(std::move(key_database), provider, clock));
  return Assemble(std::move(keys), std::move(record_database), provider, clock);
}

absl::StatusOr<std::unique_ptr<Vault>> Vault::Assemble(
    std::unique_ptr<KeyStore> keys, std::unique_ptr<Connection> record_database,
    KeyProvider& provider, const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<RecordStore> records,
      RecordStore::Open(std::move(record_database), keys->entity(),
                        keys->installation()));
  auto vault = std::unique_ptr<Vault>(
      new Vault(std::move(keys), std::move(records), provider, clock));
  SUBROSA_ASSIGN_OR_RETURN(vault->index_writer_,
                           IndexWriter::Open(vault->keys_->Tables()));
  vault->putter_ = std::make_unique<RecordPutter>(
      *vault->keys_, *vault->records_, *vault->index_writer_, clock);
  return vault;
}

absl::Status Vault::FinishErasures() {
  SUBROSA_RETURN_IF_ERROR(Sweep().Finish().status());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> erased,
                           keys_->DueDeletions());
  SUBROSA_RETURN_IF_ERROR(ForgetChoicesOf(erased));
  SUBROSA_RETURN_IF_ERROR(
      keys_->ForgetDueDeletions(DayOf(clock_.Now()) - kLateRowDays));
  return FinishPartErasures();
}

absl::Status Vault::ForgetChoicesOf(
    absl::Span<const std::string> consumer_refs) {
  for (size_t at = 0; at < consumer_refs.size(); at += kForgottenAtOnce) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records_->Begin());
    SUBROSA_RETURN_IF_ERROR(
        ForgetChoices(*records_, consumer_refs.subspan(at, kForgottenAtOnce)));
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  return absl::OkStatus();
}

absl::Status Vault::OpenRecord(const SecretKey& key, const RecordRow& row,
                               v1::HealthRecord* record) {
  SUBROSA_RETURN_IF_ERROR(OpenRow(entity(), key, row, &plaintext_));
  return record->ParseFromString(plaintext_) ? absl::OkStatus() : LostRecord();
}

absl::StatusOr<bool> Vault::GetOf(const ConsumerHandle& consumer,
                                  absl::string_view source,
                                  absl::string_view id, Found* found) {
  const auto find = [&](const SecretKey& key, absl::string_view data_ref) {
    return records_->ReadNewest(data_ref, RecordRefOfId(key, source, id),
                                &row_);
  };
  const SecretKey* key = consumer.key.get();
  SUBROSA_ASSIGN_OR_RETURN(bool is_found, find(*key, consumer.data_ref));
  for (auto older = consumer.older.begin();
       !is_found && older != consumer.older.end(); ++older) {
    key = older->key.get();
    SUBROSA_ASSIGN_OR_RETURN(is_found, find(*key, older->data_ref));
    if (!is_found) continue;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_erased,
                             IsErased(consumer, *older, row_));
    if (is_erased) return false;
  }
  if (!is_found) return false;
  found->facts = row_.facts;
  SUBROSA_RETURN_IF_ERROR(OpenRecord(*key, row_, &found->record));
  return true;
}

absl::StatusOr<Vault::Found> Vault::Get(absl::string_view consumer,
                                        absl::string_view source,
                                        absl::string_view id) {
  SUBROSA_ASSIGN_OR_RETURN(std::shared_ptr<const ConsumerHandle> handle,
                           keys_->FindShared(consumer));
  for (;;) {
    Found found;
    SUBROSA_ASSIGN_OR_RETURN(
        const bool is_found,
        id.empty() ? false : GetOf(*handle, source, id, &found));
    if (is_found) return found;
    // It may just have been resealed under a version that is newer.
    SUBROSA_ASSIGN_OR_RETURN(std::shared_ptr<const ConsumerHandle> now,
                             keys_->FindShared(consumer));
    if (now->key_ref.version == handle->key_ref.version) {
      return absl::NotFoundError(
          "record: want one that is held of this consumer, got none");
    }
    handle = std::move(now);
  }
}

absl::StatusOr<std::string> Vault::PseudonymOf(absl::string_view consumer,
                                               absl::string_view recipient,
                                               absl::string_view period) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           keys_->StableSecretOf(*handle));
  return absl::BytesToHexString(
      Short(Prf(secret, "pseudonym", {recipient, period}), kPseudonymBytes));
}

// In what follows the rows are those of one instant, and the keys are read
// after it: whatever stands then is under one of them.
absl::Status Vault::Scan(absl::string_view consumer, RecordVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           records_->BeginReading());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  return ScanRecords(*handle, /*schema=*/"", visit);
}

class Vault::Snapshot final : public ConsumerSnapshot {
 public:
  Snapshot(Vault& vault, const ConsumerHandle& consumer)
      : vault_(vault), consumer_(consumer) {}

  absl::Status Scan(absl::string_view schema,
                    RecordVisitor visit) const override {
    return vault_.ScanRecords(consumer_, schema, visit);
  }

 private:
  Vault& vault_;
  const ConsumerHandle& consumer_;
};

absl::Status Vault::ReadAtOneInstant(
    absl::string_view consumer,
    absl::FunctionRef<absl::Status(const ConsumerSnapshot&)> read) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           records_->BeginReading());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  return read(Snapshot(*this, *handle));
}

absl::Status Vault::ScanRecords(const ConsumerHandle& consumer,
                                absl::string_view schema, RecordVisitor visit) {
  v1::HealthRecord record;
  SUBROSA_RETURN_IF_ERROR(records_->VisitConsumer(
      consumer.data_ref, [&](const RecordRow& row) -> absl::Status {
        if (!schema.empty() && row.facts.schema != schema) {
          return absl::OkStatus();
        }
        SUBROSA_RETURN_IF_ERROR(OpenRecord(*consumer.key, row, &record));
        return visit(record, row.facts);
      }));
  for (const OlderKey& older : consumer.older) {
    SUBROSA_RETURN_IF_ERROR(records_->VisitConsumer(
        older.data_ref, [&](const RecordRow& row) -> absl::Status {
          SUBROSA_ASSIGN_OR_RETURN(const bool is_erased,
                                   IsErased(consumer, older, row));
          if (is_erased || (!schema.empty() && row.facts.schema != schema)) {
            return absl::OkStatus();
          }
          SUBROSA_RETURN_IF_ERROR(OpenRecord(*older.key, row, &record));
          // A put that is under way may have added to what stands resealed.
          SUBROSA_ASSIGN_OR_RETURN(
              const auto resealed,
              records_->FindNewest(
                  consumer.data_ref,
                  RecordRefOf(
                      *consumer.key, record,
                      ContentDigestOf(*consumer.key, record, plaintext_))));
          return resealed.has_value() ? absl::OkStatus()
                                      : visit(record, row.facts);
        }));
  }
  return absl::OkStatus();
}

absl::Status Vault::VisitFactsOf(absl::string_view consumer,
                                 RecordStore::RowVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           records_->BeginReading());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  SUBROSA_RETURN_IF_ERROR(records_->VisitConsumer(handle->data_ref, visit));
  for (const OlderKey& older : handle->older) {
    SUBROSA_RETURN_IF_ERROR(records_->VisitConsumer(
        older.data_ref, [&](const RecordRow& row) -> absl::Status {
          SUBROSA_ASSIGN_OR_RETURN(const bool is_erased,
                                   IsErased(*handle, older, row));
          return is_erased ? absl::OkStatus() : visit(row);
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Vault::CountRows(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           records_->BeginReading());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(int64_t rows, records_->CountRows(handle->data_ref));
  for (const OlderKey& older : handle->older) {
    SUBROSA_ASSIGN_OR_RETURN(const int64_t under_it,
                             records_->CountRows(older.data_ref));
    rows += under_it;
  }
  return rows;
}

absl::StatusOr<DestroyedKey> Vault::DestroyKeys(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen, records_->ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(DestroyedKey destroyed,
                           keys_->Erase(consumer, records_seen));
  SUBROSA_RETURN_IF_ERROR(ForgetChoicesOf({destroyed.consumer_ref}));
  return destroyed;
}

absl::StatusOr<Erasure> Vault::Erase(absl::string_view consumer) {
  Erasure erasure;
  SUBROSA_ASSIGN_OR_RETURN(erasure.key, DestroyKeys(consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      erasure.rows,
      ErasureSweep(*keys_, *records_, clock_, erasure.key).Finish());
  return erasure;
}

absl::StatusOr<OutboxPosition> Vault::ReadIssued() {
  OutboxPosition issued;
  SUBROSA_ASSIGN_OR_RETURN(issued.keys, keys_->ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(issued.records, records_->ReadIssued());
  return issued;
}

}  // namespace subrosa
