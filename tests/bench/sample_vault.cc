#include "tests/bench/sample_vault.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/crypto/secret_buffer.h"
#include "src/store/sqlite_connection.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr size_t kNoteBytes = 800;

}  // namespace

SampleVault::SampleVault() {
  Require(ReplaceFile(folder_ / "passphrase", "no secret", 0600));
  const auto passphrase = ReadSecretFile(folder_ / "passphrase");
  Require(passphrase.status());
  auto keyring = Keyring::Create(folder_ / "keyring", *passphrase,
                                 KeyringCost::kInteractive);
  Require(keyring.status());
  keyring_ = *std::move(keyring);
  auto vault = Vault::Create(Connect("keys", true), Connect("records", true),
                             *keyring_, clock_, "bench");
  Require(vault.status());
  vault_ = *std::move(vault);
}

std::unique_ptr<Connection> SampleVault::Connect(const std::string& store,
                                                 bool create) {
  SqliteOptions options;
  options.create = create;
  auto connection = OpenSqlite(PathOf(store), options);
  Require(connection.status());
  return *std::move(connection);
}

std::unique_ptr<Vault> SampleVault::OpenAnother() {
  auto vault = Vault::Open(Connect("keys", false), Connect("records", false),
                           *keyring_, clock_);
  Require(vault.status());
  return *std::move(vault);
}

int64_t SampleVault::LastRow() {
  const std::unique_ptr<Connection> database = Connect("records", false);
  const auto read = database->Prepare("SELECT max(row) FROM record");
  Require(read.status());
  Require((*read)->Step().status());
  return (*read)->ColumnInt(0);
}

std::string SampleRecords::ConsumerOf(uint64_t consumer) {
  return absl::StrCat("consumer-", consumer);
}

std::string SampleRecords::IdOf(uint64_t number) {
  return absl::StrCat("entry-", number);
}

void SampleRecords::Add(uint64_t consumer, uint64_t number) {
  AddText(consumer, number, absl::StrCat(number, std::string(kNoteBytes, 'n')));
}

void SampleRecords::AddText(uint64_t consumer, uint64_t number,
                            std::string text) {
  v1::JournalEntry entry;
  entry.set_text(std::move(text));
  v1::HealthRecord& record = records_.emplace_back();
  record.set_consumer(ConsumerOf(consumer));
  record.set_source("bench");
  record.set_id(IdOf(number));
  record.set_purpose("mood-tracking");
  record.mutable_collected_at()->set_seconds(1700000000);
  record.mutable_payload()->PackFrom(entry);
}

std::vector<PutItem> SampleRecords::Items() const {
  std::vector<PutItem> items;
  items.reserve(records_.size());
  for (const v1::HealthRecord& record : records_) {
    PutItem& item = items.emplace_back();
    item.record = &record;
    item.kinds.categories = 1;
  }
  return items;
}

}  // namespace subrosa
