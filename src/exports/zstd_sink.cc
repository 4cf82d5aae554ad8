#include "src/exports/zstd_sink.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <utility>

#include "src/base/status_macros.h"
#include "src/exports/libarchive_stream.h"

namespace subrosa {

class ZstdSink::Rep {
 public:
  explicit Rep(ByteSink* out) : stream_("zstd", out) {}

  absl::Status Open() {
    struct archive* const archive = stream_.get();
    // Anything but OK stands for a program beside, which is not wanted.
    if (archive_write_add_filter_zstd(archive) != ARCHIVE_OK) {
      return absl::FailedPreconditionError(
          "libarchive: want one that was built with zstd, got another");
    }
    // A tape's blocks would be filled up with what is no zstd.
    SUBROSA_RETURN_IF_ERROR(stream_.Check(
        archive_write_set_bytes_in_last_block(archive, 1), "begin"));
    SUBROSA_RETURN_IF_ERROR(
        stream_.Check(archive_write_set_format_raw(archive), "begin"));
    SUBROSA_RETURN_IF_ERROR(stream_.Open());
    struct archive_entry* const entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    const int result = archive_write_header(archive, entry);
    archive_entry_free(entry);
    return stream_.Check(result, "begin");
  }

  absl::Status Write(absl::string_view bytes) {
    size_t taken = 0;
    SUBROSA_RETURN_IF_ERROR(stream_.Write(bytes, &taken));
    return taken == bytes.size()
               ? absl::OkStatus()
               : absl::InternalError("zstd: want to write, got no room");
  }

  absl::Status Close() { return stream_.Close(); }

 private:
  LibarchiveStream stream_;
};

ZstdSink::ZstdSink(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
ZstdSink::~ZstdSink() = default;

absl::StatusOr<std::unique_ptr<ZstdSink>> ZstdSink::Create(ByteSink* out) {
  auto rep = std::make_unique<Rep>(out);
  SUBROSA_RETURN_IF_ERROR(rep->Open());
  return std::unique_ptr<ZstdSink>(new ZstdSink(std::move(rep)));
}

absl::Status ZstdSink::Append(absl::string_view bytes) {
  return rep_->Write(bytes);
}

absl::Status ZstdSink::Finish() { return rep_->Close(); }

}  // namespace subrosa
