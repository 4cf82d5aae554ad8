// A file without a name, for what must wait on disk while a program runs: it is
// gone with its descriptor, whatever ends the program.
#ifndef SUBROSA_SRC_BASE_UNNAMED_FILE_H_
#define SUBROSA_SRC_BASE_UNNAMED_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/base/file.h"

namespace subrosa {

// Opens one in `folder` for reading and writing, mode 0600, that can never get
// a name. Where the file system has no unnamed files it has one for a moment
// (`folder`/.scratch-XXXXXX). Errors as ErrnoStatus.
absl::StatusOr<UniqueFd> OpenUnnamedFile(const std::string& folder);

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_UNNAMED_FILE_H_
