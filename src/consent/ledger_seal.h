// How entries of the ledger, and what stands of them, are sealed: under a key
// of the consumer's that outlives a version of theirs and dies with the last,
// and bound to their place. For the ledger.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_LEDGER_SEAL_H_
#define SUBROSA_SRC_CONSENT_LEDGER_SEAL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Where an entry, or a standing, stands.
struct LedgerPlace {
  absl::string_view entity;
  absl::string_view consumer_ref;  // 16 bytes.
  uint64_t number = 0;             // Of the entry, from 1; 0: the standing.
};

// The key that a consumer's ledger is sealed under.
absl::StatusOr<SecretKey> LedgerKeyOf(const SecretKey& stable_secret);

// Seals a message's bytes. INVALID_ARGUMENT if there are more than
// kMaxSealedValueBytes.
absl::StatusOr<std::string> SealLedger(const SecretKey& key,
                                       const LedgerPlace& place,
                                       absl::string_view content);

// DATA_LOSS if `sealed` does not open at its place.
absl::Status OpenLedger(const SecretKey& key, const LedgerPlace& place,
                        absl::string_view sealed,
                        google::protobuf::MessageLite* message);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_LEDGER_SEAL_H_
