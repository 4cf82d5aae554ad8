// Uses a home at random while vault_kill_test.py kills it, and says, when it is
// started again, whether all that was acknowledged is so (vault_verdict.h).
//
//   vault_driver init FOLDER
//   vault_driver run FOLDER ledger=FILE target=OPERATION [seed=N] [at=N]
//       [torn=1]
//
// A run judges what an earlier one left, finishes a restore that was begun,
// says "ready", does some things, and then the target: put, erase, part (of one
// record), renew (a consumer's key), rotate, retire, backup or restore; `open`
// is the judging itself. From there on it
// dies at the `at`th call that changes a file (kill_at_call.cc), if that is
// given. It says how many such calls the target made: "calls OPERATION N".
//
// What it begins and is told goes to the ledger (vault_ledger.h). Exit codes: 0
// done · 1 something is wrong, and stdout says what.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/log_state.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/steward/home.h"
#include "src/steward/home_backup.h"
#include "src/steward/home_restore.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_policy.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/put_item.h"
#include "src/vault/store_facts.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/faults/driver_options.h"
#include "tests/faults/vault_ledger.h"
#include "tests/faults/vault_model.h"
#include "tests/faults/vault_verdict.h"

namespace subrosa {
namespace {

constexpr int64_t kStartSeconds = 1782864000;
// Between two runs, so that nobody has the sequencer's lease any more.
constexpr absl::Duration kBetweenRuns = absl::Minutes(1);
constexpr absl::Duration kPatience = absl::Seconds(60);
// So that who was to die and is alive after the target still dies.
constexpr int kPutsAfterwards = 4;

// Dies at the `count`th call from now on; 0: as was said before. How many calls
// there were; 0 without kill_at_call.so.
int64_t KillAfter(int64_t count, bool is_torn) {
  using Function = long (*)(long, int);
  static const auto function =
      reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, "SubrosaKillAfter"));
  return function == nullptr ? 0 : function(count, is_torn ? 1 : 0);
}

class Driver {
 public:
  Driver(std::string folder, const DriverOptions& options,
         SecretBuffer passphrase)
      : folder_(std::move(folder)),
        options_(options),
        passphrase_(std::move(passphrase)),
        ledger_(options.Text("ledger")),
        random_(static_cast<uint32_t>(options.Number("seed", 1))),
        clock_(absl::FromUnixSeconds(kStartSeconds)) {}

  absl::Status Init() {
    NewHome home;
    home.entity = "rosewater";
    home.cost = KeyringCost::kInteractive;
    home.key_backup_days = kMinKeyBackupDays;
    return CreateHome(folder_, home, passphrase_, clock_);
  }

  absl::Status Run() {
    const std::string target = options_.Text("target");
    SUBROSA_ASSIGN_OR_RETURN(const absl::Time last, ledger_.Open(&model_));
    clock_.Advance(std::max(last - clock_.Now(), absl::ZeroDuration()) +
                   kBetweenRuns);
    SUBROSA_RETURN_IF_ERROR(WriteClock());
    int64_t calls_before = 0;
    if (target == "open") calls_before = Arm();
    SUBROSA_RETURN_IF_ERROR(FinishRestore());
    SUBROSA_RETURN_IF_ERROR(Open());
    SUBROSA_RETURN_IF_ERROR(Judge());
    if (target == "open") TellCalls(target, calls_before);
    std::printf("ready\n");
    for (uint32_t left = Below(3); left > 0; --left) {
      SUBROSA_RETURN_IF_ERROR(Do(Below(5) == 0 ? "erase" : "put"));
    }
    if (target == "open") return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(Prepare(target));
    calls_before = Arm();
    SUBROSA_RETURN_IF_ERROR(Do(target));
    TellCalls(target, calls_before);
    for (int left = kPutsAfterwards; left > 0; --left) {
      SUBROSA_RETURN_IF_ERROR(Do("put"));
    }
    return absl::OkStatus();
  }

 private:
  uint32_t Below(uint32_t limit) { return random_() % limit; }

  int64_t Arm() {
    return KillAfter(options_.Number("at", 0), options_.Number("torn", 0) != 0);
  }
  void TellCalls(const std::string& target, int64_t before) {
    const int64_t calls = KillAfter(0, false) - before;
    std::printf("calls %s %lld\n", target.c_str(),
                static_cast<long long>(calls));
  }

  absl::Status Wrong(const std::vector<std::string>& wrong) {
    for (const std::string& each : wrong) {
      std::printf("wrong: %s\n", each.c_str());
    }
    return wrong.empty() ? absl::OkStatus()
                         : absl::InternalError("the home is not as it should");
  }

  absl::Status WriteClock() { return ledger_.WriteTime(clock_.Now()); }

  absl::Status Say(const std::string& line) {
    if (!model_.Apply(line)) return absl::InternalError(line);
    return ledger_.Write(line);
  }

  absl::Status Open() {
    SUBROSA_ASSIGN_OR_RETURN(home_,
                             OpenHomeFolder(folder_, passphrase_, clock_));
    return absl::OkStatus();
  }
  void Close() { home_ = OpenHome(); }

  // In the middle of a restore a home opens or not, and shows nobody who was
  // erased.
  absl::Status FinishRestore() {
    if (model_.pending() != "restore") return absl::OkStatus();
    const std::vector<std::string> words = model_.pending_words();
    const absl::Status opened = Open();
    if (opened.ok()) {
      for (const std::string& consumer : model_.ErasedConsumers()) {
        if (!absl::IsNotFound(home_.vault->CountRows(consumer).status())) {
          return Wrong({"amid a restore an erased consumer is found"});
        }
      }
    } else if (!absl::IsFailedPrecondition(opened)) {
      return opened;
    }
    Close();
    return Restore(words.at(0), words.at(1));
  }

  absl::Status Judge() {
    SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued,
                             home_.vault->ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(const LogStatus log,
                             home_.sequencer->WaitFor(issued, kPatience));
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> records,
                             OpenRecordDatabase(folder_));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::vector<std::string> wrong,
        JudgeHome(*home_.vault, *records, log, home_.log_folder, &model_));
    SUBROSA_RETURN_IF_ERROR(Wrong(wrong));
    for (const std::string& line : model_.TakeSeen()) {
      SUBROSA_RETURN_IF_ERROR(ledger_.Write(line));
    }
    if (!model_.may_have_orphaned_rows()) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(Say("begin sweep"));
    SUBROSA_RETURN_IF_ERROR(home_.vault->SweepOrphans().status());
    return Say("done sweep");
  }

  // What has to be so for the target to have something to do.
  absl::Status Prepare(const std::string& target) {
    if (target == "retire") {
      SUBROSA_RETURN_IF_ERROR(Do("rotate"));
      SUBROSA_RETURN_IF_ERROR(Do("renew"));
      clock_.Advance(absl::Hours(24) * (kMinKeyBackupDays + 2));
      SUBROSA_RETURN_IF_ERROR(WriteClock());
    }
    if (target != "restore") return absl::OkStatus();
    SUBROSA_ASSIGN_OR_RETURN(const bool is_open, IsBackupOpen());
    if (!is_open) SUBROSA_RETURN_IF_ERROR(Do("backup"));
    SUBROSA_RETURN_IF_ERROR(Do("put"));
    return Below(2) == 0 ? Do("erase") : absl::OkStatus();
  }

  absl::Status Do(const std::string& operation) {
    if (operation == "put") return Put();
    if (operation == "erase") return Erase();
    if (operation == "part" || operation == "renew") return Renew(operation);
    if (operation == "backup") return BackUp();
    if (operation == "restore") {
      const char* const which[] = {"records", "both", "keys"};
      return Restore(model_.backup(),
                     which[Below(model_.has_new_versions() ? 2 : 3)]);
    }
    SUBROSA_RETURN_IF_ERROR(Say(absl::StrCat("begin ", operation)));
    if (operation == "rotate") {
      SUBROSA_RETURN_IF_ERROR(home_.vault->Custody().Rotate(nullptr).status());
    } else {
      // Rows of a backup from before a version was left open under it alone.
      if (model_.has_new_versions()) DropBackup();
      SUBROSA_RETURN_IF_ERROR(home_.vault->Parts().DestroyDue().status());
      SUBROSA_RETURN_IF_ERROR(home_.vault->Custody().Retire().status());
    }
    return Say(absl::StrCat("done ", operation));
  }

  // Mostly of those who are held, at times of somebody new or erased.
  std::string AnyConsumer() {
    const std::vector<std::string> held = model_.HeldConsumers();
    const std::vector<std::string> erased = model_.ErasedConsumers();
    const uint32_t kind = Below(10);
    if (kind < 6 && !held.empty()) return held[Below(held.size())];
    if (kind == 6 && !erased.empty()) return erased[Below(erased.size())];
    return absl::StrCat("c", Below(1000));
  }

  absl::Status Put() {
    std::string begin = "begin put";
    std::vector<v1::HealthRecord> records;
    for (uint32_t left = 1 + Below(5); left > 0; --left) {
      const std::string consumer = AnyConsumer();
      const std::string id = absl::StrCat("r", Below(6));
      const int64_t number = 1 + Below(1000000);
      // One content each, so that the ledger's order is no matter.
      if (absl::StrContains(begin, absl::StrCat(" ", consumer, " ", id, " "))) {
        continue;
      }
      absl::StrAppend(&begin, " ", consumer, " ", id, " ", number);
      records.push_back(NumberedRecord(consumer, id, number));
    }
    std::vector<PutItem> items;
    items.reserve(records.size());
    for (const v1::HealthRecord& record : records) {
      items.push_back({&record, {/*categories=*/4, /*labels=*/8}});
    }
    SUBROSA_RETURN_IF_ERROR(Say(begin));
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<PutOutcome> outcomes,
                             home_.vault->PutBatch(items));
    std::string done = "done put";
    for (const PutOutcome outcome : outcomes) {
      absl::StrAppend(&done, " ", PutOutcomeWord(outcome));
    }
    return Say(done);
  }

  // Acknowledged once the log's checkpoint says so.
  absl::Status Erase() {
    const std::vector<std::string> held = model_.HeldConsumers();
    if (held.empty()) return Put();
    const std::string consumer = held[Below(held.size())];
    SUBROSA_RETURN_IF_ERROR(Say(absl::StrCat("begin erase ", consumer)));
    SUBROSA_ASSIGN_OR_RETURN(const Erasure erasure,
                             home_.vault->Erase(consumer));
    SUBROSA_RETURN_IF_ERROR(
        home_.sequencer->WaitFor({erasure.key.entry, 0}, kPatience).status());
    return Say("done erase");
  }

  absl::Status Renew(const std::string& operation) {
    const std::vector<std::string> held = model_.HeldConsumers();
    if (held.empty()) return Put();
    const std::string consumer = held[Below(held.size())];
    PartSelection selection;
    std::string words = absl::StrCat(operation, " ", consumer);
    if (operation == "part") {
      selection.source = "ios-app";
      selection.id = absl::StrCat("r", Below(6));
      absl::StrAppend(&words, " ", selection.id);
    }
    SUBROSA_RETURN_IF_ERROR(Say(absl::StrCat("begin ", words)));
    SUBROSA_RETURN_IF_ERROR(
        home_.vault->Parts().Begin(consumer, selection).status());
    SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued,
                             home_.vault->ReadIssued());
    SUBROSA_RETURN_IF_ERROR(
        home_.sequencer->WaitFor(issued, kPatience).status());
    SUBROSA_RETURN_IF_ERROR(Say(absl::StrCat("done ", operation)));
    SUBROSA_RETURN_IF_ERROR(Say("begin reseal"));
    SUBROSA_RETURN_IF_ERROR(home_.vault->Parts().Continue(1000).status());
    return Say("done reseal");
  }

  void DropBackup() { std::filesystem::remove_all(folder_ + "-backups"); }

  std::string PathOf(const std::string& backup, const std::string& store) {
    return absl::StrCat(folder_, "-backups/", backup, ".", store);
  }

  absl::Status BackUp() {
    DropBackup();
    std::filesystem::create_directory(folder_ + "-backups");
    const std::string name = absl::StrCat("b", Below(1000000));
    BackupOptions backup;
    backup.records_file = PathOf(name, "records");
    backup.keys_file = PathOf(name, "keys");
    SUBROSA_RETURN_IF_ERROR(Say(absl::StrCat("begin backup ", name)));
    SUBROSA_RETURN_IF_ERROR(BackUpHome(folder_, backup).status());
    return Say("done backup");
  }

  // Whether there is a backup whose epoch is not destroyed.
  absl::StatusOr<bool> IsBackupOpen() {
    const std::string path = PathOf(model_.backup(), "keys");
    if (model_.backup().empty() || access(path.c_str(), F_OK) != 0) {
      return false;
    }
    SqliteOptions options;
    options.read_only = true;
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> copy,
                             OpenSqlite(path, options));
    SUBROSA_ASSIGN_OR_RETURN(const StoreFacts facts, ReadStoreFacts(*copy));
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochObject> objects,
                             home_.provider->ListEpochs(home_.vault->entity()));
    for (const EpochObject& object : objects) {
      if (object.epoch == facts.epoch) return true;
    }
    return false;
  }

  absl::Status Restore(const std::string& name, const std::string& which) {
    RestoreOptions restore;
    if (which != "records") restore.keys_file = PathOf(name, "keys");
    if (which != "keys") restore.records_file = PathOf(name, "records");
    if (model_.pending() != "restore") {
      SUBROSA_RETURN_IF_ERROR(
          Say(absl::StrCat("begin restore ", name, " ", which)));
    }
    Close();
    clock_.Advance(kBetweenRuns);
    SUBROSA_RETURN_IF_ERROR(WriteClock());
    SUBROSA_RETURN_IF_ERROR(
        RestoreHome(folder_, passphrase_, clock_, restore).status());
    SUBROSA_RETURN_IF_ERROR(Say("done restore"));
    return Open();
  }

  const std::string folder_;
  const DriverOptions& options_;
  const SecretBuffer passphrase_;
  VaultLedger ledger_;
  std::mt19937 random_;
  FixedClock clock_;
  VaultModel model_;
  OpenHome home_;
};

int Main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc < 3) {
    std::fprintf(stderr, "vault_driver: want a command and a folder\n");
    return 2;
  }
  const std::string folder = argv[2];
  const std::string passphrase_file = folder + ".passphrase";
  if (access(passphrase_file.c_str(), F_OK) != 0 &&
      !ReplaceFile(passphrase_file, "rose garden", 0600).ok()) {
    return 1;
  }
  absl::StatusOr<SecretBuffer> passphrase = ReadSecretFile(passphrase_file);
  if (!passphrase.ok()) return 1;
  const DriverOptions options(argc - 3, argv + 3);
  Driver driver(folder, options, *std::move(passphrase));
  const absl::Status status =
      absl::string_view(argv[1]) == "init" ? driver.Init() : driver.Run();
  if (status.ok()) return 0;
  std::printf("failed: %s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) { return subrosa::Main(argc, argv); }
