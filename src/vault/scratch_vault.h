// For tests: a vault in a folder of the test's own, copies of its stores, and
// what another process does to them.
#ifndef SUBROSA_SRC_VAULT_SCRATCH_VAULT_H_
#define SUBROSA_SRC_VAULT_SCRATCH_VAULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/store/connection.h"
#include "src/vault/scratch_key_store.h"
#include "src/vault/vault.h"

namespace subrosa {

class ScratchVault {
 public:
  // Makes the vault of the entity "rosewater"; fails the test if it cannot.
  ScratchVault();

  Vault& vault() { return *vault_; }
  FixedClock& clock() { return clock_; }
  Keyring& provider() { return *provider_; }
  // Of "keys" or "records".
  std::string PathOf(const std::string& store) const;

  // A vault of another process, or one of copies that are only read.
  absl::StatusOr<std::unique_ptr<Vault>> OpenAnother();
  // One of another process whose connections are watched.
  absl::StatusOr<std::unique_ptr<Vault>> OpenWatched(
      WatchedConnection::Before before_keys,
      WatchedConnection::Before before_records);
  absl::StatusOr<std::unique_ptr<Vault>> OpenCopies(
      const std::string& keys_path, const std::string& records_path);

  // Puts a record of each consumer under `id`, with `note` in it.
  void Put(const std::vector<std::string>& consumers, const std::string& id,
           const std::string& note);
  // The same into another vault; errors are the caller's.
  static absl::StatusOr<std::vector<PutOutcome>> PutInto(
      Vault& vault, const std::vector<std::string>& consumers,
      const std::string& id, const std::string& note);

  // The notes in what is held of `consumer`.
  static std::vector<std::string> NotesOf(Vault& vault,
                                          const std::string& consumer);

  // Copies a store's file to `path`; puts one back, with the vault closed
  // meanwhile.
  void CopyStore(const std::string& store, const std::string& path);
  void PutBack(const std::string& path, const std::string& store);

  // Runs SQL on a store; the first number of its first row.
  void Execute(const std::string& store, const std::string& sql);
  int64_t Number(const std::string& store, const std::string& sql);
  int64_t RowsHeld() {
    return Number("records", "SELECT count(*) FROM record");
  }

 private:
  std::unique_ptr<Connection> Connect(const std::string& store, bool create);

  std::string folder_;
  FixedClock clock_;
  std::unique_ptr<Keyring> provider_;
  std::unique_ptr<Vault> vault_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_SCRATCH_VAULT_H_
