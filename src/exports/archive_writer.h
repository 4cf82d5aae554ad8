// Writes an archive of files, a zip or a tar, front to back into a sink: what a
// consumer receives, to be opened with what every computer has.
//
// A zip's members may be of any length, known only at their end; a tar says how
// long a file is before it begins, so that its content is made twice (Render).
// Members are readable by their owner alone and dated as the archive is. The
// same content gives the same bytes.
//
// It stands on libarchive. Constant memory: some 512 KiB, in which what was
// compressed last may rest in clear until the writer is destroyed.
//
// Thread-compatible.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       auto archive, ArchiveWriter::Create(ArchiveForm::kZip, now, &file));
//   SUBROSA_RETURN_IF_ERROR(archive->Add("a.txt", [](ByteSink* out) {
//     return out->Append("under the rose\n");
//   }));
//   SUBROSA_RETURN_IF_ERROR(archive->Finish());
#ifndef SUBROSA_SRC_EXPORTS_ARCHIVE_WRITER_H_
#define SUBROSA_SRC_EXPORTS_ARCHIVE_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/age_io.h"

namespace subrosa {

enum class ArchiveForm {
  kZip,  // Deflated; past 4 GiB with ZIP64.
  kTar,  // POSIX pax, not compressed.
};

// A member that was written.
struct ArchiveMember {
  std::string name;
  uint64_t bytes = 0;
  std::string sha256;  // 32 bytes, of its content.
};

class ArchiveWriter {
 public:
  // `out` must outlive the writer; members are dated `made_at`.
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Create(
      ArchiveForm form, absl::Time made_at, ByteSink* out);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // Writes a member's content into the sink it is given, all of it at each
  // call: the same bytes each time.
  using Render = absl::FunctionRef<absl::Status(ByteSink* out)>;

  // Adds the file `name`, a relative path of printable ASCII. Errors of
  // `render` and of the sink, which are final; ABORTED if a tar's `render` gave
  // another length the second time.
  absl::Status Add(absl::string_view name, Render render);

  // What was added, in order.
  const std::vector<ArchiveMember>& members() const { return members_; }

  // Writes the end. To be called once, last. Some readers take an archive
  // without its end for whole: what must not be is for whoever seals or names
  // the file to see to.
  absl::Status Finish();

 private:
  class Rep;  // Keeps libarchive out of this header.
  explicit ArchiveWriter(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
  std::vector<ArchiveMember> members_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ARCHIVE_WRITER_H_
