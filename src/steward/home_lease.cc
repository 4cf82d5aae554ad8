#include "src/steward/home_lease.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// What stands there is for whoever finds it.
constexpr absl::string_view kMark =
    "A restore of this home was begun and is not finished.\n"
    "Run `subrosa store restore` again.\n";

std::string MarkOf(const std::string& folder) {
  return absl::StrCat(folder, "/restoring");
}

absl::StatusOr<std::shared_ptr<const UniqueFd>> Lock(const std::string& folder,
                                                     int how,
                                                     const absl::Status& held) {
  UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return ErrnoStatus(errno, folder);
  while (flock(fd.get(), how | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    return errno == EWOULDBLOCK ? held : ErrnoStatus(errno, folder);
  }
  return std::make_shared<const UniqueFd>(std::move(fd));
}

}  // namespace

absl::StatusOr<HomeLease> HomeLease::Share(const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::shared_ptr<const UniqueFd> fd,
      Lock(folder, LOCK_SH,
           absl::UnavailableError(
               absl::StrCat(folder,
                            ": want a home whose stores stay in place, got one "
                            "that is being restored; try again when that is "
                            "done"))));
  return HomeLease(folder, std::move(fd));
}

absl::StatusOr<HomeLease> HomeLease::TakeAlone(const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::shared_ptr<const UniqueFd> fd,
      Lock(folder, LOCK_EX,
           absl::FailedPreconditionError(absl::StrCat(
               folder,
               ": want a home that nothing has open, got one that another "
               "process uses; stop what uses it"))));
  return HomeLease(folder, std::move(fd));
}

absl::Status MarkRestoreBegun(const HomeLease& alone) {
  return ReplaceFile(MarkOf(alone.folder()), kMark, 0600);
}

absl::Status MarkRestoreDone(const HomeLease& alone) {
  const std::string mark = MarkOf(alone.folder());
  if (unlink(mark.c_str()) != 0) return ErrnoStatus(errno, mark);
  return SyncFolder(alone.folder());
}

bool IsRestoreBegun(const std::string& folder) {
  return access(MarkOf(folder).c_str(), F_OK) == 0 || errno != ENOENT;
}

absl::Status CheckNoRestoreBegun(const std::string& folder) {
  if (!IsRestoreBegun(folder)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(folder,
                   ": want a home that is whole, got one whose restore was "
                   "stopped; run `subrosa store restore` again, which finishes "
                   "it"));
}

}  // namespace subrosa
