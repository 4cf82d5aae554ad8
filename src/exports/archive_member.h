// A file of an archive that was written.
#ifndef SUBROSA_SRC_EXPORTS_ARCHIVE_MEMBER_H_
#define SUBROSA_SRC_EXPORTS_ARCHIVE_MEMBER_H_

#include <cstdint>
#include <string>

namespace subrosa {

struct ArchiveMember {
  std::string name;
  uint64_t bytes = 0;
  std::string sha256;  // 32 bytes, of its content.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ARCHIVE_MEMBER_H_
