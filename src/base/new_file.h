// A NewFile has no name until it is complete: whoever looks sees either nothing
// or the whole file, and what a crash interrupts leaves nothing behind.
//
// Thread-compatible.
//
//   SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create("copy.json"));
//   SUBROSA_RETURN_IF_ERROR(file.Append("…"));
//   SUBROSA_RETURN_IF_ERROR(file.Publish());
#ifndef SUBROSA_SRC_BASE_NEW_FILE_H_
#define SUBROSA_SRC_BASE_NEW_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/file.h"

namespace subrosa {

class NewFile {
 public:
  // Begins a file that will stand at `path`, readable by its owner alone.
  // ALREADY_EXISTS if something stands there: a NewFile replaces nothing;
  // INVALID_ARGUMENT if its folder is not there, or no file may be made in it;
  // UNAVAILABLE if the system refuses.
  //
  // Where the file system has no unnamed files, a named one beside it
  // (`path`.part-XXXXXX) takes its place and is removed by the destructor.
  static absl::StatusOr<NewFile> Create(const std::string& path);

  NewFile(NewFile&& other) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  // Adds bytes at the end, through a buffer that is wiped. UNAVAILABLE if the
  // system refuses (a full disk, say); the file can then only be dropped.
  absl::Status Append(absl::string_view bytes);

  // For those who write anywhere in the file: open for reading and writing. Not
  // to be mixed with Append.
  int descriptor() const { return fd_.get(); }

  // Makes the content durable and gives it its name. ALREADY_EXISTS if that was
  // taken meanwhile. On error nothing stands at `path` that did not before;
  // where the name itself could not be made durable it is taken away again.
  absl::Status Publish();

 private:
  NewFile(std::string path, UniqueFd fd, std::string temporary)
      : path_(std::move(path)),
        fd_(std::move(fd)),
        temporary_(std::move(temporary)) {}

  absl::Status WriteBuffer();

  std::string path_;
  UniqueFd fd_;
  std::string temporary_;  // Empty for an unnamed file.
  std::string buffer_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_NEW_FILE_H_
