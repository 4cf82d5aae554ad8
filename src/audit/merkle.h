// RFC 6962 Merkle trees: hashes, and the checks that anyone can make with a
// root, a leaf and a proof.
//
//   leaf  SHA-256(0x00 || entry)          node  SHA-256(0x01 || left || right)
//
// Hashing is thread-compatible; the checks are thread-safe.
//
// Security: as long as SHA-256 has no collisions, a proof that checks says that
// the leaf stands at that index of the tree with that root (inclusion), or that
// the larger tree begins with the smaller one (consistency). Whose tree it is,
// a checkpoint says (checkpoint.h), and so it does of which size: for some
// leaves, trees of two sizes have proofs of the same shape.
#ifndef SUBROSA_SRC_AUDIT_MERKLE_H_
#define SUBROSA_SRC_AUDIT_MERKLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/sha256.h"

namespace subrosa {

using MerkleHash = std::array<uint8_t, Sha256::kDigestBytes>;

// The most hashes that a proof of a tree of fewer than 2^64 leaves has.
inline constexpr size_t kMaxInclusionProof = 64;
inline constexpr size_t kMaxConsistencyProof = 65;

inline absl::string_view BytesOf(const MerkleHash& hash) {
  return absl::string_view(reinterpret_cast<const char*>(hash.data()),
                           hash.size());
}

// The root of the tree without leaves: SHA-256 of no bytes.
MerkleHash EmptyRoot();

class MerkleHasher {
 public:
  MerkleHash Leaf(absl::string_view entry);
  MerkleHash Node(const MerkleHash& left, const MerkleHash& right);

 private:
  Sha256 sha256_;
};

// Returns OK if `proof` shows that `leaf` is the hash at `index` of the tree of
// `size` leaves with `root` (RFC 6962, section 2.1.1). INVALID_ARGUMENT
// otherwise: a wrong index, a proof of the wrong length, another root.
absl::Status CheckInclusion(uint64_t index, uint64_t size,
                            const MerkleHash& leaf,
                            absl::Span<const MerkleHash> proof,
                            const MerkleHash& root);

// Returns OK if `proof` shows that the tree of `new_size` leaves with
// `new_root` begins with the tree of `old_size` leaves with `old_root` (RFC
// 6962, section 2.1.2). INVALID_ARGUMENT otherwise. An `old_size` of 0 is
// refused, since an empty tree says nothing: callers that accept it (a witness
// that sees a log first) say so themselves. Equal sizes want equal roots and an
// empty proof.
absl::Status CheckConsistency(uint64_t old_size, uint64_t new_size,
                              const MerkleHash& old_root,
                              const MerkleHash& new_root,
                              absl::Span<const MerkleHash> proof);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_MERKLE_H_
