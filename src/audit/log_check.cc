#include "src/audit/log_check.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/right_edge.h"
#include "src/audit/tile.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Bundles that are hashed between two looks at the higher levels.
constexpr uint64_t kBundlesAtOnce = 256;

struct Fault {
  std::string file;
  std::string what;
};

// What one bundle and the tile above it came to.
struct CheckedBundle {
  std::vector<MerkleHash>
      hashes;            // As the entries give them; empty: no bundle.
  MerkleHash root = {};  // Of the hashes.
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
    if (options_.repair && leads_to_root_ && !check_.ok()) {
      SUBROSA_RETURN_IF_ERROR(WriteTilesAnew());
      check_.repaired = std::exchange(check_.faults, {});
      check_.fault_count = 0;
    }
    return std::move(check_);
  }

 private:
  void Add(const Fault& fault) {
    ++check_.fault_count;
    if (check_.faults.size() < kMaxLogFaults) {
      check_.faults.push_back(absl::StrCat(fault.file, ": ", fault.what));
    }
  }

  // Hashes the bundles of [start, end) on all processors.
  absl::Status CheckBundles(uint64_t start, uint64_t end) {
    std::vector<CheckedBundle> checked(end - start);
    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> workers;
    const auto work = [&](unsigned first) {
      MerkleHasher hasher;
      for (uint64_t i = first; i < checked.size(); i += threads) {
        CheckBundle(start + i, hasher, &checked[i]);
      }
    };
    for (unsigned i = 1; i < threads; ++i) workers.emplace_back(work, i);
    work(0);
    for (std::thread& worker : workers) worker.join();

    for (CheckedBundle& bundle : checked) {
      SUBROSA_RETURN_IF_ERROR(bundle.error);
      for (const Fault& fault : bundle.faults) Add(fault);
      if (bundle.hashes.empty()) is_whole_ = false;
      if (bundle.hashes.size() == kTileWidth) {
        SUBROSA_RETURN_IF_ERROR(Push(1, bundle.root));
      } else {
        levels_[0] = std::move(bundle.hashes);
      }
    }
    return absl::OkStatus();
  }

  void CheckBundle(uint64_t index, MerkleHasher& hasher, CheckedBundle* out) {
    const TileId tile{0, index, TileWidthIn(checkpoint_.size, 0, index)};
    const absl::StatusOr<std::string> bytes = files_.ReadBundle(tile);
    if (!bytes.ok()) {
      if (!IsFault(bytes.status())) {
        out->error = bytes.status();
      } else {
        out->faults.push_back(
            {BundlePath(tile), std::string(bytes.status().message())});
      }
      return;
    }
    const absl::StatusOr<std::vector<absl::string_view>> entries =
        ParseBundle(*bytes, tile.width);
    if (!entries.ok()) {
      out->faults.push_back(
          {BundlePath(tile), std::string(entries.status().message())});
      return;
    }
    out->hashes.reserve(static_cast<size_t>(tile.width));
    for (int i = 0; i < tile.width; ++i) {
      const absl::string_view entry = (*entries)[static_cast<size_t>(i)];
      out->hashes.push_back(hasher.Leaf(entry));
      if (!options_.on_entry) continue;
      const uint64_t leaf = index * kTileWidth + static_cast<uint64_t>(i);
      const absl::Status status = options_.on_entry(leaf, entry);
      if (!status.ok()) {
        out->faults.push_back(
            {BundlePath(tile),
             absl::StrCat("leaf ", leaf, ": ", status.message())});
      }
    }
    if (out->hashes.size() == kTileWidth) {
      out->root = SubtreeRoot(out->hashes, hasher);
    }
    absl::Status compared = Compare(tile, out->hashes, &out->faults);
    if (!compared.ok()) out->error = std::move(compared);
  }

  // Compares a tile's file with the hashes that it should hold.
  absl::Status Compare(const TileId& tile,
                       const std::vector<MerkleHash>& hashes,
                       std::vector<Fault>* faults) {
    const absl::StatusOr<std::vector<MerkleHash>> read = files_.ReadTile(tile);
    if (!read.ok()) {
      if (!IsFault(read.status())) return read.status();
      faults->push_back({TilePath(tile), std::string(read.status().message())});
      return absl::OkStatus();
    }
    const auto differs =
        std::mismatch(hashes.begin(), hashes.end(), read->begin()).first;
    if (differs != hashes.end()) {
      faults->push_back(
          {TilePath(tile),
           absl::StrCat("want the hashes of what lies below it, got another "
                        "at ",
                        differs - hashes.begin())});
    }
    return absl::OkStatus();
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

  absl::Status CompareNow(const TileId& tile) {
    if (!is_whole_) return absl::OkStatus();
    std::vector<Fault> faults;
    SUBROSA_RETURN_IF_ERROR(Compare(tile, levels_[tile.level], &faults));
    for (const Fault& fault : faults) Add(fault);
    return absl::OkStatus();
  }

  // Compares the partial tiles above level 0, and the root.
  absl::Status FinishLevels() {
    if (!is_whole_) return absl::OkStatus();  // The root cannot be told.
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
  bool is_whole_ = true;  // Every bundle could be read.
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
