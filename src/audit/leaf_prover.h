// A LeafProver makes receipts for many leaves of one checkpoint: it reads each
// tile once and keeps the nodes within it, so that leaves that lie together
// cost little more than one.
//
// Thread-compatible. Memory: 16 KiB a tile, and at most kMaxTilesKept of them.
//
// Security: as LogReader. Each proof is checked against the checkpoint's root.
#ifndef SUBROSA_SRC_AUDIT_LEAF_PROVER_H_
#define SUBROSA_SRC_AUDIT_LEAF_PROVER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/log_reader.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/audit/tlog_proof.h"

namespace subrosa {

class LeafProver {
 public:
  static constexpr size_t kMaxTilesKept = 1024;

  // `reader` must outlive it.
  explicit LeafProver(const LogReader& reader) : reader_(reader) {}

  // As LogReader::Prove.
  absl::StatusOr<TlogProof> Prove(uint64_t index, absl::string_view extra);

 private:
  // The nodes within a tile: rows[0] are its hashes, each of the others half as
  // many, without those that the tile is too short for.
  using Nodes = std::vector<std::vector<MerkleHash>>;

  absl::StatusOr<const Nodes*> NodesOf(int level, uint64_t tile);
  // The root of leaves [begin, end): a subtree as RFC 6962 splits them.
  absl::StatusOr<MerkleHash> RootOfRange(uint64_t begin, uint64_t end);

  const LogReader& reader_;
  MerkleHasher hasher_;
  std::map<std::pair<int, uint64_t>, Nodes> tiles_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LEAF_PROVER_H_
