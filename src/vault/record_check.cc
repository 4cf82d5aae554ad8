#include "src/vault/record_check.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"
#include "src/vault/key_tables.h"
#include "src/vault/sealed_row.h"

namespace subrosa {
namespace {

// Entries that are read at one time: a statement that is being stepped keeps
// the key store's journal from being emptied.
constexpr int64_t kEntriesAtOnce = 1000;

class RecordChecker {
 public:
  RecordChecker(KeyStore& keys, RecordStore& records,
                const std::function<void(int64_t)>& on_progress)
      : keys_(keys),
        tables_(keys.Tables()),
        records_(records),
        on_progress_(on_progress) {}

  absl::StatusOr<RecordCheck> Run() {
    // What stands there is to be opened, not what was opened before.
    tables_.consumer_keys.Clear();
    SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
    // The older first: a rotation that goes on meanwhile moves out of it.
    std::vector<const EntityKeys*> epochs = tables_.epochs.NewestFirst();
    for (auto epoch = epochs.rbegin(); epoch != epochs.rend(); ++epoch) {
      SUBROSA_RETURN_IF_ERROR(CheckEpoch(**epoch));
    }
    return check_;
  }

 private:
  absl::Status CheckEpoch(const EntityKeys& epoch) {
    SUBROSA_ASSIGN_OR_RETURN(const EpochRow row,
                             tables_.epochs.ReadRow(epoch.epoch()));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables_.database.Prepare(absl::StrCat(
            "SELECT row, token, pointer FROM ", DirectoryTable(epoch.epoch()),
            " WHERE +entity = $1 AND row > $2 ORDER BY row LIMIT $3")));
    // What a rotation has moved stands in the next epoch as well.
    int64_t after = row.moved_row;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const std::vector<DirectoryPointer> pointers,
                               ReadEntries(epoch, *read, &after));
      if (pointers.empty()) return absl::OkStatus();
      for (const DirectoryPointer& pointer : pointers) {
        SUBROSA_RETURN_IF_ERROR(CheckConsumer(pointer));
      }
      if (on_progress_ != nullptr) on_progress_(check_.rows);
    }
  }

  absl::StatusOr<std::vector<DirectoryPointer>> ReadEntries(
      const EntityKeys& epoch, Statement& read, int64_t* after) {
    read.BindInt(1, tables_.entity_number);
    read.BindInt(2, *after);
    read.BindInt(3, kEntriesAtOnce);
    std::vector<DirectoryPointer> pointers;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read.Step());
      if (!found) return pointers;
      *after = read.ColumnInt(0);
      absl::StatusOr<DirectoryPointer> pointer =
          epoch.OpenPointer(read.ColumnBytes(1), read.ColumnBytes(2));
      if (!pointer.ok()) {
        read.Reset();
        return pointer.status();
      }
      pointers.push_back(*std::move(pointer));
    }
  }

  absl::Status CheckConsumer(const DirectoryPointer& pointer) {
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        tables_.consumer_keys.Resolve(pointer);
    // Erased meanwhile, or CheckKeys says it.
    if (absl::IsNotFound(consumer.status())) return absl::OkStatus();
    if (!consumer.ok()) return consumer.status();
    ++check_.consumers;
    for (const OlderKey& older : (*consumer)->older) {
      SUBROSA_RETURN_IF_ERROR(CheckRows(older.data_ref, *older.key));
    }
    return CheckRows((*consumer)->data_ref, *(*consumer)->key);
  }

  absl::Status CheckRows(absl::string_view data_ref, const SecretKey& key) {
    return records_.VisitRevisions(data_ref, [&](const RecordRow& row) {
      ++check_.rows;
      if (!OpenRow(keys_.entity(), key, row, &plaintext_).ok()) {
        ++check_.lost;
      }
      return absl::OkStatus();
    });
  }

  KeyStore& keys_;
  const KeyTables tables_;
  RecordStore& records_;
  const std::function<void(int64_t)>& on_progress_;
  std::string plaintext_;
  RecordCheck check_;
};

}  // namespace

absl::StatusOr<RecordCheck> CheckRecords(
    KeyStore& keys, RecordStore& records,
    const std::function<void(int64_t rows)>& on_progress) {
  return RecordChecker(keys, records, on_progress).Run();
}

}  // namespace subrosa
