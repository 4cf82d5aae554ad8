// A receipt: one leaf, the proof that it is in the log, and the checkpoint that
// the proof leads to, in one text that can be checked without any network (C2SP
// tlog-proof, version 1). By custom in a file named *.tlog-proof.
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>
//   index 73894
//   <base64 of a hash, one a line>
//
//   <checkpoint, with its signatures and cosignatures>
//
// Thread-safe: no state.
//
// Security: `extra` is not authenticated. Subrosa puts the leaf and its opening
// there (docs/formats/audit.md, "Receipt"), and a verifier hashes that leaf.
#ifndef SUBROSA_SRC_AUDIT_TLOG_PROOF_H_
#define SUBROSA_SRC_AUDIT_TLOG_PROOF_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/merkle.h"

namespace subrosa {

// The longest receipt that is read.
inline constexpr size_t kMaxTlogProofBytes = size_t{1} << 20;

struct TlogProof {
  std::string extra;  // Any bytes; empty where there is none.
  uint64_t index = 0;
  std::vector<MerkleHash> proof;  // At most kMaxInclusionProof.
  std::string checkpoint;         // A checkpoint's signed note, not verified.
};

// What parses serializes to the same bytes. INVALID_ARGUMENT ("receipt.…: …")
// says what is wrong and where.
std::string SerializeTlogProof(const TlogProof& proof);
absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_TLOG_PROOF_H_
