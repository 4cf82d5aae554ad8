#include "src/audit/tree.h"

#include <utility>

#include "absl/numeric/bits.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr int kTileHeight = 8;
static_assert(kTileWidth == uint64_t{1} << kTileHeight);
constexpr int kTreeHeight = 64;

// Hashes of the nodes of one tree. A node at height h with index i stands over
// the leaves from i * 2^h up to (i + 1) * 2^h, or up to the end of the tree.
// Each tile is read once.
class NodeReader {
 public:
  NodeReader(uint64_t size, TileSource tiles) : size_(size), tiles_(tiles) {}

  // A node over 2^height leaves, all within the tree.
  absl::StatusOr<MerkleHash> Full(int height, uint64_t index) {
    const int level = height / kTileHeight;
    const int within = height % kTileHeight;
    const uint64_t first = index << within;
    SUBROSA_ASSIGN_OR_RETURN(const absl::Span<const MerkleHash> tile,
                             Tile(level, first / kTileWidth));
    return SubtreeRoot(tile.subspan(first % kTileWidth, size_t{1} << within),
                       hasher_);
  }

  // The last node at `height`, however many leaves it has (1 or more).
  absl::StatusOr<MerkleHash> Last(int height) {
    const uint64_t rest =
        height == kTreeHeight ? size_ : size_ & ((uint64_t{1} << height) - 1);
    if (rest == 0) return Full(height, (size_ >> height) - 1);
    // One full node for each bit of the number of leaves, the smallest at the
    // right edge.
    absl::optional<MerkleHash> right;
    for (int bit = 0; bit < height; ++bit) {
      if (((rest >> bit) & 1) == 0) continue;
      SUBROSA_ASSIGN_OR_RETURN(const MerkleHash left,
                               Full(bit, (size_ >> bit) - 1));
      right = right.has_value() ? hasher_.Node(left, *right) : left;
    }
    return *right;
  }

 private:
  absl::StatusOr<absl::Span<const MerkleHash>> Tile(int level, uint64_t index) {
    for (const auto& [id, hashes] : read_) {
      if (id.level == level && id.index == index) return hashes;
    }
    const TileId id = {level, index, TileWidthIn(size_, level, index)};
    SUBROSA_ASSIGN_OR_RETURN(std::vector<MerkleHash> hashes, tiles_(id));
    if (hashes.size() < static_cast<size_t>(id.width)) {
      return absl::InternalError(absl::StrCat("tree.tiles: want ", id.width,
                                              " hashes, got ", hashes.size()));
    }
    return absl::MakeConstSpan(
        read_.emplace_back(id, std::move(hashes)).second);
  }

  const uint64_t size_;
  const TileSource tiles_;
  MerkleHasher hasher_;
  // At most two a level.
  std::vector<std::pair<TileId, std::vector<MerkleHash>>> read_;
};

// Appends the siblings on the way from the node at `height` and `index` to the
// root of a tree of `size` leaves.
absl::Status AppendPath(int height, uint64_t index, uint64_t size,
                        NodeReader& nodes, std::vector<MerkleHash>* path) {
  uint64_t last = (size - 1) >> height;
  for (; last != 0; ++height, index >>= 1, last >>= 1) {
    absl::StatusOr<MerkleHash> sibling;
    if (index % 2 == 1) {
      sibling = nodes.Full(height, index - 1);
    } else if (index == last) {
      continue;  // No sibling: the node is its parent, too.
    } else if (index + 1 == last) {
      sibling = nodes.Last(height);
    } else {
      sibling = nodes.Full(height, index + 1);
    }
    if (!sibling.ok()) return sibling.status();
    path->push_back(*sibling);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MerkleHash> RootOf(uint64_t size, TileSource tiles) {
  if (size == 0) return EmptyRoot();
  return NodeReader(size, tiles).Last(kTreeHeight);
}

absl::StatusOr<std::vector<MerkleHash>> InclusionProof(uint64_t index,
                                                       uint64_t size,
                                                       TileSource tiles) {
  if (index >= size) {
    return absl::InvalidArgumentError(
        absl::StrCat("tree.index: want less than ", size, ", got ", index));
  }
  NodeReader nodes(size, tiles);
  std::vector<MerkleHash> proof;
  SUBROSA_RETURN_IF_ERROR(AppendPath(0, index, size, nodes, &proof));
  return proof;
}

absl::StatusOr<std::vector<MerkleHash>> ConsistencyProof(uint64_t old_size,
                                                         uint64_t new_size,
                                                         TileSource tiles) {
  if (old_size > new_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "tree.old_size: want at most ", new_size, ", got ", old_size));
  }
  std::vector<MerkleHash> proof;
  if (old_size == 0 || old_size == new_size) return proof;
  NodeReader nodes(new_size, tiles);
  // From the last full subtree of the old tree, which both trees have.
  const int height = absl::countr_zero(old_size);
  const uint64_t index = (old_size - 1) >> height;
  // Whoever checks the proof has the old root, which it is where it is first.
  if (index != 0) {
    SUBROSA_ASSIGN_OR_RETURN(const MerkleHash start, nodes.Full(height, index));
    proof.push_back(start);
  }
  SUBROSA_RETURN_IF_ERROR(AppendPath(height, index, new_size, nodes, &proof));
  return proof;
}

}  // namespace subrosa
