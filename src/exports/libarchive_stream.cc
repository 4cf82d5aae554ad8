#include "src/exports/libarchive_stream.h"

#include <archive.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

LibarchiveStream::LibarchiveStream(absl::string_view name, ByteSink* out)
    : name_(name), out_(out), archive_(archive_write_new()) {}

LibarchiveStream::~LibarchiveStream() { archive_write_free(archive_); }

absl::Status LibarchiveStream::Open() {
  const auto on_write = [](struct archive* archive, void* self,
                           const void* bytes, size_t length) -> la_ssize_t {
    auto& stream = *static_cast<LibarchiveStream*>(self);
    if (stream.status_.ok()) {
      stream.status_ = stream.out_->Append(
          absl::string_view(static_cast<const char*>(bytes), length));
    }
    if (stream.status_.ok()) return static_cast<la_ssize_t>(length);
    archive_set_error(archive, EIO, "sink");
    return -1;
  };
  return Check(archive_write_open(archive_, this, nullptr, on_write, nullptr),
               "begin");
}

absl::Status LibarchiveStream::Write(absl::string_view bytes, size_t* taken) {
  for (*taken = 0; *taken < bytes.size();) {
    const la_ssize_t wrote = archive_write_data(archive_, bytes.data() + *taken,
                                                bytes.size() - *taken);
    if (wrote < 0) return Check(ARCHIVE_FATAL, "write");
    if (wrote == 0) break;
    *taken += static_cast<size_t>(wrote);
  }
  return absl::OkStatus();
}

absl::Status LibarchiveStream::Close() {
  return Check(archive_write_close(archive_), "end");
}

absl::Status LibarchiveStream::Check(int result, absl::string_view what) const {
  if (result == ARCHIVE_OK) return absl::OkStatus();
  if (!status_.ok()) return status_;
  const char* const words = archive_error_string(archive_);
  return absl::InternalError(absl::StrCat(name_, ": want to ", what, ", got ",
                                          words == nullptr ? "no" : words));
}

}  // namespace subrosa
