#include "src/steward/home.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

constexpr absl::string_view kKeyring = "/keyring";
constexpr absl::string_view kKeyStore = "/keys.db";
constexpr absl::string_view kRecordStore = "/records.db";
constexpr absl::string_view kSqliteSuffixes[] = {"", "-wal", "-shm"};

absl::Status FillHome(const std::string& folder, absl::string_view entity,
                      const SecretBuffer& passphrase, KeyringCost cost,
                      const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Keyring> keyring,
      Keyring::Create(absl::StrCat(folder, kKeyring), passphrase, cost));
  SqliteOptions options;
  options.create = true;
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Connection> keys,
      OpenSqlite(absl::StrCat(folder, kKeyStore), options));
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Connection> records,
      OpenSqlite(absl::StrCat(folder, kRecordStore), options));
  SUBROSA_RETURN_IF_ERROR(Vault::Create(std::move(keys), std::move(records),
                                        *keyring, clock, entity)
                              .status());
  return SyncFolder(folder);
}

void RemoveHalfMade(const std::string& folder) {
  unlink(absl::StrCat(folder, kKeyring).c_str());
  for (const absl::string_view store : {kKeyStore, kRecordStore}) {
    for (const absl::string_view suffix : kSqliteSuffixes) {
      unlink(absl::StrCat(folder, store, suffix).c_str());
    }
  }
  rmdir(folder.c_str());
}

}  // namespace

absl::Status CreateHome(const std::string& folder, absl::string_view entity,
                        const SecretBuffer& passphrase, KeyringCost cost,
                        const Clock& clock) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("entity", entity));
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
  absl::Status status = FillHome(made, entity, passphrase, cost, clock);
  if (status.ok() && rename(made.c_str(), path.c_str()) != 0) {
    status = ErrnoStatus(errno, path);
  }
  if (!status.ok()) {
    RemoveHalfMade(made);
    return status;
  }
  return SyncFolder(FolderOf(path));
}

absl::StatusOr<OpenHome> OpenHomeFolder(const std::string& folder,
                                        const SecretBuffer& passphrase,
                                        const Clock& clock) {
  const std::string keyring_path = absl::StrCat(folder, kKeyring);
  if (access(keyring_path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return absl::NotFoundError(absl::StrCat(
        folder, ": want a home, got no keyring; `subrosa init` makes a home"));
  }
  OpenHome home;
  SUBROSA_ASSIGN_OR_RETURN(home.provider,
                           Keyring::Open(keyring_path, passphrase));
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Connection> keys,
      OpenSqlite(absl::StrCat(folder, kKeyStore), SqliteOptions{}));
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Connection> records,
      OpenSqlite(absl::StrCat(folder, kRecordStore), SqliteOptions{}));
  SUBROSA_ASSIGN_OR_RETURN(
      home.vault,
      Vault::Open(std::move(keys), std::move(records), *home.provider, clock));
  return home;
}

}  // namespace subrosa
