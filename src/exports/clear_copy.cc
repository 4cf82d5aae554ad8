#include "src/exports/clear_copy.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_io.h"
#include "src/exports/copy_log.h"
#include "src/exports/digesting_sink.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

// Lines go on in pieces of this size.
constexpr size_t kPieceBytes = 64 << 10;

}  // namespace

absl::StatusOr<CopySummary> WriteClearCopy(Steward& steward,
                                           absl::string_view consumer,
                                           CopyFormat format,
                                           const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  FdSink sink(file.descriptor(), absl::StrCat(path, ": write"));
  DigestingSink digesting(&sink);
  std::string piece;
  const auto flush = [&] {
    const absl::Status taken = digesting.Append(piece);
    piece.clear();
    return taken;
  };
  SUBROSA_ASSIGN_OR_RETURN(
      const CopySummary summary,
      WriteCopy(steward, consumer, format, steward.clock().Now(),
                [&](absl::string_view bytes) {
                  piece.append(bytes.data(), bytes.size());
                  return piece.size() < kPieceBytes ? absl::OkStatus()
                                                    : flush();
                }));
  SUBROSA_RETURN_IF_ERROR(flush());
  if (fsync(file.descriptor()) != 0) return ErrnoStatus(errno, path);
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  SUBROSA_RETURN_IF_ERROR(
      LogCopy(*vault, steward.clock(), consumer, digesting.Finish()));
  SUBROSA_RETURN_IF_ERROR(Annotate(file.Publish(),
                                   "the log says that a copy was made, but the "
                                   "file could not get its name"));
  return summary;
}

}  // namespace subrosa
