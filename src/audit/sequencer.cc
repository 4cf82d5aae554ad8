#include "src/audit/sequencer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_keys.h"
#include "src/audit/tree.h"
#include "src/base/status_macros.h"
#include "src/crypto/random_bytes.h"

namespace subrosa {
namespace {

constexpr size_t kHolderBytes = 16;

// What every refusal ends with: which command helps.
constexpr absl::string_view kPutBack =
    "; put back the newest copies of keys.db, records.db and log together: "
    "`subrosa audit status` says what each of them holds";

std::string AnchorName(absl::string_view origin) {
  return absl::StrCat("log/", origin);
}

absl::Status CheckOrigin(absl::string_view origin) {
  if (origin.empty() || origin.size() > kMaxOriginBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "origin: want 1 to ", kMaxOriginBytes, " bytes, got ", origin.size()));
  }
  for (size_t i = 0; i < origin.size(); ++i) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(origin[i])) ||
        origin[i] == '+') {
      return absl::InvalidArgumentError(absl::StrCat(
          "origin: want printable ASCII without space or +, got another byte "
          "at ",
          i));
    }
  }
  return absl::OkStatus();
}

absl::Status Older(absl::string_view which, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(which, ": an older copy: ", why, kPutBack));
}

// The size of the signed checkpoint `note`; nothing if it is none of ours.
std::optional<uint64_t> SizeOf(absl::string_view note,
                               const std::vector<NoteKey>& keys) {
  const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(note, keys);
  if (!checkpoint.ok()) return std::nullopt;
  return checkpoint->size;
}

}  // namespace

Sequencer::Sequencer(Parts parts)
    : key_database_(std::move(parts.keys)),
      record_database_(std::move(parts.records)),
      provider_(*parts.provider),
      clock_(*parts.clock),
      files_(std::move(parts.folder)),
      holder_(RandomBytes(kHolderBytes)) {}

absl::Status Sequencer::CreateLog(const Parts& parts,
                                  absl::string_view origin) {
  SUBROSA_RETURN_IF_ERROR(CheckOrigin(origin));
  SUBROSA_ASSIGN_OR_RETURN(LogState state, LogState::Open(*parts.keys));
  LogFiles files(parts.folder);
  SUBROSA_RETURN_IF_ERROR(files.MakeFolder());
  SUBROSA_ASSIGN_OR_RETURN(const LogKey key,
                           MakeLogKey(*parts.provider, origin, 1));
  LogStatus log;
  log.origin = std::string(origin);
  log.root = EmptyRoot();
  SUBROSA_ASSIGN_OR_RETURN(
      log.checkpoint,
      SignCheckpoint({log.origin, 0, log.root}, {key}, *parts.provider));
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*parts.keys));
  const absl::Status present = state.Read().status();
  if (!absl::IsNotFound(present)) return present;
  SUBROSA_RETURN_IF_ERROR(state.Create(log));
  SUBROSA_RETURN_IF_ERROR(state.AddKey(key));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return files.WriteNote(kCheckpointFile, log.checkpoint);
}

absl::StatusOr<std::unique_ptr<Sequencer>> Sequencer::Open(Parts parts) {
  auto sequencer = std::unique_ptr<Sequencer>(new Sequencer(std::move(parts)));
  SUBROSA_ASSIGN_OR_RETURN(sequencer->key_outbox_,
                           Outbox::Open(*sequencer->key_database_));
  SUBROSA_ASSIGN_OR_RETURN(sequencer->record_outbox_,
                           Outbox::Open(*sequencer->record_database_));
  SUBROSA_ASSIGN_OR_RETURN(sequencer->state_,
                           LogState::Open(*sequencer->key_database_));
  SUBROSA_RETURN_IF_ERROR(sequencer->Check());
  return sequencer;
}

// Another process may sequence meanwhile, so each part is read before what may
// only run ahead of it: the files' checkpoint and the anchor before the key
// store, and the record store after it.
absl::Status Sequencer::Check() {
  const absl::StatusOr<std::string> file = files_.ReadNote(kCheckpointFile);
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus before, state_->Read());
  const absl::StatusOr<uint64_t> anchor =
      provider_.ReadAnchor(AnchorName(before.origin));
  if (!anchor.ok() && !absl::IsNotFound(anchor.status())) {
    return anchor.status();
  }
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, state_->Read());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> log_keys,
                           state_->ReadKeys());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<NoteKey> keys,
                           ParseLogKeys(log_keys));
  const absl::StatusOr<Checkpoint> checkpoint =
      OpenCheckpoint(log.checkpoint, keys);
  if (!checkpoint.ok() || checkpoint->size != log.size ||
      checkpoint->root != log.root || checkpoint->origin != log.origin) {
    return absl::DataLossError(absl::StrCat(
        "key store.log: want a checkpoint of its size and root, signed by its "
        "key, got another",
        kPutBack));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::string public_key,
                           provider_.PublicKey(log_keys.back().name));
  if (BytesOf(keys.back().public_key()) != public_key) {
    return absl::FailedPreconditionError(
        "key store.log: want the keyring that signs this log, got another "
        "one's");
  }
  if (anchor.ok() && *anchor > log.size) {
    return Older("key store and log",
                 absl::StrCat("want ", *anchor,
                              " leaves or more, as the keyring remembers, got ",
                              log.size));
  }
  if (file.ok()) {
    const std::optional<uint64_t> size = SizeOf(*file, keys);
    if (size.has_value() && *size > log.size) {
      return Older(
          "key store",
          absl::StrCat("want a log of ", *size,
                       " leaves, as log/checkpoint says, got ", log.size));
    }
  }
  SUBROSA_RETURN_IF_ERROR(PrepareEdge(log));
  return CheckRecordStore(log);
}

absl::Status Sequencer::CheckRecordStore(const LogStatus& log) {
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState records,
                           record_outbox_->ReadState());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t issued, record_outbox_->ReadIssued());
  // Read again: another process may have taken more since `log` was read.
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus now, state_->Read());
  if (records.sequenced > now.sequenced.records ||
      records.log_size > now.size) {
    return Older(
        "key store",
        absl::StrCat("want a log of ", records.log_size,
                     " leaves, as the record store knows, got ", now.size));
  }
  if (issued < log.sequenced.records) {
    return Older(
        "record store",
        absl::StrCat("want ", log.sequenced.records,
                     " entries or more, which are in the log, got ", issued));
  }
  if (records.log_root.empty()) return absl::OkStatus();
  const absl::StatusOr<MerkleHash> root =
      RootOf(records.log_size,
             [&](const TileId& tile) { return files_.ReadTile(tile); });
  if (!root.ok()) {
    return absl::DataLossError(
        absl::StrCat("log: ", root.status().message(), kPutBack));
  }
  if (BytesOf(*root) != records.log_root) {
    return absl::FailedPreconditionError(absl::StrCat(
        "record store: want the log that it was written with, got another of "
        "the same size ",
        records.log_size, kPutBack));
  }
  return absl::OkStatus();
}

absl::Status Sequencer::PrepareEdge(const LogStatus& log) {
  if (edge_.has_value() && edge_->size() == log.size) return absl::OkStatus();
  edge_.reset();
  absl::StatusOr<RightEdge> edge = RightEdge::Load(files_, log.size);
  if (!edge.ok()) {
    const absl::StatusCode code = absl::IsNotFound(edge.status())
                                      ? absl::StatusCode::kFailedPrecondition
                                      : edge.status().code();
    return absl::Status(code,
                        absl::StrCat("log: ", edge.status().message(),
                                     "; if hash tiles alone are damaged, "
                                     "`subrosa audit verify --repair` makes "
                                     "them anew",
                                     kPutBack));
  }
  if (edge->Root() != log.root) {
    return absl::DataLossError(absl::StrCat(
        "log: want tiles with the root that was signed for ", log.size,
        " leaves, got others; `subrosa audit verify` says which file differs "
        "and --repair makes hash tiles anew",
        kPutBack));
  }
  edge_ = *std::move(edge);
  return absl::OkStatus();
}

absl::StatusOr<OutboxPosition> Sequencer::ReadIssued() {
  OutboxPosition issued;
  SUBROSA_ASSIGN_OR_RETURN(issued.keys, key_outbox_->ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(issued.records, record_outbox_->ReadIssued());
  return issued;
}

absl::StatusOr<SequencerStep> Sequencer::Step() {
  SequencerStep step;
  SUBROSA_ASSIGN_OR_RETURN(step.log, state_->Read());
  SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued, ReadIssued());
  const bool is_published = is_published_ && published_size_ == step.log.size;
  if (issued == step.log.sequenced && is_published) {
    step.is_caught_up = true;
    return step;
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::optional<LogStatus> held,
      state_->Acquire(holder_, clock_.Now(), kSequencerLease));
  if (!held.has_value()) return step;
  if (held->term != term_) {
    files_.RemoveIncoming();
    term_ = held->term;
  }
  step.log = *held;
  if (!is_published) {
    SUBROSA_RETURN_IF_ERROR(Publish(*held));
  }
  SUBROSA_RETURN_IF_ERROR(PrepareEdge(*held));
  absl::StatusOr<LogBatch> batch =
      held->assigned == held->sequenced
          ? ReadBatch(*key_outbox_, *record_outbox_, held->sequenced)
          : ReadAssignedBatch(*key_outbox_, *record_outbox_, held->sequenced,
                              held->assigned);
  if (!batch.ok()) return batch.status();
  if (batch->size() == 0) {
    step.is_caught_up = issued == held->sequenced;
    return step;
  }
  if (held->assigned == held->sequenced) {
    SUBROSA_ASSIGN_OR_RETURN(const bool assigned,
                             state_->Assign(holder_, term_, batch->through()));
    if (!assigned) return step;
  }
  absl::StatusOr<LogStatus> grown = AppendBatch(*held, *batch);
  absl::StatusOr<bool> finished = false;
  if (grown.ok()) finished = Finish(*grown);
  if (!grown.ok() || !finished.ok() || !*finished) {
    // What the edge holds is not, or not surely, what was signed.
    edge_.reset();
    if (!grown.ok()) return grown.status();
    if (!finished.ok()) return finished.status();
    return step;
  }
  step.entries = batch->size();
  step.log = *grown;
  SUBROSA_RETURN_IF_ERROR(Publish(*grown));
  for (const TileId& tile : edge_->TakeFilled()) {
    files_.RemovePartials(tile.level, tile.index);
  }
  return step;
}

absl::StatusOr<LogStatus> Sequencer::AppendBatch(const LogStatus& log,
                                                 const LogBatch& batch) {
  for (size_t i = 0; i < batch.size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(edge_->Append(batch.entry(i), files_));
  }
  SUBROSA_RETURN_IF_ERROR(edge_->WritePartials(files_));
  SUBROSA_RETURN_IF_ERROR(Annotate(files_.Sync(), "log: sync"));
  LogStatus grown = log;
  grown.size = edge_->size();
  grown.root = edge_->Root();
  grown.sequenced = batch.through();
  grown.assigned = batch.through();
  SUBROSA_ASSIGN_OR_RETURN(grown.checkpoint, Sign(grown, log.sequenced));
  return grown;
}

// A key signs once its announcement is in the log, that is from the checkpoint
// after that one on.
absl::StatusOr<std::string> Sequencer::Sign(const LogStatus& log,
                                            const OutboxPosition& before) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<LogKey> keys, state_->ReadKeys());
  keys.erase(std::remove_if(keys.begin(), keys.end(),
                            [&](const LogKey& key) {
                              return key.retired ||
                                     key.announced_by > before.keys;
                            }),
             keys.end());
  return SignCheckpoint({log.origin, log.size, log.root}, keys, provider_);
}

absl::StatusOr<bool> Sequencer::Finish(const LogStatus& log) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*key_database_));
  SUBROSA_ASSIGN_OR_RETURN(const bool is_ours,
                           state_->Finish(holder_, term_, log));
  if (!is_ours) return false;
  OutboxState keys;
  keys.sequenced = log.sequenced.keys;
  keys.log_size = log.size;
  keys.log_root = std::string(BytesOf(log.root));
  SUBROSA_RETURN_IF_ERROR(key_outbox_->Acknowledge(keys));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

// A holder that was stopped for longer than its lease may publish after its
// successor did; so whoever writes the file looks again.
absl::Status Sequencer::Publish(LogStatus log) {
  is_published_ = false;
  for (;;) {
    const absl::StatusOr<std::string> file = files_.ReadNote(kCheckpointFile);
    if (!file.ok() || *file != log.checkpoint) {
      SUBROSA_RETURN_IF_ERROR(
          files_.WriteNote(kCheckpointFile, log.checkpoint));
    }
    SUBROSA_ASSIGN_OR_RETURN(LogStatus now, state_->Read());
    if (now.checkpoint == log.checkpoint) break;
    log = std::move(now);
  }
  SUBROSA_RETURN_IF_ERROR(AcknowledgeRecords(log));
  SUBROSA_RETURN_IF_ERROR(Anchor(log));
  published_size_ = log.size;
  is_published_ = true;
  return absl::OkStatus();
}

absl::Status Sequencer::AcknowledgeRecords(const LogStatus& log) {
  SUBROSA_ASSIGN_OR_RETURN(OutboxState records, record_outbox_->ReadState());
  if (records.log_size >= log.size) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*record_database_));
  SUBROSA_ASSIGN_OR_RETURN(records, record_outbox_->ReadState());
  if (records.log_size >= log.size) return absl::OkStatus();
  records.sequenced = log.sequenced.records;
  records.log_size = log.size;
  records.log_root = std::string(BytesOf(log.root));
  SUBROSA_RETURN_IF_ERROR(record_outbox_->Acknowledge(records));
  return transaction.Commit();
}

absl::Status Sequencer::Anchor(const LogStatus& log) {
  const absl::Status advanced =
      provider_.AdvanceAnchor(AnchorName(log.origin), log.size);
  // A successor that overtook us has anchored more.
  return absl::IsFailedPrecondition(advanced) ? absl::OkStatus() : advanced;
}

absl::Status Sequencer::Release() {
  return term_ == 0 ? absl::OkStatus() : state_->Release(holder_, term_);
}

absl::StatusOr<std::string> Sequencer::RotateKey() {
  return AnnounceNextKey(*key_database_, *state_, *key_outbox_, provider_,
                         DayOf(clock_.Now()));
}

absl::Status Sequencer::RetireOldKeys() {
  return RetireAnnouncedKeys(*key_database_, *state_);
}

}  // namespace subrosa
