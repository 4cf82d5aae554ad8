#include "src/audit/tree.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/audit/reference_tree.h"

namespace subrosa {
namespace {

using Proof = std::vector<MerkleHash>;

constexpr uint64_t kLargestTree = ~uint64_t{0};

// The tiles of a tree in memory, as the definition of a tile has them. It
// counts how often each is read.
class MemoryTiles {
 public:
  explicit MemoryTiles(uint64_t size)
      : tree_(ReferenceTree::OfNumbers(size)), size_(size) {}

  absl::StatusOr<std::vector<MerkleHash>> operator()(const TileId& id) const {
    ++reads_[{id.level, id.index}];
    EXPECT_GE(id.width, 1);
    std::vector<MerkleHash> hashes;
    const uint64_t span = uint64_t{1} << (8 * id.level);
    for (int i = 0; i < id.width; ++i) {
      const uint64_t begin = (id.index * kTileWidth + i) * span;
      EXPECT_LE(begin + span, size_);
      hashes.push_back(tree_.Mth(begin, begin + span));
    }
    return hashes;
  }

  ReferenceTree& tree() { return tree_; }

  // Forgets the reads, and says the most reads of one tile and the most tiles
  // of one level.
  std::pair<int, int> TakeReads() {
    int most_reads = 0;
    std::map<int, int> tiles;
    int most_tiles = 0;
    for (const auto& [tile, reads] : reads_) {
      most_reads = std::max(most_reads, reads);
      most_tiles = std::max(most_tiles, ++tiles[tile.first]);
    }
    reads_.clear();
    return {most_reads, most_tiles};
  }

 private:
  mutable ReferenceTree tree_;
  uint64_t size_;
  mutable std::map<std::pair<int, uint64_t>, int> reads_;
};

// The tiles of any tree whose leaves are all the same, so that all full nodes
// of one height are, too.
class UniformTiles {
 public:
  UniformTiles() {
    MerkleHasher hasher;
    nodes_.push_back(hasher.Leaf("same"));
    for (int height = 1; height < 64; ++height) {
      nodes_.push_back(hasher.Node(nodes_.back(), nodes_.back()));
    }
  }

  absl::StatusOr<std::vector<MerkleHash>> operator()(const TileId& id) const {
    ++reads_;
    return std::vector<MerkleHash>(id.width, nodes_[8 * id.level]);
  }

  const MerkleHash& leaf() const { return nodes_[0]; }
  int reads() const { return reads_; }

 private:
  std::vector<MerkleHash> nodes_;
  mutable int reads_ = 0;
};

// A source that a test expects not to be asked, or that cannot answer.
absl::StatusOr<std::vector<MerkleHash>> NoTiles(const TileId&) {
  return absl::UnavailableError("no tiles");
}

TEST(TreeTest, EveryProofOfASmallTreeIsThatOfItsDefinition) {
  MemoryTiles tiles(300);
  for (uint64_t size = 0; size <= 300; ++size) {
    EXPECT_EQ(RootOf(size, tiles).value(), tiles.tree().Root(size)) << size;
    for (uint64_t i = 0; i < size; ++i) {
      ASSERT_EQ(InclusionProof(i, size, tiles).value(),
                tiles.tree().Path(i, size))
          << i << " of " << size;
    }
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      ASSERT_EQ(ConsistencyProof(old_size, size, tiles).value(),
                tiles.tree().Proof(old_size, size))
          << old_size << " to " << size;
    }
  }
}

TEST(TreeTest, ProofsAtTheBordersOfTilesAreThoseOfTheirDefinition) {
  MemoryTiles tiles(70000);
  ReferenceTree& tree = tiles.tree();
  std::vector<uint64_t> sizes = {1,     255,   256,   257,   511,   512,
                                 513,   65279, 65280, 65281, 65535, 65536,
                                 65537, 65792, 65793, 69999, 70000};
  std::mt19937_64 random(1);
  for (int i = 0; i < 8; ++i) sizes.push_back(1 + random() % 70000);
  for (const uint64_t size : sizes) {
    const MerkleHash root = RootOf(size, tiles).value();
    EXPECT_EQ(root, tree.Root(size)) << size;
    std::vector<uint64_t> smaller = sizes;
    smaller.push_back(1 + random() % size);
    for (const uint64_t old_size : smaller) {
      if (old_size > size) continue;
      const uint64_t index = old_size - 1;
      const Proof inclusion = InclusionProof(index, size, tiles).value();
      EXPECT_EQ(inclusion, tree.Path(index, size)) << index << " of " << size;
      EXPECT_TRUE(
          CheckInclusion(index, size, tree.Leaf(index), inclusion, root).ok());
      const Proof consistency = ConsistencyProof(old_size, size, tiles).value();
      EXPECT_EQ(consistency, tree.Proof(old_size, size))
          << old_size << " to " << size;
      EXPECT_TRUE(CheckConsistency(old_size, size, tree.Root(old_size), root,
                                   consistency)
                      .ok());
    }
  }
}

TEST(TreeTest, AProofReadsAtMostTwoTilesALevelAndEachOnce) {
  MemoryTiles tiles(70000);
  std::mt19937_64 random(2);
  for (int i = 0; i < 300; ++i) {
    const uint64_t size = 1 + random() % 70000;
    const uint64_t index = random() % size;
    ASSERT_TRUE(InclusionProof(index, size, tiles).ok());
    const auto [inclusion_reads, inclusion_tiles] = tiles.TakeReads();
    EXPECT_LE(inclusion_reads, 1);
    EXPECT_LE(inclusion_tiles, 2) << index << " of " << size;
    ASSERT_TRUE(ConsistencyProof(index + 1, size, tiles).ok());
    const auto [consistency_reads, consistency_tiles] = tiles.TakeReads();
    EXPECT_LE(consistency_reads, 1);
    EXPECT_LE(consistency_tiles, 2) << index + 1 << " to " << size;
    ASSERT_TRUE(RootOf(size, tiles).ok());
    const auto [root_reads, root_tiles] = tiles.TakeReads();
    EXPECT_LE(root_reads, 1);
    EXPECT_LE(root_tiles, 1) << size;
  }
}

TEST(TreeTest, ProofsOutOfTheLargestTreesCheck) {
  UniformTiles tiles;
  std::mt19937_64 random(3);
  for (const uint64_t size : {kLargestTree, kLargestTree - 1, uint64_t{1} << 63,
                              (uint64_t{1} << 63) + 1, (uint64_t{1} << 56) - 1,
                              uint64_t{1} << 56, uint64_t{100000000}}) {
    const MerkleHash root = RootOf(size, tiles).value();
    for (const uint64_t index :
         {uint64_t{0}, size / 2, size - 1, random() % size, random() % size}) {
      const Proof inclusion = InclusionProof(index, size, tiles).value();
      EXPECT_TRUE(
          CheckInclusion(index, size, tiles.leaf(), inclusion, root).ok())
          << index << " of " << size;
      const MerkleHash old_root = RootOf(index + 1, tiles).value();
      const Proof consistency =
          ConsistencyProof(index + 1, size, tiles).value();
      EXPECT_TRUE(
          CheckConsistency(index + 1, size, old_root, root, consistency).ok())
          << index + 1 << " to " << size;
    }
  }
}

TEST(TreeTest, AProofOutOfAHundredMillionLeavesReadsEightTilesAtMost) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 20; ++i) {
    UniformTiles tiles;
    ASSERT_TRUE(InclusionProof(random() % 100000000, 100000000, tiles).ok());
    EXPECT_LE(tiles.reads(), 8);
  }
}

TEST(TreeTest, AWiderTileThanAskedForServes) {
  MemoryTiles tiles(300);
  const auto full = [&](const TileId& id) {
    return tiles(
        TileId{id.level, id.index, TileWidthIn(300, id.level, id.index)});
  };

  EXPECT_EQ(RootOf(7, full).value(), tiles.tree().Root(7));
  EXPECT_EQ(InclusionProof(3, 257, full).value(), tiles.tree().Path(3, 257));
}

TEST(TreeTest, AnEmptyTreeAndAnUnchangedOneNeedNoTiles) {
  EXPECT_EQ(RootOf(0, NoTiles).value(), EmptyRoot());
  EXPECT_TRUE(ConsistencyProof(0, 5, NoTiles)->empty());
  EXPECT_TRUE(ConsistencyProof(5, 5, NoTiles)->empty());
  EXPECT_TRUE(InclusionProof(0, 1, NoTiles)->empty());
}

TEST(TreeTest, ALeafOrTreeThatIsNotThereHasNoProof) {
  EXPECT_EQ(InclusionProof(5, 5, NoTiles).status(),
            absl::InvalidArgumentError("tree.index: want less than 5, got 5"));
  EXPECT_EQ(InclusionProof(0, 0, NoTiles).status(),
            absl::InvalidArgumentError("tree.index: want less than 0, got 0"));
  EXPECT_EQ(ConsistencyProof(6, 5, NoTiles).status(),
            absl::InvalidArgumentError("tree.old_size: want at most 5, got 6"));
}

TEST(TreeTest, WhereTilesCannotBeReadTheErrorIsTheSources) {
  EXPECT_TRUE(absl::IsUnavailable(RootOf(1, NoTiles).status()));
  EXPECT_TRUE(absl::IsUnavailable(InclusionProof(0, 2, NoTiles).status()));
  EXPECT_TRUE(absl::IsUnavailable(ConsistencyProof(1, 2, NoTiles).status()));
  EXPECT_TRUE(absl::IsUnavailable(ConsistencyProof(3, 5, NoTiles).status()));
}

TEST(TreeTest, ASourceThatGivesTooFewHashesIsNotReliedOn) {
  const auto narrow = [](const TileId& id) {
    return absl::StatusOr<std::vector<MerkleHash>>(
        std::vector<MerkleHash>(id.width - 1));
  };

  EXPECT_TRUE(absl::IsInternal(RootOf(300, narrow).status()));
  EXPECT_TRUE(absl::IsInternal(InclusionProof(7, 300, narrow).status()));
}

TEST(TreeTest, AProofFromADamagedTileDoesNotCheck) {
  MemoryTiles tiles(1000);
  const MerkleHash root = tiles.tree().Root(1000);
  const auto damaged = [&](const TileId& id) {
    auto hashes = tiles(id);
    if (id.level == 0 && id.index == 1) (*hashes)[100][5] ^= 1;
    return hashes;
  };

  const Proof proof = InclusionProof(300, 1000, damaged).value();

  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckInclusion(300, 1000, tiles.tree().Leaf(300), proof, root)));
}

}  // namespace
}  // namespace subrosa
