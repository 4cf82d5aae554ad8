// Bytes from strangers, into the readers and checks of the audit log: the first
// byte says what the rest is.
//
//   'r'  a receipt       'c'  a checkpoint's text       'p'  a path of a tile
//   't'  a width less one, and a tile
//   'b'  a width less one, and a bundle of entries
//   'l'  a leaf          'x'  a receipt's extra
//        What parses serializes to the same bytes.
//   'v'  a receipt, to be verified: none of these is signed by the key
//   'i'  index, size, leaf, root, proof: what is accepted is not with another
//        leaf
//   'k'  old and new size, old and new root, proof: nor with another root
//   'm'  a size and index, two bytes each, of a tree that we make; then, three
//        bytes each, changes to its proofs: only unchanged ones check
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/merkle.h"
#include "src/audit/receipt.h"
#include "src/audit/tile.h"
#include "src/audit/tlog_proof.h"
#include "src/audit/tree.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckAnswered(const absl::Status& status) {
  Check(status.ok() || absl::IsInvalidArgument(status));
}

void ReadReceipt(absl::string_view text) {
  const absl::StatusOr<TlogProof> proof = ParseTlogProof(text);
  CheckAnswered(proof.status());
  if (!proof.ok()) return;
  Check(proof->proof.size() <= kMaxInclusionProof);
  Check(SerializeTlogProof(*proof) == text);
}

void ReadCheckpoint(absl::string_view text) {
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(text);
  CheckAnswered(checkpoint.status());
  if (checkpoint.ok()) Check(SerializeCheckpoint(*checkpoint) == text);
}

void ReadLeaf(absl::string_view bytes) {
  const absl::StatusOr<Leaf> leaf = ParseLeaf(bytes);
  CheckAnswered(leaf.status());
  if (!leaf.ok()) return;
  Check(!LeafKindName(leaf->kind).empty());
  Check(leaf->commitments.size() <= kMaxLeafCommitments);
  Check(SerializeLeaf(*leaf).value() == bytes);
}

void ReadExtra(absl::string_view bytes) {
  const absl::StatusOr<ReceiptExtra> extra = ParseReceiptExtra(bytes);
  CheckAnswered(extra.status());
  if (extra.ok()) Check(SerializeReceiptExtra(*extra) == bytes);
}

void ClaimReceipt(absl::string_view text) {
  static const NoteKey* const key = new NoteKey(
      NoteKey::Create("example.org/rosewater/audit", std::string(32, '\1'))
          .value());
  Check(!VerifyReceipt(text, {*key}, {}).ok());
}

void ReadPath(absl::string_view path) {
  const absl::StatusOr<ParsedTilePath> parsed = ParseTilePath(path);
  CheckAnswered(parsed.status());
  if (!parsed.ok()) return;
  const TileId& tile = parsed->tile;
  Check((parsed->is_bundle ? BundlePath(tile) : TilePath(tile)) == path);
  Check(tile.width >= 1 &&
        tile.width <= TileWidthIn(~uint64_t{0}, tile.level, tile.index));
}

// Takes the integer at the front of `*bytes`; zero where there are too few.
template <typename Integer>
Integer Take(absl::string_view* bytes) {
  if (bytes->size() < sizeof(Integer)) {
    *bytes = {};
    return 0;
  }
  const auto value =
      LoadBigEndian<Integer>(reinterpret_cast<const uint8_t*>(bytes->data()));
  bytes->remove_prefix(sizeof(Integer));
  return value;
}

MerkleHash TakeHash(absl::string_view* bytes) {
  MerkleHash hash = {};
  const size_t size = std::min(hash.size(), bytes->size());
  std::copy_n(bytes->begin(), size, hash.begin());
  bytes->remove_prefix(size);
  return hash;
}

std::vector<MerkleHash> TakeProof(absl::string_view bytes) {
  std::vector<MerkleHash> proof;
  while (!bytes.empty()) proof.push_back(TakeHash(&bytes));
  return proof;
}

void ReadTile(absl::string_view bytes) {
  const int width = Take<uint8_t>(&bytes) + 1;
  const absl::StatusOr<std::vector<MerkleHash>> hashes =
      ParseTile(bytes, width);
  CheckAnswered(hashes.status());
  if (!hashes.ok()) return;
  Check(hashes->size() >= static_cast<size_t>(width) &&
        hashes->size() <= kTileWidth);
  Check(SerializeTile(*hashes) == bytes);
}

void ReadBundle(absl::string_view bytes) {
  const int width = Take<uint8_t>(&bytes) + 1;
  const auto entries = ParseBundle(bytes, width);
  CheckAnswered(entries.status());
  if (!entries.ok()) return;
  Check(entries->size() >= static_cast<size_t>(width) &&
        entries->size() <= kTileWidth);
  std::string written;
  for (const absl::string_view entry : *entries) {
    AppendToBundle(entry, &written);
  }
  Check(written == bytes);
}

void ClaimInclusion(absl::string_view bytes) {
  const auto index = Take<uint64_t>(&bytes);
  const auto size = Take<uint64_t>(&bytes);
  MerkleHash leaf = TakeHash(&bytes);
  const MerkleHash root = TakeHash(&bytes);
  const std::vector<MerkleHash> proof = TakeProof(bytes);
  const absl::Status status = CheckInclusion(index, size, leaf, proof, root);
  CheckAnswered(status);
  if (!status.ok()) return;
  Check(index < size && proof.size() <= kMaxInclusionProof);
  leaf[index % leaf.size()] ^= 1;
  Check(!CheckInclusion(index, size, leaf, proof, root).ok());
}

void ClaimConsistency(absl::string_view bytes) {
  const auto old_size = Take<uint64_t>(&bytes);
  const auto new_size = Take<uint64_t>(&bytes);
  MerkleHash old_root = TakeHash(&bytes);
  const MerkleHash new_root = TakeHash(&bytes);
  const std::vector<MerkleHash> proof = TakeProof(bytes);
  const absl::Status status =
      CheckConsistency(old_size, new_size, old_root, new_root, proof);
  CheckAnswered(status);
  if (!status.ok()) return;
  Check(old_size >= 1 && old_size <= new_size &&
        proof.size() <= kMaxConsistencyProof);
  old_root[old_size % old_root.size()] ^= 1;
  Check(!CheckConsistency(old_size, new_size, old_root, new_root, proof).ok());
}

// A tree of four full tiles and a part of one.
class SmallTree {
 public:
  static constexpr uint64_t kSize = 1200;

  SmallTree() {
    MerkleHasher hasher;
    levels_.resize(2);
    for (uint64_t i = 0; i < kSize; ++i) {
      levels_[0].push_back(hasher.Leaf(absl::StrCat(i)));
      if (i % kTileWidth != kTileWidth - 1) continue;
      levels_[1].push_back(SubtreeRoot(
          absl::MakeConstSpan(levels_[0]).last(kTileWidth), hasher));
    }
  }

  const MerkleHash& Leaf(uint64_t index) const { return levels_[0][index]; }

  absl::StatusOr<std::vector<MerkleHash>> operator()(const TileId& tile) const {
    const auto first = levels_.at(static_cast<size_t>(tile.level)).begin() +
                       static_cast<std::ptrdiff_t>(tile.index * kTileWidth);
    return std::vector<MerkleHash>(first, first + tile.width);
  }

 private:
  std::vector<std::vector<MerkleHash>> levels_;
};

// `proof` with the changes that `edits` say.
std::vector<MerkleHash> Edited(std::vector<MerkleHash> proof,
                               absl::string_view edits) {
  while (!proof.empty() && !edits.empty()) {
    MerkleHash& hash = proof[Take<uint8_t>(&edits) % proof.size()];
    uint8_t& byte = hash[Take<uint8_t>(&edits) % hash.size()];
    byte = static_cast<uint8_t>(byte ^ Take<uint8_t>(&edits));
  }
  return proof;
}

void EditProofs(const SmallTree& tree, absl::string_view bytes) {
  const uint64_t size = 1 + Take<uint16_t>(&bytes) % SmallTree::kSize;
  const uint64_t index = Take<uint16_t>(&bytes) % size;
  const MerkleHash root = RootOf(size, tree).value();
  const MerkleHash old_root = RootOf(index + 1, tree).value();
  const auto inclusion = InclusionProof(index, size, tree).value();
  const auto consistency = ConsistencyProof(index + 1, size, tree).value();
  const auto changed_inclusion = Edited(inclusion, bytes);
  const auto changed_consistency = Edited(consistency, bytes);
  Check(CheckInclusion(index, size, tree.Leaf(index), changed_inclusion, root)
            .ok() == (changed_inclusion == inclusion));
  Check(CheckConsistency(index + 1, size, old_root, root, changed_consistency)
            .ok() == (changed_consistency == consistency));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const tree = new subrosa::SmallTree;
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 'r':
      subrosa::ReadReceipt(rest);
      break;
    case 'c':
      subrosa::ReadCheckpoint(rest);
      break;
    case 'p':
      subrosa::ReadPath(rest);
      break;
    case 't':
      subrosa::ReadTile(rest);
      break;
    case 'b':
      subrosa::ReadBundle(rest);
      break;
    case 'l':
      subrosa::ReadLeaf(rest);
      break;
    case 'x':
      subrosa::ReadExtra(rest);
      break;
    case 'v':
      subrosa::ClaimReceipt(rest);
      break;
    case 'i':
      subrosa::ClaimInclusion(rest);
      break;
    case 'k':
      subrosa::ClaimConsistency(rest);
      break;
    case 'm':
      subrosa::EditProofs(*tree, rest);
      break;
  }
  return 0;
}
