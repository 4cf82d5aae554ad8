// A consumer's copy as a file that they alone can open, and the log's word that
// it was made.
//
// The order decides what a kill leaves: the archive is sealed into a file
// without a name; its digest is committed to the log, durably; then the file
// gets its name. So there is nothing, or an entry without a file, or both;
// never half a file, and never one that the log knows nothing of.
#ifndef SUBROSA_SRC_EXPORTS_SEALED_COPY_H_
#define SUBROSA_SRC_EXPORTS_SEALED_COPY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_recipient.h"
#include "src/exports/copy_archive.h"
#include "src/steward/steward.h"

namespace subrosa {

struct SealedCopy {
  CopyArchive archive;
  uint64_t bytes = 0;
  std::string sha256;  // Of the file, 32 bytes.
};

// Writes the copy of `consumer` into the new file `path`, sealed to `recipient`
// (docs/formats/age.md), mode 0600.
//
// ALREADY_EXISTS if something stands at `path`; else errors of AgeWriter and
// WriteCopyArchive. On error nothing stands there; the log may say that a copy
// was made only if the last step failed, giving the file its name, and the
// error says so.
absl::StatusOr<SealedCopy> WriteSealedCopy(Steward& steward,
                                           absl::string_view consumer,
                                           const CopyTerms& terms,
                                           const AgeRecipient& recipient,
                                           const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SEALED_COPY_H_
