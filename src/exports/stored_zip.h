// A zip of files that can be read again: each is read once for what stands
// before it (its length, its CRC), and once more into the zip, stored as it is,
// so that none has to wait anywhere. For files that are not, see
// archive_writer.h.
//
// Thread-compatible. Memory: the list of files.
//
// Example:
//   StoredZip zip(now, &file);
//   SUBROSA_RETURN_IF_ERROR(zip.AddText("a.txt", "under the rose\n"));
//   SUBROSA_RETURN_IF_ERROR(zip.Finish());
#ifndef SUBROSA_SRC_EXPORTS_STORED_ZIP_H_
#define SUBROSA_SRC_EXPORTS_STORED_ZIP_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/age_io.h"
#include "src/exports/archive_member.h"
#include "src/exports/zip_stream.h"

namespace subrosa {

class StoredZip {
 public:
  // `out` must outlive it. Files are dated `made_at`.
  StoredZip(absl::Time made_at, ByteSink* out)
      : zip_(made_at, out), out_(out) {}

  // Adds what `write` writes into the sink it is given, as the file `name`, a
  // relative path of printable ASCII. It is called twice, and must write the
  // same. Its errors and the sink's; INTERNAL if it wrote something else the
  // second time. All are final.
  absl::Status Add(absl::string_view name,
                   absl::FunctionRef<absl::Status(ByteSink*)> write);

  // The same of a file in memory.
  absl::Status AddText(absl::string_view name, absl::string_view text);

  // What was added, in order.
  const std::vector<ArchiveMember>& members() const { return members_; }

  // Writes the end. To be called once, last.
  absl::Status Finish() { return zip_.Finish(); }

 private:
  ZipStream zip_;
  ByteSink* const out_;
  std::vector<ArchiveMember> members_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_STORED_ZIP_H_
