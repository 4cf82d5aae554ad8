#include "src/ingest/zip_members.h"

#include <archive.h>
#include <archive_entry.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("zip archive: want ", want, ", got ", got));
}

// Whether `name` stays below the archive's root.
bool IsInside(absl::string_view name) {
  if (name.empty() || name[0] == '/' || name[0] == '\\' ||
      absl::StrContains(name, ':') || absl::StrContains(name, '\\')) {
    return false;
  }
  for (const absl::string_view part : absl::StrSplit(name, '/')) {
    if (part == "..") return false;
  }
  return true;
}

}  // namespace

class ZipMembers::Rep final : public DocumentBytes {
 public:
  explicit Rep(BufferedInput input)
      : input_(std::move(input)), archive_(archive_read_new()) {
    archive_read_support_format_zip_streamable(archive_);
    opened_ = archive_read_open(archive_, this, nullptr, OnRead, nullptr);
  }
  ~Rep() override { archive_read_free(archive_); }

  absl::StatusOr<Kind> NextMember() {
    if (opened_ != ARCHIVE_OK) return Damaged();
    struct archive_entry* entry = nullptr;
    const int result = archive_read_next_header(archive_, &entry);
    if (result == ARCHIVE_EOF) return Kind::kEnd;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return Damaged();
    if (++members_ > kMaxMembers) {
      return Wrong(absl::StrCat("at most ", kMaxMembers, " members"), "more");
    }
    if (archive_entry_is_encrypted(entry) != 0) {
      return Wrong("members in clear", "an encrypted one: unpack it first");
    }
    const char* const name = archive_entry_pathname(entry);
    name_ = name == nullptr ? "" : name;
    if (archive_entry_filetype(entry) == AE_IFDIR) return Kind::kOther;
    return archive_entry_filetype(entry) == AE_IFREG && IsInside(name_)
               ? Kind::kFile
               : Kind::kOutside;
  }

  absl::StatusOr<absl::string_view> Next() override {
    const void* block = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    do {
      const int result =
          archive_read_data_block(archive_, &block, &size, &offset);
      if (result == ARCHIVE_EOF) return absl::string_view();
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return Damaged();
    } while (size == 0);
    unpacked_ += size;
    if (unpacked_ > kFreeBytes && unpacked_ / kMaxRatio > bytes_read()) {
      return Wrong(absl::StrCat("at most ", kMaxRatio, " bytes out of one"),
                   "more");
    }
    return absl::string_view(static_cast<const char*>(block), size);
  }

  const std::string& name() const { return name_; }
  uint64_t bytes_read() const { return input_.offset() + given_; }

 private:
  static la_ssize_t OnRead(struct archive* /*archive*/, void* self,
                           const void** buffer) {
    Rep& rep = *static_cast<Rep*>(self);
    rep.input_.Consume(rep.given_);
    const absl::StatusOr<absl::string_view> next = rep.input_.Peek(1);
    if (!next.ok()) {
      rep.fault_ = next.status();
      return ARCHIVE_FATAL;
    }
    rep.given_ = next->size();
    *buffer = next->data();
    return static_cast<la_ssize_t>(next->size());
  }

  // What libarchive says may quote a name, so that it is not repeated.
  absl::Status Damaged() const {
    if (!fault_.ok()) return fault_;
    return Wrong("a whole one", "a damaged or unknown one");
  }

  BufferedInput input_;
  size_t given_ = 0;
  struct archive* const archive_;
  int opened_ = ARCHIVE_FATAL;
  int members_ = 0;
  uint64_t unpacked_ = 0;
  std::string name_;
  absl::Status fault_;
};

ZipMembers::ZipMembers(BufferedInput input)
    : rep_(std::make_unique<Rep>(std::move(input))) {}

ZipMembers::~ZipMembers() = default;

absl::StatusOr<ZipMembers::Kind> ZipMembers::Next() {
  return rep_->NextMember();
}

const std::string& ZipMembers::name() const { return rep_->name(); }

DocumentBytes* ZipMembers::source() { return rep_.get(); }

uint64_t ZipMembers::bytes_read() const { return rep_->bytes_read(); }

}  // namespace subrosa
