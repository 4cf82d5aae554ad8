// The Intake is what every record passes before it may be put: it is valid, its
// payload's type carries marks, it is classified, it may be collected for its
// purpose, and the ground that it says it is held on is true.
//
// Thread-safe.
#ifndef SUBROSA_SRC_STEWARD_INTAKE_H_
#define SUBROSA_SRC_STEWARD_INTAKE_H_

#include <mutex>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/ingest/message_types.h"
#include "src/steward/consent_gate.h"
#include "src/steward/kind_reader.h"
#include "src/vault/put_item.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// What became of one record that was put. Where `status` is not OK the record
// was refused and nothing of it is held: INVALID_ARGUMENT for what is wrong in
// it (`field.path: want …, got …`), a payload without marks among it,
// FAILED_PRECONDITION if its consumer was erased, PERMISSION_DENIED if it may
// not be collected (ConsentGate::StatusOf). `outcome` counts only where
// `status` is OK.
struct PutResult {
  absl::Status status;
  PutOutcome outcome = PutOutcome::kAdded;
};

// What the vault's `outcome` means to whoever put the record.
PutResult ResultOf(PutOutcome outcome);

class Intake {
 public:
  // All must outlive it.
  Intake(const MessageTypes& types, KindReader& kinds, ConsentGate& gate)
      : types_(types), kinds_(kinds), gate_(gate) {}

  // `record`, with what classification says of it. INVALID_ARGUMENT and
  // PERMISSION_DENIED as in PutResult; else errors of the gate.
  absl::StatusOr<PutItem> Admit(const v1::HealthRecord& record);

 private:
  // INVALID_ARGUMENT if the payload's type carries no mark: what it holds would
  // be taken for nothing.
  absl::Status CheckMarked(const v1::HealthRecord& record);

  const MessageTypes& types_;
  KindReader& kinds_;
  ConsentGate& gate_;

  std::mutex mutex_;
  // Full names of the types that are known to carry marks. Guarded by mutex_.
  absl::flat_hash_set<std::string> marked_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_INTAKE_H_
