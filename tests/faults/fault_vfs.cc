#include "tests/faults/fault_vfs.h"

#include <cstring>
#include <new>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

constexpr char kName[] = "subrosa-faults";

// The system's file lies behind ours, where its alignment wants it.
constexpr int kAlignment = 16;

std::string BaseName(const char* path) {
  if (path == nullptr) return "";  // A temporary file.
  const char* const slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

}  // namespace

struct FaultVfs::File {
  sqlite3_file base;
  FaultVfs* vfs;
  sqlite3_file* real;
  std::string* name;
};

const sqlite3_io_methods FaultVfs::kMethods = {
    2,  // Version: shared memory, no mapping of the file.
    Close,       Read,       Write,
    Truncate,    Sync,       Size,
    Lock,        Unlock,     CheckReservedLock,
    FileControl, SectorSize, DeviceCharacteristics,
    MapMemory,   LockMemory, BarMemory,
    UnmapMemory, nullptr,    nullptr};

FaultVfs::FaultVfs()
    : real_(sqlite3_vfs_find(nullptr)),
      // Time, randomness and sleep are the system's.
      vfs_(*real_) {
  constexpr int kOwn = (static_cast<int>(sizeof(File)) + kAlignment - 1) /
                       kAlignment * kAlignment;
  vfs_.szOsFile = kOwn + real_->szOsFile;
  vfs_.pNext = nullptr;
  vfs_.zName = kName;
  vfs_.pAppData = this;
  vfs_.xOpen = Open;
  vfs_.xDelete = Delete;
  vfs_.xAccess = Access;
  vfs_.xFullPathname = FullPathname;
  sqlite3_vfs_register(&vfs_, /*makeDflt=*/1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, /*makeDflt=*/1);
}

void FaultVfs::Arm(const FaultPlan& plan) {
  const std::lock_guard<std::mutex> lock(mutex_);
  plan_ = plan;
  calls_ = 0;
  failed_ = 0;
  first_failed_.clear();
}

int64_t FaultVfs::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

int64_t FaultVfs::failed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failed_;
}

std::string FaultVfs::first_failed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return first_failed_;
}

bool FaultVfs::Fails(const Call& call, const std::string& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (plan_.file.empty() || !absl::StartsWith(file, plan_.file)) return false;
  if (plan_.kind == FaultKind::kDiskFull && !call.needs_room) return false;
  ++calls_;
  const bool fails = plan_.at > 0 && (plan_.is_lasting ? calls_ >= plan_.at
                                                       : calls_ == plan_.at);
  if (!fails) return false;
  if (++failed_ == 1) first_failed_ = absl::StrCat(call.name, " ", file);
  return true;
}

FaultVfs::File& FaultVfs::Of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}

FaultVfs& FaultVfs::Of(sqlite3_vfs* vfs) {
  return *static_cast<FaultVfs*>(vfs->pAppData);
}

bool FaultVfs::Fails(sqlite3_file* file, const Call& call) {
  return Of(file).vfs->Fails(call, *Of(file).name);
}

int FaultVfs::CodeOf(sqlite3_file* file, int code) {
  FaultVfs& vfs = *Of(file).vfs;
  const std::lock_guard<std::mutex> lock(vfs.mutex_);
  return vfs.plan_.kind == FaultKind::kDiskFull ? SQLITE_FULL : code;
}

int FaultVfs::Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file,
                   int flags, int* out_flags) {
  FaultVfs& faults = Of(vfs);
  const std::string base = BaseName(name);
  file->pMethods = nullptr;
  if (faults.Fails({"open", false}, base)) return SQLITE_CANTOPEN;
  auto* const real = reinterpret_cast<sqlite3_file*>(
      reinterpret_cast<char*>(file) + vfs->szOsFile - faults.real_->szOsFile);
  std::memset(real, 0, static_cast<size_t>(faults.real_->szOsFile));
  const int code =
      faults.real_->xOpen(faults.real_, name, real, flags, out_flags);
  // SQLite closes what has methods, opened or not.
  if (real->pMethods == nullptr) return code;
  Of(file).vfs = &faults;
  Of(file).real = real;
  Of(file).name = new std::string(base);
  file->pMethods = &kMethods;
  return code;
}

int FaultVfs::Delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  FaultVfs& faults = Of(vfs);
  if (faults.Fails({"delete", false}, BaseName(name))) {
    return SQLITE_IOERR_DELETE;
  }
  return faults.real_->xDelete(faults.real_, name, sync_folder);
}

int FaultVfs::Access(sqlite3_vfs* vfs, const char* name, int flags,
                     int* answer) {
  FaultVfs& faults = Of(vfs);
  if (faults.Fails({"access", false}, BaseName(name))) {
    return SQLITE_IOERR_ACCESS;
  }
  return faults.real_->xAccess(faults.real_, name, flags, answer);
}

int FaultVfs::FullPathname(sqlite3_vfs* vfs, const char* name, int size,
                           char* full) {
  return Of(vfs).real_->xFullPathname(Of(vfs).real_, name, size, full);
}

int FaultVfs::Close(sqlite3_file* file) {
  delete Of(file).name;
  return Of(file).real->pMethods->xClose(Of(file).real);
}

int FaultVfs::Read(sqlite3_file* file, void* data, int size, sqlite3_int64 at) {
  if (Fails(file, {"read", false})) return SQLITE_IOERR_READ;
  return Of(file).real->pMethods->xRead(Of(file).real, data, size, at);
}

int FaultVfs::Write(sqlite3_file* file, const void* data, int size,
                    sqlite3_int64 at) {
  if (Fails(file, {"write", true})) {
    const int code = CodeOf(file, SQLITE_IOERR_WRITE);
    if (code == SQLITE_FULL && size > 1) {
      Of(file).real->pMethods->xWrite(Of(file).real, data, size / 2, at);
    }
    return code;
  }
  return Of(file).real->pMethods->xWrite(Of(file).real, data, size, at);
}

int FaultVfs::Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Fails(file, {"truncate", false})) return SQLITE_IOERR_TRUNCATE;
  return Of(file).real->pMethods->xTruncate(Of(file).real, size);
}

int FaultVfs::Sync(sqlite3_file* file, int flags) {
  // A full disk too shows as an error of its own here.
  if (Fails(file, {"sync", true})) return SQLITE_IOERR_FSYNC;
  return Of(file).real->pMethods->xSync(Of(file).real, flags);
}

int FaultVfs::Size(sqlite3_file* file, sqlite3_int64* size) {
  if (Fails(file, {"size", false})) return SQLITE_IOERR_FSTAT;
  return Of(file).real->pMethods->xFileSize(Of(file).real, size);
}

int FaultVfs::Lock(sqlite3_file* file, int level) {
  if (Fails(file, {"lock", false})) return SQLITE_IOERR_LOCK;
  return Of(file).real->pMethods->xLock(Of(file).real, level);
}

int FaultVfs::Unlock(sqlite3_file* file, int level) {
  return Of(file).real->pMethods->xUnlock(Of(file).real, level);
}

int FaultVfs::CheckReservedLock(sqlite3_file* file, int* answer) {
  if (Fails(file, {"look for a lock", false})) {
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
  }
  return Of(file).real->pMethods->xCheckReservedLock(Of(file).real, answer);
}

int FaultVfs::FileControl(sqlite3_file* file, int operation, void* argument) {
  return Of(file).real->pMethods->xFileControl(Of(file).real, operation,
                                               argument);
}

int FaultVfs::SectorSize(sqlite3_file* file) {
  return Of(file).real->pMethods->xSectorSize(Of(file).real);
}

int FaultVfs::DeviceCharacteristics(sqlite3_file* file) {
  return Of(file).real->pMethods->xDeviceCharacteristics(Of(file).real);
}

int FaultVfs::MapMemory(sqlite3_file* file, int page, int size, int extend,
                        void volatile** memory) {
  *memory = nullptr;
  if (Fails(file, {"map memory", extend != 0})) {
    return CodeOf(file, SQLITE_IOERR_SHMMAP);
  }
  return Of(file).real->pMethods->xShmMap(Of(file).real, page, size, extend,
                                          memory);
}

int FaultVfs::LockMemory(sqlite3_file* file, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_UNLOCK) == 0 && Fails(file, {"lock memory", false})) {
    return SQLITE_IOERR_SHMLOCK;
  }
  return Of(file).real->pMethods->xShmLock(Of(file).real, offset, count, flags);
}

void FaultVfs::BarMemory(sqlite3_file* file) {
  Of(file).real->pMethods->xShmBarrier(Of(file).real);
}

int FaultVfs::UnmapMemory(sqlite3_file* file, int deletes) {
  return Of(file).real->pMethods->xShmUnmap(Of(file).real, deletes);
}

}  // namespace subrosa
