#include "src/audit/merkle.h"

#include "absl/numeric/bits.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr absl::string_view kLeafPrefix("\x00", 1);
constexpr absl::string_view kNodePrefix("\x01", 1);

// The shape of the path from a node up to the root. On the first `inner` steps
// the node's index says on which side the sibling is; from there on the node is
// the last of its level, and its siblings are all on the left.
struct Path {
  size_t inner = 0;
  size_t border = 0;

  size_t Length() const { return inner + border; }
};

// The path of node `index` on a level whose last node is `last`.
Path PathOf(uint64_t index, uint64_t last) {
  Path path;
  path.inner = static_cast<size_t>(absl::bit_width(index ^ last));
  if (path.inner < 64) {
    path.border = static_cast<size_t>(absl::popcount(index >> path.inner));
  }
  return path;
}

absl::Status CheckLength(absl::string_view field, size_t want, size_t got) {
  if (want == got) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": want ", want, " hashes, got ", got));
}

absl::Status CheckRoot(absl::string_view field, const MerkleHash& reached,
                       const MerkleHash& root) {
  if (reached == root) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": want the root that the proof leads to, got another"));
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
  SUBROSA_RETURN_IF_ERROR(
      CheckLength("inclusion.proof", path.Length(), proof.size()));
  MerkleHasher hasher;
  MerkleHash hash = leaf;
  size_t step = 0;
  for (const MerkleHash& sibling : proof) {
    const bool is_right = step >= path.inner || ((index >> step) & 1) != 0;
    hash = is_right ? hasher.Node(sibling, hash) : hasher.Node(hash, sibling);
    ++step;
  }
  return CheckRoot("inclusion.root", hash, root);
}

absl::Status CheckConsistency(uint64_t old_size, uint64_t new_size,
                              const MerkleHash& old_root,
                              const MerkleHash& new_root,
                              absl::Span<const MerkleHash> proof) {
  if (old_size == 0 || old_size > new_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "consistency.old_size: want 1 to ", new_size, ", got ", old_size));
  }
  if (old_size == new_size) {
    SUBROSA_RETURN_IF_ERROR(CheckLength("consistency.proof", 0, proof.size()));
    return CheckRoot("consistency.new_root", old_root, new_root);
  }
  // The way up starts at the last full subtree of the old tree, which the new
  // one has as well. Where it is all of the old tree, its hash is the old root,
  // and the proof leaves it out.
  const int height = absl::countr_zero(old_size);
  const uint64_t index = (old_size - 1) >> height;
  const bool is_whole = index == 0;
  const Path path = PathOf(index, (new_size - 1) >> height);
  SUBROSA_RETURN_IF_ERROR(CheckLength(
      "consistency.proof", path.Length() + (is_whole ? 0 : 1), proof.size()));
  MerkleHash of_old = is_whole ? old_root : proof.front();
  MerkleHash of_new = of_old;
  if (!is_whole) proof.remove_prefix(1);
  MerkleHasher hasher;
  size_t step = 0;
  for (const MerkleHash& sibling : proof) {
    if (step >= path.inner || ((index >> step) & 1) != 0) {
      of_old = hasher.Node(sibling, of_old);
      of_new = hasher.Node(sibling, of_new);
    } else {
      of_new = hasher.Node(of_new, sibling);
    }
    ++step;
  }
  SUBROSA_RETURN_IF_ERROR(CheckRoot("consistency.old_root", of_old, old_root));
  return CheckRoot("consistency.new_root", of_new, new_root);
}

}  // namespace subrosa
