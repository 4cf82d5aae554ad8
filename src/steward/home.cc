#include "src/steward/home.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/audit/log_keys.h"
#include "src/base/file.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/steward/home_policy.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_policy.h"

namespace subrosa {
namespace {

constexpr absl::string_view kKeyring = "/keyring";
constexpr absl::string_view kKeyStore = "/keys.db";
constexpr absl::string_view kRecordStore = "/records.db";
constexpr absl::string_view kSqliteSuffixes[] = {"", "-wal", "-shm"};

absl::StatusOr<std::unique_ptr<Connection>> OpenStore(const HomeLease& lease,
                                                      absl::string_view store,
                                                      SqliteOptions options) {
  options.hold = lease.hold();
  return OpenSqlite(absl::StrCat(lease.folder(), store), options);
}

absl::StatusOr<Sequencer::Parts> SequencerParts(const HomeLease& lease,
                                                KeyProvider& provider,
                                                const Clock& clock) {
  Sequencer::Parts parts;
  SUBROSA_ASSIGN_OR_RETURN(parts.keys, OpenKeyDatabase(lease));
  SUBROSA_ASSIGN_OR_RETURN(parts.records, OpenRecordDatabase(lease));
  parts.provider = &provider;
  parts.clock = &clock;
  parts.folder = LogFolderOf(lease.folder());
  return parts;
}

// Shares a home that is whole.
absl::StatusOr<HomeLease> ShareWhole(const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(HomeLease lease, HomeLease::Share(folder));
  SUBROSA_RETURN_IF_ERROR(CheckNoRestoreBegun(folder));
  return lease;
}

std::string DefaultOrigin(const Vault& vault) {
  return absl::StrCat(
      vault.entity(), "/audit/",
      absl::BytesToHexString(vault.installation().substr(0, 4)));
}

// The policy that `home` says, or one to begin with.
absl::StatusOr<std::string> NewPolicy(const NewHome& home,
                                      const LawBook& book) {
  if (home.policy.empty()) return StarterPolicy(home.entity, book);
  SUBROSA_ASSIGN_OR_RETURN(const Policy policy,
                           Policy::Parse(home.policy_name, home.policy, book));
  if (policy.proto().entity() != home.entity) {
    return absl::InvalidArgumentError(
        absl::StrCat(home.policy_name, ": entity: want ", home.entity, ", got ",
                     policy.proto().entity()));
  }
  return home.policy;
}

absl::Status FillHome(const std::string& folder, const NewHome& home,
                      const SecretBuffer& passphrase, const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(const LawBook book, LawBook::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(const std::string policy, NewPolicy(home, book));
  SUBROSA_RETURN_IF_ERROR(
      WriteHomePolicy(folder, home.policy_name, policy, book));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Keyring> keyring,
      Keyring::Create(KeyringOf(folder), passphrase, home.cost));
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, HomeLease::Share(folder));
  SqliteOptions create;
  create.create = true;
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                           OpenStore(lease, kKeyStore, create));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           OpenStore(lease, kRecordStore, create));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           Vault::Create(std::move(keys), std::move(records),
                                         *keyring, clock, home.entity));
  SUBROSA_RETURN_IF_ERROR(
      vault->Custody().SetKeyBackupDays(home.key_backup_days));
  SUBROSA_ASSIGN_OR_RETURN(const Sequencer::Parts parts,
                           SequencerParts(lease, *keyring, clock));
  SUBROSA_RETURN_IF_ERROR(Sequencer::CreateLog(
      parts,
      home.log_origin.empty() ? DefaultOrigin(*vault) : home.log_origin));
  return SyncFolder(folder);
}

// What CreateLog has made of a log before a home is whole.
void RemoveEmptyLog(const std::string& folder) {
  unlink(absl::StrCat(folder, "/", kCheckpointFile).c_str());
  rmdir(absl::StrCat(folder, "/incoming").c_str());
  rmdir(folder.c_str());
}

void RemoveHalfMade(const std::string& folder) {
  unlink(PolicyOf(folder).c_str());
  unlink(KeyringOf(folder).c_str());
  RemoveEmptyLog(LogFolderOf(folder));
  for (const absl::string_view store : {kKeyStore, kRecordStore}) {
    for (const absl::string_view suffix : kSqliteSuffixes) {
      unlink(absl::StrCat(folder, store, suffix).c_str());
    }
  }
  rmdir(folder.c_str());
}

}  // namespace

std::string LogFolderOf(const std::string& folder) {
  return absl::StrCat(folder, "/log");
}

std::string KeyStoreOf(const std::string& folder) {
  return absl::StrCat(folder, kKeyStore);
}

std::string RecordStoreOf(const std::string& folder) {
  return absl::StrCat(folder, kRecordStore);
}

std::string KeyringOf(const std::string& folder) {
  return absl::StrCat(folder, kKeyring);
}

absl::StatusOr<std::unique_ptr<Connection>> OpenKeyDatabase(
    const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, HomeLease::Share(folder));
  return OpenKeyDatabase(lease);
}

absl::StatusOr<std::unique_ptr<Connection>> OpenRecordDatabase(
    const std::string& folder, SqliteOptions options) {
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, HomeLease::Share(folder));
  return OpenRecordDatabase(lease, std::move(options));
}

absl::StatusOr<std::unique_ptr<Connection>> OpenKeyDatabase(
    const HomeLease& lease) {
  return OpenStore(lease, kKeyStore, SqliteOptions());
}

absl::StatusOr<std::unique_ptr<Connection>> OpenRecordDatabase(
    const HomeLease& lease, SqliteOptions options) {
  return OpenStore(lease, kRecordStore, std::move(options));
}

absl::StatusOr<HomeLog> ReadHomeLog(const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> database,
                           OpenKeyDatabase(folder));
  SUBROSA_ASSIGN_OR_RETURN(LogState state, LogState::Open(*database));
  HomeLog log;
  SUBROSA_ASSIGN_OR_RETURN(log.status, state.Read());
  SUBROSA_ASSIGN_OR_RETURN(log.log_keys, state.ReadKeys());
  SUBROSA_ASSIGN_OR_RETURN(log.keys, ParseLogKeys(log.log_keys));
  return log;
}

absl::Status CreateHome(const std::string& folder, const NewHome& home,
                        const SecretBuffer& passphrase, const Clock& clock) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("entity", home.entity));
  SUBROSA_RETURN_IF_ERROR(CheckKeyBackupDays(home.key_backup_days));
  std::string path = folder;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  // An empty folder may stand there: rename replaces it.
  if (rmdir(path.c_str()) != 0 && errno != ENOENT) {
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) {
      return absl::AlreadyExistsError(absl::StrCat(
          path, ": want a folder that is empty or not there, got one in use"));
    }
    return ErrnoStatus(errno, path);
  }
  std::string made = absl::StrCat(path, ".new-XXXXXX");
  if (mkdtemp(made.data()) == nullptr) return ErrnoStatus(errno, path);
  absl::Status status = FillHome(made, home, passphrase, clock);
  if (status.ok() && rename(made.c_str(), path.c_str()) != 0) {
    status = ErrnoStatus(errno, path);
  }
  if (!status.ok()) {
    RemoveHalfMade(made);
    return status;
  }
  return SyncFolder(FolderOf(path));
}

absl::StatusOr<std::unique_ptr<Vault>> OpenVault(const std::string& folder,
                                                 KeyProvider& provider,
                                                 const Clock& clock,
                                                 SqliteOptions of_records) {
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, ShareWhole(folder));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                           OpenKeyDatabase(lease));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           OpenRecordDatabase(lease, std::move(of_records)));
  return Vault::Open(std::move(keys), std::move(records), provider, clock);
}

absl::StatusOr<OpenHome> OpenHomeFolder(const std::string& folder,
                                        const SecretBuffer& passphrase,
                                        const Clock& clock) {
  const std::string keyring_path = KeyringOf(folder);
  if (access(keyring_path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return absl::NotFoundError(absl::StrCat(
        folder, ": want a home, got no keyring; `subrosa init` makes a home"));
  }
  OpenHome home;
  SUBROSA_ASSIGN_OR_RETURN(home.provider,
                           Keyring::Open(keyring_path, passphrase));
  home.log_folder = LogFolderOf(folder);
  SUBROSA_ASSIGN_OR_RETURN(home.vault,
                           OpenVault(folder, *home.provider, clock));
  absl::StatusOr<std::unique_ptr<Sequencer>> sequencer =
      OpenSequencer(folder, *home.provider, clock);
  if (absl::IsNotFound(sequencer.status())) {
    // A home from before there was a log.
    SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, ShareWhole(folder));
    SUBROSA_ASSIGN_OR_RETURN(const Sequencer::Parts parts,
                             SequencerParts(lease, *home.provider, clock));
    SUBROSA_RETURN_IF_ERROR(
        Sequencer::CreateLog(parts, DefaultOrigin(*home.vault)));
    sequencer = OpenSequencer(folder, *home.provider, clock);
  }
  if (!sequencer.ok()) return sequencer.status();
  SUBROSA_RETURN_IF_ERROR(home.vault->FinishErasures());
  home.sequencer = std::make_unique<SequencerThread>(*std::move(sequencer));
  return home;
}

absl::StatusOr<std::unique_ptr<Sequencer>> OpenSequencer(
    const std::string& folder, KeyProvider& provider, const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, ShareWhole(folder));
  return OpenSequencer(lease, provider, clock);
}

absl::StatusOr<std::unique_ptr<Sequencer>> OpenSequencer(const HomeLease& lease,
                                                         KeyProvider& provider,
                                                         const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(Sequencer::Parts parts,
                           SequencerParts(lease, provider, clock));
  return Sequencer::Open(std::move(parts));
}

}  // namespace subrosa
