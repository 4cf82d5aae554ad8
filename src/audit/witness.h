// A Witness cosigns checkpoints of the logs that it knows, each only if its
// tree continues the one that it cosigned last (C2SP tlog-witness). Who trusts
// the witness then knows that a log shows everyone the same history.
//
// Thread-safe: logs are handled side by side, one request of a log at a time.
//
// Security: a checkpoint is durable in the state folder before it is cosigned,
// so neither a race nor a kill makes the witness cosign a smaller tree or a
// second one. Whoever puts back an old state folder makes it forget: leave the
// folder out of backups. A lost one starts anew at size 0, which monitors see.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Witness> witness,
//                            Witness::Open(config, keyring, clock));
//   HttpServer::Start(address, [&](const HttpRequest& request) {
//     return witness->Handle(request);
//   });
#ifndef SUBROSA_SRC_AUDIT_WITNESS_H_
#define SUBROSA_SRC_AUDIT_WITNESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/signed_note.h"
#include "src/net/http_message.h"

namespace subrosa {

// A log whose checkpoints may be cosigned.
struct WitnessedLog {
  std::string origin;
  std::vector<NoteKey> keys;  // Of type kNoteTypeEd25519; one has to sign.
};

struct WitnessConfig {
  std::string name;         // In its signature lines: "witness.example/w1".
  std::string signing_key;  // The name of its key in the provider.
  // A folder of its own that exists: one file for each log, and a lock.
  std::string state_folder;
  std::vector<WitnessedLog> logs;
};

class Witness {
 public:
  // Takes the state folder for itself and reads what was cosigned. Keeps
  // references to `provider` and `clock`.
  //
  // INVALID_ARGUMENT if the configuration is wrong in itself, two logs of one
  // origin included; NOT_FOUND if there is no such key or folder;
  // FAILED_PRECONDITION if another witness has the folder; DATA_LOSS if a state
  // file is damaged (put back the newest copy there is, or take the log off the
  // list); errors of `provider` and of files.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(WitnessConfig config,
                                                       KeyProvider& provider,
                                                       const Clock& clock);
  ~Witness();

  // The public key, for those who trust this witness.
  const NoteKey& key() const;

  // Answers the body of an add-checkpoint request:
  //   200  the cosignature, one line
  //   400  malformed, with extension lines, or smaller than the old size
  //   403  not signed by the log          404  no log that is known
  //   409  the old size is not the one cosigned last, which the body then gives
  //        (text/x.tlog.size); or another tree of the same size
  //   422  the proof does not lead from the tree cosigned last to this one
  //   503  the state cannot be kept, or the key not be used; nothing is
  //   cosigned
  HttpResponse AddCheckpoint(absl::string_view body);

  // Answers any request: POST /add-checkpoint as above, others with 404 or 405.
  HttpResponse Handle(const HttpRequest& request);

 private:
  class Impl;
  explicit Witness(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_WITNESS_H_
