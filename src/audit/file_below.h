// Reads a file below a folder, following no link on the way: whatever a path
// says, nothing outside the folder is read.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_FILE_BELOW_H_
#define SUBROSA_SRC_AUDIT_FILE_BELOW_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// The content of the file at `path`, "tile/0/x001/067", below `folder`, which
// itself may be a link.
//
// NOT_FOUND if there is none; INVALID_ARGUMENT if a part of `path` is empty or
// begins with a dot in place of a name ("." and ".."), holds a NUL, or is a
// link in the file system, if there is no regular file at its end, or if that
// is longer than `limit_bytes`; PERMISSION_DENIED and UNAVAILABLE as
// ErrnoStatus.
absl::StatusOr<std::string> ReadFileBelow(const std::string& folder,
                                          absl::string_view path,
                                          size_t limit_bytes);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_FILE_BELOW_H_
