#include "src/audit/tile.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "src/crypto/big_endian.h"

namespace subrosa {
namespace {

constexpr int kTileBits = 8;
static_assert(kTileWidth == uint64_t{1} << kTileBits);
constexpr uint64_t kMaxTreeSize = std::numeric_limits<uint64_t>::max();

std::string PathOf(absl::string_view folder, const TileId& tile) {
  std::string number = absl::StrFormat("%03d", tile.index % 1000);
  for (uint64_t rest = tile.index / 1000; rest != 0; rest /= 1000) {
    number = absl::StrCat(absl::StrFormat("x%03d/", rest % 1000), number);
  }
  std::string path = absl::StrCat("tile/", folder, "/", number);
  if (tile.width < static_cast<int>(kTileWidth)) {
    absl::StrAppend(&path, ".p/", tile.width);
  }
  return path;
}

// Whether a tile or bundle of `width` may hold `count`: as many, or all, where
// a full one took its place.
bool IsWidthOf(int width, size_t count) {
  return count == static_cast<size_t>(width) || count == kTileWidth;
}

std::string WantedWidths(int width) {
  return width == static_cast<int>(kTileWidth)
             ? absl::StrCat(width)
             : absl::StrCat(width, " or ", kTileWidth);
}

// Whether a tree of fewer than 2^64 leaves can have the tile.
bool CanStand(const TileId& tile) {
  return tile.level >= 0 && tile.level < kMaxTileLevels && tile.width >= 1 &&
         tile.width <= TileWidthIn(kMaxTreeSize, tile.level, tile.index);
}

// Reads the path as generously as it can be read: the caller compares it with
// the one path of what was read.
bool ReadPath(absl::string_view path, ParsedTilePath* parsed) {
  if (!absl::ConsumePrefix(&path, "tile/")) return false;
  TileId& tile = parsed->tile;
  const size_t folder = path.find('/');
  if (folder == absl::string_view::npos) return false;
  parsed->is_bundle = path.substr(0, folder) == "entries";
  if (!parsed->is_bundle &&
      !absl::SimpleAtoi(path.substr(0, folder), &tile.level)) {
    return false;
  }
  path.remove_prefix(folder + 1);
  tile.width = static_cast<int>(kTileWidth);
  const size_t partial = path.find(".p/");
  if (partial != absl::string_view::npos) {
    if (!absl::SimpleAtoi(path.substr(partial + 3), &tile.width)) return false;
    path = path.substr(0, partial);
  }
  const std::string digits = absl::StrReplaceAll(path, {{"/", ""}, {"x", ""}});
  return absl::SimpleAtoi(digits, &tile.index);
}

}  // namespace

uint64_t HashesAtLevel(int level, uint64_t size) {
  return size >> (kTileBits * level);
}

int TileWidthIn(uint64_t size, int level, uint64_t index) {
  const uint64_t hashes = HashesAtLevel(level, size);
  const uint64_t full = hashes / kTileWidth;
  if (index < full) return static_cast<int>(kTileWidth);
  return index == full ? static_cast<int>(hashes % kTileWidth) : 0;
}

std::string TilePath(const TileId& tile) {
  return PathOf(absl::StrCat(tile.level), tile);
}

std::string BundlePath(const TileId& tile) { return PathOf("entries", tile); }

absl::StatusOr<ParsedTilePath> ParseTilePath(absl::string_view path) {
  ParsedTilePath parsed;
  if (!ReadPath(path, &parsed) || !CanStand(parsed.tile) ||
      path != (parsed.is_bundle ? BundlePath(parsed.tile)
                                : TilePath(parsed.tile))) {
    return absl::InvalidArgumentError(
        "tile.path: want the path of a tile or bundle, such as "
        "tile/0/x001/x234/067.p/5 or tile/entries/067");
  }
  return parsed;
}

MerkleHash SubtreeRoot(absl::Span<const MerkleHash> hashes,
                       MerkleHasher& hasher) {
  if (hashes.empty() || hashes.size() > kTileWidth) std::abort();
  // Level by level; an odd one out at the end moves up as it is, which is where
  // RFC 6962 splits.
  std::array<MerkleHash, kTileWidth / 2> level;
  absl::Span<const MerkleHash> below = hashes;
  while (below.size() > 1) {
    const size_t pairs = below.size() / 2;
    for (size_t i = 0; i < pairs; ++i) {
      level[i] = hasher.Node(below[2 * i], below[2 * i + 1]);
    }
    const bool has_odd = below.size() % 2 != 0;
    if (has_odd) level[pairs] = below.back();
    below = absl::MakeConstSpan(level).first(pairs + (has_odd ? 1 : 0));
  }
  return below.front();
}

std::string SerializeTile(absl::Span<const MerkleHash> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * Sha256::kDigestBytes);
  for (const MerkleHash& hash : hashes) absl::StrAppend(&bytes, BytesOf(hash));
  return bytes;
}

absl::StatusOr<std::vector<MerkleHash>> ParseTile(absl::string_view bytes,
                                                  int width) {
  const size_t count = bytes.size() / Sha256::kDigestBytes;
  if (bytes.size() % Sha256::kDigestBytes != 0 || !IsWidthOf(width, count)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "tile.hashes: want ", WantedWidths(width), " of ", Sha256::kDigestBytes,
        " bytes, got ", bytes.size(), " bytes"));
  }
  std::vector<MerkleHash> hashes(count);
  for (size_t i = 0; i < count; ++i) {
    const absl::string_view hash =
        bytes.substr(i * Sha256::kDigestBytes, Sha256::kDigestBytes);
    std::copy(hash.begin(), hash.end(), hashes[i].begin());
  }
  return hashes;
}

void AppendToBundle(absl::string_view entry, std::string* bundle) {
  if (entry.size() > kMaxEntryBytes) std::abort();
  const BigEndianBytes<uint16_t> size(static_cast<uint16_t>(entry.size()));
  absl::StrAppend(bundle, size.view(), entry);
}

absl::StatusOr<std::vector<absl::string_view>> ParseBundle(
    absl::string_view bytes, int width) {
  std::vector<absl::string_view> entries;
  entries.reserve(kTileWidth);
  while (!bytes.empty()) {
    if (entries.size() == kTileWidth) {
      return absl::InvalidArgumentError(absl::StrCat(
          "bundle.entries: want at most ", kTileWidth, ", got more"));
    }
    constexpr size_t kLengthBytes = sizeof(uint16_t);
    const size_t size =
        bytes.size() < kLengthBytes
            ? 0
            : LoadBigEndian<uint16_t>(
                  reinterpret_cast<const uint8_t*>(bytes.data()));
    if (bytes.size() < kLengthBytes + size) {
      return absl::InvalidArgumentError(
          absl::StrCat("bundle.entries[", entries.size(), "]: want ",
                       kLengthBytes + size, " bytes, got ", bytes.size()));
    }
    entries.push_back(bytes.substr(kLengthBytes, size));
    bytes.remove_prefix(kLengthBytes + size);
  }
  if (!IsWidthOf(width, entries.size())) {
    return absl::InvalidArgumentError(absl::StrCat("bundle.entries: want ",
                                                   WantedWidths(width),
                                                   ", got ", entries.size()));
  }
  return entries;
}

}  // namespace subrosa
