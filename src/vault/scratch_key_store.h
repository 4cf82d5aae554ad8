// For tests: a key store and its keyring in a folder of the test's own, other
// processes' connections to it, copies of it, and connections that stop or do
// something at a chosen moment.
#ifndef SUBROSA_SRC_VAULT_SCRATCH_KEY_STORE_H_
#define SUBROSA_SRC_VAULT_SCRATCH_KEY_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/store/connection.h"
#include "src/vault/key_check.h"
#include "src/vault/key_store.h"

namespace subrosa {

// Forwards to a connection. Asks `before` ahead of each BEGIN IMMEDIATE, COMMIT
// and BEGIN, which begins a transaction that reads; an error takes the
// statement's place.
class WatchedConnection final : public Connection {
 public:
  using Before = std::function<absl::Status(const std::string& sql)>;

  WatchedConnection(std::unique_ptr<Connection> inner, Before before)
      : inner_(std::move(inner)), before_(std::move(before)) {}

  absl::Status Execute(const std::string& sql) override;
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(
      absl::string_view sql) override {
    return inner_->Prepare(sql);
  }
  int64_t Changes() const override { return inner_->Changes(); }
  absl::Status SetCacheBytes(int64_t bytes) override {
    return inner_->SetCacheBytes(bytes);
  }
  absl::Status SetOverwriting(bool overwrites) override {
    return inner_->SetOverwriting(overwrites);
  }
  absl::Status SetDurable(bool durable) override {
    return inner_->SetDurable(durable);
  }
  absl::Status FlushJournal(absl::Duration patience) override {
    return inner_->FlushJournal(patience);
  }

 private:
  const std::unique_ptr<Connection> inner_;
  const Before before_;
};

class ScratchKeyStore {
 public:
  // Makes the key store of the entity "rosewater", with 30 days of backups;
  // fails the test if it cannot.
  ScratchKeyStore();

  KeyStore& store() { return *store_; }
  FixedClock& clock() { return clock_; }
  KeyProvider& provider() { return *provider_; }
  std::string keyring_path() const { return folder_ + "/keyring"; }
  int32_t today() const { return DayOf(clock_.Now()); }

  // A connection to the database, and the key store of another process.
  std::unique_ptr<Connection> Connect(const std::string& name = "keys");
  std::unique_ptr<KeyStore> OpenAnother();
  // The same, watched.
  std::unique_ptr<KeyStore> OpenWatched(WatchedConnection::Before before);

  // Opens keyring and store as a process does that starts now.
  void Restart();

  // Copies the database under `name`, and opens such a copy.
  void CopyTo(const std::string& name);
  absl::StatusOr<std::unique_ptr<KeyStore>> OpenCopy(const std::string& name);

  // Makes "c-<first>" and so on, `count` of them.
  void MakeConsumers(int first, int count);
  // "data_ref" of each of them, or "" for those who are not found.
  std::vector<std::string> RefsOf(int first, int count);

  // Runs SQL; its first number.
  int64_t Number(const std::string& sql);
  // The same, for changes.
  void Execute(const std::string& sql);

  // What CheckKeys finds, in words: empty if all is well.
  std::string Faults();

 private:
  std::string folder_;
  FixedClock clock_;
  std::unique_ptr<Keyring> provider_;
  std::unique_ptr<KeyStore> store_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_SCRATCH_KEY_STORE_H_
