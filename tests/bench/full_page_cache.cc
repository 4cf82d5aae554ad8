#include "tests/bench/full_page_cache.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace subrosa {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kLeftUnused = 512 * kMiB;
constexpr uint64_t kAtOnce = 64 * kMiB;

// Bytes of memory that nothing uses, not even the page cache; 0 if the system
// does not say.
uint64_t UnusedMemory() {
  std::FILE* const file = std::fopen("/proc/meminfo", "re");
  if (file == nullptr) return 0;
  unsigned long long kib = 0;
  char line[256];
  while (std::fgets(line, sizeof(line), file) != nullptr) {
    if (std::sscanf(line, "MemFree: %llu kB", &kib) == 1) break;
  }
  std::fclose(file);
  return uint64_t{kib} * 1024;
}

uint64_t DiskRoom(const std::string& folder) {
  struct statvfs disk;
  if (statvfs(folder.c_str(), &disk) != 0) return 0;
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

bool WriteAll(int fd, const std::vector<char>& bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t wrote = write(fd, bytes.data() + at, bytes.size() - at);
    if (wrote <= 0) return false;
    at += static_cast<size_t>(wrote);
  }
  return true;
}

// Returns why the cache could not be filled; null if it is full.
const char* Fill(const std::string& folder, UniqueFd* file) {
  const uint64_t unused = UnusedMemory();
  if (unused == 0) return "the system does not say how much memory is unused";
  if (DiskRoom(folder) / 2 < unused) return "the disk has too little room";
  *file = UniqueFd(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file->get() < 0) return "the folder takes no file without a name";
  const std::vector<char> bytes(kAtOnce);
  // What others free meanwhile is not waited for.
  for (uint64_t written = 0; written < unused && UnusedMemory() > kLeftUnused;
       written += kAtOnce) {
    if (!WriteAll(file->get(), bytes)) return "a write failed";
  }
  // Only written pages can be taken at once for others.
  return fdatasync(file->get()) == 0 ? nullptr : "a write failed";
}

}  // namespace

FullPageCache::FullPageCache(const std::string& folder) {
  const char* const why = Fill(folder, &file_);
  if (why == nullptr) return;
  std::fprintf(stderr,
               "note: the page cache was not filled (%s); what is measured "
               "later may look dearer\n",
               why);
}

}  // namespace subrosa
