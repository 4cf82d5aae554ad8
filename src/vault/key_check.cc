#include "src/vault/key_check.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/index_check.h"

namespace subrosa {
namespace {

// Rows that are read at one time.
constexpr size_t kRowsAtOnce = 65536;

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

// A consumer's key, or a directory entry.
struct Row {
  KeyRef key;
  uint32_t epoch = 0;
  std::string token;
  std::string sealed;
  // What was found.
  bool opens = false;
  bool is_misplaced = false;
  uint64_t mark = 0;  // Of the key id: two sets of marks that add up alike are
                      // the same.
};

class KeyChecker {
 public:
  KeyChecker(const KeyTables& tables, KeyProvider& provider, SecretKey mark_key,
             const std::function<void(int64_t)>& progress)
      : tables_(tables),
        provider_(provider),
        mark_key_(std::move(mark_key)),
        progress_(progress) {}

  absl::StatusOr<KeyCheck> Run() {
    SUBROSA_RETURN_IF_ERROR(CheckObjects());
    SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                             ReadTransaction::Begin(tables_.database));
    SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
    SUBROSA_RETURN_IF_ERROR(CheckConsumerKeys());
    SUBROSA_RETURN_IF_ERROR(CheckDirectory());
    SUBROSA_RETURN_IF_ERROR(CheckThatTheyFit());
    SUBROSA_ASSIGN_OR_RETURN(const EvidenceKeyCheck evidence,
                             EvidenceKeys(tables_).Check());
    faults_[KeyFault::kEvidenceKeyDoesNotOpen] = evidence.do_not_open;
    faults_[KeyFault::kEvidenceKeyUnderClosed] = evidence.under_closed;
    SUBROSA_ASSIGN_OR_RETURN(const IndexCheck indexes,
                             CheckBlindEntries(tables_));
    faults_[KeyFault::kIndexEntryDoesNotOpen] = indexes.do_not_open;
    faults_[KeyFault::kIndexEntryMisplaced] = indexes.misplaced;
    faults_[KeyFault::kIndexEntryWithoutKey] = indexes.without_key;
    faults_[KeyFault::kIndexEntryUnderClosed] = indexes.under_closed;
    KeyCheck check;
    check.consumer_keys = consumer_keys_;
    check.directory_entries = directory_entries_;
    check.index_entries = indexes.entries;
    check.evidence_keys = evidence.keys;
    check.epochs = epochs_;
    for (const auto& [fault, count] : faults_) {
      if (count > 0) check.findings.push_back({fault, count});
    }
    return check;
  }

 private:
  absl::Status CheckObjects() {
    // A rotation that begins holds the write lock from before it makes an
    // object until the row is there.
    SUBROSA_ASSIGN_OR_RETURN(const Transaction instant,
                             Transaction::Begin(tables_.database));
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> rows,
                             tables_.epochs.ReadRows());
    SUBROSA_ASSIGN_OR_RETURN(
        const std::vector<EpochObject> listed,
        provider_.ListEpochs(tables_.epochs.enabled().entity()));
    std::set<uint32_t> objects;
    for (const EpochObject& object : listed) objects.insert(object.epoch);
    for (const EpochRow& row : rows) {
      const bool has_object = objects.erase(row.epoch) > 0;
      if (row.state == EpochState::kDestroyed) {
        faults_[KeyFault::kObjectBack] += has_object ? 1 : 0;
        faults_[KeyFault::kDestroyedKeyRemains] +=
            row.working_key.empty() ? 0 : 1;
      } else {
        faults_[KeyFault::kObjectMissing] += has_object ? 0 : 1;
      }
    }
    faults_[KeyFault::kObjectOrphaned] += static_cast<int64_t>(objects.size());
    epochs_ = static_cast<int64_t>(rows.size());
    return absl::OkStatus();
  }

  absl::Status CheckConsumerKeys() {
    int64_t last = 0;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(std::vector<Row> rows, ReadConsumerKeys(&last));
      if (rows.empty()) return absl::OkStatus();
      OnAllProcessors([&](size_t which, size_t of) {
        for (size_t i = which; i < rows.size(); i += of) {
          const EntityKeys* const keys = tables_.epochs.Find(rows[i].epoch);
          rows[i].opens =
              keys != nullptr &&
              keys->UnwrapConsumerKey(rows[i].key, rows[i].sealed).ok();
        }
      });
      for (const Row& row : rows) {
        if (row.opens) continue;
        ++faults_[tables_.epochs.Find(row.epoch) == nullptr
                      ? KeyFault::kKeyUnderClosed
                      : KeyFault::kKeyDoesNotOpen];
      }
      consumer_keys_ += static_cast<int64_t>(rows.size());
      TellProgress();
    }
  }

  absl::StatusOr<std::vector<Row>> ReadConsumerKeys(int64_t* last) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables_.database.Prepare(
            "SELECT row, key_id, version, epoch, wrapped FROM consumer_key"
            " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3"));
    read->BindInt(1, *last);
    read->BindInt(2, tables_.entity_number);
    read->BindInt(3, kRowsAtOnce);
    std::vector<Row> rows;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) return rows;
      Row& row = rows.emplace_back();
      *last = read->ColumnInt(0);
      read->ColumnBytes(1).copy(reinterpret_cast<char*>(row.key.id.data()),
                                row.key.id.size());
      row.key.version = static_cast<uint32_t>(read->ColumnInt(2));
      row.epoch = static_cast<uint32_t>(read->ColumnInt(3));
      row.sealed = std::string(read->ColumnBytes(4));
    }
  }

  absl::Status CheckDirectory() {
    const std::vector<const EntityKeys*> open = tables_.epochs.NewestFirst();
    if (open.size() == 1) {
      SUBROSA_ASSIGN_OR_RETURN(
          faults_[KeyFault::kEntryUnderClosed],
          CountEntries(DirectoryTable(open.front()->epoch() + 1)));
    }
    return VisitEntries([&](const Row& row) {
      ++directory_entries_;
      faults_[KeyFault::kEntryDoesNotOpen] += row.opens ? 0 : 1;
      faults_[KeyFault::kEntryMisplaced] += row.is_misplaced ? 1 : 0;
      if (row.opens) {
        ++entries_.count;
        entries_.sum += row.mark;
      }
      if (directory_entries_ % kRowsAtOnce == 0) TellProgress();
      return absl::OkStatus();
    });
  }

  // Each consumer's entry, once: one that a rotation has copied stands in the
  // older table too.
  absl::Status VisitEntries(
      absl::FunctionRef<absl::Status(const Row& row)> visit) {
    const EntityKeys* newer = nullptr;
    for (const EntityKeys* const keys : tables_.epochs.NewestFirst()) {
      int64_t last = 0;
      for (;;) {
        SUBROSA_ASSIGN_OR_RETURN(std::vector<Row> rows,
                                 ReadEntries(*keys, &last));
        if (rows.empty()) break;
        OnAllProcessors([&](size_t which, size_t of) {
          for (size_t i = which; i < rows.size(); i += of) {
            OpenEntry(*keys, newer, &rows[i]);
          }
        });
        if (newer != nullptr) {
          SUBROSA_RETURN_IF_ERROR(RemoveCopied(*newer, &rows));
        }
        for (const Row& row : rows) SUBROSA_RETURN_IF_ERROR(visit(row));
      }
      newer = keys;
    }
    return absl::OkStatus();
  }

  // The next entries after row `last`.
  absl::StatusOr<std::vector<Row>> ReadEntries(const EntityKeys& keys,
                                               int64_t* last) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables_.database.Prepare(absl::StrCat(
            "SELECT row, token, pointer FROM ", DirectoryTable(keys.epoch()),
            " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3")));
    read->BindInt(1, *last);
    read->BindInt(2, tables_.entity_number);
    read->BindInt(3, kRowsAtOnce);
    std::vector<Row> rows;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) return rows;
      Row& row = rows.emplace_back();
      *last = read->ColumnInt(0);
      row.token = std::string(read->ColumnBytes(1));
      row.sealed = std::string(read->ColumnBytes(2));
    }
  }

  // With `newer`, which may be null, `token` is then what the entry has there.
  void OpenEntry(const EntityKeys& keys, const EntityKeys* newer,
                 Row* row) const {
    const absl::StatusOr<DirectoryPointer> pointer =
        keys.OpenPointer(row->token, row->sealed);
    row->opens = pointer.ok();
    if (!row->opens) return;
    row->is_misplaced = keys.DirectoryToken(pointer->inner_token) != row->token;
    row->key.id = pointer->key_id;
    row->mark = MarkOf(pointer->key_id);
    if (newer != nullptr) {
      row->token = newer->DirectoryToken(pointer->inner_token);
    }
  }

  // Takes out the entries that stand in the table of `newer` too.
  absl::Status RemoveCopied(const EntityKeys& newer, std::vector<Row>* rows) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> find,
        tables_.database.Prepare(
            absl::StrCat("SELECT 1 FROM ", DirectoryTable(newer.epoch()),
                         " WHERE entity = $1 AND token = $2")));
    std::vector<Row> kept;
    for (Row& row : *rows) {
      find->BindInt(1, tables_.entity_number);
      find->BindBytes(2, row.token);
      SUBROSA_ASSIGN_OR_RETURN(const bool is_copied, find->Step());
      find->Reset();
      if (!is_copied) kept.push_back(std::move(row));
    }
    *rows = std::move(kept);
    return absl::OkStatus();
  }

  uint64_t MarkOf(const KeyId& id) const {
    const auto output = Prf(mark_key_, "key check", {View(id)});
    uint64_t mark = 0;
    for (size_t i = 0; i < sizeof(mark); ++i) mark = mark << 8 | output[i];
    return mark;
  }

  // How many, and their marks added up.
  struct Tally {
    int64_t count = 0;
    uint64_t sum = 0;
    bool operator==(const Tally& other) const {
      return count == other.count && sum == other.sum;
    }
  };

  absl::Status CheckThatTheyFit() {
    SUBROSA_ASSIGN_OR_RETURN(const Tally keys, TallyKeys());
    if (keys == entries_) return absl::OkStatus();
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> find,
        tables_.database.Prepare("SELECT 1 FROM consumer_key WHERE entity = $1"
                                 " AND key_id = $2 LIMIT 1"));
    Tally with_key;
    SUBROSA_RETURN_IF_ERROR(VisitEntries([&](const Row& row) -> absl::Status {
      if (!row.opens) return absl::OkStatus();
      find->BindInt(1, tables_.entity_number);
      find->BindBytes(2, View(row.key.id));
      SUBROSA_ASSIGN_OR_RETURN(const bool found, find->Step());
      find->Reset();
      with_key.count += found ? 1 : 0;
      with_key.sum += found ? row.mark : 0;
      faults_[KeyFault::kEntryWithoutKey] += found ? 0 : 1;
      return absl::OkStatus();
    }));
    const int64_t without_entry = keys.count - with_key.count;
    if (without_entry < 0) {
      faults_[KeyFault::kKeyWithTwoEntries] = -without_entry;
    } else if (without_entry == 0 && !(with_key == keys)) {
      faults_[KeyFault::kKeyWithTwoEntries] = 1;
      faults_[KeyFault::kKeyWithoutEntry] = 1;
    } else {
      // An entry that does not open is some key's.
      faults_[KeyFault::kKeyWithoutEntry] = std::max<int64_t>(
          0, without_entry - faults_[KeyFault::kEntryDoesNotOpen]);
    }
    return absl::OkStatus();
  }

  // Out of the index alone.
  absl::StatusOr<Tally> TallyKeys() {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables_.database.Prepare("SELECT key_id FROM consumer_key"
                                 " WHERE entity = $1 GROUP BY key_id"));
    read->BindInt(1, tables_.entity_number);
    Tally tally;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) return tally;
      KeyId id = {};
      read->ColumnBytes(0).copy(reinterpret_cast<char*>(id.data()), id.size());
      ++tally.count;
      tally.sum += MarkOf(id);
    }
  }

  absl::StatusOr<int64_t> CountEntries(absl::string_view table) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> count,
        tables_.database.Prepare(absl::StrCat("SELECT count(*) FROM ", table,
                                              " WHERE +entity = $1")));
    count->BindInt(1, tables_.entity_number);
    SUBROSA_RETURN_IF_ERROR(count->Step().status());
    return count->ColumnInt(0);
  }

  void TellProgress() const {
    if (progress_) progress_(consumer_keys_ + directory_entries_);
  }

  const KeyTables& tables_;
  KeyProvider& provider_;
  const SecretKey mark_key_;
  const std::function<void(int64_t)>& progress_;
  std::map<KeyFault, int64_t> faults_;
  int64_t consumer_keys_ = 0;
  int64_t directory_entries_ = 0;
  int64_t epochs_ = 0;
  Tally entries_;  // Those that open.
};

}  // namespace

absl::StatusOr<KeyCheck> CheckKeys(
    const KeyTables& tables, KeyProvider& provider,
    const std::function<void(int64_t)>& progress) {
  SUBROSA_ASSIGN_OR_RETURN(SecretKey mark_key, SecretKey::Random());
  return KeyChecker(tables, provider, std::move(mark_key), progress).Run();
}

}  // namespace subrosa
