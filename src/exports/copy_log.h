// What the log says of a copy that was made: that there was one, on which day,
// and hiding commitments to whom and to what, which the consumer's receipt can
// open.
#ifndef SUBROSA_SRC_EXPORTS_COPY_LOG_H_
#define SUBROSA_SRC_EXPORTS_COPY_LOG_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/vault/vault.h"

namespace subrosa {

// Leaves an entry that a copy was made of `consumer`, whose sealed bytes have
// the digest `sha256` (32 bytes). OK means durable. NOT_FOUND if there is no
// such consumer.
absl::Status LogCopy(Vault& vault, const Clock& clock,
                     absl::string_view consumer, absl::string_view sha256);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_LOG_H_
