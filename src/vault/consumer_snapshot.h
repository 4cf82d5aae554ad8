// All that is held of one consumer, as it was at one instant, to be read more
// than once: what is put or erased meanwhile is not seen. Made by
// Vault::ReadAtOneInstant, and of use only within it.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_SNAPSHOT_H_
#define SUBROSA_SRC_VAULT_CONSUMER_SNAPSHOT_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class ConsumerSnapshot {
 public:
  virtual ~ConsumerSnapshot() = default;

  using RecordVisitor =
      absl::FunctionRef<absl::Status(const v1::HealthRecord&, const RowFacts&)>;

  // As Vault::Scan, of the payload type `schema` alone unless that is empty.
  virtual absl::Status Scan(absl::string_view schema,
                            RecordVisitor visit) const = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_SNAPSHOT_H_
