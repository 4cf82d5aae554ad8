// Writes a consumer's copy as one archive (docs/formats/copy.md): a page that
// opens in any browser, the records of each type as NDJSON and as a table,
// their choices with receipts, who was given their data, what they asked for,
// and a signed manifest.
//
// All records are as of one instant, and each is opened once: by a thread of
// its own, beside those that put it into all its forms and pack them
// (record_pipe.h). The files of a type grow side by side and wait, sealed under
// a key that nobody else has, until the archive takes them in its order
// (packed_member.h). Memory grows with the types, the days and the choices, not
// with the records.
//
// Whoever calls has authenticated the consumer, and seals what is written.
#ifndef SUBROSA_SRC_EXPORTS_COPY_ARCHIVE_H_
#define SUBROSA_SRC_EXPORTS_COPY_ARCHIVE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/age_io.h"
#include "src/exports/archive_writer.h"
#include "src/exports/copy_range.h"
#include "src/exports/withheld_items.h"
#include "src/steward/steward.h"

namespace subrosa {

struct CopyTerms {
  ArchiveForm form = ArchiveForm::kZip;
  CopyRange range;
  absl::Time made_at;
  // Who can open it, for the page and the manifest: "age1…".
  std::string sealed_to;
  // Called now and then with how many records have been written.
  std::function<void(int64_t records)> on_progress;
};

struct CopyArchive {
  int64_t records = 0;
  int64_t outside_range = 0;  // Held, of other days.
  std::vector<WithheldItem> withheld;
  std::vector<ArchiveMember> members;
};

// Writes the copy of `consumer` to `out`; `scratch_folder` needs as much room
// again until it is done, a tar's as long as its files.
//
// NOT_FOUND if there is no such consumer; FAILED_PRECONDITION if a record is of
// a message type that the steward's types do not describe, or somebody who was
// given data cannot be reached; errors of `out`. After an error what was
// written is of no use.
absl::StatusOr<CopyArchive> WriteCopyArchive(Steward& steward,
                                             absl::string_view consumer,
                                             const CopyTerms& terms,
                                             const std::string& scratch_folder,
                                             ByteSink* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_ARCHIVE_H_
