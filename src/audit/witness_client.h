// A WitnessClient has one witness cosign a log's checkpoints (witness.h says
// what that is worth).
//
// Thread-compatible. Keeps a reference to the HttpClient.
//
// Example:
//   WitnessClient witness("https://witness.example", key, http);
//   SUBROSA_ASSIGN_OR_RETURN(
//       const CosignedNote cosigned,
//       witness.Cosign(checkpoint, [&](uint64_t old_size) {
//         return ConsistencyProof(old_size, size, tiles);
//       }));
#ifndef SUBROSA_SRC_AUDIT_WITNESS_CLIENT_H_
#define SUBROSA_SRC_AUDIT_WITNESS_CLIENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/merkle.h"
#include "src/crypto/signed_note.h"
#include "src/net/http_client.h"

namespace subrosa {

// The proof that the tree of the checkpoint begins with the tree of `old_size`
// leaves.
using ProofFrom = absl::FunctionRef<absl::StatusOr<std::vector<MerkleHash>>(
    uint64_t old_size)>;

struct CosignedNote {
  std::string note;  // The checkpoint with the cosignature's line at its end.
  absl::Time at;     // As of when, by the witness's clock.
};

class WitnessClient {
 public:
  // `url` is the witness's submission prefix, with or without a slash at its
  // end; `key` its public key, of type kNoteTypeCosignature.
  WitnessClient(const std::string& url, NoteKey key, HttpClient& http);

  // The size of the log that the witness is believed to have cosigned last: 0
  // until it is set or a checkpoint is cosigned. A wrong one costs a request.
  uint64_t known_size() const { return known_size_; }
  void set_known_size(uint64_t size) { known_size_ = size; }

  // Sends the checkpoint `signed_checkpoint`, and once more if the witness
  // answers that it has seen another size. Lines by others than the witness are
  // dropped, an older one by itself in the checkpoint is replaced.
  //
  // INVALID_ARGUMENT if `signed_checkpoint` is no checkpoint, `key` is of
  // another type or the URL is wrong; FAILED_PRECONDITION if the witness has
  // cosigned a larger tree than this one (this log is an old copy), or does not
  // accept the checkpoint (403, 404, 422, another tree of the same size);
  // UNAVAILABLE if it cannot be reached, is too busy or answers what is no
  // cosignature of this checkpoint; errors of `proof_from` and HttpClient.
  absl::StatusOr<CosignedNote> Cosign(absl::string_view signed_checkpoint,
                                      ProofFrom proof_from);

 private:
  std::string url_;
  NoteKey key_;
  HttpClient& http_;
  uint64_t known_size_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_WITNESS_CLIENT_H_
