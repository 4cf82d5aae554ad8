// What is kept under the evidence key of a year (evidence_keys.h) and is not
// over: requests that are not answered, and erasures without their final
// certificate. They are in rooms above; that they are open rests in clear. The
// year's key stays as long as there is one.
//
// Thread-compatible, as the record store. Errors are those of Connection.
#ifndef SUBROSA_SRC_VAULT_OPEN_ITEMS_H_
#define SUBROSA_SRC_VAULT_OPEN_ITEMS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "src/vault/record_store.h"

namespace subrosa {

struct OpenItems {
  int32_t year = 0;
  int64_t requests = 0;
  int64_t erasures = 0;

  bool empty() const { return requests == 0 && erasures == 0; }
};

absl::StatusOr<OpenItems> CountOpenItems(RecordStore& records, int32_t year);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_OPEN_ITEMS_H_
