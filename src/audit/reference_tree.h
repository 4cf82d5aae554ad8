// For tests: RFC 6962's tree as its definitions have it, MTH, PATH and PROOF
// word for word, over leaves in memory. Slow, and sharing nothing with tile.h
// and tree.h but the hash.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_AUDIT_REFERENCE_TREE_H_
#define SUBROSA_SRC_AUDIT_REFERENCE_TREE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/audit/merkle.h"

namespace subrosa {

class ReferenceTree {
 public:
  explicit ReferenceTree(const std::vector<std::string>& entries);

  // A tree of `size` entries: "0", "1", "2" and so on.
  static ReferenceTree OfNumbers(uint64_t size);

  // The hash of one leaf, and the root of the first `size`.
  MerkleHash Leaf(uint64_t index) { return Mth(index, index + 1); }
  MerkleHash Root(uint64_t size) { return Mth(0, size); }

  // MTH(D[begin:end]).
  MerkleHash Mth(uint64_t begin, uint64_t end);

  // PATH(index, D[0:size]).
  std::vector<MerkleHash> Path(uint64_t index, uint64_t size);

  // PROOF(old_size, D[0:new_size]).
  std::vector<MerkleHash> Proof(uint64_t old_size, uint64_t new_size);

 private:
  std::vector<MerkleHash> PathWithin(uint64_t index, uint64_t begin,
                                     uint64_t end);
  std::vector<MerkleHash> Subproof(uint64_t size, uint64_t begin, uint64_t end,
                                   bool is_whole);

  MerkleHasher hasher_;
  std::vector<MerkleHash> leaves_;
  std::map<std::pair<uint64_t, uint64_t>, MerkleHash> seen_;
};

// What `hex` is the hexadecimal of, 64 digits.
MerkleHash HashFromHex(absl::string_view hex);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_REFERENCE_TREE_H_
