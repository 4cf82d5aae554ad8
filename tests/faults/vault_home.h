// For tests of faults: a home as src/steward has it, whose key provider costs
// nothing to open and whose sequencer works when it is told to, so that each
// run makes the same calls.
//
// Thread-compatible.
#ifndef SUBROSA_TESTS_FAULTS_VAULT_HOME_H_
#define SUBROSA_TESTS_FAULTS_VAULT_HOME_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/base/clock.h"
#include "src/crypto/plain_file_provider.h"
#include "src/store/connection.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/faults/vault_model.h"

namespace subrosa {

class VaultHome {
 public:
  // `busy` is how long a locked database is waited for: where nobody else is at
  // the home, a lock that stays is a fault of ours.
  VaultHome(std::string folder, absl::Time now,
            absl::Duration busy = absl::Milliseconds(200))
      : folder_(std::move(folder)),
        clock_(now),
        busy_(busy),
        provider_(folder_ + "/keyring") {}

  // Makes the home in its folder, which is there; takes away what an earlier
  // try left. Backups of its keys are kept as
  // shortly as may be.
  absl::Status Create();

  // Opens it, as OpenHomeFolder does.
  absl::Status Open();
  void Close();

  Vault& vault() { return *vault_; }
  FixedClock& clock() { return clock_; }

  absl::StatusOr<std::vector<PutOutcome>> Put(
      const std::vector<v1::HealthRecord>& records);
  // Takes all that waits into the log.
  absl::StatusOr<LogStatus> Sequence();

  // Copies both stores to `name`.records and `name`.keys beside the home's.
  absl::Status BackUp(const std::string& name);
  // Puts such copies in the stores' place, as RestoreHome does. The home is
  // closed then.
  absl::Status Restore(const std::string& name);

  // Opens the home and says what is wrong with it.
  std::vector<std::string> Judge(VaultModel* model);

 private:
  std::string PathOf(const std::string& store) const {
    return folder_ + "/" + store + ".db";
  }
  absl::StatusOr<std::unique_ptr<Connection>> Connect(const std::string& store,
                                                      bool create = false);
  absl::StatusOr<Sequencer::Parts> SequencerParts();
  absl::Status PutInPlace(const std::string& name, const std::string& store);

  const std::string folder_;
  FixedClock clock_;
  const absl::Duration busy_;
  PlainFileProvider provider_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Sequencer> sequencer_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_VAULT_HOME_H_
