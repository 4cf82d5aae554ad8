#include "src/exports/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <utility>

#include "src/base/status_macros.h"
#include "src/exports/libarchive_stream.h"
#include "src/exports/zip_stream.h"

namespace subrosa {

class ArchiveWriter::Form {
 public:
  virtual ~Form() = default;
  // Writes `member`, which is finished, under `name`.
  virtual absl::Status Add(absl::string_view name,
                           const PackedMember& member) = 0;
  virtual absl::Status Finish() = 0;
};

class ArchiveWriter::ZipForm final : public Form {
 public:
  ZipForm(absl::Time made_at, ByteSink* out) : zip_(made_at, out), out_(out) {}

  absl::Status Add(absl::string_view name,
                   const PackedMember& member) override {
    SUBROSA_RETURN_IF_ERROR(zip_.Begin(
        {name, member.crc32(), member.bytes(), member.packed_bytes()}));
    return member.CopyTo(out_);
  }

  absl::Status Finish() override { return zip_.Finish(); }

 private:
  ZipStream zip_;
  ByteSink* const out_;
};

class ArchiveWriter::TarForm final : public Form, private ByteSink {
 public:
  TarForm(absl::Time made_at, ByteSink* out)
      : made_at_(made_at), stream_("tar", out) {}

  absl::Status Open() {
    SUBROSA_RETURN_IF_ERROR(stream_.Check(
        archive_write_set_format_pax_restricted(stream_.get()), "begin"));
    return stream_.Open();
  }

  absl::Status Add(absl::string_view name,
                   const PackedMember& member) override {
    struct archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, std::string(name).c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_mtime(entry, absl::ToTimeT(made_at_), 0);
    archive_entry_set_size(entry, static_cast<int64_t>(member.bytes()));
    const int begun = archive_write_header(stream_.get(), entry);
    archive_entry_free(entry);
    SUBROSA_RETURN_IF_ERROR(stream_.Check(begun, "begin a member"));
    SUBROSA_RETURN_IF_ERROR(member.CopyTo(this));
    return stream_.Check(archive_write_finish_entry(stream_.get()),
                         "end a member");
  }

  absl::Status Finish() override { return stream_.Close(); }

 private:
  absl::Status Append(absl::string_view bytes) override {
    size_t taken = 0;
    SUBROSA_RETURN_IF_ERROR(stream_.Write(bytes, &taken));
    return taken == bytes.size()
               ? absl::OkStatus()
               : absl::InternalError("tar: want room for a member, got less");
  }

  const absl::Time made_at_;
  LibarchiveStream stream_;
};

ArchiveWriter::ArchiveWriter(std::unique_ptr<MemberPacker> packer,
                             std::unique_ptr<Form> form)
    : packer_(std::move(packer)), form_(std::move(form)) {}
ArchiveWriter::~ArchiveWriter() = default;

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Create(
    ArchiveForm form, absl::Time made_at, TaskPool* pool,
    const std::string& scratch_folder, ByteSink* out) {
  const bool is_zip = form == ArchiveForm::kZip;
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<MemberPacker> packer,
      MemberPacker::Create(is_zip ? Packing::kDeflate : Packing::kNone, pool,
                           scratch_folder));
  std::unique_ptr<Form> made;
  if (is_zip) {
    made = std::make_unique<ZipForm>(made_at, out);
  } else {
    auto tar = std::make_unique<TarForm>(made_at, out);
    SUBROSA_RETURN_IF_ERROR(tar->Open());
    made = std::move(tar);
  }
  return std::unique_ptr<ArchiveWriter>(
      new ArchiveWriter(std::move(packer), std::move(made)));
}

std::unique_ptr<PackedMember> ArchiveWriter::Begin() {
  return std::make_unique<PackedMember>(packer_.get());
}

absl::Status ArchiveWriter::Add(absl::string_view name, PackedMember* member) {
  SUBROSA_RETURN_IF_ERROR(member->Finish());
  SUBROSA_RETURN_IF_ERROR(form_->Add(name, *member));
  members_.push_back({std::string(name), member->bytes(), member->sha256()});
  return absl::OkStatus();
}

absl::Status ArchiveWriter::AddText(absl::string_view name,
                                    absl::string_view text) {
  PackedMember member(packer_.get());
  SUBROSA_RETURN_IF_ERROR(member.Append(text));
  return Add(name, &member);
}

absl::Status ArchiveWriter::Finish() { return form_->Finish(); }

}  // namespace subrosa
