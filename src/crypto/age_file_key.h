// What age derives from a file key: the header's MAC and the payload's key.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CRYPTO_AGE_FILE_KEY_H_
#define SUBROSA_SRC_CRYPTO_AGE_FILE_KEY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_header.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

// Stands between header and payload, random and new for each file.
inline constexpr size_t kAgePayloadNonceBytes = 16;

// A new random file key. RESOURCE_EXHAUSTED if there is no memory for it.
absl::StatusOr<SecretBuffer> NewAgeFileKey();

// Returns the header with its MAC.
absl::StatusOr<AgeHeader> AuthenticateAgeHeader(const SecretBuffer& file_key,
                                                std::vector<AgeStanza> stanzas);

// INVALID_ARGUMENT if the MAC is not that of the stanzas: somebody without the
// file key changed them.
absl::Status CheckAgeHeaderMac(const SecretBuffer& file_key,
                               const AgeHeader& header);

// The key (32 bytes) of the payload that follows `nonce`.
absl::StatusOr<SecretBuffer> DeriveAgePayloadKey(const SecretBuffer& file_key,
                                                 absl::string_view nonce);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_FILE_KEY_H_
