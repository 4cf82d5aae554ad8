#include "src/crypto/keyring_state.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::Status KeyringState::Refresh() {
  SUBROSA_ASSIGN_OR_RETURN(const FileIdentity now, IdentityOf(path_));
  if (now == identity_) return absl::OkStatus();
  return Read();
}

absl::Status KeyringState::Read() {
  SUBROSA_ASSIGN_OR_RETURN(const PrivateFile file,
                           ReadPrivateFile(path_, kMaxKeyringFileBytes));
  const absl::StatusOr<KeyringKdf> kdf = ParseKeyringKdf(file.content);
  if (!kdf.ok()) return Annotate(kdf.status(), path_);
  if (!(*kdf == key_.kdf)) {
    return absl::FailedPreconditionError(absl::StrCat(
        path_,
        ": want the keyring that was opened, got one sealed anew: open it "
        "again with its passphrase"));
  }
  absl::StatusOr<KeyringContent> read = OpenKeyring(key_.key, file.content);
  if (!read.ok()) return Annotate(read.status(), path_);
  if (read->generation < seen_generation_) {
    return absl::FailedPreconditionError(absl::StrCat(
        path_, ": want change ", seen_generation_, " or later, got ",
        read->generation, ": an older copy of the keyring was put back"));
  }
  content_ = *std::move(read);
  seen_generation_ = content_.generation;
  identity_ = file.identity;
  return absl::OkStatus();
}

absl::Status KeyringState::Change(
    const std::function<absl::Status(KeyringContent*)>& change,
    std::optional<KeyringKey> next_key) {
  SUBROSA_ASSIGN_OR_RETURN(PrivateFileLock lock,
                           PrivateFileLock::Acquire(path_, lock_wait_));
  SUBROSA_RETURN_IF_ERROR(Refresh());
  // From here on memory and file differ, until the file is read back.
  identity_ = FileIdentity();
  SUBROSA_RETURN_IF_ERROR(change(&content_));
  content_.generation = seen_generation_ + 1;
  const KeyringKey& next = next_key.has_value() ? *next_key : key_;
  SUBROSA_ASSIGN_OR_RETURN(const std::string file,
                           SealKeyring(next.key, next.kdf, content_));
  SUBROSA_RETURN_IF_ERROR(std::move(lock).Replace(file));
  if (next_key.has_value()) key_ = *std::move(next_key);
  return Refresh();
}

}  // namespace subrosa
