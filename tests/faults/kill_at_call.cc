// A library for LD_PRELOAD that kills its process with SIGKILL at the Nth call
// that changes a file or makes it durable. What a kill leaves behind differs
// only from one such call to the next, so that numbering them reaches every
// moment that matters.
//
//   SUBROSA_KILL_AT=N         kills just before the Nth call; none: never
//   SUBROSA_KILL_TORN=1       kills in the middle of it, where it writes
//   SUBROSA_KILL_COUNT=FILE   on exit, writes the number of calls there
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> calls{0};

long Number(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::atol(text);
}

template <typename Function>
Function Next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void Kill() { syscall(SYS_kill, getpid(), SIGKILL); }

// True if this call is the one.
bool IsTheOne() {
  static const long at = Number("SUBROSA_KILL_AT");
  return ++calls == at;
}

void KillIfTheOne() {
  if (IsTheOne()) Kill();
}

bool IsTorn() {
  static const bool torn = Number("SUBROSA_KILL_TORN") != 0;
  return torn;
}

__attribute__((destructor)) void WriteCount() {
  const char* path = std::getenv("SUBROSA_KILL_COUNT");
  if (path == nullptr) return;
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) return;
  std::fprintf(file, "%ld\n", calls.load());
  std::fclose(file);
}

ssize_t PositionedWrite(const char* name, int fd, const void* data, size_t size,
                        off64_t offset) {
  const auto next = Next<ssize_t (*)(int, const void*, size_t, off64_t)>(name);
  if (IsTheOne()) {
    if (IsTorn()) next(fd, data, size / 2, offset);
    Kill();
  }
  return next(fd, data, size, offset);
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
  const auto next = Next<ssize_t (*)(int, const void*, size_t)>("write");
  if (IsTheOne()) {
    if (IsTorn()) next(fd, data, size / 2);
    Kill();
  }
  return next(fd, data, size);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return PositionedWrite("pwrite", fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return PositionedWrite("pwrite64", fd, data, size, offset);
}

int fsync(int fd) {
  KillIfTheOne();
  return Next<int (*)(int)>("fsync")(fd);
}

int fdatasync(int fd) {
  KillIfTheOne();
  return Next<int (*)(int)>("fdatasync")(fd);
}

int ftruncate(int fd, off_t size) noexcept {
  KillIfTheOne();
  return Next<int (*)(int, off_t)>("ftruncate")(fd, size);
}

int ftruncate64(int fd, off64_t size) noexcept {
  KillIfTheOne();
  return Next<int (*)(int, off64_t)>("ftruncate64")(fd, size);
}

int rename(const char* from, const char* to) noexcept {
  KillIfTheOne();
  return Next<int (*)(const char*, const char*)>("rename")(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to,
           int flags) noexcept {
  KillIfTheOne();
  return Next<int (*)(int, const char*, int, const char*, int)>("linkat")(
      from_folder, from, to_folder, to, flags);
}

int unlink(const char* path) noexcept {
  KillIfTheOne();
  return Next<int (*)(const char*)>("unlink")(path);
}

int rmdir(const char* path) noexcept {
  KillIfTheOne();
  return Next<int (*)(const char*)>("rmdir")(path);
}

}  // extern "C"
