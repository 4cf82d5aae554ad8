#include "src/audit/merkle.h"

#include "absl/numeric/bits.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

constexpr absl::string_view kLeafPrefix("\x00", 1);
constexpr absl::string_view kNodePrefix("\x01", 1);

// A path from a node up to the root: first `inner` steps on which the tree is
// full at either side or ends in the sibling, then the nodes on the left that
// the right edge of the tree meets.
struct Path {
  int inner = 0;
  int border = 0;
};

// The path of node `index` on a level whose last node is `last`.
Path PathOf(uint64_t index, uint64_t last) {
  Path path;
  path.inner = static_cast<int>(absl::bit_width(index ^ last));
  path.border = path.inner == 64
                    ? 0
                    : static_cast<int>(absl::popcount(index >> path.inner));
  return path;
}

absl::Status CheckLength(absl::string_view field, size_t want, size_t got) {
  if (want == got) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": want ", want, " hashes, got ", got));
}

}  // namespace

MerkleHash EmptyRoot() { return Sha256().Digest({}); }

MerkleHash MerkleHasher::Leaf(absl::string_view entry) {
  return sha256_.Digest({kLeafPrefix, entry});
}

MerkleHash MerkleHasher::Node(const MerkleHash& left, const MerkleHash& right) {
  return sha256_.Digest({kNodePrefix, BytesOf(left), BytesOf(right)});
}

absl::Status CheckInclusion(uint64_t index, uint64_t size,
                            const MerkleHash& leaf,
                            absl::Span<const MerkleHash> proof,
                            const MerkleHash& root) {
  if (index >= size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "inclusion.index: want less than ", size, ", got ", index));
  }
  const Path path = PathOf(index, size - 1);
  if (absl::Status length = CheckLength(
          "inclusion.proof", static_cast<size_t>(path.inner + path.border),
          proof.size());
      !length.ok()) {
    return length;
  }
  MerkleHasher hasher;
  MerkleHash hash = leaf;
  int step = 0;
  for (const MerkleHash& sibling : proof) {
    const bool is_right = step >= path.inner || ((index >> step) & 1) != 0;
    hash = is_right ? hasher.Node(sibling, hash) : hasher.Node(hash, sibling);
    ++step;
  }
  if (hash != root) {
    return absl::InvalidArgumentError(
        "inclusion.root: want the root that leaf and proof lead to, got "
        "another");
  }
  return absl::OkStatus();
}

absl::Status CheckConsistency(uint64_t old_size, uint64_t new_size,
                              const MerkleHash& old_root,
                              const MerkleHash& new_root,
                              absl::Span<const MerkleHash> proof) {
  if (old_size == 0 || old_size > new_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "consistency.old_size: want 1 to ", new_size, ", got ", old_size));
  }
  // The last and largest full subtree that both trees have. Where it is all of
  // the old tree, its hash is the old root and not part of the proof.
  const int height = absl::countr_zero(old_size);
  const uint64_t index = (old_size - 1) >> height;
  const bool is_whole = index == 0;
  const Path path = PathOf(index, (new_size - 1) >> height);
  size_t want = static_cast<size_t>(path.inner + path.border);
  if (!is_whole) ++want;
  if (old_size == new_size) want = 0;
  if (absl::Status length =
          CheckLength("consistency.proof", want, proof.size());
      !length.ok()) {
    return length;
  }
  MerkleHash of_old = old_root;
  MerkleHash of_new = old_root;
  if (old_size != new_size) {
    if (!is_whole) {
      of_old = of_new = proof.front();
      proof.remove_prefix(1);
    }
    MerkleHasher hasher;
    int step = 0;
    for (const MerkleHash& sibling : proof) {
      if (step >= path.inner || ((index >> step) & 1) != 0) {
        of_old = hasher.Node(sibling, of_old);
        of_new = hasher.Node(sibling, of_new);
      } else {
        of_new = hasher.Node(of_new, sibling);
      }
      ++step;
    }
  }
  if (of_old != old_root) {
    return absl::InvalidArgumentError(
        "consistency.old_root: want the root that the proof leads to, got "
        "another");
  }
  if (of_new != new_root) {
    return absl::InvalidArgumentError(
        "consistency.new_root: want the root that the proof leads to, got "
        "another");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
