#include "src/audit/log_survey.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_agreement.h"
#include "src/audit/log_files.h"
#include "src/audit/log_keys.h"
#include "src/audit/merkle.h"
#include "src/audit/right_edge.h"
#include "src/audit/tile.h"
#include "src/audit/tree.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

constexpr LogPart kParts[] = {LogPart::kKeyStore, LogPart::kRecordStore,
                              LogPart::kFolder, LogPart::kKeyring};

// What one reading of an outbox says.
struct OutboxReading {
  OutboxState state;
  int64_t issued = 0;
  int64_t max_seen = 0;
};

absl::StatusOr<OutboxReading> ReadOutbox(Connection& database) {
  SUBROSA_ASSIGN_OR_RETURN(Outbox outbox, Outbox::Open(database));
  OutboxReading reading;
  SUBROSA_ASSIGN_OR_RETURN(reading.state, outbox.ReadState());
  SUBROSA_ASSIGN_OR_RETURN(reading.max_seen, outbox.ReadMaxSeen());
  SUBROSA_ASSIGN_OR_RETURN(reading.issued, outbox.ReadIssued());
  return reading;
}

// What one reading of the key store says.
struct KeyStoreReading {
  LogStatus log;
  std::vector<LogKey> log_keys;
  std::vector<NoteKey> keys;
  OutboxReading outbox;
};

absl::StatusOr<KeyStoreReading> ReadKeyStore(Connection& database) {
  SUBROSA_ASSIGN_OR_RETURN(LogState state, LogState::Open(database));
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction transaction,
                           ReadTransaction::Begin(database));
  KeyStoreReading reading;
  SUBROSA_ASSIGN_OR_RETURN(reading.log, state.Read());
  SUBROSA_ASSIGN_OR_RETURN(reading.log_keys, state.ReadKeys());
  SUBROSA_ASSIGN_OR_RETURN(reading.keys, ParseLogKeys(reading.log_keys));
  if (reading.keys.empty()) {
    return absl::DataLossError("key store.log_key: want a key, got none");
  }
  SUBROSA_ASSIGN_OR_RETURN(reading.outbox, ReadOutbox(database));
  return reading;
}

class Surveyor {
 public:
  explicit Surveyor(const LogSurveyParts& parts)
      : parts_(parts), files_(parts.folder) {
    for (const LogPart part : kParts) {
      survey_.parts.push_back({part, LogStanding::kAgrees, std::nullopt});
    }
  }

  // Reads each part before what may only run ahead of it.
  LogSurvey Run() {
    const absl::StatusOr<KeyStoreReading> before = ReadKeys();
    ReadKeyring(before);
    ReadRecords();
    const absl::StatusOr<std::string> published =
        files_.ReadNote(kCheckpointFile);
    const absl::StatusOr<std::string> cosigned = files_.ReadNote(kCosignedFile);
    keys_ = ReadKeys();
    if (!before.ok() || !keys_.ok()) {
      Unread(LogPart::kKeyStore,
             before.ok() ? keys_.status() : before.status());
      CompareSizes();
      return std::move(survey_);
    }
    survey_.log = keys_->log;
    survey_.keys = keys_->log_keys;
    Of(LogPart::kKeyStore).size = keys_->log.size;
    CheckKeyStore();
    ReadCheckpoints(published, cosigned);
    CompareSizes();
    CompareEntries(*before);
    CheckEdge();
    CheckHistories();
    CountWaiting();
    return std::move(survey_);
  }

 private:
  SurveyedPart& Of(LogPart part) {
    return survey_.parts[static_cast<size_t>(part)];
  }

  // The first reason for a part's standing is told.
  void Tell(LogPart part, LogStanding standing, const std::string& reason) {
    for (const LogDisagreement& told : survey_.disagreements) {
      if (told.part == part && told.standing == standing) return;
    }
    survey_.disagreements.push_back({part, standing, reason});
    LogStanding& present = Of(part).standing;
    if (present == LogStanding::kAgrees || present == LogStanding::kAhead) {
      present = standing;
    }
  }

  void TellBehind(LogPart part, LogPart ahead, const std::string& reason) {
    Tell(part, LogStanding::kBehind, reason);
    LogStanding& other = Of(ahead).standing;
    if (other == LogStanding::kAgrees) other = LogStanding::kAhead;
  }

  void Unread(LogPart part, const absl::Status& status) {
    Tell(part, LogStanding::kUnread, std::string(status.message()));
  }

  absl::StatusOr<KeyStoreReading> ReadKeys() {
    if (!parts_.keys.ok()) return parts_.keys.status();
    return ReadKeyStore(**parts_.keys);
  }

  void ReadKeyring(const absl::StatusOr<KeyStoreReading>& keys) {
    if (parts_.provider == nullptr || !keys.ok()) {
      Of(LogPart::kKeyring).standing = LogStanding::kUnread;
      return;
    }
    const absl::StatusOr<uint64_t> anchor =
        parts_.provider->ReadAnchor(LogAnchorName(keys->log.origin));
    if (anchor.ok()) {
      Of(LogPart::kKeyring).size = *anchor;
    } else if (!absl::IsNotFound(anchor.status())) {
      Unread(LogPart::kKeyring, anchor.status());
      return;
    }
    absl::StatusOr<std::vector<NoteKey>> own =
        CheckLogKeys(*parts_.provider, keys->log.origin, keys->log_keys);
    if (own.ok()) {
      keyring_keys_ = *std::move(own);
    } else if (absl::IsFailedPrecondition(own.status())) {
      Tell(LogPart::kKeyring, LogStanding::kForeign,
           std::string(own.status().message()));
    } else {
      Unread(LogPart::kKeyring, own.status());
    }
  }

  // By which checkpoints are verified: the keyring's, where it is open.
  const std::vector<NoteKey>& SigningKeys() const {
    return keyring_keys_.empty() ? keys_->keys : keyring_keys_;
  }

  void ReadRecords() {
    records_ = parts_.records.ok()
                   ? ReadOutbox(**parts_.records)
                   : absl::StatusOr<OutboxReading>(parts_.records.status());
    if (records_.ok()) {
      Of(LogPart::kRecordStore).size = records_->state.log_size;
    } else {
      Unread(LogPart::kRecordStore, records_.status());
    }
  }

  void CheckKeyStore() {
    const absl::StatusOr<Checkpoint> own =
        OpenCheckpoint(keys_->log.checkpoint, SigningKeys());
    if (!own.ok() || own->size != keys_->log.size ||
        own->root != keys_->log.root || own->origin != keys_->log.origin) {
      Tell(LogPart::kKeyStore, LogStanding::kDamaged,
           "want a checkpoint of its size and root, signed by its key, got "
           "another");
    }
    const OutboxState& outbox = keys_->outbox.state;
    if (outbox.sequenced != keys_->log.sequenced.keys ||
        outbox.log_size != keys_->log.size ||
        (outbox.log_size > 0 && outbox.log_root != BytesOf(keys_->log.root))) {
      Tell(LogPart::kKeyStore, LogStanding::kDamaged,
           "want an outbox that knows the same log as its log's state, got one "
           "that knows another");
    }
  }

  std::optional<Checkpoint> ReadCheckpoint(
      absl::string_view name, const absl::StatusOr<std::string>& note) {
    if (!note.ok()) {
      // Opening the home writes it.
      if (!absl::IsNotFound(note.status())) {
        Unread(LogPart::kFolder, note.status());
      }
      return std::nullopt;
    }
    const absl::StatusOr<Checkpoint> checkpoint =
        OpenCheckpoint(*note, SigningKeys());
    if (checkpoint.ok()) return *checkpoint;
    Tell(
        LogPart::kFolder, LogStanding::kForeign,
        absl::StrCat("log/", name, ": want a checkpoint of ", keys_->log.origin,
                     " that a key of it signed, got another (",
                     checkpoint.status().message(), ")"));
    return std::nullopt;
  }

  void ReadCheckpoints(const absl::StatusOr<std::string>& published,
                       const absl::StatusOr<std::string>& cosigned) {
    published_ = ReadCheckpoint(kCheckpointFile, published);
    cosigned_ = ReadCheckpoint(kCosignedFile, cosigned);
    if (published_.has_value()) Of(LogPart::kFolder).size = published_->size;
    if (cosigned_.has_value()) survey_.cosigned_size = cosigned_->size;
  }

  // Whoever hears of a longer log later may not know of a longer one.
  void CompareSizes() {
    constexpr LogPart kInOrder[] = {LogPart::kKeyStore, LogPart::kFolder,
                                    LogPart::kRecordStore, LogPart::kKeyring};
    for (size_t i = 0; i < 4; ++i) {
      const std::optional<uint64_t> size = Of(kInOrder[i]).size;
      if (!size.has_value()) continue;
      uint64_t most = *size;
      LogPart ahead = kInOrder[i];
      for (size_t j = i + 1; j < 4; ++j) {
        const uint64_t other = Of(kInOrder[j]).size.value_or(0);
        if (other > most) {
          most = other;
          ahead = kInOrder[j];
        }
      }
      if (kInOrder[i] == LogPart::kKeyStore &&
          survey_.cosigned_size.value_or(0) > most) {
        most = *survey_.cosigned_size;
        ahead = LogPart::kFolder;
      }
      if (most == *size) continue;
      TellBehind(kInOrder[i], ahead,
                 absl::StrCat("want a log of ", most, " leaves or more, as ",
                              LogPartName(ahead), " knows, got ", *size));
    }
  }

  // Entries that one store knows of the other must be there.
  void CompareEntries(const KeyStoreReading& before) {
    if (!records_.ok()) return;
    const auto compare = [&](LogPart part, LogPart ahead, int64_t want,
                             int64_t got, absl::string_view why) {
      if (got >= want) return;
      TellBehind(part, ahead,
                 absl::StrCat("want ", want, " entries or more, ", why,
                              ", got ", got));
    };
    compare(LogPart::kKeyStore, LogPart::kRecordStore,
            records_->state.sequenced, keys_->log.sequenced.records,
            "which the record store knows to be in the log");
    compare(LogPart::kKeyStore, LogPart::kRecordStore, records_->max_seen,
            keys_->outbox.issued, "which the record store has seen");
    compare(LogPart::kRecordStore, LogPart::kKeyStore,
            before.log.assigned.records, records_->issued,
            "which have places in the log");
    compare(LogPart::kRecordStore, LogPart::kKeyStore, before.outbox.max_seen,
            records_->issued, "which the key store has seen");
  }

  void CheckEdge() {
    absl::StatusOr<RightEdge> edge = RightEdge::Load(files_, keys_->log.size);
    if (absl::IsNotFound(edge.status())) {
      TellBehind(LogPart::kFolder, LogPart::kKeyStore,
                 std::string(edge.status().message()));
    } else if (!edge.ok()) {
      Tell(LogPart::kFolder, LogStanding::kDamaged,
           std::string(edge.status().message()));
    } else if (edge->Root() != keys_->log.root) {
      Tell(LogPart::kFolder, LogStanding::kDamaged,
           absl::StrCat("want tiles with the root that was signed for ",
                        keys_->log.size, " leaves, got others"));
    } else {
      has_edge_ = true;
    }
  }

  // Whether the log's first `size` leaves have `root`.
  absl::StatusOr<bool> BeginsWith(uint64_t size, absl::string_view root) {
    // Tiles as wide as they are now: the narrower ones of then may be gone.
    SUBROSA_ASSIGN_OR_RETURN(
        const MerkleHash found, RootOf(size, [&](const TileId& tile) {
          return files_.ReadTile(
              {tile.level, tile.index,
               TileWidthIn(keys_->log.size, tile.level, tile.index)});
        }));
    return BytesOf(found) == root;
  }

  void CheckHistory(LogPart part, uint64_t size, absl::string_view root) {
    if (size > keys_->log.size) return;
    const absl::StatusOr<bool> begins = BeginsWith(size, root);
    if (!begins.ok()) {
      Tell(LogPart::kFolder, LogStanding::kDamaged,
           std::string(begins.status().message()));
    } else if (!*begins) {
      Tell(part, LogStanding::kForeign,
           absl::StrCat("want this log as it was at ", size,
                        " leaves, got another of that size"));
    }
  }

  void CheckHistories() {
    if (!has_edge_) return;
    for (const std::optional<Checkpoint>* checkpoint :
         {&published_, &cosigned_}) {
      if (!checkpoint->has_value()) continue;
      CheckHistory(LogPart::kFolder, (*checkpoint)->size,
                   BytesOf((*checkpoint)->root));
    }
    // Empty before the record store first heard of the log.
    if (records_.ok() && !records_->state.log_root.empty()) {
      CheckHistory(LogPart::kRecordStore, records_->state.log_size,
                   records_->state.log_root);
    }
  }

  void CountWaiting() {
    const OutboxPosition& sequenced = keys_->log.sequenced;
    survey_.keys_waiting =
        std::max<int64_t>(0, keys_->outbox.issued - sequenced.keys);
    if (!records_.ok()) return;
    survey_.records_waiting =
        std::max<int64_t>(0, records_->issued - sequenced.records);
  }

  const LogSurveyParts& parts_;
  std::vector<NoteKey> keyring_keys_;  // Empty: the keyring is not asked.
  const LogFiles files_;
  LogSurvey survey_;
  absl::StatusOr<KeyStoreReading> keys_;
  absl::StatusOr<OutboxReading> records_;
  std::optional<Checkpoint> published_;
  std::optional<Checkpoint> cosigned_;
  bool has_edge_ = false;
};

}  // namespace

absl::string_view LogPartName(LogPart part) {
  switch (part) {
    case LogPart::kKeyStore:
      return "keys.db";
    case LogPart::kRecordStore:
      return "records.db";
    case LogPart::kFolder:
      return "log";
    case LogPart::kKeyring:
      break;
  }
  return "keyring";
}

absl::string_view LogStandingName(LogStanding standing) {
  switch (standing) {
    case LogStanding::kAgrees:
      return "agrees";
    case LogStanding::kBehind:
      return "behind";
    case LogStanding::kAhead:
      return "ahead";
    case LogStanding::kForeign:
      return "foreign";
    case LogStanding::kDamaged:
      return "damaged";
    case LogStanding::kUnread:
      break;
  }
  return "unread";
}

LogSurvey SurveyLog(const LogSurveyParts& parts) {
  return Surveyor(parts).Run();
}

}  // namespace subrosa
