#include "src/audit/cosigned_file.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "src/audit/checkpoint.h"
#include "src/audit/log_files.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// The folder, locked until the descriptor is closed.
absl::StatusOr<UniqueFd> LockFolder(const std::string& folder) {
  UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return ErrnoStatus(errno, folder);
  while (flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return ErrnoStatus(errno, folder);
  }
  return fd;
}

// `note` with those signatures of `present` that it lacks: of both, the line of
// `note` counts where one key signed twice.
std::string Merge(Note note, const Note& present) {
  for (const NoteSignature& old : present.signatures) {
    const bool is_there = std::any_of(
        note.signatures.begin(), note.signatures.end(),
        [&](const NoteSignature& signature) {
          return signature.name == old.name && signature.key_id == old.key_id;
        });
    if (!is_there && note.signatures.size() < kNoteMaxSignatures) {
      note.signatures.push_back(old);
    }
  }
  return SerializeNote(note);
}

}  // namespace

absl::StatusOr<bool> KeepCosigned(const std::string& folder,
                                  absl::string_view note,
                                  absl::Span<const NoteKey> keys) {
  SUBROSA_ASSIGN_OR_RETURN(const Checkpoint cosigned,
                           OpenCheckpoint(note, keys));
  SUBROSA_ASSIGN_OR_RETURN(Note parsed, ParseNote(note));
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd lock, LockFolder(folder));
  LogFiles files(folder);
  const absl::StatusOr<std::string> present = files.ReadNote(kCosignedFile);
  // What is no checkpoint of this log may be replaced.
  const absl::StatusOr<Checkpoint> old =
      present.ok() ? OpenCheckpoint(*present, keys) : present.status();
  if (old.ok() && old->size > cosigned.size) return false;
  std::string content(note);
  if (old.ok()) {
    SUBROSA_ASSIGN_OR_RETURN(const Note old_note, ParseNote(*present));
    if (old_note.text == parsed.text) {
      content = Merge(std::move(parsed), old_note);
    }
  }
  SUBROSA_RETURN_IF_ERROR(files.WriteNote(kCosignedFile, content));
  return true;
}

}  // namespace subrosa
