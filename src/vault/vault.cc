#include "src/vault/vault.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/vault/choice_tags.h"
#include "src/vault/sealed_row.h"

namespace subrosa {
namespace {

// How long rows may come late from a put that an erasure overtook and a crash
// then kept from taking them back. Their references are forgotten after it.
constexpr int32_t kLateRowDays = 30;

constexpr size_t kDigestBytes = 16;

// Enough that no two consumers of a recipient share one.
constexpr size_t kPseudonymBytes = 16;

// How long opening waits for whoever reads the key store, to finish an erasure.
constexpr absl::Duration kKeyJournalPatience = absl::Seconds(10);

absl::Status LostRecord() {
  return absl::DataLossError(
      "record store: a record opens and is none; the file was changed or "
      "damaged");
}

int32_t DayOfTimestamp(const google::protobuf::Timestamp& timestamp) {
  return DayOf(absl::FromUnixSeconds(timestamp.seconds()));
}

// "subrosa.v1.MoodCheckIn" of "type.googleapis.com/subrosa.v1.MoodCheckIn".
absl::string_view SchemaOf(const v1::HealthRecord& record) {
  const absl::string_view url = record.payload().type_url();
  return url.substr(url.rfind('/') + 1);
}

std::string Short(const std::array<uint8_t, kPrfBytes>& output, size_t size) {
  return std::string(reinterpret_cast<const char*>(output.data()), size);
}

std::string RefOfId(const SecretKey& key, absl::string_view source,
                    absl::string_view id) {
  return Short(Prf(key, "record ref", {source, id}), kReferenceBytes);
}

// The record's reference: the same for the same (source, id), so that a repeat
// is found. Without an id, the content is the id.
std::string RecordRef(const SecretKey& key, const v1::HealthRecord& record,
                      absl::string_view digest) {
  if (record.id().empty()) {
    return Short(Prf(key, "content ref", {record.source(), digest}),
                 kReferenceBytes);
  }
  return RefOfId(key, record.source(), record.id());
}

// A digest of what was collected. Where the reader gave the raw bytes' digest
// it stands for payload and times, so that reading the same file again finds
// the same content; what the entity decided about it counts besides.
std::string ContentDigest(const SecretKey& key, const v1::HealthRecord& record,
                          absl::string_view plaintext) {
  if (record.origin().raw_digest().empty()) {
    return Short(Prf(key, "content", {plaintext}), kDigestBytes);
  }
  return Short(Prf(key, "raw content",
                   {record.origin().raw_digest(), record.purpose(),
                    absl::StrCat(record.basis()), record.consent_ref()}),
               kDigestBytes);
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
  return vault;
}

absl::Status Vault::FinishErasures() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> due,
                           keys_->DueDeletions());
  std::vector<std::string> interrupted;
  for (const std::string& data_ref : due) {
    SUBROSA_ASSIGN_OR_RETURN(const int64_t rows, records_->CountRows(data_ref));
    if (rows > 0) interrupted.push_back(data_ref);
  }
  if (!interrupted.empty()) {
    // Rows that stand say that the erasure may have been stopped before the key
    // was out of the journal; they go last, so that the next time is told too.
    SUBROSA_RETURN_IF_ERROR(keys_->FlushJournal(kKeyJournalPatience));
    for (const std::string& data_ref : interrupted) {
      SUBROSA_RETURN_IF_ERROR(DeleteRows(data_ref).status());
    }
    SUBROSA_RETURN_IF_ERROR(FlushDeletedRows());
  }
  return keys_->ForgetDueDeletions(DayOf(clock_.Now()) - kLateRowDays);
}

absl::StatusOr<int64_t> Vault::DeleteRows(absl::string_view data_ref) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_->ReadIssued());
  return records_->DeleteRows({std::string(data_ref)}, DayOf(clock_.Now()),
                              keys_seen);
}

absl::Status Vault::FlushDeletedRows() {
  const absl::Status flushed = records_->FlushJournal(absl::ZeroDuration());
  return absl::IsUnavailable(flushed) ? absl::OkStatus() : flushed;
}

absl::StatusOr<Vault::Handles> Vault::Resolve(absl::Span<const PutItem> items) {
  Handles handles;
  std::vector<std::string> consumers;
  for (const PutItem& item : items) {
    if (handles.try_emplace(item.record->consumer()).second) {
      consumers.push_back(item.record->consumer());
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Resolved> resolved,
                           keys_->FindOrCreate(consumers));
  for (size_t i = 0; i < consumers.size(); ++i) {
    handles[consumers[i]] = std::move(resolved[i].consumer);
  }
  return handles;
}

absl::StatusOr<std::vector<PutOutcome>> Vault::PutBatch(
    absl::Span<const PutItem> items) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures, keys_->ReadErasureCount());
  for (const PutItem& item : items) {
    SUBROSA_RETURN_IF_ERROR(records_->LearnWords(
        SchemaOf(*item.record), item.record->source(), item.record->purpose()));
  }
  SUBROSA_ASSIGN_OR_RETURN(const Handles consumers, Resolve(items));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t indexed,
                           AddToIndexes(items, consumers));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_->ReadIssued());

  PutLeaves leaves;
  std::vector<PutOutcome> outcomes;
  outcomes.reserve(items.size());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records_->Begin());
  for (const PutItem& item : items) {
    const ConsumerHandle* consumer =
        consumers.at(item.record->consumer()).get();
    if (consumer == nullptr) {
      outcomes.push_back(PutOutcome::kSuppressed);
      continue;
    }
    SUBROSA_ASSIGN_OR_RETURN(const PutOutcome outcome,
                             PutOne(item, *consumer, &leaves));
    outcomes.push_back(outcome);
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> entries,
                           leaves.Serialize(DayOf(clock_.Now())));
  SUBROSA_RETURN_IF_ERROR(records_->AppendEntries(entries, keys_seen));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t now, keys_->ReadErasureCount());
  if (now != erasures) {
    SUBROSA_RETURN_IF_ERROR(Recheck(items, consumers, &outcomes));
  }
  SUBROSA_ASSIGN_OR_RETURN(const int64_t index_changes,
                           index_writer_->indexes().ReadChanges());
  if (index_changes != indexed) {
    SUBROSA_RETURN_IF_ERROR(AddToIndexes(items, consumers).status());
  }
  return outcomes;
}

absl::StatusOr<PutOutcome> Vault::PutOne(const PutItem& item,
                                         const ConsumerHandle& consumer,
                                         PutLeaves* leaves) {
  const v1::HealthRecord& record = *item.record;
  plaintext_.clear();
  if (!record.AppendToString(&plaintext_)) {
    return absl::InternalError("record: does not serialise");
  }
  row_.digest = ContentDigest(*consumer.key, record, plaintext_);
  row_.place.data_ref = consumer.data_ref;
  row_.place.record_ref = RecordRef(*consumer.key, record, row_.digest);
  SUBROSA_ASSIGN_OR_RETURN(
      const std::optional<RecordStore::Newest> newest,
      records_->FindNewest(row_.place.data_ref, row_.place.record_ref));
  if (newest.has_value() && newest->digest == row_.digest) {
    return PutOutcome::kUnchanged;
  }
  row_.place.revision = newest.has_value() ? newest->revision + 1 : 1;

  const absl::string_view schema = SchemaOf(record);
  row_.facts.schema.assign(schema.data(), schema.size());
  row_.facts.source = record.source();
  row_.facts.purpose = record.purpose();
  row_.facts.categories = item.categories;
  row_.facts.labels = item.labels;
  row_.facts.collected_day = DayOfTimestamp(record.collected_at());
  row_.facts.effective_day = record.effective().has_start()
                                 ? DayOfTimestamp(record.effective().start())
                                 : row_.facts.collected_day;

  SUBROSA_RETURN_IF_ERROR(
      SealRow(entity(), *consumer.key, consumer.key_ref, plaintext_, &row_));
  SUBROSA_RETURN_IF_ERROR(records_->Insert(row_));
  leaves->Add(record.consumer(), consumer.key, row_);
  return newest.has_value() ? PutOutcome::kRevised : PutOutcome::kAdded;
}

absl::Status Vault::Recheck(absl::Span<const PutItem> items,
                            const Handles& consumers,
                            std::vector<PutOutcome>* outcomes) {
  absl::flat_hash_set<absl::string_view> erased;
  for (const auto& [consumer, handle] : consumers) {
    if (handle == nullptr) continue;
    absl::Status alive = keys_->Find(consumer).status();
    if (alive.ok()) continue;
    if (!absl::IsNotFound(alive)) return alive;
    erased.insert(consumer);
    SUBROSA_RETURN_IF_ERROR(DeleteRows(handle->data_ref).status());
  }
  for (size_t i = 0; i < items.size(); ++i) {
    if (erased.contains(items[i].record->consumer())) {
      (*outcomes)[i] = PutOutcome::kErased;
    }
  }
  return absl::OkStatus();
}

absl::Status Vault::OpenRecord(const ConsumerHandle& consumer,
                               const RecordRow& row, v1::HealthRecord* record) {
  SUBROSA_RETURN_IF_ERROR(OpenRow(entity(), *consumer.key, row, &plaintext_));
  return record->ParseFromString(plaintext_) ? absl::OkStatus() : LostRecord();
}

absl::StatusOr<Vault::Found> Vault::Get(absl::string_view consumer,
                                        absl::string_view source,
                                        absl::string_view id) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      const bool found,
      records_->ReadNewest(handle->data_ref, RefOfId(*handle->key, source, id),
                           &row_));
  if (!found || id.empty()) {
    return absl::NotFoundError(
        "record: want one that is held of this consumer, got none");
  }
  Found opened;
  opened.facts = row_.facts;
  SUBROSA_RETURN_IF_ERROR(OpenRecord(*handle, row_, &opened.record));
  return opened;
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

absl::Status Vault::Scan(absl::string_view consumer, RecordVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  return ScanRecords(*handle, /*schema=*/"", visit);
}

absl::Status Vault::ScanRecords(const ConsumerHandle& consumer,
                                absl::string_view schema, RecordVisitor visit) {
  v1::HealthRecord record;
  return records_->VisitConsumer(
      consumer.data_ref, [&](const RecordRow& row) -> absl::Status {
        if (!schema.empty() && row.facts.schema != schema) {
          return absl::OkStatus();
        }
        SUBROSA_RETURN_IF_ERROR(OpenRecord(consumer, row, &record));
        return visit(record, row.facts);
      });
}

absl::Status Vault::VisitFactsOf(absl::string_view consumer,
                                 RecordStore::RowVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  return records_->VisitConsumer(handle->data_ref, visit);
}

absl::StatusOr<int64_t> Vault::CountRows(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  return records_->CountRows(handle->data_ref);
}

absl::StatusOr<Erasure> Vault::Erase(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen, records_->ReadIssued());
  Erasure erasure;
  SUBROSA_ASSIGN_OR_RETURN(erasure.key, keys_->Erase(consumer, records_seen));
  SUBROSA_ASSIGN_OR_RETURN(erasure.rows, DeleteRows(erasure.key.data_ref));
  SUBROSA_RETURN_IF_ERROR(ForgetChoices(records_->database(),
                                        records_->entity_number(),
                                        erasure.key.consumer_ref));
  SUBROSA_RETURN_IF_ERROR(FlushDeletedRows());
  return erasure;
}

absl::StatusOr<OutboxPosition> Vault::ReadIssued() {
  OutboxPosition issued;
  SUBROSA_ASSIGN_OR_RETURN(issued.keys, keys_->ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(issued.records, records_->ReadIssued());
  return issued;
}

}  // namespace subrosa
