// What an erasure has still to do, as the parts of a request: so that nobody
// says by hand that it is done (src/request/request_erasing.h).
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_OWED_PARTS_H_
#define SUBROSA_SRC_ERASURE_OWED_PARTS_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/vault/vault.h"

namespace subrosa {

// The slugs (PartOf) of the parts that the erasure of `consumer` which was
// ordered last has still to do: kRecordsPart until the keys are gone, and each
// store or recipient that has neither done it nor refused. None if none is
// ordered. Errors of ErasureBook::Find but NOT_FOUND.
absl::StatusOr<std::set<std::string>> ReadOwedParts(Vault& vault,
                                                    const Clock& clock,
                                                    absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_OWED_PARTS_H_
