#include "src/audit/reference_tree.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

// The largest power of two smaller than `size`, which is 2 or more.
uint64_t SplitOf(uint64_t size) {
  uint64_t split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

}  // namespace

ReferenceTree::ReferenceTree(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    leaves_.push_back(hasher_.Leaf(entry));
  }
}

ReferenceTree ReferenceTree::OfNumbers(uint64_t size) {
  std::vector<std::string> entries;
  for (uint64_t i = 0; i < size; ++i) entries.push_back(absl::StrCat(i));
  return ReferenceTree(entries);
}

MerkleHash ReferenceTree::Mth(uint64_t begin, uint64_t end) {
  if (begin == end) return EmptyRoot();
  if (begin + 1 == end) return leaves_[begin];
  const auto seen = seen_.find({begin, end});
  if (seen != seen_.end()) return seen->second;
  const uint64_t split = begin + SplitOf(end - begin);
  const MerkleHash root = hasher_.Node(Mth(begin, split), Mth(split, end));
  seen_[{begin, end}] = root;
  return root;
}

std::vector<MerkleHash> ReferenceTree::Path(uint64_t index, uint64_t size) {
  return PathWithin(index, 0, size);
}

std::vector<MerkleHash> ReferenceTree::PathWithin(uint64_t index,
                                                  uint64_t begin,
                                                  uint64_t end) {
  if (end - begin == 1) return {};
  const uint64_t split = begin + SplitOf(end - begin);
  const bool is_left = index < split;
  std::vector<MerkleHash> path =
      is_left ? PathWithin(index, begin, split) : PathWithin(index, split, end);
  path.push_back(is_left ? Mth(split, end) : Mth(begin, split));
  return path;
}

std::vector<MerkleHash> ReferenceTree::Proof(uint64_t old_size,
                                             uint64_t new_size) {
  return Subproof(old_size, 0, new_size, true);
}

std::vector<MerkleHash> ReferenceTree::Subproof(uint64_t size, uint64_t begin,
                                                uint64_t end, bool is_whole) {
  if (size == end - begin) {
    if (is_whole) return {};
    return {Mth(begin, end)};
  }
  const uint64_t half = SplitOf(end - begin);
  const uint64_t split = begin + half;
  std::vector<MerkleHash> proof;
  if (size <= half) {
    proof = Subproof(size, begin, split, is_whole);
    proof.push_back(Mth(split, end));
  } else {
    proof = Subproof(size - half, split, end, false);
    proof.push_back(Mth(begin, split));
  }
  return proof;
}

MerkleHash HashFromHex(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  MerkleHash hash = {};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

}  // namespace subrosa
