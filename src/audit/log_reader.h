// A LogReader reads a log as it is at one checkpoint: its entries, and proofs
// about them.
//
// Thread-compatible; another process may append meanwhile.
//
// Security: the checkpoint is verified, and what is returned as a proof checks
// against it or an error is returned. Entries hash to the tile above them; that
// all tiles lead to the root is for log_check.h.
#ifndef SUBROSA_SRC_AUDIT_LOG_READER_H_
#define SUBROSA_SRC_AUDIT_LOG_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

class LogReader {
 public:
  // Reads the log in `folder` as its file `name` (kCheckpointFile,
  // kCosignedFile) says, which one of `keys` must have signed. NOT_FOUND if
  // there is no such file; else as OpenCheckpoint.
  static absl::StatusOr<LogReader> Open(const std::string& folder,
                                        absl::string_view name,
                                        absl::Span<const NoteKey> keys);

  // The same at the checkpoint `note`, whose signature the caller answers for.
  // INVALID_ARGUMENT if it does not parse.
  static absl::StatusOr<LogReader> AtCheckpoint(const std::string& folder,
                                                absl::string_view note);

  const Checkpoint& checkpoint() const { return checkpoint_; }
  // The signed note.
  const std::string& note() const { return note_; }

  // Visits the entries of [from, to) in order. INVALID_ARGUMENT unless
  // from <= to <= size; DATA_LOSS if a bundle is damaged or an entry does not
  // hash to its place in the tile above it; the first error of `visit`. Reads a
  // bundle at a time.
  using EntryVisitor =
      absl::FunctionRef<absl::Status(uint64_t index, absl::string_view entry)>;
  absl::Status VisitEntries(uint64_t from, uint64_t to, EntryVisitor visit);

  absl::StatusOr<std::string> ReadEntry(uint64_t index);

  // See LogFiles::ReadTile.
  absl::StatusOr<std::vector<MerkleHash>> ReadTile(const TileId& tile) const {
    return files_.ReadTile(tile);
  }

  // The index of the last leaf with `hash`, if any. Looks from the end, a tile
  // at a time: meant for leaves that were appended lately.
  absl::StatusOr<std::optional<uint64_t>> FindLastLeaf(const MerkleHash& hash);

  // The receipt for the leaf at `index`, with `extra`. DATA_LOSS if the tiles
  // do not lead to the checkpoint's root.
  absl::StatusOr<TlogProof> Prove(uint64_t index, absl::string_view extra);

  // The proof that the log begins with its first `old_size` leaves.
  absl::StatusOr<std::vector<MerkleHash>> ProveConsistency(uint64_t old_size);

 private:
  LogReader(const std::string& folder, std::string note, Checkpoint checkpoint)
      : files_(folder),
        note_(std::move(note)),
        checkpoint_(std::move(checkpoint)) {}

  absl::Status CheckIndex(uint64_t index) const;

  LogFiles files_;
  std::string note_;
  Checkpoint checkpoint_;
  MerkleHasher hasher_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_READER_H_
