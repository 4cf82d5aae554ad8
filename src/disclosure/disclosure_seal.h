// How entries of the ledger of disclosures are sealed: under a key of the
// consumer's that outlives a version of theirs and dies with the last, and
// bound to their place and to what of them rests in clear. For the ledger.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_DISCLOSURE_DISCLOSURE_SEAL_H_
#define SUBROSA_SRC_DISCLOSURE_DISCLOSURE_SEAL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {

// Where an entry stands, and its clear columns.
struct DisclosurePlace {
  absl::string_view entity;
  absl::string_view consumer_ref;  // 16 bytes.
  uint64_t number = 0;             // Among the consumer's, from 1.
  absl::string_view recipient;
  int32_t day = 0;  // Since 1970-01-01, in UTC.
};

absl::StatusOr<SecretKey> DisclosureKeyOf(const SecretKey& stable_secret);

absl::StatusOr<std::string> SealDisclosure(const SecretKey& key,
                                           const DisclosurePlace& place,
                                           const v1::Disclosure& disclosure);

// DATA_LOSS if `sealed` does not open at its place.
absl::Status OpenDisclosure(const SecretKey& key, const DisclosurePlace& place,
                            absl::string_view sealed,
                            v1::Disclosure* disclosure);

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_DISCLOSURE_SEAL_H_
