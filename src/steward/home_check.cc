#include "src/steward/home_check.h"

#include <sys/stat.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/audit/log_survey.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_key.h"
#include "src/steward/home.h"
#include "src/steward/home_lease.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/store/sqlite_structure.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_check.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_fault.h"
#include "src/vault/key_store.h"
#include "src/vault/key_tables.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

constexpr size_t kMaxFaults = 100;

// What says that something is wrong with a store, and not that it cannot be
// looked at.
bool IsFault(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status) ||
         absl::IsInternal(status);
}

class HomeChecker {
 public:
  HomeChecker(const std::string& folder, const HomeCheckOptions& options,
              const Clock& clock)
      : folder_(folder), options_(options), clock_(clock) {}

  absl::StatusOr<HomeCheck> Run() {
    if (options_.passphrase != nullptr) {
      SUBROSA_ASSIGN_OR_RETURN(
          keyring_, Keyring::Open(KeyringOf(folder_), *options_.passphrase));
    }
    for (const StoreKind kind : {StoreKind::kKeys, StoreKind::kRecords}) {
      if (!IsAskedAbout(kind)) continue;
      SUBROSA_RETURN_IF_ERROR(CheckStore(kind));
    }
    CheckThatTheyArePair();
    if (options_.is_of_home()) SurveyHome();
    if (CanBeOpened()) SUBROSA_RETURN_IF_ERROR(OpenStores());
    return std::move(check_);
  }

 private:
  const std::string& FileOf(StoreKind kind) const {
    return kind == StoreKind::kKeys ? options_.keys_file
                                    : options_.records_file;
  }

  bool IsAskedAbout(StoreKind kind) const {
    return options_.is_of_home() || !FileOf(kind).empty();
  }

  // The copy that was named, else the home's own.
  std::string PathOf(StoreKind kind) const {
    if (!FileOf(kind).empty()) return FileOf(kind);
    return kind == StoreKind::kKeys ? KeyStoreOf(folder_)
                                    : RecordStoreOf(folder_);
  }

  absl::StatusOr<std::unique_ptr<Connection>> Connect(StoreKind kind) const {
    if (FileOf(kind).empty()) {
      return kind == StoreKind::kKeys ? OpenKeyDatabase(folder_)
                                      : OpenRecordDatabase(folder_);
    }
    SqliteOptions options;
    options.read_only = true;
    return OpenSqlite(FileOf(kind), options);
  }

  // A store as people know it.
  std::string NameOf(StoreKind kind) const {
    if (!FileOf(kind).empty()) return FileOf(kind);
    return kind == StoreKind::kKeys ? "keys.db" : "records.db";
  }

  void TellProgress(absl::string_view what, int64_t done) const {
    if (options_.on_progress != nullptr) options_.on_progress(what, done);
  }

  // A fault is noted, and anything else returned.
  absl::Status NoteFault(absl::string_view part, const absl::Status& status) {
    if (!IsFault(status)) return status;
    check_.AddFault(part, status.message());
    return absl::OkStatus();
  }

  absl::Status CheckStore(StoreKind kind) {
    CheckedStore& store = check_.stores.emplace_back();
    store.kind = kind;
    store.file = PathOf(kind);
    struct stat status;
    if (stat(store.file.c_str(), &status) == 0) store.bytes = status.st_size;
    const std::string name = NameOf(kind);
    const absl::StatusOr<std::unique_ptr<Connection>> database = Connect(kind);
    if (!database.ok()) return NoteFault(name, database.status());
    TellProgress(name, 0);
    SUBROSA_RETURN_IF_ERROR(CheckSqliteStructure(
        **database,
        options_.quick ? StructureCheck::kQuick : StructureCheck::kWhole,
        [&](absl::string_view fault) { check_.AddFault(name, fault); }));
    const absl::StatusOr<StoreFacts> facts = ReadStoreFacts(**database);
    if (!facts.ok()) {
      if (!absl::IsNotFound(facts.status())) {
        return NoteFault(name, facts.status());
      }
      check_.AddFault(name, facts.status().message());
      return absl::OkStatus();
    }
    if (facts->kind != kind) {
      check_.AddFault(name,
                      absl::StrCat("want a ", StoreKindName(kind), ", got a ",
                                   StoreKindName(facts->kind)));
      return absl::OkStatus();
    }
    store.facts = *facts;
    if (kind != StoreKind::kRecords || options_.quick ||
        !facts->is_up_to_date()) {
      return absl::OkStatus();
    }
    return NoteFault(name, CheckCounts(**database));
  }

  absl::Status CheckCounts(Connection& database) {
    TellProgress("counts of records", 0);
    SUBROSA_ASSIGN_OR_RETURN(check_.counts, CheckRecordCounts(database));
    if (check_.counts->shapes_off == 0) return absl::OkStatus();
    if (options_.recount && check_.ok()) {
      SUBROSA_RETURN_IF_ERROR(CountRecordsAnew(database));
      check_.is_recounted = true;
      return absl::OkStatus();
    }
    check_.AddFault(
        NameOf(StoreKind::kRecords),
        absl::StrCat("want records counted as the rows say, ",
                     check_.counts->records, ", got ", check_.counts->counted,
                     " and ", check_.counts->shapes_off,
                     " kinds of which the number is wrong; --recount counts "
                     "them anew"));
    return absl::OkStatus();
  }

  void CheckThatTheyArePair() {
    if (check_.stores.size() != 2 || !check_.stores[0].facts.has_value() ||
        !check_.stores[1].facts.has_value()) {
      return;
    }
    const absl::Status pair =
        CheckPair(*check_.stores[0].facts, *check_.stores[1].facts);
    if (!pair.ok()) check_.AddFault("", pair.message());
  }

  void SurveyHome() {
    const absl::Status whole = CheckNoRestoreBegun(folder_);
    if (!whole.ok()) check_.AddFault("", whole.message());
    LogSurveyParts parts;
    parts.keys = OpenKeyDatabase(folder_);
    parts.records = OpenRecordDatabase(folder_);
    parts.provider = keyring_.get();
    parts.folder = LogFolderOf(folder_);
    for (const LogDisagreement& each : SurveyLog(parts).disagreements) {
      check_.AddFault(absl::StrCat(LogPartName(each.part), " (",
                                   LogStandingName(each.standing), ")"),
                      each.reason);
    }
  }

  // Tables of an older version are not changed to see what is in them.
  bool CanBeOpened() const {
    if (keyring_ == nullptr || options_.quick) return false;
    for (const CheckedStore& store : check_.stores) {
      if (!store.facts.has_value() || !store.facts->is_up_to_date()) {
        return false;
      }
    }
    return true;
  }

  absl::Status OpenStores() {
    if (!IsAskedAbout(StoreKind::kRecords)) {
      return NoteFault(NameOf(StoreKind::kKeys), OpenKeysAlone());
    }
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                             Connect(StoreKind::kKeys));
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                             Connect(StoreKind::kRecords));
    const absl::StatusOr<std::unique_ptr<Vault>> vault =
        Vault::Open(std::move(keys), std::move(records), *keyring_, clock_);
    // What these say names the store.
    if (!vault.ok()) return NoteFault("", vault.status());
    if (options_.is_of_home()) {
      SUBROSA_RETURN_IF_ERROR(NoteFault("", VerifyKeys(**vault)));
    }
    SUBROSA_RETURN_IF_ERROR(NoteFault("", OpenRecords(**vault)));
    if (options_.check_more != nullptr) {
      const std::string records = NameOf(StoreKind::kRecords);
      SUBROSA_RETURN_IF_ERROR(NoteFault(
          records, options_.check_more(**vault, [&](absl::string_view fault) {
            check_.AddFault(records, fault);
          })));
    }
    if (!options_.is_of_home()) return absl::OkStatus();
    return NoteFault("", LookForOrphans(**vault));
  }

  absl::Status OpenKeysAlone() {
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> database,
                             Connect(StoreKind::kKeys));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<KeyStore> keys,
        KeyStore::Open(std::move(database), *keyring_, clock_));
    TellProgress("keys", 0);
    SUBROSA_RETURN_IF_ERROR(VisitConsumerKeys(
        keys->Tables(), [](const KeyRef&, const SecretKey&, absl::string_view) {
          return absl::OkStatus();
        }));
    RecordCheck opened;
    SUBROSA_RETURN_IF_ERROR(
        VisitDirectory(keys->Tables(), [&](const DirectoryPointer&) {
          ++opened.consumers;
          return absl::OkStatus();
        }));
    check_.records = opened;
    return absl::OkStatus();
  }

  absl::Status VerifyKeys(Vault& vault) {
    SUBROSA_ASSIGN_OR_RETURN(const KeyCheck keys,
                             vault.Custody().Verify([&](int64_t done) {
                               TellProgress("keys", done);
                             }));
    for (const KeyFinding& finding : keys.findings) {
      check_.AddFault(
          NameOf(StoreKind::kKeys),
          absl::StrCat(finding.count, " ", KeyFaultText(finding.fault)));
    }
    return absl::OkStatus();
  }

  absl::Status OpenRecords(Vault& vault) {
    SUBROSA_ASSIGN_OR_RETURN(check_.records,
                             vault.CheckRecords([&](int64_t rows) {
                               TellProgress("records", rows);
                             }));
    if (check_.records->lost > 0) {
      check_.AddFault(NameOf(StoreKind::kRecords),
                      absl::StrCat("want rows that open at their place, got ",
                                   check_.records->lost, " of ",
                                   check_.records->rows, " that do not"));
    }
    return absl::OkStatus();
  }

  absl::Status LookForOrphans(Vault& vault) {
    TellProgress("rows that lead to nobody", 0);
    // Whose they are, only a key store that is whole can say.
    if (options_.sweep && check_.ok()) return Sweep();
    SUBROSA_ASSIGN_OR_RETURN(check_.orphans, vault.CountOrphans());
    if (check_.orphans->rows > 0) {
      check_.AddFault(
          NameOf(StoreKind::kRecords),
          absl::StrCat("want rows of consumers who are held, got ",
                       check_.orphans->rows, " that lead to nobody (",
                       check_.orphans->consumers,
                       " references); --sweep deletes them once nothing else "
                       "is wrong"));
    }
    return absl::OkStatus();
  }

  // Through an open home: its parts agree, and the log is told.
  absl::Status Sweep() {
    SUBROSA_ASSIGN_OR_RETURN(
        const OpenHome home,
        OpenHomeFolder(folder_, *options_.passphrase, clock_));
    SUBROSA_ASSIGN_OR_RETURN(check_.orphans, home.vault->SweepOrphans());
    check_.is_swept = true;
    return absl::OkStatus();
  }

  const std::string& folder_;
  const HomeCheckOptions& options_;
  const Clock& clock_;
  std::unique_ptr<Keyring> keyring_;
  HomeCheck check_;
};

}  // namespace

void HomeCheck::AddFault(absl::string_view part, absl::string_view fault) {
  ++fault_count;
  if (faults.size() < kMaxFaults) {
    faults.push_back(absl::StrCat(part, part.empty() ? "" : ": ", fault));
  }
}

absl::StatusOr<HomeCheck> CheckHome(const std::string& folder,
                                    const HomeCheckOptions& options,
                                    const Clock& clock) {
  if ((options.sweep || options.recount) &&
      (!options.is_of_home() || options.quick ||
       options.passphrase == nullptr)) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.sweep ? "sweep" : "recount",
        ": want a whole check of a home, with its passphrase, got less"));
  }
  return HomeChecker(folder, options, clock).Run();
}

}  // namespace subrosa
