// For tests: a log in memory that signs checkpoints of its tree at any size,
// and proves that it grew. Its entries are "0", "1", "2" and so on.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_AUDIT_TEST_LOG_H_
#define SUBROSA_SRC_AUDIT_TEST_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/audit/merkle.h"
#include "src/audit/reference_tree.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"

namespace subrosa {

class TestLog {
 public:
  explicit TestLog(const std::string& origin, uint64_t most_leaves = 64);

  // The one that signs.
  const std::vector<NoteKey>& keys() const { return keys_; }

  // The signed checkpoint of the first `size` leaves.
  std::string Checkpoint(uint64_t size);

  // A signed checkpoint of `size` leaves with another root: a split view.
  std::string ForkedCheckpoint(uint64_t size);

  // The note of `text`, signed by the log.
  std::string Sign(absl::string_view text);

  std::vector<MerkleHash> Proof(uint64_t old_size, uint64_t new_size);

  // An add-checkpoint request for the checkpoint of `new_size`.
  std::string Request(uint64_t old_size, uint64_t new_size);

 private:
  const std::string origin_;
  TokenProvider provider_;
  std::vector<NoteKey> keys_;
  ReferenceTree tree_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_TEST_LOG_H_
