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
    SUBROSA_ASSIGN_OR_RETURN(
        find_key_, tables_.database.Prepare(
                       "SELECT version, epoch, wrapped FROM consumer_key"
                       " WHERE entity = $1 AND key_id = $2"
                       " ORDER BY version DESC LIMIT 1"));
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
    find_key_->BindInt(1, tables_.entity_number);
    find_key_->BindBytes(
        2,
        absl::string_view(reinterpret_cast<const char*>(pointer.key_id.data()),
                          pointer.key_id.size()));
    SUBROSA_ASSIGN_OR_RETURN(const bool found, find_key_->Step());
    // Erased meanwhile, or CheckKeys says it.
    if (!found) return absl::OkStatus();
    KeyRef ref;
    ref.id = pointer.key_id;
    ref.version = static_cast<uint32_t>(find_key_->ColumnInt(0));
    const auto epoch = static_cast<uint32_t>(find_key_->ColumnInt(1));
    const std::string wrapped(find_key_->ColumnBytes(2));
    find_key_->Reset();
    if (tables_.epochs.Find(epoch) == nullptr) {
      SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
    }
    const EntityKeys* const keys = tables_.epochs.Find(epoch);
    if (keys == nullptr) {
      return absl::DataLossError(absl::StrCat(
          "key store: a consumer's key: want an open epoch, got ", epoch));
    }
    SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                             keys->UnwrapConsumerKey(ref, wrapped));
    ++check_.consumers;
    return records_.VisitRevisions(pointer.data_ref, [&](const RecordRow& row) {
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
  std::unique_ptr<Statement> find_key_;
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
