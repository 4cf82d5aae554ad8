#include "src/exports/zstd_sink.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

class ZstdSink::Rep {
 public:
  explicit Rep(ByteSink* out) : out_(out), archive_(archive_write_new()) {}
  ~Rep() { archive_write_free(archive_); }

  absl::Status Open() {
    // Anything but OK stands for a program beside, which is not wanted.
    if (archive_write_add_filter_zstd(archive_) != ARCHIVE_OK) {
      return absl::FailedPreconditionError(
          "libarchive: want one that was built with zstd, got another");
    }
    // A tape's blocks would be filled up with what is no zstd.
    if (archive_write_set_bytes_in_last_block(archive_, 1) != ARCHIVE_OK ||
        archive_write_set_format_raw(archive_) != ARCHIVE_OK ||
        archive_write_open(archive_, this, nullptr, OnWrite, nullptr) !=
            ARCHIVE_OK) {
      return Error("begin");
    }
    struct archive_entry* const entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    const int result = archive_write_header(archive_, entry);
    archive_entry_free(entry);
    return result == ARCHIVE_OK ? absl::OkStatus() : Error("begin");
  }

  absl::Status Write(absl::string_view bytes) {
    while (!bytes.empty()) {
      const la_ssize_t taken =
          archive_write_data(archive_, bytes.data(), bytes.size());
      if (taken <= 0) return Error("write");
      bytes.remove_prefix(static_cast<size_t>(taken));
    }
    return absl::OkStatus();
  }

  absl::Status Close() {
    return archive_write_close(archive_) == ARCHIVE_OK ? absl::OkStatus()
                                                       : Error("end");
  }

 private:
  static la_ssize_t OnWrite(struct archive* archive, void* self,
                            const void* bytes, size_t length) {
    Rep& rep = *static_cast<Rep*>(self);
    if (rep.status_.ok()) {
      rep.status_ = rep.out_->Append(
          absl::string_view(static_cast<const char*>(bytes), length));
    }
    if (rep.status_.ok()) return static_cast<la_ssize_t>(length);
    archive_set_error(archive, EIO, "sink");
    return -1;
  }

  // The sink's own error, where it is that. libarchive's words name no content.
  absl::Status Error(absl::string_view what) const {
    if (!status_.ok()) return status_;
    const char* const words = archive_error_string(archive_);
    return absl::InternalError(absl::StrCat("zstd: want to ", what, ", got ",
                                            words == nullptr ? "no" : words));
  }

  ByteSink* const out_;
  struct archive* const archive_;
  absl::Status status_;
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
