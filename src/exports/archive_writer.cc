#include "src/exports/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"

namespace subrosa {
namespace {

// Two hundred megabytes a second and a third of the size: the slower levels
// save little on records, and a consumer waits.
constexpr char kZipOptions[] =
    "zip:compression=deflate,zip:compression-level=1";

// Tells how long a content is, and drops it.
class LengthSink final : public ByteSink {
 public:
  absl::Status Append(absl::string_view bytes) override {
    length_ += bytes.size();
    return absl::OkStatus();
  }
  uint64_t length() const { return length_; }

 private:
  uint64_t length_ = 0;
};

struct EntryDeleter {
  void operator()(struct archive_entry* entry) const {
    archive_entry_free(entry);
  }
};

}  // namespace

class ArchiveWriter::Rep {
 public:
  Rep(ArchiveForm form, absl::Time made_at, ByteSink* out)
      : form_(form),
        made_at_(made_at),
        out_(out),
        archive_(archive_write_new()) {}
  ~Rep() { archive_write_free(archive_); }

  absl::Status Open() {
    int result = form_ == ArchiveForm::kZip
                     ? archive_write_set_format_zip(archive_)
                     : archive_write_set_format_pax_restricted(archive_);
    if (result == ARCHIVE_OK && form_ == ArchiveForm::kZip) {
      result = archive_write_set_options(archive_, kZipOptions);
    }
    if (result == ARCHIVE_OK) {
      result = archive_write_open(archive_, this, nullptr, OnWrite, nullptr);
    }
    return result == ARCHIVE_OK ? absl::OkStatus() : Error("open");
  }

  ArchiveForm form() const { return form_; }

  absl::Status Begin(absl::string_view name, std::optional<uint64_t> length) {
    const std::unique_ptr<struct archive_entry, EntryDeleter> entry(
        archive_entry_new());
    archive_entry_set_pathname(entry.get(), std::string(name).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(), absl::ToTimeT(made_at_), 0);
    if (length.has_value()) {
      archive_entry_set_size(entry.get(), static_cast<int64_t>(*length));
    }
    return archive_write_header(archive_, entry.get()) == ARCHIVE_OK
               ? absl::OkStatus()
               : Error("begin a member");
  }

  absl::Status Write(absl::string_view bytes) {
    while (!bytes.empty()) {
      const la_ssize_t taken =
          archive_write_data(archive_, bytes.data(), bytes.size());
      if (taken < 0) return Error("write");
      if (taken == 0) {
        return absl::AbortedError(
            "archive: want a member as long as it was before, got a longer "
            "one; begin again");
      }
      bytes.remove_prefix(static_cast<size_t>(taken));
    }
    return absl::OkStatus();
  }

  absl::Status End() {
    return archive_write_finish_entry(archive_) == ARCHIVE_OK
               ? absl::OkStatus()
               : Error("end a member");
  }

  absl::Status Close() {
    return archive_write_close(archive_) == ARCHIVE_OK ? absl::OkStatus()
                                                       : Error("finish");
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
    return absl::InternalError(absl::StrCat("archive: want to ", what, ", got ",
                                            words == nullptr ? "no" : words));
  }

  const ArchiveForm form_;
  const absl::Time made_at_;
  ByteSink* const out_;
  struct archive* const archive_;
  absl::Status status_;
};

namespace {

// Counts and digests what goes through it.
template <typename Next>
class MemberSink final : public ByteSink {
 public:
  explicit MemberSink(Next next) : next_(std::move(next)) { digest_.Begin(); }

  absl::Status Append(absl::string_view bytes) override {
    digest_.Add(bytes);
    length_ += bytes.size();
    return next_(bytes);
  }

  ArchiveMember Finish(absl::string_view name) {
    const auto digest = digest_.Finish();
    return {std::string(name), length_,
            std::string(reinterpret_cast<const char*>(digest.data()),
                        digest.size())};
  }

 private:
  Next next_;
  Sha256 digest_;
  uint64_t length_ = 0;
};

}  // namespace

ArchiveWriter::ArchiveWriter(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
ArchiveWriter::~ArchiveWriter() = default;

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Create(
    ArchiveForm form, absl::Time made_at, ByteSink* out) {
  auto rep = std::make_unique<Rep>(form, made_at, out);
  SUBROSA_RETURN_IF_ERROR(rep->Open());
  return std::unique_ptr<ArchiveWriter>(new ArchiveWriter(std::move(rep)));
}

absl::Status ArchiveWriter::Add(absl::string_view name, Render render) {
  std::optional<uint64_t> length;
  if (rep_->form() == ArchiveForm::kTar) {
    LengthSink counted;
    SUBROSA_RETURN_IF_ERROR(render(&counted));
    length = counted.length();
  }
  SUBROSA_RETURN_IF_ERROR(rep_->Begin(name, length));
  MemberSink sink(
      [this](absl::string_view bytes) { return rep_->Write(bytes); });
  SUBROSA_RETURN_IF_ERROR(render(&sink));
  SUBROSA_RETURN_IF_ERROR(rep_->End());
  members_.push_back(sink.Finish(name));
  if (length.has_value() && members_.back().bytes != *length) {
    return absl::AbortedError(
        "archive: want a member as long as it was before, got a shorter one; "
        "begin again");
  }
  return absl::OkStatus();
}

absl::Status ArchiveWriter::Finish() { return rep_->Close(); }

}  // namespace subrosa
