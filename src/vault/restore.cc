#include "src/vault/restore.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "src/audit/acknowledge.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_numbers.h"
#include "src/audit/log_agreement.h"
#include "src/audit/log_files.h"
#include "src/audit/log_keys.h"
#include "src/audit/log_reader.h"
#include "src/audit/log_state.h"
#include "src/audit/tree.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note.h"
#include "src/store/outbox.h"
#include "src/vault/blind_indexes.h"
#include "src/vault/choice_restore.h"
#include "src/vault/choice_states.h"
#include "src/vault/consumer_removal.h"
#include "src/vault/entity_keys.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/key_store.h"
#include "src/vault/key_tables.h"
#include "src/vault/lost_answers.h"
#include "src/vault/orphans.h"
#include "src/vault/part_replay.h"
#include "src/vault/record_store.h"
#include "src/vault/signal_counts.h"
#include "src/vault/store_facts.h"
#include "src/vault/told_since.h"
#include "src/vault/waiting_entries.h"

namespace subrosa {
namespace {

// Nothing else reads or writes: a journal that does not empty is the disk's.
constexpr absl::Duration kFlushPatience = absl::Seconds(10);

// One reconciliation.
class Reconciler {
 public:
  Reconciler(KeyStore& key_store, RecordStore& record_store,
             const RestoreParts& parts, bool dry_run)
      : key_database_(key_store.database()),
        record_database_(record_store.database()),
        key_store_(key_store),
        record_store_(record_store),
        provider_(*parts.provider),
        clock_(*parts.clock),
        files_(parts.log_folder),
        is_resumed_(parts.is_resumed),
        dry_run_(dry_run) {}

  absl::StatusOr<RestoreReport> Run() {
    SUBROSA_RETURN_IF_ERROR(ReadParts());
    if (!is_resumed_ && CheckAgreement({key_database_, *state_, *key_outbox_,
                                        *record_outbox_, provider_, files_})
                            .ok()) {
      report_.log_size = copy_.size;
      report_.records_log_size = copy_.size;
      SUBROSA_RETURN_IF_ERROR(TellRecords());
      return report_;
    }
    SUBROSA_RETURN_IF_ERROR(VerifyLog());
    SUBROSA_RETURN_IF_ERROR(ReadLeaves());
    SUBROSA_ASSIGN_OR_RETURN(report_.rows_back, CountSurplus());
    report_.rows_lost = std::max<int64_t>(0, -report_.rows_back);
    report_.rows_back = std::max<int64_t>(0, report_.rows_back);
    SUBROSA_ASSIGN_OR_RETURN(revived_,
                             FindRevived(key_store_.Tables(), told_.consumers));
    report_.erased_again = static_cast<int64_t>(revived_.size());
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                             EvidenceKeys(key_store_.Tables()).ListYears());
    for (const int32_t year : years) {
      report_.evidence_years_again +=
          told_.years_over.contains(static_cast<uint64_t>(year)) ? 1 : 0;
    }
    SUBROSA_ASSIGN_OR_RETURN(
        replay_, FindErasedParts(key_store_.Tables(), record_store_,
                                 told_.rows_erased, told_.versions));
    report_.rows_erased_again = static_cast<int64_t>(replay_.rows.size());
    if (dry_run_) {
      SUBROSA_ASSIGN_OR_RETURN(const Transaction undone,
                               Transaction::Begin(record_database_));
      SUBROSA_RETURN_IF_ERROR(MarkChoices());
      return report_;
    }
    // The key store first: it decides, and the other can be made to follow it
    // also by a call that finds it done.
    SUBROSA_RETURN_IF_ERROR(ReconcileKeys());
    if (KnowsWhoseRowsAre()) SUBROSA_RETURN_IF_ERROR(Sweep());
    SUBROSA_RETURN_IF_ERROR(ReconcileRecords());
    SUBROSA_RETURN_IF_ERROR(key_store_.FlushJournal(kFlushPatience));
    SUBROSA_RETURN_IF_ERROR(record_store_.FlushJournal(kFlushPatience));
    return report_;
  }

 private:
  absl::Status ReadParts() {
    SUBROSA_ASSIGN_OR_RETURN(key_outbox_, Outbox::Open(key_database_));
    SUBROSA_ASSIGN_OR_RETURN(record_outbox_, Outbox::Open(record_database_));
    SUBROSA_ASSIGN_OR_RETURN(state_, LogState::Open(key_database_));
    SUBROSA_ASSIGN_OR_RETURN(copy_, state_->Read());
    SUBROSA_ASSIGN_OR_RETURN(records_copy_, record_outbox_->ReadState());
    SUBROSA_ASSIGN_OR_RETURN(const StoreFacts of_keys,
                             ReadStoreFacts(key_database_));
    SUBROSA_ASSIGN_OR_RETURN(const StoreFacts of_records,
                             ReadStoreFacts(record_database_));
    is_pair_ = CheckPair(of_keys, of_records).ok();
    report_.keys_log_size = copy_.size;
    report_.records_log_size = records_copy_.log_size;
    return absl::OkStatus();
  }

  // In copies made amid a step of the log, the record store was not told yet.
  absl::Status TellRecords() {
    const bool is_published =
        files_.ReadNote(kCheckpointFile).value_or("") == copy_.checkpoint;
    if (dry_run_ || !is_published) return absl::OkStatus();
    return AcknowledgeLog(record_database_, *record_outbox_, copy_);
  }

  // The log as the folder's checkpoint says it is, which any key signed that
  // the provider has for it; and that it continues what the copies knew. Leaves
  // are taken from it by one tile at a time: that these lead to the signed root
  // is known only once all of them were looked at.
  absl::Status VerifyLog() {
    SUBROSA_ASSIGN_OR_RETURN(keys_, FindLogKeys(provider_, copy_.origin));
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<NoteKey> note_keys,
                             ParseLogKeys(keys_));
    SUBROSA_ASSIGN_OR_RETURN(
        LogReader reader,
        LogReader::Open(files_.folder(), kCheckpointFile, note_keys));
    log_ = copy_;
    log_.size = reader.checkpoint().size;
    log_.root = reader.checkpoint().root;
    log_.checkpoint = reader.note();
    report_.log_size = log_.size;
    const absl::StatusOr<uint64_t> anchor =
        provider_.ReadAnchor(LogAnchorName(copy_.origin));
    if (!anchor.ok() && !absl::IsNotFound(anchor.status())) {
      return anchor.status();
    }
    const uint64_t least = std::max({copy_.size, records_copy_.log_size,
                                     anchor.ok() ? *anchor : uint64_t{0}});
    if (log_.size < least) {
      return absl::FailedPreconditionError(absl::StrCat(
          "log: want ", least, " leaves or more, got ", log_.size,
          "; the log's folder is an older copy, and the log cannot be restored "
          "from the stores: put back its newest files"));
    }
    SUBROSA_RETURN_IF_ERROR(
        CheckWholeLog(files_.folder(), reader.checkpoint()));
    SUBROSA_RETURN_IF_ERROR(CheckContinues(copy_.size, BytesOf(copy_.root)));
    return records_copy_.log_root.empty()
               ? absl::OkStatus()
               : CheckContinues(records_copy_.log_size, records_copy_.log_root);
  }

  absl::Status CheckContinues(uint64_t size, absl::string_view root) {
    SUBROSA_ASSIGN_OR_RETURN(const MerkleHash there,
                             RootOf(size, [&](const TileId& tile) {
                               return files_.ReadTile(tile);
                             }));
    if (BytesOf(there) == root) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "log: want the one that the stores were written with, got another of ",
        size, " leaves and more"));
  }

  // What the log tells since the copies, and what all of it tells of rows.
  absl::Status ReadLeaves() {
    SUBROSA_ASSIGN_OR_RETURN(key_waiting_, ReadWaitingEntries(*key_outbox_));
    SUBROSA_ASSIGN_OR_RETURN(record_waiting_,
                             ReadWaitingEntries(*record_outbox_));
    absl::flat_hash_set<MerkleHash> waiting;
    for (const auto& [hash, entry] : key_waiting_) {
      waiting.insert(hash);
      SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(entry));
      was_older_ |= leaf.kind == LeafKind::kKeysRestored;
    }
    for (const auto& each : record_waiting_) waiting.insert(each.first);
    SUBROSA_ASSIGN_OR_RETURN(
        LogReader reader,
        LogReader::AtCheckpoint(files_.folder(), log_.checkpoint));
    SUBROSA_ASSIGN_OR_RETURN(
        told_,
        ReadToldSince(reader, {copy_.size, records_copy_.log_size}, waiting));
    report_.erasures_since = told_.erasures;
    report_.answers_lost = told_.answers;
    return absl::OkStatus();
  }

  // Entries that the log lacks, in their order.
  std::vector<std::string> Untold(const WaitingEntries& waiting) const {
    std::vector<std::string> untold;
    for (const auto& [hash, entry] : waiting) {
      if (!told_.entries.contains(hash)) untold.push_back(entry);
    }
    return untold;
  }

  // By how many rows the record store holds more than the log, and what the
  // store has still to tell it, account for.
  absl::StatusOr<int64_t> CountSurplus() {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> count,
        record_database_.Prepare("SELECT count(*) FROM record"));
    SUBROSA_RETURN_IF_ERROR(count->Step().status());
    int64_t surplus = count->ColumnInt(0) - told_.rows;
    for (const std::string& entry : Untold(record_waiting_)) {
      SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(entry));
      surplus -= RowChangeOf(leaf);
    }
    return surplus;
  }

  // Rows that lead to nobody can be told only by a key store that is as new as
  // the records are: one that is older lacks those who came since, and a newer
  // copy of it may be found. One that an earlier call, which was stopped, made
  // as new as the log has still to tell that it did.
  bool KnowsWhoseRowsAre() const {
    return is_pair_ && copy_.size == log_.size &&
           records_copy_.log_size < log_.size && !was_older_;
  }

  absl::Status Sweep() {
    SUBROSA_ASSIGN_OR_RETURN(
        const OrphanCount swept,
        SweepOrphans(key_store_, record_store_, DayOf(clock_.Now())));
    report_.rows_swept = swept.rows;
    // It has told the outbox of them.
    SUBROSA_ASSIGN_OR_RETURN(record_waiting_,
                             ReadWaitingEntries(*record_outbox_));
    return absl::OkStatus();
  }

  absl::Status ReconcileKeys() {
    SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_issued,
                             key_outbox_->ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen,
                             MostSeen(*record_outbox_));
    SUBROSA_ASSIGN_OR_RETURN(const int64_t records_issued,
                             record_outbox_->ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen,
                             MostSeen(*key_outbox_));
    // Numbers that were ever given are not given again.
    log_.sequenced.keys =
        std::max({keys_issued, keys_seen, copy_.sequenced.keys});
    log_.sequenced.records =
        std::max({records_issued, records_seen, copy_.sequenced.records});
    log_.assigned = log_.sequenced;

    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(key_database_));
    SUBROSA_ASSIGN_OR_RETURN(
        ConsumerRemoval removal,
        ConsumerRemoval::Begin(key_store_.Tables(), DayOf(clock_.Now())));
    for (const DirectoryPointer& pointer : revived_) {
      SUBROSA_RETURN_IF_ERROR(
          removal.Remove(pointer, Suppression::kKept).status());
    }
    SUBROSA_RETURN_IF_ERROR(removal.Finish());
    EvidenceKeys evidence_keys(key_store_.Tables());
    for (const uint64_t year : told_.years_over) {
      SUBROSA_RETURN_IF_ERROR(
          evidence_keys.Destroy(static_cast<int32_t>(year)).status());
    }
    SUBROSA_RETURN_IF_ERROR(
        ReplayOnKeys(key_store_.Tables(), replay_, DayOf(clock_.Now())));
    std::vector<std::string> entries = Untold(key_waiting_);
    if (copy_.size < log_.size) {
      // Records may have been put since whose index entries the copy lacks.
      SUBROSA_RETURN_IF_ERROR(RebuildBlindIndexes(
          key_database_, key_store_.Tables().entity_number));
      Leaf leaf = NewLeaf(LeafKind::kKeysRestored, DayOf(clock_.Now()));
      leaf.numbers = {copy_.size, static_cast<uint64_t>(revived_.size())};
      SUBROSA_ASSIGN_OR_RETURN(entries.emplace_back(), SerializeLeaf(leaf));
    }
    SUBROSA_RETURN_IF_ERROR(key_outbox_->Restart(
        {log_.sequenced.keys, log_.size, std::string(BytesOf(log_.root))},
        entries));
    SUBROSA_RETURN_IF_ERROR(state_->Restore(log_));
    SUBROSA_RETURN_IF_ERROR(RestoreLogKeys(keys_, log_, *state_));
    return transaction.Commit();
  }

  // Within a transaction of the record store.
  absl::Status MarkChoices() {
    SUBROSA_ASSIGN_OR_RETURN(
        LogReader reader,
        LogReader::AtCheckpoint(files_.folder(), log_.checkpoint));
    SUBROSA_ASSIGN_OR_RETURN(
        report_.must_ask_again,
        MarkOutdatedChoices(key_store_.Tables(), record_store_, reader,
                            records_copy_.log_size, log_.size));
    return absl::OkStatus();
  }

  absl::Status ReconcileRecords() {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, record_store_.Begin());
    // With what lets the home open: nobody decides by choices that are behind.
    SUBROSA_RETURN_IF_ERROR(MarkChoices());
    if (records_copy_.log_size < log_.size) {
      SUBROSA_RETURN_IF_ERROR(
          SignalCounts(record_store_).MarkIncomplete(DayOf(clock_.Now())));
    }
    SUBROSA_RETURN_IF_ERROR(MarkLostAnswers(record_database_, told_.answers,
                                            told_.last_answer_day));
    std::vector<std::string> revived;
    for (const DirectoryPointer& pointer : revived_) {
      revived.push_back(pointer.consumer_ref);
    }
    SUBROSA_RETURN_IF_ERROR(ForgetChoices(record_store_, revived));
    std::vector<std::string> entries = Untold(record_waiting_);
    if (report_.rows_back > 0 || report_.rows_lost > 0) {
      Leaf leaf = NewLeaf(LeafKind::kRecordsRestored, DayOf(clock_.Now()));
      leaf.numbers = {records_copy_.log_size,
                      static_cast<uint64_t>(report_.rows_back),
                      static_cast<uint64_t>(report_.rows_lost)};
      SUBROSA_ASSIGN_OR_RETURN(entries.emplace_back(), SerializeLeaf(leaf));
    }
    SUBROSA_RETURN_IF_ERROR(
        ReplayOnRecords(record_store_, replay_, DayOf(clock_.Now()), &entries));
    SUBROSA_RETURN_IF_ERROR(record_outbox_->Restart(
        {log_.sequenced.records, log_.size, std::string(BytesOf(log_.root))},
        entries));
    return transaction.Commit();
  }

  Connection& key_database_;
  Connection& record_database_;
  KeyStore& key_store_;
  RecordStore& record_store_;
  KeyProvider& provider_;
  const Clock& clock_;
  LogFiles files_;
  const bool is_resumed_;
  const bool dry_run_;

  std::optional<Outbox> key_outbox_;
  std::optional<Outbox> record_outbox_;
  std::optional<LogState> state_;
  LogStatus copy_;            // What the key store knew.
  OutboxState records_copy_;  // What the record store knew.
  LogStatus log_;             // What is so.
  std::vector<LogKey> keys_;  // Of the log, as the provider has them.
  bool is_pair_ = false;      // Nobody has rows whom the key store lacks.
  bool was_older_ = false;    // It has still to tell the log so.
  WaitingEntries key_waiting_;
  WaitingEntries record_waiting_;
  ToldSince told_;
  PartReplay replay_;
  std::vector<DirectoryPointer> revived_;
  RestoreReport report_;
};

}  // namespace

absl::StatusOr<RestoreReport> ReconcileWithLog(RestoreParts parts,
                                               bool dry_run) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<KeyStore> key_store,
      KeyStore::Open(std::move(parts.keys), *parts.provider, *parts.clock));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<RecordStore> record_store,
      RecordStore::Open(std::move(parts.records), key_store->entity(),
                        key_store->installation()));
  return Reconciler(*key_store, *record_store, parts, dry_run).Run();
}

}  // namespace subrosa
