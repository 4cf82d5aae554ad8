#include "src/audit/witness.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "src/audit/checkpoint.h"
#include "src/audit/merkle.h"
#include "src/audit/witness_request.h"
#include "src/audit/witness_state.h"
#include "src/base/status_macros.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/signed_note_text.h"

namespace subrosa {
namespace {

// What is known of one log.
struct KnownLog {
  std::vector<NoteKey> keys;
  std::mutex mutex;
  // The tree cosigned last; guarded by mutex.
  uint64_t size = 0;
  MerkleHash root = EmptyRoot();
};

HttpResponse SizeResponse(uint64_t size) {
  HttpResponse response = PlainTextResponse(409, absl::StrCat(size));
  response.content_type = "text/x.tlog.size";
  return response;
}

HttpResponse Answer(int status, const absl::Status& why) {
  return PlainTextResponse(status, why.message());
}

// The note of `note`'s text with those of its signatures that are by `keys`.
std::string OnlySignedBy(const std::vector<NoteKey>& keys, Note note) {
  std::vector<NoteSignature> known;
  for (NoteSignature& signature : note.signatures) {
    for (const NoteKey& key : keys) {
      if (IsSignedBy(key, note.text, signature)) {
        known.push_back(std::move(signature));
        break;
      }
    }
  }
  note.signatures = std::move(known);
  return SerializeNote(note);
}

absl::Status CheckConfig(const WitnessConfig& config) {
  for (size_t i = 0; i < config.logs.size(); ++i) {
    const WitnessedLog& log = config.logs[i];
    const std::string where = absl::StrCat("witness.logs[", i, "]");
    if (!IsNoteName(log.origin)) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ".origin: want a name that a key can have"));
    }
    if (log.keys.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ".keys: want at least 1, got 0"));
    }
    for (const NoteKey& key : log.keys) {
      if (key.type() != kNoteTypeEd25519) {
        return absl::InvalidArgumentError(
            absl::StrCat(where, ".keys: want keys of type ", kNoteTypeEd25519,
                         ", got one of type ", key.type()));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

class Witness::Impl {
 public:
  Impl(WitnessConfig config, NoteKey key, WitnessState state,
       KeyProvider& provider, const Clock& clock)
      : signing_key_(std::move(config.signing_key)),
        key_(std::move(key)),
        state_(std::move(state)),
        provider_(provider),
        clock_(clock) {}

  absl::Status AddLog(const WitnessedLog& log) {
    std::unique_ptr<KnownLog>& known = logs_[log.origin];
    if (known != nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "witness.logs: want each origin once, got ", log.origin, " twice"));
    }
    known = std::make_unique<KnownLog>();
    known->keys = log.keys;
    SUBROSA_ASSIGN_OR_RETURN(const absl::optional<Checkpoint> last,
                             state_.Load(log.origin));
    if (last.has_value()) {
      known->size = last->size;
      known->root = last->root;
    }
    return absl::OkStatus();
  }

  const NoteKey& key() const { return key_; }

  HttpResponse AddCheckpoint(absl::string_view body) {
    const absl::StatusOr<WitnessRequest> request = ParseWitnessRequest(body);
    if (!request.ok()) return Answer(400, request.status());
    absl::StatusOr<Note> note = ParseNote(request->checkpoint);
    if (!note.ok()) return Answer(400, note.status());
    const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(note->text);
    if (!checkpoint.ok()) return Answer(400, checkpoint.status());
    const auto found = logs_.find(checkpoint->origin);
    if (found == logs_.end()) {
      return PlainTextResponse(404, "the log is not known here");
    }
    KnownLog& log = *found->second;
    // A false signature in a known key's name is no signature by the log, too.
    if (!OpenNote(request->checkpoint, log.keys).ok()) {
      return PlainTextResponse(403, "no signature by the log's key");
    }
    if (request->old_size > checkpoint->size) {
      return PlainTextResponse(400, "the old size is over the checkpoint's");
    }
    return Cosigned(log, *request, *checkpoint, *std::move(note));
  }

 private:
  // Answers for a checkpoint that `log` signed. What is checked stays true
  // until it is kept, since the log is locked.
  HttpResponse Cosigned(KnownLog& log, const WitnessRequest& request,
                        const Checkpoint& checkpoint, Note note) {
    const std::lock_guard<std::mutex> lock(log.mutex);
    if (request.old_size != log.size) return SizeResponse(log.size);
    if (checkpoint.size == log.size && checkpoint.root != log.root) {
      return PlainTextResponse(409, "another tree of this size was cosigned");
    }
    if (absl::Status proven = CheckGrown(log, checkpoint, request);
        !proven.ok()) {
      return Answer(422, proven);
    }
    const std::string text = note.text;
    if (checkpoint.size != log.size) {
      // Before it is cosigned: a kill in between costs a cosignature, the other
      // order would let a second tree be cosigned.
      if (!state_
               .Store(checkpoint.origin,
                      OnlySignedBy(log.keys, std::move(note)))
               .ok()) {
        return PlainTextResponse(503, "the checkpoint cannot be kept");
      }
      log.size = checkpoint.size;
      log.root = checkpoint.root;
    }
    const absl::StatusOr<NoteSignature> signature =
        Cosign(text, key_, clock_.Now(), [this](absl::string_view message) {
          return provider_.Sign(signing_key_, message);
        });
    if (!signature.ok()) {
      return PlainTextResponse(503, "the key cannot be used");
    }
    HttpResponse response = PlainTextResponse(200, "");
    response.body = SerializeNoteSignature(*signature);
    return response;
  }

  // Whether the request proves that the tree cosigned last begins the new one.
  static absl::Status CheckGrown(const KnownLog& log,
                                 const Checkpoint& checkpoint,
                                 const WitnessRequest& request) {
    if (log.size != 0) {
      return CheckConsistency(log.size, checkpoint.size, log.root,
                              checkpoint.root, request.proof);
    }
    // Any tree begins with no leaves.
    if (request.proof.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("request.proof: want none from size 0, got ",
                     request.proof.size(), " lines"));
  }

  const std::string signing_key_;
  const NoteKey key_;
  WitnessState state_;
  KeyProvider& provider_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<KnownLog>> logs_;
};

Witness::Witness(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Witness::~Witness() = default;

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(WitnessConfig config,
                                                       KeyProvider& provider,
                                                       const Clock& clock) {
  SUBROSA_RETURN_IF_ERROR(CheckConfig(config));
  SUBROSA_ASSIGN_OR_RETURN(const std::string public_key,
                           provider.PublicKey(config.signing_key));
  SUBROSA_ASSIGN_OR_RETURN(NoteKey key, NoteKey::Create(config.name, public_key,
                                                        kNoteTypeCosignature));
  SUBROSA_ASSIGN_OR_RETURN(WitnessState state,
                           WitnessState::Open(config.state_folder));
  const std::vector<WitnessedLog> logs = config.logs;
  auto impl = std::make_unique<Impl>(std::move(config), std::move(key),
                                     std::move(state), provider, clock);
  for (const WitnessedLog& log : logs) {
    SUBROSA_RETURN_IF_ERROR(impl->AddLog(log));
  }
  return std::unique_ptr<Witness>(new Witness(std::move(impl)));
}

const NoteKey& Witness::key() const { return impl_->key(); }

HttpResponse Witness::AddCheckpoint(absl::string_view body) {
  return impl_->AddCheckpoint(body);
}

HttpResponse Witness::Handle(const HttpRequest& request) {
  if (request.path != "/add-checkpoint" || !request.query.empty()) {
    return PlainTextResponse(404, "want POST /add-checkpoint");
  }
  if (request.method != "POST") {
    HttpResponse response = PlainTextResponse(405, "want POST");
    response.headers.push_back({"Allow", "POST"});
    return response;
  }
  return AddCheckpoint(request.body);
}

}  // namespace subrosa
