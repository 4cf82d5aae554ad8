// A slow token is a PRF of a value from a domain that one could try out whole:
// social security numbers, telephone numbers, dates of birth. Whoever lacks the
// key learns nothing, as with Prf; whoever has stolen it pays Argon2id for each
// value that they try, instead of a third of a microsecond.
//
// Cost: 19 MiB and 2 passes (OWASP's least for Argon2id); 17 ms on the machine
// where this was written, so that a billion values take half a year of a
// processor. The cost is fixed: tokens of another cost would not be found.
//
// Thread-safe.
//
// Security: a PRF as long as the key is secret; with the key, each guess costs
// as above. It slows enumeration down and does not prevent it.
#ifndef SUBROSA_SRC_CRYPTO_SLOW_TOKEN_H_
#define SUBROSA_SRC_CRYPTO_SLOW_TOKEN_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/argon2id.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

inline constexpr Argon2idCost kSlowTokenCost = {/*passes=*/2,
                                                /*memory_kib=*/19 << 10};

// The token of `value` in the place that `context` names (any bytes):
//   salt  = first 16 bytes of Prf(key, "slow salt", {context})
//   token = Prf(key, "slow token", {context, Argon2id(value, salt)})
//
// RESOURCE_EXHAUSTED if the memory cannot be had.
absl::StatusOr<std::array<uint8_t, kPrfBytes>> SlowToken(
    const SecretKey& key, absl::string_view context, absl::string_view value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SLOW_TOKEN_H_
