#include "src/audit/witness_state.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/audit/merkle.h"
#include "src/audit/witness_request.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

std::string PathOf(const std::string& folder, absl::string_view origin) {
  const MerkleHash digest = Sha256().Digest({origin});
  return absl::StrCat(folder, "/", absl::BytesToHexString(BytesOf(digest)));
}

}  // namespace

absl::StatusOr<WitnessState> WitnessState::Open(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/lock");
  UniqueFd lock(
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return ErrnoStatus(errno, path);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return ErrnoStatus(errno, path);
    return absl::FailedPreconditionError(absl::StrCat(
        folder,
        ": want a folder of its own, got one that another witness has "
        "open"));
  }
  return WitnessState(folder, std::move(lock));
}

absl::StatusOr<absl::optional<Checkpoint>> WitnessState::Load(
    absl::string_view origin) const {
  const std::string path = PathOf(folder_, origin);
  const absl::StatusOr<std::string> content =
      ReadFile(path, kMaxWitnessRequestBytes);
  if (absl::IsNotFound(content.status())) {
    return absl::optional<Checkpoint>();
  }
  if (!content.ok() && !absl::IsInvalidArgument(content.status())) {
    return content.status();
  }
  // The log's key may have changed since, so nothing is verified here.
  absl::StatusOr<Note> note =
      content.ok() ? ParseNote(*content) : content.status();
  absl::StatusOr<Checkpoint> checkpoint =
      note.ok() ? ParseCheckpoint(note->text) : note.status();
  if (!checkpoint.ok() || checkpoint->origin != origin) {
    return absl::DataLossError(absl::StrCat(
        path,
        ": want the checkpoint that was cosigned last, got another "
        "content"));
  }
  return absl::optional<Checkpoint>(*std::move(checkpoint));
}

absl::Status WitnessState::Store(absl::string_view origin,
                                 absl::string_view note) {
  return ReplaceFile(PathOf(folder_, origin), note, 0600);
}

}  // namespace subrosa
