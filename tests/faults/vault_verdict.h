// Whether a home is as it should be after something went wrong in it: every
// acknowledged record there and counted, every erased consumer gone, keys and
// rows fitting together, epochs in order, and the log telling of all of it.
//
// Thread-safe: no state.
#ifndef SUBROSA_TESTS_FAULTS_VAULT_VERDICT_H_
#define SUBROSA_TESTS_FAULTS_VAULT_VERDICT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/audit/log_state.h"
#include "src/store/connection.h"
#include "src/vault/vault.h"
#include "tests/faults/vault_model.h"

namespace subrosa {

// What is wrong with the home, in words; empty if nothing is. Its log, in
// `log_folder`, has been taken up to all that the outboxes held, and is `log`.
// `records` is a connection to the record store. `model` is taken up to what
// was found.
absl::StatusOr<std::vector<std::string>> JudgeHome(
    Vault& vault, Connection& records, const LogStatus& log,
    const std::string& log_folder, VaultModel* model);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_VAULT_VERDICT_H_
