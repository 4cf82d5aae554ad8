// A walk over all consumers in the order of their key ids, which neither a
// rotation nor a new version of a key changes: so it can be stopped and taken
// up again where it was.
//
// The directory leads from account ids to references and not back, and a
// rotation moves its rows. So it is gone through once for each kWalkedAtOnce
// consumers: those that come next are kept in memory (150 bytes each), then
// visited.
//
// Cost, besides the visits: one or two microseconds for each consumer and pass.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_WALK_H_
#define SUBROSA_SRC_VAULT_CONSUMER_WALK_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/key_store.h"

namespace subrosa {

inline constexpr size_t kWalkedAtOnce = 200000;

// Visits each consumer whose key id is above `after` ("": all) and who is
// there when their pass begins and when it is their turn. Stops at the first
// error of `visit` and returns it; DATA_LOSS if a directory entry or a key does
// not open; else errors of the key store.
absl::Status WalkConsumers(
    KeyStore& keys, absl::string_view after,
    absl::FunctionRef<absl::Status(const ConsumerHandle& consumer)> visit,
    size_t walked_at_once = kWalkedAtOnce);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_WALK_H_
