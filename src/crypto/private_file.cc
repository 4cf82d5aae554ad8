#include "src/crypto/private_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// How often a file is read again when it was replaced while it was read.
constexpr int kReadAttempts = 8;

constexpr absl::Duration kLockPollInterval = absl::Milliseconds(10);

// What ReplaceFile puts between a file's name and its six random letters.
constexpr absl::string_view kTemporaryInfix = ".new-";

FileIdentity IdentityFrom(const struct stat& status) {
  FileIdentity identity;
  identity.device = status.st_dev;
  identity.inode = status.st_ino;
  identity.size = status.st_size;
  identity.changed_ns =
      int64_t{status.st_ctim.tv_sec} * 1000000000 + status.st_ctim.tv_nsec;
  return identity;
}

absl::Status CheckPrivate(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": want a regular file, got something else"));
  }
  if ((status.st_mode & 0077) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: want a file that only its owner can touch, got mode %04o: run "
        "chmod 600 on it and ask who has read it",
        path, static_cast<unsigned>(status.st_mode & 07777)));
  }
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> OpenPrivate(const std::string& path, int access) {
  UniqueFd fd(open(path.c_str(), access | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.get() >= 0) return fd;
  if (errno == ELOOP) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": want a regular file, got a link"));
  }
  return ErrnoStatus(errno, path);
}

// Overwrites the file's bytes in place, as far as the file system does so.
void Overwrite(int fd) {
  struct stat status;
  // Another name for the file is somebody's deliberate copy.
  if (fstat(fd, &status) != 0 || status.st_nlink != 0) return;
  const char zeros[4096] = {};
  for (off_t at = 0; at < status.st_size;) {
    const size_t size = static_cast<size_t>(
        std::min<off_t>(status.st_size - at, sizeof(zeros)));
    const ssize_t written = pwrite(fd, zeros, size, at);
    if (written <= 0) return;
    at += written;
  }
  fdatasync(fd);
}

// Overwrites and removes what a crash in ReplaceFile left. Only the lock's
// holder may: another's replacement under way looks the same.
void DropInterruptedReplacements(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string prefix =
      absl::StrCat(slash == std::string::npos ? path : path.substr(slash + 1),
                   kTemporaryInfix);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()),
                                                    closedir);
  if (entries == nullptr) return;
  while (const dirent* const entry = readdir(entries.get())) {
    const absl::string_view name = entry->d_name;
    if (!absl::StartsWith(name, prefix) || name.size() != prefix.size() + 6) {
      continue;
    }
    const std::string left = absl::StrCat(folder, "/", name);
    const absl::StatusOr<UniqueFd> fd = OpenPrivate(left, O_RDWR);
    if (unlink(left.c_str()) == 0 && fd.ok()) Overwrite(fd->get());
  }
}

absl::StatusOr<PrivateFile> ReadOnce(const std::string& path,
                                     size_t limit_bytes) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd fd, OpenPrivate(path, O_RDONLY));
  struct stat status;
  if (fstat(fd.get(), &status) != 0) return ErrnoStatus(errno, path);
  SUBROSA_RETURN_IF_ERROR(CheckPrivate(path, status));
  PrivateFile file;
  file.identity = IdentityFrom(status);
  char chunk[16384];
  for (;;) {
    const ssize_t got = read(fd.get(), chunk, sizeof(chunk));
    if (got == 0) return file;
    if (got < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, path);
    }
    if (file.content.size() + static_cast<size_t>(got) > limit_bytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": want at most ", limit_bytes, " bytes, got more"));
    }
    file.content.append(chunk, static_cast<size_t>(got));
  }
}

}  // namespace

absl::StatusOr<FileIdentity> IdentityOf(const std::string& path) {
  struct stat status;
  if (lstat(path.c_str(), &status) != 0) return ErrnoStatus(errno, path);
  return IdentityFrom(status);
}

absl::StatusOr<PrivateFile> ReadPrivateFile(const std::string& path,
                                            size_t limit_bytes) {
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    absl::StatusOr<PrivateFile> file = ReadOnce(path, limit_bytes);
    if (!file.ok()) return file.status();
    // Whoever replaces the file overwrites the old one, maybe under our eyes,
    // but only after the new one is in its place.
    SUBROSA_ASSIGN_OR_RETURN(const FileIdentity now, IdentityOf(path));
    if (now == file->identity) return file;
  }
  return absl::UnavailableError(absl::StrCat(
      path, ": replaced again and again while it was read: try again"));
}

absl::Status CreatePrivateFile(const std::string& path,
                               absl::string_view content) {
  // A complete file appears under its name at once, or not at all: it is
  // written under another name and then linked, which never replaces.
  const std::string draft =
      absl::StrCat(path, ".draft-", static_cast<int64_t>(getpid()));
  const absl::Status written = ReplaceFile(draft, content, 0600);
  if (!written.ok()) {
    unlink(draft.c_str());
    return written;
  }
  const bool linked = link(draft.c_str(), path.c_str()) == 0;
  const int error_number = errno;
  unlink(draft.c_str());
  if (!linked) return ErrnoStatus(error_number, path);
  const absl::Status synced = SyncFolder(FolderOf(path));
  if (!synced.ok()) unlink(path.c_str());
  return synced;
}

absl::StatusOr<PrivateFileLock> PrivateFileLock::Acquire(
    const std::string& path, absl::Duration wait) {
  const absl::Time deadline = absl::Now() + wait;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(UniqueFd fd, OpenPrivate(path, O_RDWR));
    if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
      struct stat locked;
      struct stat current;
      if (fstat(fd.get(), &locked) != 0) return ErrnoStatus(errno, path);
      if (lstat(path.c_str(), &current) != 0) return ErrnoStatus(errno, path);
      if (locked.st_dev == current.st_dev && locked.st_ino == current.st_ino) {
        return PrivateFileLock(path, std::move(fd));
      }
      continue;  // Replaced while we waited: the lock is on the old file.
    }
    if (errno != EWOULDBLOCK && errno != EINTR) return ErrnoStatus(errno, path);
    if (absl::Now() >= deadline) {
      return absl::UnavailableError(absl::StrCat(
          path, ": locked by another process: try again when it is done"));
    }
    absl::SleepFor(kLockPollInterval);
  }
}

absl::Status PrivateFileLock::Replace(absl::string_view content) && {
  DropInterruptedReplacements(path_);
  SUBROSA_RETURN_IF_ERROR(ReplaceFile(path_, content, 0600));
  Overwrite(fd_.get());
  fd_.Close();
  return absl::OkStatus();
}

}  // namespace subrosa
