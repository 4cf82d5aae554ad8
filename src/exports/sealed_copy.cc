#include "src/exports/sealed_copy.h"

#include <unistd.h>

#include <cerrno>
#include <memory>

#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_writer.h"
#include "src/exports/copy_log.h"
#include "src/exports/digesting_sink.h"
#include "src/vault/vault.h"

namespace subrosa {
absl::StatusOr<SealedCopy> WriteSealedCopy(Steward& steward,
                                           absl::string_view consumer,
                                           const CopyTerms& terms,
                                           const AgeRecipient& recipient,
                                           const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  FdSink sink(file.descriptor(), path);
  DigestingSink digesting(&sink);
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<AgeWriter> age,
                           AgeWriter::Create({&recipient}, {}, &digesting));
  SealedCopy copy;
  SUBROSA_ASSIGN_OR_RETURN(
      copy.archive,
      WriteCopyArchive(steward, consumer, terms, FolderOf(path), age.get()));
  SUBROSA_RETURN_IF_ERROR(age->Finish());
  copy.bytes = digesting.bytes();
  copy.sha256 = digesting.Finish();
  // A full disk is to be found out before the log says that there is a copy.
  if (fsync(file.descriptor()) != 0) return ErrnoStatus(errno, path);
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  SUBROSA_RETURN_IF_ERROR(
      LogCopy(*vault, steward.clock(), consumer, copy.sha256));
  SUBROSA_RETURN_IF_ERROR(Annotate(file.Publish(),
                                   "the log says that a copy was made, but the "
                                   "file could not get its name"));
  return copy;
}

}  // namespace subrosa
