#include "src/store/descriptor_vfs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

// Registered names are the process's.
std::string UniqueName() {
  static std::atomic<int> count{0};
  return absl::StrCat("subrosa-descriptor-", ++count);
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* full) {
  sqlite3_snprintf(size, full, "%s", name);
  return SQLITE_OK;
}

int Access(sqlite3_vfs*, const char*, int, int* answer) {
  *answer = 0;  // No journal lies beside it.
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char*, int) { return SQLITE_OK; }

// Nobody else sees the file.
int Lock(sqlite3_file*, int) { return SQLITE_OK; }
int CheckReservedLock(sqlite3_file*, int* answer) {
  *answer = 0;
  return SQLITE_OK;
}

int Close(sqlite3_file*) { return SQLITE_OK; }
int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return 4096; }
int DeviceCharacteristics(sqlite3_file*) { return 0; }

}  // namespace

struct DescriptorVfs::File {
  sqlite3_file base;
  DescriptorVfs* vfs;
};

const sqlite3_io_methods DescriptorVfs::kMethods = {
    1,  // Version: no shared memory, no mapping.
    Close,       Read,       Write,
    Truncate,    Sync,       Size,
    Lock,        Lock,       CheckReservedLock,
    FileControl, SectorSize, DeviceCharacteristics,
    nullptr,     nullptr,    nullptr,
    nullptr,     nullptr,    nullptr};

DescriptorVfs::DescriptorVfs(int descriptor)
    : descriptor_(descriptor),
      name_(UniqueName()),
      // Time and randomness are the system's.
      vfs_(*sqlite3_vfs_find(nullptr)) {
  vfs_.szOsFile = sizeof(File);
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = Open;
  vfs_.xDelete = Delete;
  vfs_.xAccess = Access;
  vfs_.xFullPathname = FullPathname;
  sqlite3_vfs_register(&vfs_, /*makeDflt=*/0);
}

DescriptorVfs::~DescriptorVfs() { sqlite3_vfs_unregister(&vfs_); }

DescriptorVfs& DescriptorVfs::Of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file)->vfs;
}

int DescriptorVfs::Fail(int code) {
  error_number_ = errno;
  return code;
}

int DescriptorVfs::Open(sqlite3_vfs* vfs, const char*, sqlite3_file* file,
                        int flags, int* out_flags) {
  file->pMethods = nullptr;
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  reinterpret_cast<File*>(file)->vfs =
      static_cast<DescriptorVfs*>(vfs->pAppData);
  file->pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int DescriptorVfs::Read(sqlite3_file* file, void* data, int size,
                        sqlite3_int64 at) {
  DescriptorVfs& vfs = Of(file);
  char* to = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got =
        pread(vfs.descriptor_, to, static_cast<size_t>(size), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return vfs.Fail(SQLITE_IOERR_READ);
    if (got == 0) {
      // SQLite wants zeros where the file ends.
      std::memset(to, 0, static_cast<size_t>(size));
      return SQLITE_IOERR_SHORT_READ;
    }
    to += got;
    at += got;
    size -= static_cast<int>(got);
  }
  return SQLITE_OK;
}

int DescriptorVfs::Write(sqlite3_file* file, const void* data, int size,
                         sqlite3_int64 at) {
  DescriptorVfs& vfs = Of(file);
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written =
        pwrite(vfs.descriptor_, from, static_cast<size_t>(size), at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return vfs.Fail(SQLITE_IOERR_WRITE);
    from += written;
    at += written;
    size -= static_cast<int>(written);
  }
  return SQLITE_OK;
}

int DescriptorVfs::Truncate(sqlite3_file* file, sqlite3_int64 size) {
  DescriptorVfs& vfs = Of(file);
  return ftruncate(vfs.descriptor_, size) == 0
             ? SQLITE_OK
             : vfs.Fail(SQLITE_IOERR_TRUNCATE);
}

int DescriptorVfs::Sync(sqlite3_file* file, int) {
  DescriptorVfs& vfs = Of(file);
  return fsync(vfs.descriptor_) == 0 ? SQLITE_OK : vfs.Fail(SQLITE_IOERR_FSYNC);
}

int DescriptorVfs::Size(sqlite3_file* file, sqlite3_int64* size) {
  DescriptorVfs& vfs = Of(file);
  struct stat status;
  if (fstat(vfs.descriptor_, &status) != 0) {
    return vfs.Fail(SQLITE_IOERR_FSTAT);
  }
  *size = status.st_size;
  return SQLITE_OK;
}

}  // namespace subrosa
