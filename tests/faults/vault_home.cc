#include "tests/faults/vault_home.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/sqlite_backup.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_policy.h"
#include "src/vault/restore.h"
#include "tests/faults/vault_verdict.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kOrigin = "faults.example/vault";

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> VaultHome::Connect(
    const std::string& store, bool create) {
  SqliteOptions options;
  options.create = create;
  options.busy_timeout = busy_;
  return OpenSqlite(PathOf(store), options);
}

absl::StatusOr<Sequencer::Parts> VaultHome::SequencerParts() {
  Sequencer::Parts parts;
  SUBROSA_ASSIGN_OR_RETURN(parts.keys, Connect("keys"));
  SUBROSA_ASSIGN_OR_RETURN(parts.records, Connect("records"));
  parts.provider = &provider_;
  parts.clock = &clock_;
  parts.folder = folder_ + "/log";
  return parts;
}

absl::Status VaultHome::Create() {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    fs::remove_all(entry.path());
  }
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                           Connect("keys", true));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           Connect("records", true));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           Vault::Create(std::move(keys), std::move(records),
                                         provider_, clock_, "rosewater"));
  SUBROSA_RETURN_IF_ERROR(vault->Custody().SetKeyBackupDays(kMinKeyBackupDays));
  SUBROSA_ASSIGN_OR_RETURN(const Sequencer::Parts parts, SequencerParts());
  return Sequencer::CreateLog(parts, kOrigin);
}

absl::Status VaultHome::Open() {
  Close();
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys, Connect("keys"));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           Connect("records"));
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Vault> vault,
      Vault::Open(std::move(keys), std::move(records), provider_, clock_));
  SUBROSA_ASSIGN_OR_RETURN(Sequencer::Parts parts, SequencerParts());
  SUBROSA_ASSIGN_OR_RETURN(sequencer_, Sequencer::Open(std::move(parts)));
  SUBROSA_RETURN_IF_ERROR(vault->FinishErasures());
  vault_ = std::move(vault);
  return absl::OkStatus();
}

void VaultHome::Close() {
  sequencer_.reset();
  vault_.reset();
}

absl::StatusOr<std::vector<PutOutcome>> VaultHome::Put(
    const std::vector<v1::HealthRecord>& records) {
  std::vector<PutItem> items;
  items.reserve(records.size());
  for (const v1::HealthRecord& record : records) {
    items.push_back({&record, {/*categories=*/1 << 2, /*labels=*/1 << 3}});
  }
  return vault_->PutBatch(items);
}

absl::StatusOr<LogStatus> VaultHome::Sequence() {
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(SequencerStep step, sequencer_->Step());
    if (step.is_caught_up) return std::move(step.log);
    if (step.entries == 0) {
      return absl::UnavailableError("the sequencer's lease is another's");
    }
  }
}

absl::Status VaultHome::BackUp(const std::string& name) {
  for (const std::string store : {"records", "keys"}) {
    const std::string path = absl::StrCat(folder_, "/", name, ".", store);
    unlink(path.c_str());  // Of an earlier try.
    SUBROSA_RETURN_IF_ERROR(
        BackUpSqlite(PathOf(store), path, nullptr).status());
  }
  return absl::OkStatus();
}

absl::Status VaultHome::PutInPlace(const std::string& name,
                                   const std::string& store) {
  unlink((PathOf(store) + "-wal").c_str());
  unlink((PathOf(store) + "-shm").c_str());
  std::error_code error;
  fs::copy_file(absl::StrCat(folder_, "/", name, ".", store), PathOf(store),
                fs::copy_options::overwrite_existing, error);
  return error ? absl::UnavailableError(error.message()) : absl::OkStatus();
}

absl::Status VaultHome::Restore(const std::string& name) {
  Close();
  clock_.Advance(absl::Minutes(1));  // Until nobody has the sequencer's lease.
  SUBROSA_RETURN_IF_ERROR(PutInPlace(name, "keys"));
  SUBROSA_RETURN_IF_ERROR(PutInPlace(name, "records"));
  RestoreParts parts;
  SUBROSA_ASSIGN_OR_RETURN(parts.keys, Connect("keys"));
  SUBROSA_ASSIGN_OR_RETURN(parts.records, Connect("records"));
  parts.provider = &provider_;
  parts.clock = &clock_;
  parts.log_folder = folder_ + "/log";
  return ReconcileWithLog(std::move(parts), /*dry_run=*/false).status();
}

std::vector<std::string> VaultHome::Judge(VaultModel* model) {
  const auto judge = [&]() -> absl::StatusOr<std::vector<std::string>> {
    SUBROSA_RETURN_IF_ERROR(Open());
    SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, Sequence());
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> records,
                             Connect("records"));
    return JudgeHome(*vault_, *records, log, folder_ + "/log", model);
  };
  const absl::StatusOr<std::vector<std::string>> wrong = judge();
  Close();
  if (wrong.ok()) return *wrong;
  return {absl::StrCat("the home does not open: ", wrong.status().ToString())};
}

}  // namespace subrosa
