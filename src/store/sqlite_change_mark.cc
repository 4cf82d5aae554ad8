#include "src/store/sqlite_change_mark.h"

#include <atomic>
#include <cstddef>

namespace subrosa {
namespace {

// The journal's index is mapped in regions of this size.
constexpr int kRegionBytes = 32768;

constexpr size_t kVersionWord = 0;
constexpr uint32_t kVersion = 3007000;

ChangeMark ReadHeader(const volatile uint32_t* words) {
  ChangeMark header;
  for (size_t i = 0; i < header.size(); ++i) header[i] = words[i];
  return header;
}

}  // namespace

std::optional<ChangeMark> ReadSqliteChangeMark(sqlite3* database) {
  if (sqlite3_get_autocommit(database) == 0) return std::nullopt;
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER,
                           &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr ||
      file->pMethods->iVersion < 2) {
    return std::nullopt;
  }
  // A region that is mapped already is only looked up.
  volatile void* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, kRegionBytes, /*extend=*/0, &region) !=
          SQLITE_OK ||
      region == nullptr) {
    return std::nullopt;
  }
  const auto* const words = static_cast<const volatile uint32_t*>(region);
  const ChangeMark first = ReadHeader(words);
  // A writer writes the second before the first.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const ChangeMark second = ReadHeader(words + first.size());
  if (first != second || first[kVersionWord] != kVersion) return std::nullopt;
  return first;
}

}  // namespace subrosa
