#include "src/audit/log_agreement.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_keys.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/audit/tree.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

// What every refusal ends with: which command helps.
constexpr absl::string_view kPutBack =
    "; put back the newest copies of keys.db, records.db and log together, or "
    "let `subrosa store restore` make older stores agree with the log; "
    "`subrosa audit status` says what each part holds";

absl::Status Older(absl::string_view which, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(which, ": an older copy: ", why, kPutBack));
}

// The checkpoint that is published is one of this log's, and none to come.
absl::Status CheckPublished(const absl::StatusOr<std::string>& note,
                            const LogStatus& log,
                            const std::vector<NoteKey>& keys) {
  if (!note.ok()) return absl::OkStatus();  // It is written again.
  const absl::StatusOr<Checkpoint> published = OpenCheckpoint(*note, keys);
  if (!published.ok()) return absl::OkStatus();
  if (published->size > log.size) {
    return Older(
        "key store",
        absl::StrCat("want a log of ", published->size,
                     " leaves, as log/checkpoint says, got ", log.size));
  }
  if (published->size == log.size && published->root != log.root) {
    return absl::FailedPreconditionError(absl::StrCat(
        "key store: want the root that log/checkpoint says for ", log.size,
        " leaves, got another: one of them is of another history", kPutBack));
  }
  return absl::OkStatus();
}

// The key store's two accounts of the log, written in one transaction, agree.
absl::Status CheckKeyStore(const LogParts& parts) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction transaction,
                           ReadTransaction::Begin(parts.key_database));
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, parts.state.Read());
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState keys, parts.keys.ReadState());
  if (keys.sequenced == log.sequenced.keys && keys.log_size == log.size &&
      (log.size == 0 || keys.log_root == BytesOf(log.root))) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "key store.outbox: want its first ", log.sequenced.keys,
      " entries in a log of ", log.size, " leaves, as its log says, got ",
      keys.sequenced, " in one of ", keys.log_size, kPutBack));
}

// No store has seen more of the other than that has.
absl::Status CheckSeen(const LogParts& parts) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t of_keys, parts.records.ReadMaxSeen());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys, parts.keys.ReadIssued());
  if (keys < of_keys) {
    return Older("key store",
                 absl::StrCat("want ", of_keys,
                              " entries or more, which the record store has "
                              "seen, got ",
                              keys));
  }
  SUBROSA_ASSIGN_OR_RETURN(const int64_t of_records, parts.keys.ReadMaxSeen());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records, parts.records.ReadIssued());
  if (records < of_records) {
    return Older("record store",
                 absl::StrCat("want ", of_records,
                              " entries or more, which the key store has seen, "
                              "got ",
                              records));
  }
  return absl::OkStatus();
}

// The record store was written with this log, and is not behind it. `before` is
// the log's state from before the record store is read.
absl::Status CheckRecordStore(const LogParts& parts, const LogStatus& before) {
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState records,
                           parts.records.ReadState());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t issued, parts.records.ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus now, parts.state.Read());
  if (records.sequenced > now.sequenced.records ||
      records.log_size > now.size) {
    return Older(
        "key store",
        absl::StrCat("want a log of ", records.log_size,
                     " leaves, as the record store knows, got ", now.size));
  }
  if (issued < before.assigned.records) {
    return Older(
        "record store",
        absl::StrCat("want ", before.assigned.records,
                     " entries or more, which have places in the log, got ",
                     issued));
  }
  if (records.log_root.empty()) return absl::OkStatus();
  // Tiles as wide as they are now: the narrower ones of then may be gone.
  const absl::StatusOr<MerkleHash> root =
      RootOf(records.log_size, [&](const TileId& tile) {
        return parts.files.ReadTile(
            {tile.level, tile.index,
             TileWidthIn(now.size, tile.level, tile.index)});
      });
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

}  // namespace

std::string LogAnchorName(absl::string_view origin) {
  return absl::StrCat("log/", origin);
}

// Another process may sequence meanwhile, so each part is read before what may
// only run ahead of it: the files' checkpoint and the anchor before the key
// store, and the record store between two looks at that.
absl::StatusOr<RightEdge> CheckAgreement(const LogParts& parts) {
  const absl::StatusOr<std::string> published =
      parts.files.ReadNote(kCheckpointFile);
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus before, parts.state.Read());
  const absl::StatusOr<uint64_t> anchor =
      parts.provider.ReadAnchor(LogAnchorName(before.origin));
  if (!anchor.ok() && !absl::IsNotFound(anchor.status())) {
    return anchor.status();
  }
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, parts.state.Read());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> log_keys,
                           parts.state.ReadKeys());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<NoteKey> keys,
                           CheckLogKeys(parts.provider, log.origin, log_keys));
  SUBROSA_RETURN_IF_ERROR(CheckSigned(log, keys));
  if (anchor.ok() && *anchor > log.size) {
    return Older("key store and log",
                 absl::StrCat("want ", *anchor,
                              " leaves or more, as the keyring remembers, got ",
                              log.size));
  }
  SUBROSA_RETURN_IF_ERROR(CheckPublished(published, log, keys));
  SUBROSA_RETURN_IF_ERROR(CheckKeyStore(parts));
  SUBROSA_RETURN_IF_ERROR(CheckSeen(parts));
  SUBROSA_ASSIGN_OR_RETURN(RightEdge edge, LoadSignedEdge(parts.files, log));
  SUBROSA_RETURN_IF_ERROR(CheckRecordStore(parts, log));
  return edge;
}

absl::Status CheckSigned(const LogStatus& log, absl::Span<const NoteKey> keys) {
  const absl::StatusOr<Checkpoint> checkpoint =
      OpenCheckpoint(log.checkpoint, keys);
  if (checkpoint.ok() && checkpoint->size == log.size &&
      checkpoint->root == log.root && checkpoint->origin == log.origin) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "key store.log: want a checkpoint of its size and root, signed by a key "
      "of the keyring, got another",
      kPutBack));
}

absl::StatusOr<RightEdge> LoadSignedEdge(const LogFiles& files,
                                         const LogStatus& log) {
  absl::StatusOr<RightEdge> edge = RightEdge::Load(files, log.size);
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
  return edge;
}

absl::Status CheckNeverUsed(KeyProvider& provider, absl::string_view origin) {
  const absl::StatusOr<uint64_t> anchor =
      provider.ReadAnchor(LogAnchorName(origin));
  if (absl::IsNotFound(anchor.status())) return absl::OkStatus();
  if (!anchor.ok()) return anchor.status();
  if (*anchor == 0) return absl::OkStatus();
  return Older("key store",
               absl::StrCat("want the log of ", *anchor,
                            " leaves that the keyring remembers, got none"));
}

}  // namespace subrosa
