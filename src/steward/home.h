// A Home is the folder that an installation lives in: the keyring, the key
// store, the record store, the log and the policy. Made whole or not at all.
#ifndef SUBROSA_SRC_STEWARD_HOME_H_
#define SUBROSA_SRC_STEWARD_HOME_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/audit/sequencer_thread.h"
#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/signed_note.h"
#include "src/steward/home_lease.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_policy.h"
#include "src/vault/vault.h"

namespace subrosa {

// What a new home is made for.
struct NewHome {
  // The regulated entity: a slug of 1 to 64 bytes of [a-z0-9-].
  std::string entity;
  KeyringCost cost = KeyringCost::kModerate;
  // What the log calls itself in its checkpoints, for good: where it will be
  // served, as a URL without its scheme, so that no other log has that name.
  // Empty: "<entity>/audit/<8 hexadecimal digits of the installation>".
  std::string log_origin;
  // How long backups of the key store are kept (src/vault/key_policy.h).
  int64_t key_backup_days = kDefaultKeyBackupDays;
  // The text of its policy (src/consent/policy.h), and what errors call it.
  // Empty: one without purposes, which allows nothing until an officer has
  // written another.
  std::string policy;
  std::string policy_name = "policy";
};

// An open home. What uses another part stands after it.
struct OpenHome {
  OpenHome() = default;
  OpenHome(OpenHome&&) = default;
  // Swaps: taking the parts over one by one would destroy a provider that the
  // old sequencer still uses.
  OpenHome& operator=(OpenHome&& other) noexcept {
    std::swap(log_folder, other.log_folder);
    std::swap(provider, other.provider);
    std::swap(sequencer, other.sequencer);
    std::swap(vault, other.vault);
    return *this;
  }

  std::string log_folder;
  std::unique_ptr<KeyProvider> provider;
  // Takes what the vault commits into the log, in a thread of its own.
  std::unique_ptr<SequencerThread> sequencer;
  std::unique_ptr<Vault> vault;
};

// Makes the home `folder`, readable by its owner alone. It is made under
// another name and renamed, so that a kill leaves at most a folder
// `folder`.new-XXXXXX to remove.
//
// INVALID_ARGUMENT for a wrong slug, origin, number of days or policy, and for
// another entity's; ALREADY_EXISTS if `folder` is there and not empty; else as
// Keyring::Create, Vault::Create and Sequencer::CreateLog.
absl::Status CreateHome(const std::string& folder, const NewHome& home,
                        const SecretBuffer& passphrase, const Clock& clock);

// Opens the home `folder`. `clock` must outlive it. Stores, log and keyring
// must agree (Sequencer::Open), and nothing is changed before that is known.
// NOT_FOUND if there is no home; FAILED_PRECONDITION if a restore was stopped
// in it; else as Keyring::Open and Vault::Open.
absl::StatusOr<OpenHome> OpenHomeFolder(const std::string& folder,
                                        const SecretBuffer& passphrase,
                                        const Clock& clock);

// Opens one more vault of the home `folder`, for a thread of its own, beside
// the one that is open: `provider` is its, and must outlive the new one, as
// `clock`. `of_records` bounds what its record store takes. Errors of
// CheckNoRestoreBegun and Vault::Open.
absl::StatusOr<std::unique_ptr<Vault>> OpenVault(const std::string& folder,
                                                 KeyProvider& provider,
                                                 const Clock& clock,
                                                 SqliteOptions of_records = {});

// Opens the sequencer of the home `folder` alone, which needs no vault.
// `provider` and `clock` must outlive it. Errors of CheckNoRestoreBegun and
// Sequencer::Open.
absl::StatusOr<std::unique_ptr<Sequencer>> OpenSequencer(
    const std::string& folder, KeyProvider& provider, const Clock& clock);
// The same for whoever restores it.
absl::StatusOr<std::unique_ptr<Sequencer>> OpenSequencer(const HomeLease& lease,
                                                         KeyProvider& provider,
                                                         const Clock& clock);

// The log's folder in the home `folder`.
std::string LogFolderOf(const std::string& folder);

// The files of the home `folder`.
std::string KeyringOf(const std::string& folder);
std::string KeyStoreOf(const std::string& folder);
std::string RecordStoreOf(const std::string& folder);

// The databases of the home `folder`, each as it is, for those who have to look
// into a home that does not open. Each shares the home while it is open.
// NOT_FOUND if there is none; else as HomeLease::Share and OpenSqlite.
absl::StatusOr<std::unique_ptr<Connection>> OpenKeyDatabase(
    const std::string& folder);
absl::StatusOr<std::unique_ptr<Connection>> OpenRecordDatabase(
    const std::string& folder, SqliteOptions options = {});
// The same for whoever holds the lease.
absl::StatusOr<std::unique_ptr<Connection>> OpenKeyDatabase(
    const HomeLease& lease);
absl::StatusOr<std::unique_ptr<Connection>> OpenRecordDatabase(
    const HomeLease& lease, SqliteOptions options = {});

// What the key store of the home `folder` says of its log, which is no secret.
struct HomeLog {
  LogStatus status;
  std::vector<LogKey> log_keys;
  std::vector<NoteKey> keys;  // Their public sides.
};
// NOT_FOUND if there is no home or no log; else errors of LogState.
absl::StatusOr<HomeLog> ReadHomeLog(const std::string& folder);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_H_
