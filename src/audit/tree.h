// Roots and proofs of a tree that lies in tiles, read through a TileSource: the
// log's own files, a copy that an auditor fetched, a server.
//
// Reads at most two tiles a level, so that a proof out of 100,000,000 leaves
// costs eight tiles. Thread-safe as far as the source is.
//
// Security: nothing read is trusted here. A proof from a damaged tile is a
// proof that does not check; whoever needs to know where the damage is uses
// log_check.h.
#ifndef SUBROSA_SRC_AUDIT_TREE_H_
#define SUBROSA_SRC_AUDIT_TREE_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"

namespace subrosa {

// Returns the tile's hashes: `width` of them, or more where a fuller tile lies
// there.
using TileSource =
    absl::FunctionRef<absl::StatusOr<std::vector<MerkleHash>>(const TileId&)>;

// The root of the tree of the first `size` leaves. Errors of `tiles`.
absl::StatusOr<MerkleHash> RootOf(uint64_t size, TileSource tiles);

// The inclusion proof of the leaf at `index` in the tree of the first `size`
// leaves, sibling first. INVALID_ARGUMENT unless index < size; errors of
// `tiles`.
absl::StatusOr<std::vector<MerkleHash>> InclusionProof(uint64_t index,
                                                       uint64_t size,
                                                       TileSource tiles);

// The proof that the tree of `new_size` leaves begins with that of `old_size`.
// Empty where they are equal or `old_size` is 0. INVALID_ARGUMENT unless
// old_size <= new_size; errors of `tiles`.
absl::StatusOr<std::vector<MerkleHash>> ConsistencyProof(uint64_t old_size,
                                                         uint64_t new_size,
                                                         TileSource tiles);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_TREE_H_
