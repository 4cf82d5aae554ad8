// LogFiles are a log's files in their folder: tiles, entry bundles and
// checkpoints (C2SP tlog-tiles, docs/formats/audit.md).
//
//   checkpoint            the newest signed checkpoint
//   cosigned              the newest one that a witness cosigned
//   tile/<L>/<N>[.p/<W>]  hashes; tile/entries/… the entries
//   incoming/             what is being written
//
// A file appears whole or not at all: it is written under another name and
// renamed. What a signed checkpoint covers never changes; what lies beyond may
// be written again.
//
// Thread-compatible; const calls may run beside another process's writes.
//
// Errors: NOT_FOUND for a file that is not there, DATA_LOSS for one that is
// damaged, UNAVAILABLE where the system refuses (a full disk, say). Messages
// name the file.
#ifndef SUBROSA_SRC_AUDIT_LOG_FILES_H_
#define SUBROSA_SRC_AUDIT_LOG_FILES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/base/file.h"

namespace subrosa {

// Names of checkpoints' files in the log's folder.
inline constexpr absl::string_view kCheckpointFile = "checkpoint";
inline constexpr absl::string_view kCosignedFile = "cosigned";

class LogFiles {
 public:
  explicit LogFiles(std::string folder);

  const std::string& folder() const { return folder_; }

  // Makes the folder, readable by its owner alone, if it is not there.
  absl::Status MakeFolder();

  // The tile's first `width` hashes; the entries' bundle. Where a partial one
  // is gone because a full one took its place, that is read.
  absl::StatusOr<std::vector<MerkleHash>> ReadTile(const TileId& tile) const;
  absl::StatusOr<std::string> ReadBundle(const TileId& tile) const;

  // Whole small files of the folder, such as "checkpoint".
  absl::StatusOr<std::string> ReadNote(absl::string_view name) const;
  // Durably.
  absl::Status WriteNote(absl::string_view name, absl::string_view content);

  // Puts a file in place, not yet durably. `path` is relative to the folder.
  absl::Status Write(const std::string& path, absl::string_view content);

  // Makes all that was written since the last call durable. After an error none
  // of it may be relied on: it has to be written again.
  absl::Status Sync();

  // Removes the partial forms of a tile (and, at level 0, of its bundle) that a
  // full one has replaced.
  void RemovePartials(int level, uint64_t index);

  // Removes what killed processes left in incoming/, if it was last written
  // before `before`: what is newer may be another's who is at it.
  void RemoveIncoming(absl::Time before);

 private:
  absl::StatusOr<std::string> Read(const std::string& path,
                                   const std::string& full_path,
                                   size_t limit_bytes) const;
  std::string PathOf(absl::string_view name) const;
  // Makes the new file `path` of incoming/.
  absl::StatusOr<UniqueFd> Create(const std::string& path);
  absl::Status Place(const std::string& temporary, const std::string& path);

  std::string folder_;
  std::string unique_;  // Keeps this writer's temporary names apart.
  uint64_t written_ = 0;
  std::vector<std::string> unsynced_;  // Relative paths.
  UniqueFd file_system_;               // Open while some are unsynced.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_FILES_H_
