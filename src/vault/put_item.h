// What is given to the vault to put, and what becomes of it.
#ifndef SUBROSA_SRC_VAULT_PUT_ITEM_H_
#define SUBROSA_SRC_VAULT_PUT_ITEM_H_

#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// One record to put, with what classification says of it.
struct PutItem {
  const v1::HealthRecord* record = nullptr;  // Valid; not owned.
  RecordKinds kinds;
};

// What became of one item.
enum class PutOutcome {
  kAdded,       // A new record.
  kRevised,     // A new revision of a record whose content changed.
  kUnchanged,   // Held already, with this content.
  kSuppressed,  // Its consumer was erased: refused.
  kErased,      // Its consumer was erased while it was being put: not held.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_PUT_ITEM_H_
