// What a log sends a witness (C2SP tlog-witness, add-checkpoint): the size that
// it believes the witness has seen, the proof that its tree grew from there,
// and its new checkpoint.
//
//   old 20852014
//   <base64 of a hash, one a line>
//
//   <checkpoint, a signed note>
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_WITNESS_REQUEST_H_
#define SUBROSA_SRC_AUDIT_WITNESS_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/merkle.h"

namespace subrosa {

// The longest request that is read: room for 16 signatures of the longest kind.
inline constexpr size_t kMaxWitnessRequestBytes = size_t{128} << 10;
inline constexpr size_t kMaxWitnessProof = 63;

struct WitnessRequest {
  uint64_t old_size = 0;
  std::vector<MerkleHash> proof;  // At most kMaxWitnessProof.
  std::string checkpoint;         // A signed note, not verified.
};

// What parses serializes to the same bytes. INVALID_ARGUMENT ("request.…: …")
// says what is wrong and where.
std::string SerializeWitnessRequest(const WitnessRequest& request);
absl::StatusOr<WitnessRequest> ParseWitnessRequest(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_WITNESS_REQUEST_H_
