// What has the shape of an entry of the ledger, and the leaf that one leaves in
// the log. For the ledger.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_LEDGER_ENTRY_H_
#define SUBROSA_SRC_CONSENT_LEDGER_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// The longest entry, in bytes of its message.
inline constexpr size_t kMaxLedgerEntryBytes = size_t{64} << 10;

// INVALID_ARGUMENT if `entry` names nobody, holds neither a choice nor facts,
// or is too long.
absl::Status CheckEntryShape(const v1::LedgerEntry& entry);

// The leaf of an entry that is recorded on `day`, as it goes into the log. Its
// commitments are to the consumer, to `content`, the entry's bytes, and to the
// tag that names it.
absl::StatusOr<std::string> LeafOfEntry(const v1::LedgerEntry& entry,
                                        absl::string_view content,
                                        const Commitment& tag, int32_t day,
                                        const SecretKey& stable_secret);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_LEDGER_ENTRY_H_
