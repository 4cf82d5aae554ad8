// The file in which a process that may be killed keeps what it began and what
// it was told: a VaultModel's lines, and the time.
//
// Each line begins with a newline and ends in ";", so that one that a kill tore
// is recognised, and left out.
//
// Thread-compatible.
#ifndef SUBROSA_TESTS_FAULTS_VAULT_LEDGER_H_
#define SUBROSA_TESTS_FAULTS_VAULT_LEDGER_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "tests/faults/vault_model.h"

namespace subrosa {

class VaultLedger {
 public:
  explicit VaultLedger(std::string path) : path_(std::move(path)) {}

  // Tells `model` what stands there, and returns the last time, or the epoch's
  // begin. INTERNAL if a whole line is none of a ledger's.
  absl::StatusOr<absl::Time> Open(VaultModel* model);

  absl::Status Write(absl::string_view line);
  absl::Status WriteTime(absl::Time now);

 private:
  const std::string path_;
  UniqueFd file_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_VAULT_LEDGER_H_
