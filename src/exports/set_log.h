// What the log says of a set or an aggregate that was given: that there was
// one, on which day, of how many consumers, and the digest of its bytes, by
// which whoever has it finds the entry.
#ifndef SUBROSA_SRC_EXPORTS_SET_LOG_H_
#define SUBROSA_SRC_EXPORTS_SET_LOG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/leaf_numbers.h"
#include "src/base/clock.h"
#include "src/vault/vault.h"

namespace subrosa {

// The leaf of it, serialized; `sha256` has 32 bytes.
absl::StatusOr<std::string> SetLeaf(const Clock& clock, GivenSet form,
                                    int64_t consumers,
                                    absl::string_view sha256);

// Leaves an entry of it, in a transaction of its own. OK means durable.
absl::Status LogSet(Vault& vault, const Clock& clock, GivenSet form,
                    int64_t consumers, absl::string_view sha256);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_LOG_H_
