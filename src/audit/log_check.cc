#include "src/audit/log_check.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/right_edge.h"
#include "src/audit/tile.h"
#include "src/audit/tree.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Bundles that are hashed between two looks at the higher levels.
constexpr uint64_t kBundlesAtOnce = 1024;

struct Fault {
  std::string file;
  std::string what;
  bool is_of_tile = false;  // Entries make it anew.
};

// What one bundle and the tile above it came to.
struct CheckedBundle {
  bool is_known = false;        // Whether entries or tile can be read.
  MerkleHash root = {};         // Of a full tile.
  bool has_all_entries = true;  // Those that were signed, as far as one knows.
  // Of the last one, unless it is full: as the entries give them, or the tile
  // where the entries are damaged.
  std::vector<MerkleHash> partial;
  std::vector<Fault> faults;
  absl::Status error;  // The system's, not the log's.
};

bool IsFault(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsDataLoss(status) ||
         absl::IsInvalidArgument(status);
}

class Checker {
 public:
  Checker(const std::string& folder, const Checkpoint& checkpoint,
          const LogCheckOptions& options)
      : files_(folder), checkpoint_(checkpoint), options_(options) {}

  absl::StatusOr<LogCheck> Run() {
    const uint64_t bundles = (checkpoint_.size + kTileWidth - 1) / kTileWidth;
    for (uint64_t start = 0; start < bundles; start += kBundlesAtOnce) {
      const uint64_t end = std::min(bundles, start + kBundlesAtOnce);
      SUBROSA_RETURN_IF_ERROR(CheckBundles(start, end));
      check_.entries = std::min(checkpoint_.size, end * kTileWidth);
      if (options_.on_progress) options_.on_progress(check_.entries);
    }
    SUBROSA_RETURN_IF_ERROR(FinishLevels());
    if (options_.repair && leads_to_root_ && has_all_entries_ &&
        tile_fault_count_ > 0) {
      SUBROSA_RETURN_IF_ERROR(WriteTilesAnew());
      check_.repaired = std::exchange(tile_faults_, {});
      check_.fault_count -= tile_fault_count_;
    }
    for (std::string& fault : tile_faults_) {
      if (check_.faults.size() == kMaxLogFaults) break;
      check_.faults.push_back(std::move(fault));
    }
    return std::move(check_);
  }

 private:
  void Add(const Fault& fault) {
    ++check_.fault_count;
    if (fault.is_of_tile) ++tile_fault_count_;
    std::vector<std::string>& faults =
        fault.is_of_tile ? tile_faults_ : check_.faults;
    if (faults.size() < kMaxLogFaults) {
      faults.push_back(absl::StrCat(fault.file, ": ", fault.what));
    }
  }

  // Hashes the bundles of [start, end) on all processors.
  absl::Status CheckBundles(uint64_t start, uint64_t end) {
    std::vector<CheckedBundle> checked(end - start);
    // Each takes the next one, so that none waits for a slower one's share.
    std::atomic<uint64_t> next = 0;
    OnAllProcessors([&](size_t, size_t) {
      MerkleHasher hasher;
      for (uint64_t i = next++; i < checked.size(); i = next++) {
        CheckBundle(start + i, hasher, &checked[i]);
      }
    });

    for (CheckedBundle& bundle : checked) {
      SUBROSA_RETURN_IF_ERROR(bundle.error);
      for (const Fault& fault : bundle.faults) Add(fault);
      if (!bundle.has_all_entries) has_all_entries_ = false;
      if (!bundle.is_known) {
        is_known_ = false;
      } else if (bundle.partial.empty()) {
        SUBROSA_RETURN_IF_ERROR(Push(1, bundle.root));
      } else {
        levels_[0] = std::move(bundle.partial);
      }
    }
    return absl::OkStatus();
  }

  void CheckBundle(uint64_t index, MerkleHasher& hasher, CheckedBundle* out) {
    const TileId tile{0, index, TileWidthIn(checkpoint_.size, 0, index)};
    std::vector<MerkleHash> tile_hashes = ReadTile(tile, out);
    std::vector<MerkleHash> hashes = HashEntries(tile, hasher, out);
    if (hashes.empty()) {
      out->has_all_entries = false;
      hashes = std::move(tile_hashes);
    } else if (!tile_hashes.empty() && tile_hashes != hashes) {
      const auto differs =
          std::mismatch(hashes.begin(), hashes.end(), tile_hashes.begin());
      const int64_t place = differs.first - hashes.begin();
      if (IsSigned(index * kTileWidth + static_cast<uint64_t>(place),
                   *differs.second)) {
        out->faults.push_back(
            {BundlePath(tile), absl::StrCat("want the entry at ", place,
                                            " that was signed, got another")});
        out->has_all_entries = false;
        hashes = std::move(tile_hashes);
      } else {
        out->faults.push_back(Differs(tile, place));
      }
    }
    out->is_known = !hashes.empty();
    if (hashes.size() == kTileWidth) {
      out->root = SubtreeRoot(hashes, hasher);
    } else {
      out->partial = std::move(hashes);
    }
  }

  // The tile's hashes; none if it cannot be read.
  std::vector<MerkleHash> ReadTile(const TileId& tile, CheckedBundle* out) {
    absl::StatusOr<std::vector<MerkleHash>> hashes = files_.ReadTile(tile);
    if (hashes.ok()) return *std::move(hashes);
    Note(hashes.status(), {TilePath(tile), "", /*is_of_tile=*/true}, out);
    return {};
  }

  // The hashes of a bundle's entries; none if it cannot be read.
  std::vector<MerkleHash> HashEntries(const TileId& tile, MerkleHasher& hasher,
                                      CheckedBundle* out) {
    const absl::StatusOr<std::string> bytes = files_.ReadBundle(tile);
    if (!bytes.ok()) {
      Note(bytes.status(), {BundlePath(tile), ""}, out);
      return {};
    }
    const absl::StatusOr<std::vector<absl::string_view>> entries =
        ParseBundle(*bytes, tile.width);
    if (!entries.ok()) {
      Note(entries.status(), {BundlePath(tile), ""}, out);
      return {};
    }
    std::vector<MerkleHash> hashes;
    hashes.reserve(static_cast<size_t>(tile.width));
    for (int i = 0; i < tile.width; ++i) {
      const absl::string_view entry = (*entries)[static_cast<size_t>(i)];
      hashes.push_back(hasher.Leaf(entry));
      if (!options_.on_entry) continue;
      const uint64_t leaf = tile.index * kTileWidth + static_cast<uint64_t>(i);
      const absl::Status status = options_.on_entry(leaf, entry);
      if (!status.ok()) {
        out->faults.push_back(
            {BundlePath(tile),
             absl::StrCat("leaf ", leaf, ": ", status.message())});
      }
    }
    return hashes;
  }

  // Takes what kept a file from being read for a fault of the log's, or for an
  // error of the system's.
  static void Note(const absl::Status& status, Fault fault,
                   CheckedBundle* out) {
    if (!IsFault(status)) {
      out->error = status;
      return;
    }
    fault.what = std::string(status.message());
    out->faults.push_back(std::move(fault));
  }

  static Fault Differs(const TileId& tile, int64_t place) {
    return {TilePath(tile),
            absl::StrCat("want the hashes of what lies below it, got another "
                         "at ",
                         place),
            /*is_of_tile=*/true};
  }

  // Whether the tiles prove that `hash` stands at `leaf` of the signed tree.
  bool IsSigned(uint64_t leaf, const MerkleHash& hash) const {
    const absl::StatusOr<std::vector<MerkleHash>> proof = InclusionProof(
        leaf, checkpoint_.size,
        [this](const TileId& tile) { return files_.ReadTile(tile); });
    return proof.ok() && CheckInclusion(leaf, checkpoint_.size, hash, *proof,
                                        checkpoint_.root)
                             .ok();
  }

  // Adds a hash to the tile of `level`, and passes the tile's root on once it
  // is complete.
  absl::Status Push(int level, const MerkleHash& hash) {
    levels_[level].push_back(hash);
    if (levels_[level].size() < kTileWidth) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(
        CompareNow({level, filled_[level]++, static_cast<int>(kTileWidth)}));
    const MerkleHash root = SubtreeRoot(levels_[level], hasher_);
    levels_[level].clear();
    return Push(level + 1, root);
  }

  // Compares a tile above level 0 with the hashes that it should hold.
  absl::Status CompareNow(const TileId& tile) {
    if (!is_known_) return absl::OkStatus();
    CheckedBundle read;
    const std::vector<MerkleHash> hashes = ReadTile(tile, &read);
    SUBROSA_RETURN_IF_ERROR(read.error);
    for (const Fault& fault : read.faults) Add(fault);
    if (hashes.empty() || hashes == levels_[tile.level]) {
      return absl::OkStatus();
    }
    const auto differs = std::mismatch(hashes.begin(), hashes.end(),
                                       levels_[tile.level].begin());
    Add(Differs(tile, differs.first - hashes.begin()));
    return absl::OkStatus();
  }

  // Compares the partial tiles above level 0, and the root.
  absl::Status FinishLevels() {
    if (!is_known_) return absl::OkStatus();  // The root cannot be told.
    MerkleHash root = EmptyRoot();
    bool has_root = false;
    for (int level = 0; level < kMaxTileLevels; ++level) {
      std::vector<MerkleHash> hashes = levels_[level];
      if (hashes.empty()) continue;
      if (level > 0) {
        SUBROSA_RETURN_IF_ERROR(CompareNow(
            {level, filled_[level], static_cast<int>(hashes.size())}));
      }
      if (has_root) hashes.push_back(root);
      root = SubtreeRoot(hashes, hasher_);
      has_root = true;
    }
    leads_to_root_ = root == checkpoint_.root;
    if (!leads_to_root_) {
      Add({"checkpoint", absl::StrCat("want the root of the ", checkpoint_.size,
                                      " entries, got another")});
    }
    return absl::OkStatus();
  }

  // Every entry appended again, which writes the same bytes where they were
  // right.
  absl::Status WriteTilesAnew() {
    RightEdge edge;
    while (edge.size() < checkpoint_.size) {
      const uint64_t index = edge.size() / kTileWidth;
      const TileId tile{0, index, TileWidthIn(checkpoint_.size, 0, index)};
      SUBROSA_ASSIGN_OR_RETURN(const std::string bundle,
                               files_.ReadBundle(tile));
      SUBROSA_ASSIGN_OR_RETURN(const std::vector<absl::string_view> entries,
                               ParseBundle(bundle, tile.width));
      for (int i = 0; i < tile.width; ++i) {
        SUBROSA_RETURN_IF_ERROR(
            edge.Append(entries[static_cast<size_t>(i)], files_));
      }
      if (index % kBundlesAtOnce == 0) SUBROSA_RETURN_IF_ERROR(files_.Sync());
    }
    SUBROSA_RETURN_IF_ERROR(edge.WritePartials(files_));
    return files_.Sync();
  }

  LogFiles files_;
  const Checkpoint& checkpoint_;
  const LogCheckOptions& options_;
  LogCheck check_;
  // The hashes of each level's tile that is not complete yet.
  std::array<std::vector<MerkleHash>, kMaxTileLevels> levels_;
  std::array<uint64_t, kMaxTileLevels> filled_ = {};
  std::vector<std::string> tile_faults_;
  uint64_t tile_fault_count_ = 0;
  bool is_known_ = true;  // What stands at level 0.
  bool has_all_entries_ = true;
  bool leads_to_root_ = false;
  MerkleHasher hasher_;
};

}  // namespace

absl::StatusOr<LogCheck> CheckLog(const std::string& folder,
                                  const Checkpoint& checkpoint,
                                  const LogCheckOptions& options) {
  return Checker(folder, checkpoint, options).Run();
}

}  // namespace subrosa
