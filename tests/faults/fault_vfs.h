// A FaultVfs stands between SQLite and the system, and lets calls fail as they
// do on a full disk or a failing one. Calls are counted, so that a test can let
// each of a scripted run fail in turn.
//
// While it lives it is the process's default: every connection that is opened
// uses it. It outlives those connections.
//
// Thread-safe.
#ifndef SUBROSA_TESTS_FAULTS_FAULT_VFS_H_
#define SUBROSA_TESTS_FAULTS_FAULT_VFS_H_

#include <sqlite3.h>

#include <cstdint>
#include <mutex>
#include <string>

namespace subrosa {

enum class FaultKind {
  // Each call that reaches the disk: reading, writing, syncing, truncating,
  // asking for the size, opening, deleting, looking for a file, locking,
  // sharing memory. Letting go of a lock cannot fail.
  kInputOutput,
  // Those that may need room: writing, syncing, growing shared memory. A write
  // leaves half of what it was to write.
  kDiskFull,
};

struct FaultPlan {
  FaultKind kind = FaultKind::kInputOutput;
  // Which files: those whose name, without folders, begins so. "keys.db" is the
  // database with its journal and shared memory. Of the others none fails.
  std::string file;
  int64_t at = 0;           // The call that fails, from 1; 0: none.
  bool is_lasting = false;  // And so do all of its kind that follow.
};

class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();

  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  // Counts anew, by `plan`.
  void Arm(const FaultPlan& plan);
  void Disarm() { Arm(FaultPlan()); }

  // Since it was armed: how many calls there were that the plan is about, how
  // many of them failed, and which the first of these was ("write
  // keys.db-wal").
  int64_t calls() const;
  int64_t failed() const;
  std::string first_failed() const;

 private:
  struct File;
  static const sqlite3_io_methods kMethods;

  // What is counted.
  struct Call {
    const char* name;
    bool needs_room;
  };
  bool Fails(const Call& call, const std::string& file);

  static File& Of(sqlite3_file* file);
  static FaultVfs& Of(sqlite3_vfs* vfs);
  static bool Fails(sqlite3_file* file, const Call& call);
  // The code of a call that fails for want of room, or else `code`.
  static int CodeOf(sqlite3_file* file, int code);

  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file,
                  int flags, int* out_flags);
  static int Delete(sqlite3_vfs* vfs, const char* name, int sync_folder);
  static int Access(sqlite3_vfs* vfs, const char* name, int flags, int* answer);
  static int FullPathname(sqlite3_vfs* vfs, const char* name, int size,
                          char* full);
  static int Close(sqlite3_file* file);
  static int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 at);
  static int Write(sqlite3_file* file, const void* data, int size,
                   sqlite3_int64 at);
  static int Truncate(sqlite3_file* file, sqlite3_int64 size);
  static int Sync(sqlite3_file* file, int flags);
  static int Size(sqlite3_file* file, sqlite3_int64* size);
  static int Lock(sqlite3_file* file, int level);
  static int Unlock(sqlite3_file* file, int level);
  static int CheckReservedLock(sqlite3_file* file, int* answer);
  static int FileControl(sqlite3_file* file, int operation, void* argument);
  static int SectorSize(sqlite3_file* file);
  static int DeviceCharacteristics(sqlite3_file* file);
  static int MapMemory(sqlite3_file* file, int page, int size, int extend,
                       void volatile** memory);
  static int LockMemory(sqlite3_file* file, int offset, int count, int flags);
  static void BarMemory(sqlite3_file* file);
  static int UnmapMemory(sqlite3_file* file, int deletes);

  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  FaultPlan plan_;
  int64_t calls_ = 0;
  int64_t failed_ = 0;
  std::string first_failed_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_FAULT_VFS_H_
