#include "src/vault/scratch_key_store.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_fault.h"

namespace subrosa {
namespace {

std::unique_ptr<Connection> OpenFile(const std::string& path, bool create) {
  SqliteOptions options;
  options.create = create;
  return std::move(OpenSqlite(path, options)).value();
}

std::vector<std::string> Ids(int first, int count) {
  std::vector<std::string> ids;
  ids.reserve(count);
  for (int i = 0; i < count; ++i) ids.push_back(absl::StrCat("c-", first + i));
  return ids;
}

}  // namespace

absl::Status WatchedConnection::Execute(const std::string& sql) {
  if (sql == "BEGIN IMMEDIATE" || sql == "BEGIN" || sql == "COMMIT") {
    SUBROSA_RETURN_IF_ERROR(before_(sql));
  }
  return inner_->Execute(sql);
}

ScratchKeyStore::ScratchKeyStore()
    : folder_(absl::StrCat(
          testing::TempDir(), "/",
          testing::UnitTest::GetInstance()->current_test_info()->name(),
          ".keys")),
      clock_(absl::FromUnixSeconds(1782864000)) {
  mkdir(folder_.c_str(), 0700);
  EXPECT_TRUE(ReplaceFile(folder_ + "/passphrase", "rose garden", 0600).ok());
  const auto passphrase = ReadSecretFile(folder_ + "/passphrase");
  provider_ = std::move(Keyring::Create(keyring_path(), *passphrase,
                                        KeyringCost::kInteractive))
                  .value();
  store_ = std::move(KeyStore::Create(OpenFile(folder_ + "/keys.db", true),
                                      *provider_, "rosewater", clock_))
               .value();
}

void ScratchKeyStore::Restart() {
  store_.reset();
  const auto passphrase = ReadSecretFile(folder_ + "/passphrase");
  provider_ = std::move(Keyring::Open(keyring_path(), *passphrase)).value();
  store_ = OpenAnother();
}

std::unique_ptr<Connection> ScratchKeyStore::Connect(const std::string& name) {
  return OpenFile(absl::StrCat(folder_, "/", name, ".db"), false);
}

std::unique_ptr<KeyStore> ScratchKeyStore::OpenAnother() {
  return std::move(OpenCopy("keys")).value();
}

std::unique_ptr<KeyStore> ScratchKeyStore::OpenWatched(
    WatchedConnection::Before before) {
  return std::move(KeyStore::Open(std::make_unique<WatchedConnection>(
                                      Connect(), std::move(before)),
                                  *provider_, clock_))
      .value();
}

void ScratchKeyStore::CopyTo(const std::string& name) {
  Execute(absl::StrCat("VACUUM INTO '", folder_, "/", name, ".db'"));
}

absl::StatusOr<std::unique_ptr<KeyStore>> ScratchKeyStore::OpenCopy(
    const std::string& name) {
  return KeyStore::Open(Connect(name), *provider_, clock_);
}

void ScratchKeyStore::MakeConsumers(int first, int count) {
  const auto made = store_->FindOrCreate(Ids(first, count));
  ASSERT_TRUE(made.ok()) << made.status();
}

std::vector<std::string> ScratchKeyStore::RefsOf(int first, int count) {
  std::vector<std::string> refs;
  for (const std::string& id : Ids(first, count)) {
    const auto found = store_->Find(id);
    if (!found.ok()) EXPECT_TRUE(absl::IsNotFound(found.status()));
    refs.push_back(found.ok() ? (*found)->data_ref : "");
  }
  return refs;
}

int64_t ScratchKeyStore::Number(const std::string& sql) {
  const std::unique_ptr<Connection> database = Connect();
  auto read = database->Prepare(sql);
  EXPECT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE((*read)->Step().value());
  return (*read)->ColumnInt(0);
}

void ScratchKeyStore::Execute(const std::string& sql) {
  const absl::Status done = Connect()->Execute(sql);
  EXPECT_TRUE(done.ok()) << done;
}

std::string ScratchKeyStore::Faults() {
  const auto check = CheckKeys(store_->Tables(), *provider_, nullptr);
  if (!check.ok()) return check.status().ToString();
  std::string faults;
  for (const KeyFinding& finding : check->findings) {
    absl::StrAppend(&faults, faults.empty() ? "" : ", ", finding.count, " ",
                    KeyFaultSlug(finding.fault));
  }
  return faults;
}

}  // namespace subrosa
