// A library for LD_PRELOAD that kills its process with SIGKILL at the Nth call
// that changes a file or makes it durable. What a kill leaves behind differs
// only from one such call to the next, so that numbering them reaches every
// moment that matters. It can also stop its process there, or let the call
// fail.
//
//   SUBROSA_KILL_AT=N         kills just before the Nth call; none: never
//   SUBROSA_KILL_TORN=1       kills in the middle of it, where it writes
//   SUBROSA_STOP_AT=N         stops (SIGSTOP) just before the Nth call
//   SUBROSA_FAIL_AT=N         the Nth call fails
//   SUBROSA_FAIL_SYNC_AT=N    the Nth call that makes something durable fails
//   SUBROSA_FAIL_ERRNO=E      with this error; 5 (EIO) unless told
//   SUBROSA_KILL_COUNT=FILE   on exit, writes the number of calls there, and on
//                             a second line that of those that make durable
//
// A process that knows of it can choose the moment itself: SubrosaKillAfter.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> calls{0};
std::atomic<long> syncs{0};

// What SubrosaKillAfter was told: the call, and whether within it.
std::atomic<long> chosen{0};
std::atomic<bool> chosen_is_torn{false};

long Number(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::atol(text);
}

struct Plan {
  const long kill_at = Number("SUBROSA_KILL_AT");
  const bool is_torn = Number("SUBROSA_KILL_TORN") != 0;
  const long stop_at = Number("SUBROSA_STOP_AT");
  const long fail_at = Number("SUBROSA_FAIL_AT");
  const long fail_sync_at = Number("SUBROSA_FAIL_SYNC_AT");
  const long error = Number("SUBROSA_FAIL_ERRNO");
};

const Plan& ThePlan() {
  static const Plan plan;
  return plan;
}

template <typename Function>
Function Next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

// To this thread, which goes no further.
void Signal(int signal) {
  syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), signal);
}

// Counts a call and does to it what is planned: true, with errno set, if it is
// to fail. `tear` does half of it.
template <typename Tear>
bool Fails(Tear tear) {
  const Plan& plan = ThePlan();
  const long call = ++calls;
  if (call == plan.kill_at) {
    if (plan.is_torn) tear();
    Signal(SIGKILL);
  }
  if (call == chosen.load()) {
    if (chosen_is_torn.load()) tear();
    Signal(SIGKILL);
  }
  if (call == plan.stop_at) Signal(SIGSTOP);
  if (call != plan.fail_at) return false;
  errno = plan.error == 0 ? EIO : static_cast<int>(plan.error);
  return true;
}

bool Fails() {
  return Fails([] {});
}

bool SyncFails() {
  const bool fails = Fails();
  const Plan& plan = ThePlan();
  if (++syncs != plan.fail_sync_at) return fails;
  errno = plan.error == 0 ? EIO : static_cast<int>(plan.error);
  return true;
}

__attribute__((destructor)) void WriteCount() {
  const char* path = std::getenv("SUBROSA_KILL_COUNT");
  if (path == nullptr) return;
  const long counted = calls.load();
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) return;
  std::fprintf(file, "%ld\n%ld\n", counted, syncs.load());
  std::fclose(file);
}

ssize_t PositionedWrite(const char* name, int fd, const void* data, size_t size,
                        off64_t offset) {
  const auto next = Next<ssize_t (*)(int, const void*, size_t, off64_t)>(name);
  if (Fails([&] { next(fd, data, size / 2, offset); })) return -1;
  return next(fd, data, size, offset);
}

// Opening changes something only where it may make the file.
bool OpenFails(int flags) { return (flags & O_CREAT) != 0 && Fails(); }

mode_t ModeOf(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

int OpenBy(const char* name, const char* path, int flags, mode_t mode) {
  if (OpenFails(flags)) return -1;
  return Next<int (*)(const char*, int, ...)>(name)(path, flags, mode);
}

int OpenAtBy(const char* name, int folder, const char* path, int flags,
             mode_t mode) {
  if (OpenFails(flags)) return -1;
  return Next<int (*)(int, const char*, int, ...)>(name)(folder, path, flags,
                                                         mode);
}

}  // namespace

extern "C" {

// Kills at the `count`th call from now on, in the middle of it if `torn` is not
// 0; with 0, changes nothing. Returns how many calls there were.
long SubrosaKillAfter(long count, int torn) {
  const long now = calls.load();
  if (count > 0) {
    chosen_is_torn = torn != 0;
    chosen = now + count;
  }
  return now;
}

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return OpenBy("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return OpenBy("open64", path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return OpenAtBy("openat", folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return OpenAtBy("openat64", folder, path, flags, mode);
}

int mkostemp(char* path, int flags) {
  if (Fails()) return -1;
  return Next<int (*)(char*, int)>("mkostemp")(path, flags);
}

int mkostemp64(char* path, int flags) {
  if (Fails()) return -1;
  return Next<int (*)(char*, int)>("mkostemp64")(path, flags);
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

ssize_t write(int fd, const void* data, size_t size) {
  const auto next = Next<ssize_t (*)(int, const void*, size_t)>("write");
  if (Fails([&] { next(fd, data, size / 2); })) return -1;
  return next(fd, data, size);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return PositionedWrite("pwrite", fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return PositionedWrite("pwrite64", fd, data, size, offset);
}

int fsync(int fd) {
  if (SyncFails()) return -1;
  return Next<int (*)(int)>("fsync")(fd);
}

int fdatasync(int fd) {
  if (SyncFails()) return -1;
  return Next<int (*)(int)>("fdatasync")(fd);
}

int syncfs(int fd) noexcept {
  if (SyncFails()) return -1;
  return Next<int (*)(int)>("syncfs")(fd);
}

int ftruncate(int fd, off_t size) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(int, off_t)>("ftruncate")(fd, size);
}

int ftruncate64(int fd, off64_t size) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(int, off64_t)>("ftruncate64")(fd, size);
}

int rename(const char* from, const char* to) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(const char*, const char*)>("rename")(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to,
           int flags) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(int, const char*, int, const char*, int)>("linkat")(
      from_folder, from, to_folder, to, flags);
}

int unlink(const char* path) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(const char*)>("unlink")(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(int, const char*, int)>("unlinkat")(folder, path, flags);
}

int rmdir(const char* path) noexcept {
  if (Fails()) return -1;
  return Next<int (*)(const char*)>("rmdir")(path);
}

}  // extern "C"
