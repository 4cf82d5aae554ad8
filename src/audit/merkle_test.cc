#include "src/audit/merkle.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/audit/reference_tree.h"

namespace subrosa {
namespace {

// The tree of eight leaves that implementations of RFC 6962 share.
ReferenceTree WellKnownTree() {
  std::vector<std::string> entries;
  for (const char* hex :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f"}) {
    entries.push_back(absl::HexStringToBytes(hex));
  }
  return ReferenceTree(entries);
}

// What a check is asked, all of it true until a test changes something.
struct InclusionClaim {
  uint64_t index = 0;
  uint64_t size = 0;
  MerkleHash leaf = {};
  std::vector<MerkleHash> proof;
  MerkleHash root = {};

  absl::Status Check() const {
    return CheckInclusion(index, size, leaf, proof, root);
  }
};

struct ConsistencyClaim {
  uint64_t old_size = 0;
  uint64_t new_size = 0;
  MerkleHash old_root = {};
  MerkleHash new_root = {};
  std::vector<MerkleHash> proof;

  absl::Status Check() const {
    return CheckConsistency(old_size, new_size, old_root, new_root, proof);
  }
};

InclusionClaim TrueInclusion(ReferenceTree& tree, uint64_t index,
                             uint64_t size) {
  return {index, size, tree.Leaf(index), tree.Path(index, size),
          tree.Root(size)};
}

ConsistencyClaim TrueConsistency(ReferenceTree& tree, uint64_t old_size,
                                 uint64_t new_size) {
  return {old_size, new_size, tree.Root(old_size), tree.Root(new_size),
          tree.Proof(old_size, new_size)};
}

// Every proof that differs from `proof` in one bit of one hash, in a hash left
// out, in one too many, or in two that changed places.
std::vector<std::vector<MerkleHash>> Tampered(
    const std::vector<MerkleHash>& proof) {
  std::vector<std::vector<MerkleHash>> all;
  for (size_t i = 0; i < proof.size(); ++i) {
    for (const size_t byte : {0, 15, 31}) {
      all.push_back(proof);
      all.back()[i][byte] ^= 0x40;
    }
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(proof);
    all.back().insert(all.back().begin() + static_cast<std::ptrdiff_t>(i),
                      proof[i]);
    if (i == 0 || proof[i] == proof[i - 1]) continue;
    all.push_back(proof);
    std::swap(all.back()[i], all.back()[i - 1]);
  }
  all.push_back(proof);
  all.back().emplace_back();
  return all;
}

TEST(MerkleTest, TheWellKnownTreeHasTheWellKnownRoots) {
  const char* kRoots[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  ReferenceTree tree = WellKnownTree();
  uint64_t size = 0;
  for (const char* root : kRoots) {
    EXPECT_EQ(tree.Root(size), HashFromHex(root)) << size;
    ++size;
  }
  EXPECT_EQ(EmptyRoot(), HashFromHex(kRoots[0]));
}

// The only domain separation there is: without it, a node could be shown as a
// leaf.
TEST(MerkleTest, AnEntryThatLooksLikeANodeHashesToSomethingElse) {
  MerkleHasher hasher;
  const MerkleHash left = hasher.Leaf("left");
  const MerkleHash right = hasher.Leaf("right");
  const std::string children =
      std::string(BytesOf(left)) + std::string(BytesOf(right));

  EXPECT_NE(hasher.Leaf(children), hasher.Node(left, right));
  EXPECT_NE(hasher.Leaf("\x01" + children), hasher.Node(left, right));
  EXPECT_NE(hasher.Node(right, left), hasher.Node(left, right));
}

TEST(MerkleTest, EveryLeafOfEveryTreeIsShownToBeInIt) {
  ReferenceTree tree = ReferenceTree::OfNumbers(130);
  for (uint64_t size = 1; size <= 130; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      EXPECT_TRUE(TrueInclusion(tree, index, size).Check().ok())
          << index << " of " << size;
    }
  }
}

TEST(MerkleTest, EveryTreeIsShownToBeginWithEverySmallerOne) {
  ReferenceTree tree = ReferenceTree::OfNumbers(130);
  for (uint64_t new_size = 1; new_size <= 130; ++new_size) {
    for (uint64_t old_size = 1; old_size <= new_size; ++old_size) {
      EXPECT_TRUE(TrueConsistency(tree, old_size, new_size).Check().ok())
          << old_size << " to " << new_size;
    }
  }
}

TEST(MerkleTest, ATamperedInclusionProofIsRefused) {
  ReferenceTree tree = ReferenceTree::OfNumbers(40);
  for (uint64_t size = 1; size <= 40; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      InclusionClaim claim = TrueInclusion(tree, index, size);
      for (auto& proof : Tampered(claim.proof)) {
        claim.proof = std::move(proof);
        EXPECT_TRUE(absl::IsInvalidArgument(claim.Check()))
            << index << " of " << size;
      }
    }
  }
}

TEST(MerkleTest, ATamperedConsistencyProofIsRefused) {
  ReferenceTree tree = ReferenceTree::OfNumbers(40);
  for (uint64_t new_size = 1; new_size <= 40; ++new_size) {
    for (uint64_t old_size = 1; old_size <= new_size; ++old_size) {
      ConsistencyClaim claim = TrueConsistency(tree, old_size, new_size);
      for (auto& proof : Tampered(claim.proof)) {
        claim.proof = std::move(proof);
        EXPECT_TRUE(absl::IsInvalidArgument(claim.Check()))
            << old_size << " to " << new_size;
      }
    }
  }
}

TEST(MerkleTest, AnotherLeafOrRootIsRefused) {
  ReferenceTree tree = ReferenceTree::OfNumbers(40);
  for (uint64_t index = 0; index < 40; ++index) {
    const InclusionClaim claim = TrueInclusion(tree, index, 40);
    InclusionClaim other_leaf = claim;
    other_leaf.leaf = tree.Leaf((index + 1) % 40);
    InclusionClaim other_root = claim;
    other_root.root = tree.Root(39);
    InclusionClaim no_root = claim;
    no_root.root = {};

    EXPECT_TRUE(absl::IsInvalidArgument(other_leaf.Check())) << index;
    EXPECT_TRUE(absl::IsInvalidArgument(other_root.Check())) << index;
    EXPECT_TRUE(absl::IsInvalidArgument(no_root.Check())) << index;
  }
}

TEST(MerkleTest, ALeafIsNotShownToStandAtAnotherIndex) {
  ReferenceTree tree = ReferenceTree::OfNumbers(40);
  for (uint64_t index = 0; index < 40; ++index) {
    for (uint64_t claimed = 0; claimed < 40; ++claimed) {
      if (claimed == index) continue;
      InclusionClaim claim = TrueInclusion(tree, index, 40);
      claim.index = claimed;
      EXPECT_TRUE(absl::IsInvalidArgument(claim.Check()))
          << index << " as " << claimed;
    }
  }
}

TEST(MerkleTest, AnIndexOutsideTheTreeIsRefused) {
  ReferenceTree tree = ReferenceTree::OfNumbers(8);
  InclusionClaim claim = TrueInclusion(tree, 7, 8);
  for (const uint64_t index : {uint64_t{8}, uint64_t{15}, ~uint64_t{0}}) {
    claim.index = index;
    EXPECT_TRUE(absl::StartsWith(claim.Check().message(),
                                 "inclusion.index: want less than 8, got "));
  }
  claim.index = 0;
  claim.size = 0;
  EXPECT_EQ(claim.Check().message(),
            "inclusion.index: want less than 0, got 0");
}

TEST(MerkleTest, ATreeIsNotShownToBeginWithAnotherOne) {
  ReferenceTree tree = ReferenceTree::OfNumbers(40);
  ReferenceTree other = WellKnownTree();
  for (uint64_t old_size = 1; old_size <= 8; ++old_size) {
    ConsistencyClaim rewritten = TrueConsistency(tree, old_size, 40);
    rewritten.old_root = other.Root(old_size);
    ConsistencyClaim forked = TrueConsistency(tree, old_size, 40);
    forked.new_root = tree.Root(39);

    EXPECT_TRUE(absl::StartsWith(rewritten.Check().message(), "consistency."));
    EXPECT_TRUE(absl::StartsWith(forked.Check().message(), "consistency."));
  }
}

TEST(MerkleTest, TwoTreesOfOneSizeWantOneRootAndNoProof) {
  ReferenceTree tree = ReferenceTree::OfNumbers(8);
  ReferenceTree other = WellKnownTree();
  ConsistencyClaim claim = TrueConsistency(tree, 8, 8);
  ASSERT_TRUE(claim.proof.empty());
  ASSERT_TRUE(claim.Check().ok());

  claim.proof = {tree.Root(8)};
  EXPECT_EQ(claim.Check().message(), "consistency.proof: want 0 hashes, got 1");
  claim.proof.clear();
  claim.new_root = other.Root(8);
  EXPECT_TRUE(absl::IsInvalidArgument(claim.Check()));
}

TEST(MerkleTest, AnEmptyOrLargerOldTreeIsRefused) {
  ReferenceTree tree = ReferenceTree::OfNumbers(8);

  EXPECT_EQ(CheckConsistency(0, 8, EmptyRoot(), tree.Root(8), {}).message(),
            "consistency.old_size: want 1 to 8, got 0");
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckConsistency(0, 0, EmptyRoot(), EmptyRoot(), {})));
  EXPECT_EQ(CheckConsistency(8, 7, tree.Root(8), tree.Root(7), tree.Proof(7, 8))
                .message(),
            "consistency.old_size: want 1 to 7, got 8");
}

TEST(MerkleTest, AProofTooLongForAnyTreeIsRefusedUnread) {
  const std::vector<MerkleHash> proof(100000);

  EXPECT_EQ(CheckInclusion(0, ~uint64_t{0}, {}, proof, {}).message(),
            "inclusion.proof: want 64 hashes, got 100000");
  EXPECT_EQ(CheckConsistency(1, ~uint64_t{0}, {}, {}, proof).message(),
            "consistency.proof: want 64 hashes, got 100000");
}

TEST(MerkleTest, NoProofIsLongerThanItsBound) {
  const uint64_t largest = ~uint64_t{0};
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t number = (uint64_t{1} << bit) + 1;
    const std::vector<MerkleHash> inclusion(kMaxInclusionProof + 1);
    const std::vector<MerkleHash> consistency(kMaxConsistencyProof + 1);

    EXPECT_TRUE(absl::EndsWith(
        CheckInclusion(number - 1, largest, {}, inclusion, {}).message(),
        "hashes, got 65"));
    EXPECT_TRUE(absl::EndsWith(
        CheckConsistency(number, largest, {}, {}, consistency).message(),
        "hashes, got 66"));
  }
}

}  // namespace
}  // namespace subrosa
