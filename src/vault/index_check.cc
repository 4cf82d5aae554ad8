#include "src/vault/index_check.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/store/connection.h"
#include "src/vault/blind_entries.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"
#include "src/vault/index_keys.h"

namespace subrosa {
namespace {

constexpr int64_t kRowsAtOnce = 65536;

struct Row {
  int64_t index = 0;
  std::string token;
  std::string owner;
  std::string sealed;
  // What was found.
  bool opens = false;
  bool is_misplaced = false;
  KeyId key_id = {};
};

class IndexChecker {
 public:
  explicit IndexChecker(const KeyTables& tables) : tables_(tables) {}

  absl::StatusOr<IndexCheck> Run() {
    SUBROSA_RETURN_IF_ERROR(ReadIndexes());
    SUBROSA_ASSIGN_OR_RETURN(
        find_key_,
        tables_.database.Prepare("SELECT 1 FROM consumer_key WHERE entity = $1"
                                 " AND key_id = $2 LIMIT 1"));
    const std::vector<const EntityKeys*> open = tables_.epochs.NewestFirst();
    if (open.size() == 1) {
      SUBROSA_RETURN_IF_ERROR(
          CountUnderClosed(BlindEntryTable(open.front()->epoch() + 1)));
    }
    for (const EntityKeys* const keys : open) {
      int64_t last = 0;
      for (;;) {
        SUBROSA_ASSIGN_OR_RETURN(std::vector<Row> rows, Read(*keys, &last));
        if (rows.empty()) break;
        OnAllProcessors([&](size_t which, size_t of) {
          for (size_t i = which; i < rows.size(); i += of) {
            Open(keys->index(), &rows[i]);
          }
        });
        SUBROSA_RETURN_IF_ERROR(Count(rows));
      }
    }
    return check_;
  }

 private:
  absl::Status ReadIndexes() {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables_.database.Prepare(
            "SELECT number FROM blind_index WHERE entity = $1"));
    read->BindInt(1, tables_.entity_number);
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) return absl::OkStatus();
      indexes_.insert(read->ColumnInt(0));
    }
  }

  absl::Status CountUnderClosed(absl::string_view table) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> count,
        tables_.database.Prepare(absl::StrCat("SELECT count(*) FROM ", table,
                                              " WHERE +entity = $1")));
    count->BindInt(1, tables_.entity_number);
    SUBROSA_RETURN_IF_ERROR(count->Step().status());
    check_.under_closed = count->ColumnInt(0);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Row>> Read(const EntityKeys& keys, int64_t* last) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables_.database.Prepare(absl::StrCat(
            "SELECT row, blind_index, token, owner, pointer FROM ",
            BlindEntryTable(keys.epoch()),
            " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3")));
    read->BindInt(1, *last);
    read->BindInt(2, tables_.entity_number);
    read->BindInt(3, kRowsAtOnce);
    std::vector<Row> rows;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) return rows;
      *last = read->ColumnInt(0);
      Row& row = rows.emplace_back();
      row.index = read->ColumnInt(1);
      row.token = std::string(read->ColumnBytes(2));
      row.owner = std::string(read->ColumnBytes(3));
      row.sealed = std::string(read->ColumnBytes(4));
    }
  }

  void Open(const IndexKeys& keys, Row* row) const {
    const absl::StatusOr<IndexPointer> pointer =
        keys.OpenPointer(row->index, row->token, row->sealed);
    row->opens = pointer.ok();
    if (!row->opens) return;
    row->key_id = pointer->key_id;
    row->is_misplaced =
        indexes_.count(row->index) == 0 ||
        keys.Token(row->index, pointer->inner_token) != row->token ||
        keys.Owner(row->index, pointer->key_id) != row->owner;
  }

  absl::Status Count(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      ++check_.entries;
      if (!row.opens) {
        ++check_.do_not_open;
        continue;
      }
      check_.misplaced += row.is_misplaced ? 1 : 0;
      find_key_->BindInt(1, tables_.entity_number);
      find_key_->BindBytes(
          2, absl::string_view(reinterpret_cast<const char*>(row.key_id.data()),
                               row.key_id.size()));
      SUBROSA_ASSIGN_OR_RETURN(const bool has_key, find_key_->Step());
      find_key_->Reset();
      check_.without_key += has_key ? 0 : 1;
    }
    return absl::OkStatus();
  }

  const KeyTables& tables_;
  std::set<int64_t> indexes_;
  std::unique_ptr<Statement> find_key_;
  IndexCheck check_;
};

}  // namespace

absl::StatusOr<IndexCheck> CheckBlindEntries(const KeyTables& tables) {
  return IndexChecker(tables).Run();
}

}  // namespace subrosa
