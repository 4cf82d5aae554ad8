// Tiles: how a Merkle tree lies in files (C2SP tlog-tiles). A tile of level L
// holds up to 256 hashes, each the root of 256^L leaves; a full tile's own root
// is one hash of level L + 1. Entry bundles lie beside the tiles of level 0,
// 256 entries each.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_TILE_H_
#define SUBROSA_SRC_AUDIT_TILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/merkle.h"

namespace subrosa {

inline constexpr uint64_t kTileWidth = 256;
// Levels that a tree of fewer than 2^64 leaves can have.
inline constexpr int kMaxTileLevels = 8;

// The longest entry: a bundle gives lengths in two bytes.
inline constexpr size_t kMaxEntryBytes = 65535;
// The longest bundle: 256 of the longest entries with their lengths.
inline constexpr size_t kMaxBundleBytes = kTileWidth * (kMaxEntryBytes + 2);

// A tile, or the bundle of entries below the tile of level 0.
struct TileId {
  int level = 0;       // 0 to kMaxTileLevels - 1.
  uint64_t index = 0;  // Counts the tiles of the level.
  int width = 0;       // Hashes it holds: 1 to 256; fewer than 256 is partial.
};

// How many hashes stand at `level` of a tree of `size` leaves: size /
// 256^level.
uint64_t HashesAtLevel(int level, uint64_t size);

// The width that the tile of `level` and `index` has in a tree of `size`
// leaves; 0 if the tree has no such tile.
int TileWidthIn(uint64_t size, int level, uint64_t index);

// "tile/0/x001/x234/067", with ".p/5" after it where the tile is partial.
std::string TilePath(const TileId& tile);
// "tile/entries/x001/x234/067.p/5". The level does not count.
std::string BundlePath(const TileId& tile);

// Takes a path of either form apart; INVALID_ARGUMENT for any other text, one
// that names a tile in more than one way included.
struct ParsedTilePath {
  bool is_bundle = false;
  TileId tile;
};
absl::StatusOr<ParsedTilePath> ParseTilePath(absl::string_view path);

// The root of the subtree over `hashes`, 1 to 256 of them (RFC 6962's MTH with
// them as leaves' hashes).
MerkleHash SubtreeRoot(absl::Span<const MerkleHash> hashes,
                       MerkleHasher& hasher);

// A tile's bytes, and back. INVALID_ARGUMENT unless they are `width` hashes, or
// 256, where the full tile took the partial one's place. Returns all that are
// there.
std::string SerializeTile(absl::Span<const MerkleHash> hashes);
absl::StatusOr<std::vector<MerkleHash>> ParseTile(absl::string_view bytes,
                                                  int width);

// Adds `entry`, at most kMaxEntryBytes, to the end of a bundle.
void AppendToBundle(absl::string_view entry, std::string* bundle);

// The entries of a bundle, all that are there, as views into `bytes`.
// INVALID_ARGUMENT if the bytes end within an entry or hold another number than
// `width` or 256.
absl::StatusOr<std::vector<absl::string_view>> ParseBundle(
    absl::string_view bytes, int width);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_TILE_H_
