#include "src/audit/leaf_prover.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/numeric/bits.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// A tile spans so many rows of the tree.
constexpr int kTileHeight = 8;

}  // namespace

absl::StatusOr<const LeafProver::Nodes*> LeafProver::NodesOf(int level,
                                                             uint64_t tile) {
  const auto found = tiles_.find({level, tile});
  if (found != tiles_.end()) return &found->second;
  if (tiles_.size() == kMaxTilesKept) tiles_.clear();
  const int width = TileWidthIn(reader_.checkpoint().size, level, tile);
  SUBROSA_ASSIGN_OR_RETURN(std::vector<MerkleHash> hashes,
                           reader_.ReadTile({level, tile, width}));
  hashes.resize(static_cast<size_t>(width));
  Nodes nodes;
  nodes.push_back(std::move(hashes));
  while (nodes.back().size() > 1 && nodes.size() < kTileHeight) {
    const std::vector<MerkleHash>& below = nodes.back();
    std::vector<MerkleHash> row;
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      row.push_back(hasher_.Node(below[i], below[i + 1]));
    }
    nodes.push_back(std::move(row));
  }
  return &tiles_.emplace(std::make_pair(level, tile), std::move(nodes))
              .first->second;
}

absl::StatusOr<MerkleHash> LeafProver::RootOfRange(uint64_t begin,
                                                   uint64_t end) {
  const uint64_t size = end - begin;
  if (absl::has_single_bit(size)) {
    const int height = absl::countr_zero(size);
    const int row = height % kTileHeight;
    // The first hash of the tile's level that it spans.
    const uint64_t first = begin >> (height - row);
    SUBROSA_ASSIGN_OR_RETURN(const Nodes* const nodes,
                             NodesOf(height / kTileHeight, first / kTileWidth));
    return (*nodes)[static_cast<size_t>(row)][(first % kTileWidth) >> row];
  }
  // Only along the right edge.
  const uint64_t middle = begin + absl::bit_floor(size);
  SUBROSA_ASSIGN_OR_RETURN(const MerkleHash left, RootOfRange(begin, middle));
  SUBROSA_ASSIGN_OR_RETURN(const MerkleHash right, RootOfRange(middle, end));
  return hasher_.Node(left, right);
}

absl::StatusOr<TlogProof> LeafProver::Prove(uint64_t index,
                                            absl::string_view extra) {
  const Checkpoint& checkpoint = reader_.checkpoint();
  if (index >= checkpoint.size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "index: want less than ", checkpoint.size, ", got ", index));
  }
  TlogProof proof;
  proof.extra = std::string(extra);
  proof.index = index;
  proof.checkpoint = reader_.note();
  // From the root down; the proof has them from the leaf up.
  uint64_t begin = 0;
  uint64_t end = checkpoint.size;
  while (end - begin > 1) {
    const uint64_t size = end - begin;
    const uint64_t middle =
        begin + (absl::has_single_bit(size) ? size / 2 : absl::bit_floor(size));
    const bool is_left = index < middle;
    SUBROSA_ASSIGN_OR_RETURN(
        proof.proof.emplace_back(),
        is_left ? RootOfRange(middle, end) : RootOfRange(begin, middle));
    (is_left ? end : begin) = middle;
  }
  std::reverse(proof.proof.begin(), proof.proof.end());
  SUBROSA_ASSIGN_OR_RETURN(const MerkleHash leaf,
                           RootOfRange(index, index + 1));
  if (!CheckInclusion(index, checkpoint.size, leaf, proof.proof,
                      checkpoint.root)
           .ok()) {
    return absl::DataLossError(absl::StrCat(
        "log: want tiles that lead from leaf ", index,
        " to the signed root, got others; `subrosa audit verify` says which "
        "file differs"));
  }
  return proof;
}

}  // namespace subrosa
