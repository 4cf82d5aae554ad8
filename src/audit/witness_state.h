// What a witness remembers of each log: the checkpoint that it cosigned last. A
// folder with one file for each, named by the hash of the log's origin, and a
// lock that keeps other witnesses out as long as this object lives.
//
// Thread-compatible; different origins may be used side by side.
#ifndef SUBROSA_SRC_AUDIT_WITNESS_STATE_H_
#define SUBROSA_SRC_AUDIT_WITNESS_STATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "src/audit/checkpoint.h"
#include "src/base/file.h"

namespace subrosa {

class WitnessState {
 public:
  // NOT_FOUND if there is no such folder; FAILED_PRECONDITION if another
  // process or object has it open; errors of files.
  static absl::StatusOr<WitnessState> Open(const std::string& folder);

  // The checkpoint kept last for `origin`; nothing if there never was one.
  // DATA_LOSS if the file is not one of that log.
  absl::StatusOr<absl::optional<Checkpoint>> Load(
      absl::string_view origin) const;

  // Keeps `note`, the signed note of a checkpoint of `origin`, durably, in
  // place of the one before. The signatures are kept as evidence. UNAVAILABLE
  // if the system refuses: either may then stand.
  absl::Status Store(absl::string_view origin, absl::string_view note);

 private:
  WitnessState(std::string folder, UniqueFd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::string folder_;
  UniqueFd lock_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_WITNESS_STATE_H_
