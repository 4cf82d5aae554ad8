#include "src/audit/log_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/random_bytes.h"

namespace subrosa {
namespace {

constexpr absl::string_view kIncoming = "incoming";
constexpr mode_t kFolderMode = S_IRWXU;
constexpr mode_t kFileMode = S_IRUSR | S_IWUSR;
constexpr size_t kMaxNoteBytes = size_t{1} << 20;

// Syncing a file costs about as much as a journal commit of the file system.
// Beyond this many, one syncfs is cheaper, though it also waits for what other
// programs wrote.
constexpr size_t kMaxFilesSyncedSingly = 12;

absl::Status MakeOneFolder(const std::string& path) {
  if (mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, path);
}

// Makes the folders that `path` stands in, below `base`.
absl::Status MakeParents(const std::string& base, const std::string& path) {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    SUBROSA_RETURN_IF_ERROR(
        MakeOneFolder(absl::StrCat(base, "/", path.substr(0, slash))));
  }
  return absl::OkStatus();
}

absl::Status SyncFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0 || fsync(fd.get()) != 0) return ErrnoStatus(errno, path);
  return absl::OkStatus();
}

// Removes the files of the folder `path` that were last written before
// `before`.
void RemoveFiles(const std::string& path, absl::Time before) {
  DIR* const folder = opendir(path.c_str());
  if (folder == nullptr) return;
  while (const dirent* const entry = readdir(folder)) {
    struct stat status;
    if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) ==
            0 &&
        absl::TimeFromTimespec(status.st_mtim) < before) {
      unlinkat(dirfd(folder), entry->d_name, 0);
    }
  }
  closedir(folder);
}

void RemoveFolder(const std::string& path) {
  RemoveFiles(path, absl::InfiniteFuture());
  rmdir(path.c_str());
}

TileId Full(const TileId& tile) {
  return TileId{tile.level, tile.index, static_cast<int>(kTileWidth)};
}

}  // namespace

LogFiles::LogFiles(std::string folder)
    : folder_(std::move(folder)),
      unique_(absl::BytesToHexString(RandomBytes(8))) {}

std::string LogFiles::PathOf(absl::string_view name) const {
  return absl::StrCat(folder_, "/", name);
}

absl::Status LogFiles::MakeFolder() {
  SUBROSA_RETURN_IF_ERROR(MakeOneFolder(folder_));
  SUBROSA_RETURN_IF_ERROR(MakeOneFolder(PathOf(kIncoming)));
  SUBROSA_RETURN_IF_ERROR(SyncFolder(folder_));
  return SyncFolder(FolderOf(folder_));
}

absl::StatusOr<std::string> LogFiles::Read(const std::string& path,
                                           const std::string& full_path,
                                           size_t limit_bytes) const {
  absl::StatusOr<std::string> content = ReadFile(PathOf(path), limit_bytes);
  if (absl::IsNotFound(content.status()) && path != full_path) {
    content = ReadFile(PathOf(full_path), limit_bytes);
    if (absl::IsNotFound(content.status())) {
      return absl::NotFoundError(
          absl::StrCat(PathOf(path), ": want this file, or ", full_path,
                       " in its place, got neither"));
    }
  }
  if (absl::IsInvalidArgument(content.status())) {
    return absl::DataLossError(content.status().message());
  }
  return content;
}

absl::StatusOr<std::vector<MerkleHash>> LogFiles::ReadTile(
    const TileId& tile) const {
  const std::string path = TilePath(tile);
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string content,
      Read(path, TilePath(Full(tile)), kTileWidth * sizeof(MerkleHash)));
  absl::StatusOr<std::vector<MerkleHash>> hashes =
      ParseTile(content, tile.width);
  if (!hashes.ok()) {
    return absl::DataLossError(
        absl::StrCat(PathOf(path), ": ", hashes.status().message()));
  }
  hashes->resize(static_cast<size_t>(tile.width));
  return hashes;
}

absl::StatusOr<std::string> LogFiles::ReadBundle(const TileId& tile) const {
  return Read(BundlePath(tile), BundlePath(Full(tile)), kMaxBundleBytes);
}

absl::StatusOr<std::string> LogFiles::ReadNote(absl::string_view name) const {
  return ReadFile(PathOf(name), kMaxNoteBytes);
}

absl::Status LogFiles::WriteNote(absl::string_view name,
                                 absl::string_view content) {
  return ReplaceFile(PathOf(name), content, kFileMode);
}

absl::StatusOr<UniqueFd> LogFiles::Create(const std::string& path) {
  for (const bool is_first : {true, false}) {
    UniqueFd fd(
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
    if (fd.get() >= 0) return fd;
    if (errno != ENOENT || !is_first) break;
    // Copies of a folder often come without the empty ones in it.
    SUBROSA_RETURN_IF_ERROR(MakeOneFolder(PathOf(kIncoming)));
  }
  return ErrnoStatus(errno, path);
}

absl::Status LogFiles::Place(const std::string& temporary,
                             const std::string& path) {
  const std::string target = PathOf(path);
  if (rename(temporary.c_str(), target.c_str()) == 0) return absl::OkStatus();
  if (errno != ENOENT) return ErrnoStatus(errno, "rename");
  SUBROSA_RETURN_IF_ERROR(MakeParents(folder_, path));
  if (rename(temporary.c_str(), target.c_str()) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, "rename");
}

absl::Status LogFiles::Write(const std::string& path,
                             absl::string_view content) {
  // syncfs tells of what failed since its descriptor was opened.
  if (unsynced_.empty()) {
    file_system_ =
        UniqueFd(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file_system_.get() < 0) return ErrnoStatus(errno, folder_);
  }
  const std::string temporary =
      PathOf(absl::StrCat(kIncoming, "/", unique_, "-", written_++));
  const std::string target = PathOf(path);
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd fd, Create(temporary));
  absl::Status status = WriteAll(fd.get(), content);
  // What stands there may have been signed meanwhile, by who overtook us. Only
  // bytes that are on the disk take its place.
  if (status.ok() && access(target.c_str(), F_OK) == 0 &&
      fsync(fd.get()) != 0) {
    status = ErrnoStatus(errno, "sync");
  }
  if (status.ok()) status = Place(temporary, path);
  if (!status.ok()) {
    unlink(temporary.c_str());
    return Annotate(status, target);
  }
  unsynced_.push_back(path);
  return absl::OkStatus();
}

absl::Status LogFiles::Sync() {
  const std::vector<std::string> paths = std::exchange(unsynced_, {});
  const UniqueFd file_system = std::move(file_system_);
  if (paths.size() > kMaxFilesSyncedSingly) {
    return syncfs(file_system.get()) == 0 ? absl::OkStatus()
                                          : ErrnoStatus(errno, folder_);
  }
  std::set<std::string> folders;
  for (const std::string& path : paths) {
    SUBROSA_RETURN_IF_ERROR(SyncFile(PathOf(path)));
    // A folder may be as new as the file in it.
    for (size_t slash = path.rfind('/'); slash != std::string::npos;
         slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {
      folders.insert(path.substr(0, slash));
    }
  }
  for (const std::string& folder : folders) {
    SUBROSA_RETURN_IF_ERROR(SyncFolder(PathOf(folder)));
  }
  return paths.empty() ? absl::OkStatus() : SyncFolder(folder_);
}

void LogFiles::RemovePartials(int level, uint64_t index) {
  const TileId full = Full(TileId{level, index, 0});
  RemoveFolder(PathOf(absl::StrCat(TilePath(full), ".p")));
  if (level == 0) {
    RemoveFolder(PathOf(absl::StrCat(BundlePath(full), ".p")));
  }
}

void LogFiles::RemoveIncoming(absl::Time before) {
  RemoveFiles(PathOf(kIncoming), before);
}

}  // namespace subrosa
