#include "src/vault/scratch_vault.h"

#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"
#include "src/store/sqlite_connection.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

v1::HealthRecord CheckIn(const std::string& consumer, const std::string& id,
                         const std::string& note) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  v1::MoodCheckIn check_in;
  check_in.set_note(note);
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

}  // namespace

ScratchVault::ScratchVault()
    : folder_(absl::StrCat(
          testing::TempDir(), "/",
          testing::UnitTest::GetInstance()->current_test_info()->name())),
      clock_(absl::FromUnixSeconds(1782864000)) {
  mkdir(folder_.c_str(), 0700);
  EXPECT_TRUE(ReplaceFile(folder_ + "/passphrase", "rose garden", 0600).ok());
  const auto passphrase = ReadSecretFile(folder_ + "/passphrase");
  provider_ = std::move(Keyring::Create(folder_ + "/keyring", *passphrase,
                                        KeyringCost::kInteractive))
                  .value();
  vault_ =
      std::move(Vault::Create(Connect("keys", true), Connect("records", true),
                              *provider_, clock_, "rosewater"))
          .value();
}

std::string ScratchVault::PathOf(const std::string& store) const {
  return absl::StrCat(folder_, "/", store, ".db");
}

std::unique_ptr<Connection> ScratchVault::Connect(const std::string& store,
                                                  bool create) {
  SqliteOptions options;
  options.create = create;
  return std::move(OpenSqlite(PathOf(store), options)).value();
}

absl::StatusOr<std::unique_ptr<Vault>> ScratchVault::OpenAnother() {
  return Vault::Open(Connect("keys", false), Connect("records", false),
                     *provider_, clock_);
}

absl::StatusOr<std::unique_ptr<Vault>> ScratchVault::OpenWatched(
    WatchedConnection::Before before_keys,
    WatchedConnection::Before before_records) {
  return Vault::Open(std::make_unique<WatchedConnection>(
                         Connect("keys", false), std::move(before_keys)),
                     std::make_unique<WatchedConnection>(
                         Connect("records", false), std::move(before_records)),
                     *provider_, clock_);
}

absl::StatusOr<std::unique_ptr<Vault>> ScratchVault::OpenCopies(
    const std::string& keys_path, const std::string& records_path) {
  SqliteOptions options;
  options.read_only = true;
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                           OpenSqlite(keys_path, options));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           OpenSqlite(records_path, options));
  return Vault::Open(std::move(keys), std::move(records), *provider_, clock_);
}

absl::StatusOr<std::vector<PutOutcome>> ScratchVault::PutInto(
    Vault& vault, const std::vector<std::string>& consumers,
    const std::string& id, const std::string& note) {
  std::vector<v1::HealthRecord> records;
  records.reserve(consumers.size());
  std::vector<PutItem> items;
  for (const std::string& consumer : consumers) {
    records.push_back(CheckIn(consumer, id, note));
    items.push_back({&records.back(),
                     {1 << v1::HEALTH_CATEGORY_CONDITIONS,
                      uint64_t{1} << v1::HEALTH_LABEL_MOOD}});
  }
  return vault.PutBatch(items);
}

void ScratchVault::Put(const std::vector<std::string>& consumers,
                       const std::string& id, const std::string& note) {
  const auto outcomes = PutInto(*vault_, consumers, id, note);
  ASSERT_TRUE(outcomes.ok()) << outcomes.status();
}

std::vector<std::string> ScratchVault::NotesOf(Vault& vault,
                                               const std::string& consumer) {
  std::vector<std::string> notes;
  const absl::Status status = vault.Scan(
      consumer, [&notes](const v1::HealthRecord& record, const RowFacts&) {
        v1::MoodCheckIn check_in;
        EXPECT_TRUE(record.payload().UnpackTo(&check_in));
        notes.push_back(check_in.note());
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return notes;
}

void ScratchVault::CopyStore(const std::string& store,
                             const std::string& path) {
  ASSERT_TRUE(Connect(store, false)->FlushJournal(absl::Seconds(1)).ok());
  std::filesystem::copy_file(PathOf(store), path);
}

void ScratchVault::PutBack(const std::string& path, const std::string& store) {
  vault_.reset();
  std::filesystem::copy_file(path, PathOf(store),
                             std::filesystem::copy_options::overwrite_existing);
  vault_ = std::move(OpenAnother()).value();
}

void ScratchVault::Execute(const std::string& store, const std::string& sql) {
  ASSERT_TRUE(Connect(store, false)->Execute(sql).ok());
}

int64_t ScratchVault::Number(const std::string& store, const std::string& sql) {
  const std::unique_ptr<Connection> database = Connect(store, false);
  auto statement = database->Prepare(sql);
  EXPECT_TRUE(statement.ok() && (*statement)->Step().value()) << sql;
  return (*statement)->ColumnInt(0);
}

}  // namespace subrosa
