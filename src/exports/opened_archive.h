// For tests: what is in an archive of any kind that libarchive reads.
#ifndef SUBROSA_SRC_EXPORTS_OPENED_ARCHIVE_H_
#define SUBROSA_SRC_EXPORTS_OPENED_ARCHIVE_H_

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// By name. Of `bytes` that are no archive, none.
inline std::map<std::string, std::string> OpenedArchive(
    absl::string_view bytes) {
  std::map<std::string, std::string> files;
  struct archive* const archive = archive_read_new();
  archive_read_support_format_all(archive);
  archive_read_open_memory(archive, bytes.data(), bytes.size());
  struct archive_entry* entry = nullptr;
  while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
    std::string& content = files[archive_entry_pathname(entry)];
    char buffer[4096];
    la_ssize_t read;
    while ((read = archive_read_data(archive, buffer, sizeof(buffer))) > 0) {
      content.append(buffer, static_cast<size_t>(read));
    }
  }
  archive_read_free(archive);
  return files;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_OPENED_ARCHIVE_H_
