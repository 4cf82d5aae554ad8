#include "tests/faults/vault_ledger.h"

#include <fcntl.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 26;
constexpr absl::string_view kTime = "clock ";

}  // namespace

absl::StatusOr<absl::Time> VaultLedger::Open(VaultModel* model) {
  const absl::StatusOr<std::string> text = ReadFile(path_, kMaxBytes);
  if (!text.ok() && !absl::IsNotFound(text.status())) return text.status();
  int64_t seconds = 0;
  for (absl::string_view line :
       absl::StrSplit(text.value_or(""), '\n', absl::SkipEmpty())) {
    if (!absl::ConsumeSuffix(&line, ";")) continue;
    const bool is_taken = absl::ConsumePrefix(&line, kTime)
                              ? absl::SimpleAtoi(line, &seconds)
                              : model->Apply(line);
    if (!is_taken) return absl::InternalError(absl::StrCat(path_, ": ", line));
  }
  file_ = UniqueFd(
      open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (file_.get() < 0) return ErrnoStatus(errno, path_);
  return absl::FromUnixSeconds(seconds);
}

absl::Status VaultLedger::Write(absl::string_view line) {
  return WriteAll(file_.get(), absl::StrCat("\n", line, ";"));
}

absl::Status VaultLedger::WriteTime(absl::Time now) {
  return Write(absl::StrCat(kTime, absl::ToUnixSeconds(now)));
}

}  // namespace subrosa
