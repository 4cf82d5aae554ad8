// The RightEdge is all of a tree that appending needs: the last, partial tile
// of each level and the last bundle. It takes leaves, writes the tiles they
// fill, and knows the root.
//
// Memory: 256 hashes a level, and one bundle (16 MiB at most; 256 entries of
// the usual size are some 50 KB).
//
// Thread-compatible. After an error it has to be loaded anew.
#ifndef SUBROSA_SRC_AUDIT_RIGHT_EDGE_H_
#define SUBROSA_SRC_AUDIT_RIGHT_EDGE_H_

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"

namespace subrosa {

class RightEdge {
 public:
  // The edge of the empty tree.
  RightEdge() = default;

  // Reads the edge of the tree of `size` leaves. The caller compares the root
  // with the one that was signed. Errors of LogFiles; DATA_LOSS if the last
  // bundle is damaged.
  static absl::StatusOr<RightEdge> Load(const LogFiles& files, uint64_t size);

  uint64_t size() const { return size_; }
  MerkleHash Root();

  // Appends `entry`, at most kMaxEntryBytes, and writes what it completes to
  // `files`.
  absl::Status Append(absl::string_view entry, LogFiles& files);

  // Writes the partial tiles and bundle as they are now, where Append changed
  // them since the last call.
  absl::Status WritePartials(LogFiles& files);

  // The tiles that became full since the last call: their partial forms may go
  // once the checkpoint over the full ones is durable.
  std::vector<TileId> TakeFilled() { return std::exchange(filled_, {}); }

 private:
  absl::Status Push(int level, const MerkleHash& hash, LogFiles& files);

  uint64_t size_ = 0;
  std::array<std::vector<MerkleHash>, kMaxTileLevels> levels_;
  std::array<bool, kMaxTileLevels> changed_ = {};
  std::string bundle_;
  std::vector<TileId> filled_;
  MerkleHasher hasher_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_RIGHT_EDGE_H_
