// Bytes from strangers, as a map of consumers: what is loaded holds no more
// people than rows, and finds nobody for an id that it does not have.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/ingest/consumer_map.h"
#include "tests/fuzz/ingest_memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using subrosa::ConsumerMap;
  using subrosa::Require;
  const subrosa::UniqueFd file(memfd_create("fuzz", MFD_CLOEXEC));
  Require(file.get() >= 0);
  Require(write(file.get(), data, size) == static_cast<ssize_t>(size));
  const std::string path = absl::StrCat("/proc/self/fd/", file.get());

  const absl::StatusOr<ConsumerMap> map = ConsumerMap::Load(path);
  if (!map.ok()) {
    Require(absl::IsInvalidArgument(map.status()));
  } else {
    // A row takes at least "a,b" and the end of its line.
    Require(map->size() * 4 <= size);
    // No id holds a line's end.
    Require(map->Find("a\nb").empty() && map->Find("").empty());
  }
  Require(lseek(file.get(), 0, SEEK_SET) == 0);
  const absl::StatusOr<std::string> id = subrosa::ReadConsumerId(path);
  if (id.ok()) {
    Require(!id->empty() && id->size() <= 256);
  } else {
    Require(absl::IsInvalidArgument(id.status()));
  }
  return 0;
}
