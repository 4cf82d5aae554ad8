#include "src/audit/sequencer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/audit/acknowledge.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_agreement.h"
#include "src/audit/log_keys.h"
#include "src/base/status_macros.h"
#include "src/crypto/random_bytes.h"

namespace subrosa {
namespace {

constexpr size_t kHolderBytes = 16;

// How old what stands in incoming/ must be to be a killed process's.
constexpr absl::Duration kLeftoverAge = absl::Hours(1);

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
  const absl::Status present = state.Read().status();
  if (!absl::IsNotFound(present)) return present;
  SUBROSA_RETURN_IF_ERROR(CheckNeverUsed(*parts.provider, origin));
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
  const absl::Status made = state.Read().status();
  if (!absl::IsNotFound(made)) return made;  // By another process meanwhile.
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
  SUBROSA_ASSIGN_OR_RETURN(
      sequencer->edge_,
      CheckAgreement({*sequencer->key_database_, *sequencer->state_,
                      *sequencer->key_outbox_, *sequencer->record_outbox_,
                      sequencer->provider_, sequencer->files_}));
  if (sequencer->edge_->size() == 0) {
    // Nothing is lost with the folder of a log that is empty.
    SUBROSA_RETURN_IF_ERROR(sequencer->files_.MakeFolder());
  }
  return sequencer;
}

absl::Status Sequencer::PrepareEdge(const LogStatus& log) {
  if (edge_.has_value() && edge_->size() == log.size) return absl::OkStatus();
  edge_.reset();
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> listed,
                           state_->ReadKeys());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<NoteKey> keys,
                           CheckLogKeys(provider_, log.origin, listed));
  SUBROSA_RETURN_IF_ERROR(CheckSigned(log, keys));
  SUBROSA_ASSIGN_OR_RETURN(edge_, LoadSignedEdge(files_, log));
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
    files_.RemoveIncoming(clock_.Now() - kLeftoverAge);
    term_ = held->term;
  }
  absl::StatusOr<SequencerStep> taken = TakeBatch(*held);
  if (taken.ok()) return taken;
  // What the edge holds is not, or not surely, what was signed.
  edge_.reset();
  absl::StatusOr<LogStatus> now = state_->Read();
  if (now.ok() && (now->holder != holder_ || now->term != term_)) {
    // Whoever was overtaken finds that entries and files it needs are gone.
    step.log = *std::move(now);
    return step;
  }
  Release().IgnoreError();  // Another may be able to do it.
  return taken.status();
}

absl::StatusOr<SequencerStep> Sequencer::TakeBatch(const LogStatus& held) {
  SequencerStep step;
  step.log = held;
  if (!is_published_) SUBROSA_RETURN_IF_ERROR(Publish(held));
  SUBROSA_RETURN_IF_ERROR(PrepareEdge(held));
  const bool is_settled = held.assigned != held.sequenced;
  SUBROSA_ASSIGN_OR_RETURN(
      const LogBatch batch,
      is_settled ? ReadAssignedBatch(*key_outbox_, *record_outbox_,
                                     held.sequenced, held.assigned)
                 : ReadBatch(*key_outbox_, *record_outbox_, held.sequenced));
  if (batch.size() == 0) {
    SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued, ReadIssued());
    step.is_caught_up = issued == held.sequenced;
    return step;
  }
  if (!is_settled) {
    SUBROSA_ASSIGN_OR_RETURN(const bool assigned,
                             state_->Assign(holder_, term_, batch.through()));
    if (!assigned) return step;
  }
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus grown, AppendBatch(held, batch));
  SUBROSA_ASSIGN_OR_RETURN(const bool finished, Finish(held.size, grown));
  if (!finished) {
    edge_.reset();
    return step;
  }
  step.entries = batch.size();
  step.log = grown;
  for (const TileId& tile : edge_->TakeFilled()) {
    files_.RemovePartials(tile.level, tile.index);
  }
  SUBROSA_RETURN_IF_ERROR(Publish(grown));
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

absl::StatusOr<bool> Sequencer::Finish(uint64_t old_size,
                                       const LogStatus& log) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*key_database_));
  SUBROSA_ASSIGN_OR_RETURN(const bool finished, state_->Finish(old_size, log));
  if (!finished) return false;
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
  SUBROSA_RETURN_IF_ERROR(
      AcknowledgeLog(*record_database_, *record_outbox_, log));
  SUBROSA_RETURN_IF_ERROR(Anchor(log));
  published_size_ = log.size;
  is_published_ = true;
  return absl::OkStatus();
}

absl::Status Sequencer::Anchor(const LogStatus& log) {
  const std::string name = LogAnchorName(log.origin);
  const absl::Status advanced = provider_.AdvanceAnchor(name, log.size);
  if (!absl::IsFailedPrecondition(advanced)) return advanced;
  // A successor that overtook us has anchored more, or it is something else.
  const absl::StatusOr<uint64_t> anchored = provider_.ReadAnchor(name);
  return anchored.ok() && *anchored > log.size ? absl::OkStatus() : advanced;
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
