#include "src/audit/right_edge.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<RightEdge> RightEdge::Load(const LogFiles& files,
                                          uint64_t size) {
  RightEdge edge;
  edge.size_ = size;
  for (int level = 0; level < kMaxTileLevels; ++level) {
    const uint64_t hashes = HashesAtLevel(level, size);
    const TileId tile{level, hashes / kTileWidth,
                      static_cast<int>(hashes % kTileWidth)};
    if (tile.width == 0) continue;
    SUBROSA_ASSIGN_OR_RETURN(edge.levels_[level], files.ReadTile(tile));
    if (level > 0) continue;
    SUBROSA_ASSIGN_OR_RETURN(const std::string bundle, files.ReadBundle(tile));
    const absl::StatusOr<std::vector<absl::string_view>> entries =
        ParseBundle(bundle, tile.width);
    if (!entries.ok()) {
      return absl::DataLossError(absl::StrCat(files.folder(), "/",
                                              BundlePath(tile), ": ",
                                              entries.status().message()));
    }
    // The bundle may be a fuller one.
    for (int i = 0; i < tile.width; ++i) {
      if (edge.hasher_.Leaf((*entries)[i]) != edge.levels_[0][i]) {
        return absl::DataLossError(
            absl::StrCat(files.folder(), "/", BundlePath(tile),
                         ": want entries that hash "
                         "to the tile ",
                         TilePath(tile), ", got another at ", i));
      }
      AppendToBundle((*entries)[i], &edge.bundle_);
    }
  }
  return edge;
}

MerkleHash RightEdge::Root() {
  if (size_ == 0) return EmptyRoot();
  // What the lower levels hold is one more, smaller subtree at the right of the
  // next level's hashes.
  std::vector<MerkleHash> hashes;
  MerkleHash rest = {};
  bool has_rest = false;
  for (const std::vector<MerkleHash>& level : levels_) {
    if (level.empty()) continue;
    hashes = level;
    if (has_rest) hashes.push_back(rest);
    rest = SubtreeRoot(hashes, hasher_);
    has_rest = true;
  }
  return rest;
}

absl::Status RightEdge::Append(absl::string_view entry, LogFiles& files) {
  AppendToBundle(entry, &bundle_);
  ++size_;
  if (size_ % kTileWidth == 0) {
    const TileId tile{0, size_ / kTileWidth - 1, static_cast<int>(kTileWidth)};
    SUBROSA_RETURN_IF_ERROR(files.Write(BundlePath(tile), bundle_));
    bundle_.clear();
  }
  return Push(0, hasher_.Leaf(entry), files);
}

absl::Status RightEdge::Push(int level, const MerkleHash& hash,
                             LogFiles& files) {
  std::vector<MerkleHash>& hashes = levels_[level];
  hashes.push_back(hash);
  changed_[level] = true;
  if (hashes.size() < kTileWidth) return absl::OkStatus();
  const TileId tile{level, HashesAtLevel(level, size_) / kTileWidth - 1,
                    static_cast<int>(kTileWidth)};
  SUBROSA_RETURN_IF_ERROR(files.Write(TilePath(tile), SerializeTile(hashes)));
  filled_.push_back(tile);
  const MerkleHash root = SubtreeRoot(hashes, hasher_);
  hashes.clear();
  changed_[level] = false;
  return Push(level + 1, root, files);
}

absl::Status RightEdge::WritePartials(LogFiles& files) {
  for (int level = 0; level < kMaxTileLevels; ++level) {
    if (!changed_[level]) continue;
    const TileId tile{level, HashesAtLevel(level, size_) / kTileWidth,
                      static_cast<int>(levels_[level].size())};
    SUBROSA_RETURN_IF_ERROR(
        files.Write(TilePath(tile), SerializeTile(levels_[level])));
    if (level == 0) {
      SUBROSA_RETURN_IF_ERROR(files.Write(BundlePath(tile), bundle_));
    }
    changed_[level] = false;
  }
  return absl::OkStatus();
}

}  // namespace subrosa
