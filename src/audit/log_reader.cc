#include "src/audit/log_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/tile.h"
#include "src/audit/tree.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<LogReader> LogReader::Open(const std::string& folder,
                                          absl::string_view name,
                                          absl::Span<const NoteKey> keys) {
  SUBROSA_ASSIGN_OR_RETURN(std::string note, LogFiles(folder).ReadNote(name));
  absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(note, keys);
  if (!checkpoint.ok()) {
    return Annotate(checkpoint.status(), absl::StrCat(folder, "/", name));
  }
  return LogReader(folder, std::move(note), *std::move(checkpoint));
}

absl::StatusOr<LogReader> LogReader::AtCheckpoint(const std::string& folder,
                                                  absl::string_view note) {
  SUBROSA_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  SUBROSA_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(parsed.text));
  return LogReader(folder, std::string(note), std::move(checkpoint));
}

absl::Status LogReader::CheckIndex(uint64_t index) const {
  if (index < checkpoint_.size) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "index: want less than ", checkpoint_.size, ", got ", index));
}

absl::Status LogReader::VisitEntries(uint64_t from, uint64_t to,
                                     EntryVisitor visit) {
  if (from > to || to > checkpoint_.size) {
    return absl::InvalidArgumentError(
        absl::StrCat("entries: want a range within ", checkpoint_.size,
                     ", got ", from, " to ", to));
  }
  while (from < to) {
    const uint64_t index = from / kTileWidth;
    const TileId tile{0, index, TileWidthIn(checkpoint_.size, 0, index)};
    SUBROSA_ASSIGN_OR_RETURN(const std::string bundle, files_.ReadBundle(tile));
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<MerkleHash> hashes,
                             files_.ReadTile(tile));
    const absl::StatusOr<std::vector<absl::string_view>> entries =
        ParseBundle(bundle, tile.width);
    if (!entries.ok()) {
      return absl::DataLossError(
          absl::StrCat(BundlePath(tile), ": ", entries.status().message()));
    }
    const uint64_t end = std::min(to, (index + 1) * kTileWidth);
    for (; from < end; ++from) {
      const size_t place = from % kTileWidth;
      if (hasher_.Leaf((*entries)[place]) != hashes[place]) {
        return absl::DataLossError(absl::StrCat(
            BundlePath(tile), ": want entries that hash to the tile ",
            TilePath(tile), ", got another at ", place));
      }
      SUBROSA_RETURN_IF_ERROR(visit(from, (*entries)[place]));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> LogReader::ReadEntry(uint64_t index) {
  SUBROSA_RETURN_IF_ERROR(CheckIndex(index));
  std::string found;
  SUBROSA_RETURN_IF_ERROR(
      VisitEntries(index, index + 1, [&](uint64_t, absl::string_view entry) {
        found = std::string(entry);
        return absl::OkStatus();
      }));
  return found;
}

absl::StatusOr<std::optional<uint64_t>> LogReader::FindLastLeaf(
    const MerkleHash& hash) {
  const uint64_t tiles = (checkpoint_.size + kTileWidth - 1) / kTileWidth;
  for (uint64_t index = tiles; index-- > 0;) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::vector<MerkleHash> hashes,
        files_.ReadTile({0, index, TileWidthIn(checkpoint_.size, 0, index)}));
    const auto found = std::find(hashes.rbegin(), hashes.rend(), hash);
    if (found != hashes.rend()) {
      return index * kTileWidth + static_cast<uint64_t>(hashes.rend() - found) -
             1;
    }
  }
  return std::nullopt;
}

absl::StatusOr<TlogProof> LogReader::Prove(uint64_t index,
                                           absl::string_view extra) {
  SUBROSA_RETURN_IF_ERROR(CheckIndex(index));
  TlogProof proof;
  proof.extra = std::string(extra);
  proof.index = index;
  proof.checkpoint = note_;
  const auto tiles = [&](const TileId& tile) { return files_.ReadTile(tile); };
  SUBROSA_ASSIGN_OR_RETURN(proof.proof,
                           InclusionProof(index, checkpoint_.size, tiles));
  const uint64_t tile = index / kTileWidth;
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<MerkleHash> hashes,
      files_.ReadTile({0, tile, TileWidthIn(checkpoint_.size, 0, tile)}));
  const absl::Status proven =
      CheckInclusion(index, checkpoint_.size, hashes[index % kTileWidth],
                     proof.proof, checkpoint_.root);
  if (!proven.ok()) {
    return absl::DataLossError(absl::StrCat(
        "log: want tiles that lead from leaf ", index,
        " to the signed root, got others; `subrosa audit verify` says which "
        "file differs"));
  }
  return proof;
}

absl::StatusOr<std::vector<MerkleHash>> LogReader::ProveConsistency(
    uint64_t old_size) {
  return ConsistencyProof(old_size, checkpoint_.size, [&](const TileId& tile) {
    return files_.ReadTile(tile);
  });
}

}  // namespace subrosa
