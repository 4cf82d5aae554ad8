// Lets SQLite keep a database in a file that is open already and may have no
// name: a connection is opened at name() and has that file, and no other.
//
// It is for a database that one connection writes and nobody else can see:
// there are no locks, and a journal is refused (journal_mode=OFF).
//
// Thread-compatible.
#ifndef SUBROSA_SRC_STORE_DESCRIPTOR_VFS_H_
#define SUBROSA_SRC_STORE_DESCRIPTOR_VFS_H_

#include <sqlite3.h>

#include <string>

namespace subrosa {

class DescriptorVfs {
 public:
  // `descriptor` is open for reading and writing, and stays so as long as this
  // object; this object outlives the connections that use it.
  explicit DescriptorVfs(int descriptor);
  ~DescriptorVfs();

  DescriptorVfs(const DescriptorVfs&) = delete;
  DescriptorVfs& operator=(const DescriptorVfs&) = delete;

  // For the last argument of sqlite3_open_v2.
  const char* name() const { return name_.c_str(); }

  // Why the system refused the last call that failed; 0 if none did.
  int error_number() const { return error_number_; }

 private:
  struct File;
  static const sqlite3_io_methods kMethods;

  static DescriptorVfs& Of(sqlite3_file* file);
  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file,
                  int flags, int* out_flags);
  static int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 at);
  static int Write(sqlite3_file* file, const void* data, int size,
                   sqlite3_int64 at);
  static int Truncate(sqlite3_file* file, sqlite3_int64 size);
  static int Sync(sqlite3_file* file, int flags);
  static int Size(sqlite3_file* file, sqlite3_int64* size);

  int Fail(int code);

  const int descriptor_;
  const std::string name_;
  int error_number_ = 0;
  sqlite3_vfs vfs_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_DESCRIPTOR_VFS_H_
