// Writes an archive of files, a zip or a tar, front to back into a sink: what a
// consumer receives, to be opened with what every computer has.
//
// Members are filled side by side, packed by a pool of threads, and wait sealed
// in a file until they are added (packed_member.h): an archive says how long a
// file is before it begins. Members are readable by their owner alone and dated
// as the archive is. The same content gives the same bytes.
//
// A tar stands on libarchive. A zip is written here, because what packs it is
// to work on all processors.
//
// Memory: some megabytes, and what each member that is being filled takes.
//
// Thread-compatible.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       auto archive, ArchiveWriter::Create(ArchiveForm::kZip, now, &pool,
//                                           FolderOf(path), &file));
//   const auto lines = archive->Begin();
//   SUBROSA_RETURN_IF_ERROR(lines->Append("under the rose\n"));
//   SUBROSA_RETURN_IF_ERROR(archive->Add("a.txt", lines.get()));
//   SUBROSA_RETURN_IF_ERROR(archive->Finish());
#ifndef SUBROSA_SRC_EXPORTS_ARCHIVE_WRITER_H_
#define SUBROSA_SRC_EXPORTS_ARCHIVE_WRITER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/task_pool.h"
#include "src/crypto/age_io.h"
#include "src/exports/archive_member.h"
#include "src/exports/packed_member.h"

namespace subrosa {

enum class ArchiveForm {
  kZip,  // Deflated; past 4 GiB with ZIP64.
  kTar,  // POSIX pax, not compressed.
};

class ArchiveWriter {
 public:
  // `pool` and `out` must outlive the writer, and no member may outlive it;
  // members are dated `made_at`. What waits takes room in `scratch_folder`: of
  // a zip as it is packed, of a tar as it is. Errors of SealedScratch.
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Create(
      ArchiveForm form, absl::Time made_at, TaskPool* pool,
      const std::string& scratch_folder, ByteSink* out);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // A member to be filled.
  std::unique_ptr<PackedMember> Begin();

  // Adds `member` as the file `name`, a relative path of printable ASCII. To be
  // called once for each. Errors of the member and of the sink, which are
  // final.
  absl::Status Add(absl::string_view name, PackedMember* member);

  // The same of a file that is there as a whole.
  absl::Status AddText(absl::string_view name, absl::string_view text);

  // What was added, in order.
  const std::vector<ArchiveMember>& members() const { return members_; }

  // Writes the end. To be called once, last. Some readers take an archive
  // without its end for whole: what must not be is for whoever seals or names
  // the file to see to.
  absl::Status Finish();

 private:
  class Form;  // Of the two one.
  class ZipForm;
  class TarForm;
  ArchiveWriter(std::unique_ptr<MemberPacker> packer,
                std::unique_ptr<Form> form);

  const std::unique_ptr<MemberPacker> packer_;
  const std::unique_ptr<Form> form_;
  std::vector<ArchiveMember> members_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ARCHIVE_WRITER_H_
