// The Vault keeps sealed health records of one regulated entity: it resolves
// consumers, seals, finds, opens and erases. It spans the key store and the
// record store, and orders every change so that the key store decides; what a
// kill leaves between the two is tidied by FinishErasures.
//
// The vault does not ask whether anything may be held or given out; the steward
// does, and is who services call.
//
// Every change leaves an entry for the log in the transaction that makes it
// (src/store/outbox.h): a batch of puts, keys made and destroyed, rows deleted.
//
// Thread-compatible. Any number of processes may have the same vault open.
//
// Security: a record opens only with its consumer's key, at its own place, with
// the clear columns that it was stored with. What the clear columns show is in
// docs/threat_model.md.
//
// Errors, besides those below: UNAVAILABLE (a database is locked, a disk full),
// DATA_LOSS (what was stored does not open; says in which store).
#ifndef SUBROSA_SRC_VAULT_VAULT_H_
#define SUBROSA_SRC_VAULT_VAULT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/log_batch.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/secret_key.h"
#include "src/ingest/message_types.h"
#include "src/store/connection.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_snapshot.h"
#include "src/vault/erasure_sweep.h"
#include "src/vault/evidence_store.h"
#include "src/vault/index_keeper.h"
#include "src/vault/index_writer.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_store.h"
#include "src/vault/orphans.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/put_item.h"
#include "src/vault/record_check.h"
#include "src/vault/record_putter.h"
#include "src/vault/record_row.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// What an erasure did.
struct Erasure {
  int64_t rows = 0;  // Records and their old revisions.
  DestroyedKey key;  // With what the log says of it, and its opening.
};

class Vault {
 public:
  // Makes a vault for `entity` in two new databases. `provider` and `clock`
  // must outlive it. See KeyStore::Create.
  static absl::StatusOr<std::unique_ptr<Vault>> Create(
      std::unique_ptr<Connection> key_database,
      std::unique_ptr<Connection> record_database, KeyProvider& provider,
      const Clock& clock, absl::string_view entity);

  // Opens a vault. FAILED_PRECONDITION if the two databases are not a pair.
  static absl::StatusOr<std::unique_ptr<Vault>> Open(
      std::unique_ptr<Connection> key_database,
      std::unique_ptr<Connection> record_database, KeyProvider& provider,
      const Clock& clock);

  const std::string& entity() const { return keys_->entity(); }
  // 16 random bytes that name this pair of stores.
  const std::string& installation() const { return keys_->installation(); }

  // Goes on with interrupted erasures, puts and resealings: to be called once
  // after opening, when it is known that no part of the home is an older copy.
  absl::Status FinishErasures();

  // Puts `items` in one transaction of the record store; new consumers get
  // their keys before it. OK means durable, with one outcome an item, in order.
  // On error no record was added; consumers may have been made.
  absl::StatusOr<std::vector<PutOutcome>> PutBatch(
      absl::Span<const PutItem> items) {
    return putter_->PutBatch(items);
  }

  // Opens the newest revision of the record that `consumer` has of `source`
  // under `id`. NOT_FOUND if there is none; one without an id has Scan alone.
  struct Found {
    v1::HealthRecord record;
    RowFacts facts;
  };
  absl::StatusOr<Found> Get(absl::string_view consumer,
                            absl::string_view source, absl::string_view id);

  // The name under which `recipient`, a slug, may know `consumer` in `period`
  // (any text, such as "2026"): 32 hexadecimal digits, a PRF under the
  // consumer's stable secret, and so the same under every version of their key.
  // Recipients cannot compare theirs, and once the consumer is erased nobody
  // can compute it again. NOT_FOUND if there is no such one.
  absl::StatusOr<std::string> PseudonymOf(absl::string_view consumer,
                                          absl::string_view recipient,
                                          absl::string_view period);

  // Opens each record of `consumer`, its newest revision, in no particular
  // order, and hands it to `visit` with its clear columns; stops at the first
  // error of `visit` and returns it. All are as of one instant: `visit` must
  // not call this vault. NOT_FOUND if there is no such consumer. Memory does
  // not grow with the number of records.
  using RecordVisitor =
      absl::FunctionRef<absl::Status(const v1::HealthRecord&, const RowFacts&)>;
  absl::Status Scan(absl::string_view consumer, RecordVisitor visit);

  // Hands all that is held of `consumer` to `read`, which must not call this
  // vault, and returns its answer. While it runs the record store's journal
  // grows with what others write. NOT_FOUND as Scan.
  absl::Status ReadAtOneInstant(
      absl::string_view consumer,
      absl::FunctionRef<absl::Status(const ConsumerSnapshot&)> read);

  // Opens each record of type `schema` whose `field` (indexed_field.h, also for
  // which values are the same) has `value`, the newest revisions, and hands it
  // to `visit` as Scan does: by the field's blind index, then comparing.
  // FAILED_PRECONDITION if there is none that is ready; INVALID_ARGUMENT for no
  // value of the field. Memory: 100 bytes for each consumer that is looked at.
  absl::Status Find(absl::string_view schema, absl::string_view field,
                    absl::string_view value, RecordVisitor visit);

  // What the officer does with blind indexes. For use while this lives.
  IndexKeeper Indexes();

  // Takes entries of `consumer` out of indexes whose value no record of theirs
  // says any more: after a part was erased. NOT_FOUND as Scan.
  absl::Status Reindex(absl::string_view consumer);

  // By which payloads are read for indexes: those that are linked, unless this
  // says otherwise. Must outlive the vault.
  void UseTypes(const MessageTypes& types) { index_writer_->UseTypes(types); }

  // Visits the clear columns of every record, those of one consumer together.
  // Envelope, digest and tag are empty. Opens nothing.
  absl::Status VisitFacts(RecordStore::RowVisitor visit) {
    return records_->VisitFacts(visit);
  }

  // How many records are held, by what their clear columns say but for days: as
  // counted when they were written, so that no row is read.
  absl::StatusOr<std::vector<HeldRecords>> ReadHeld() {
    return records_->ReadHeld();
  }

  // Visits the clear columns of `consumer`'s records. Opens nothing, so that a
  // damaged record stands in nobody's way. NOT_FOUND if there is no such
  // consumer.
  absl::Status VisitFactsOf(absl::string_view consumer,
                            RecordStore::RowVisitor visit);

  // How many rows, old revisions included, Erase would delete. NOT_FOUND if
  // there is no such consumer.
  absl::StatusOr<int64_t> CountRows(absl::string_view consumer);

  // Erases `consumer`: destroys their keys, durably, and keeps the id from
  // being put again. Their rows, which nobody can open any more, are left to
  // the sweep. NOT_FOUND if there is no such consumer. After any other error
  // the keys may be gone.
  absl::StatusOr<DestroyedKey> DestroyKeys(absl::string_view consumer);

  // Deletes the rows of all whose keys are destroyed. For use while this lives.
  ErasureSweep Sweep() { return ErasureSweep(*keys_, *records_, clock_); }

  // Both, one after the other.
  absl::StatusOr<Erasure> Erase(absl::string_view consumer);

  // Begins to erase a part (PartErasure::Begin), and takes what was erased out
  // of blind indexes. Errors as there; FinishErasures goes on after one.
  absl::StatusOr<Resealing> ErasePart(absl::string_view consumer,
                                      const PartSelection& selection);

  // Goes on with the erasure of parts. For use while this lives.
  PartErasure Parts() { return PartErasure(*keys_, *records_, clock_); }

  // How far the outboxes are: a log that is as far holds all done before.
  absl::StatusOr<OutboxPosition> ReadIssued();

  // Rows that no living consumer has, counted or deleted: see orphans.h, also
  // for when not to.
  absl::StatusOr<OrphanCount> CountOrphans() {
    return subrosa::CountOrphans(*keys_, *records_);
  }
  absl::StatusOr<OrphanCount> SweepOrphans() {
    return subrosa::SweepOrphans(*keys_, *records_, DayOf(clock_.Now()));
  }

  // Opens every row: see record_check.h. A vault of copies that are opened for
  // reading alone can do that too.
  absl::StatusOr<RecordCheck> CheckRecords(
      const std::function<void(int64_t rows)>& on_progress) {
    return subrosa::CheckRecords(*keys_, *records_, on_progress);
  }

  // What outlives an erasure. For use while this lives.
  EvidenceStore Evidence() { return EvidenceStore(*keys_, *records_, clock_); }

  // What the officer does with the epochs of keys. For use while this lives.
  KeyCustody Custody() { return KeyCustody(*keys_, provider_, clock_); }

  // Both stores, for the rooms that keep choices and disclosures beside the
  // records. For use while this lives.
  KeyStore& keys() { return *keys_; }
  RecordStore& records() { return *records_; }

 private:
  Vault(std::unique_ptr<KeyStore> keys, std::unique_ptr<RecordStore> records,
        KeyProvider& provider, const Clock& clock)
      : keys_(std::move(keys)),
        records_(std::move(records)),
        provider_(provider),
        clock_(clock) {}

  // Opens what both stores have to open before use.
  static absl::StatusOr<std::unique_ptr<Vault>> Assemble(
      std::unique_ptr<KeyStore> keys, std::unique_ptr<Connection> records,
      KeyProvider& provider, const Clock& clock);

  absl::Status FinishPartErasures();
  // Forgets what stands of choices and disclosures of those who were erased.
  absl::Status ForgetChoicesOf(absl::Span<const std::string> consumer_refs);
  // Takes out of the blind indexes what interrupted erasures of parts left.
  absl::Status FinishReindexing();

  class Snapshot;

  // Scan of a consumer who is resolved; of one type alone, unless `schema` is
  // empty.
  absl::Status ScanRecords(const ConsumerHandle& consumer,
                           absl::string_view schema, RecordVisitor visit);
  // The same of a consumer as an index knows them; nothing if they are erased.
  absl::Status ScanIndexed(const DirectoryPointer& pointer,
                           absl::string_view schema, RecordVisitor visit);

  // Opens `row`, which stands under `key`, into `record`. DATA_LOSS if it does
  // not open at its place.
  absl::Status OpenRecord(const SecretKey& key, const RecordRow& row,
                          v1::HealthRecord* record);
  // As Get; false if there is none.
  absl::StatusOr<bool> GetOf(const ConsumerHandle& consumer,
                             absl::string_view source, absl::string_view id,
                             Found* found);

  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<RecordStore> records_;
  std::unique_ptr<IndexWriter> index_writer_;
  KeyProvider& provider_;
  const Clock& clock_;

  std::unique_ptr<RecordPutter> putter_;

  // Reused from record to record.
  RecordRow row_;
  std::string plaintext_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_VAULT_H_
