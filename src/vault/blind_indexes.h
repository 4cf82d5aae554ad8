// BlindIndexes are the definitions of an entity's blind indexes, in the key
// store, and a count that rises with every change of what stands there: while
// it stays the same, whoever has read the list knows all of it.
//
// Thread-compatible. Another process may change them at any time: Refresh sees
// it. Errors are those of Connection, besides what is said below.
#ifndef SUBROSA_SRC_VAULT_BLIND_INDEXES_H_
#define SUBROSA_SRC_VAULT_BLIND_INDEXES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"
#include "src/vault/blind_index.h"
#include "src/vault/index_planner.h"

namespace subrosa {

class BlindIndexes {
 public:
  // `database` must outlive it.
  static absl::StatusOr<BlindIndexes> Open(Connection& database,
                                           int64_t entity_number);

  // How often anything changed. Reading it costs two microseconds.
  absl::StatusOr<int64_t> ReadChanges();
  // The same, as of the last Refresh.
  int64_t changes() const { return changes_; }

  // Sees what other processes changed.
  absl::Status Refresh();
  // By number.
  const std::vector<BlindIndex>& list() const { return list_; }
  // Of the list; null if there is none about the field.
  const BlindIndex* Find(absl::string_view schema,
                         absl::string_view field) const;

  // These are within a transaction. Add: a new one, which is being built;
  // ALREADY_EXISTS if there is one about the field. Remove: its entries must be
  // gone.
  absl::StatusOr<int64_t> Add(absl::string_view schema, absl::string_view field,
                              const IndexVerdict& plan);
  absl::Status SetState(int64_t number, IndexState state);
  absl::Status Remove(int64_t number);
  // All consumers up to `key_id` are added. No change that others must see.
  absl::Status SetBuiltTo(int64_t number, absl::string_view key_id);
  // Entries were taken out, or more than one index changed.
  absl::Status CountChange();

 private:
  BlindIndexes(Connection& database, int64_t entity_number)
      : database_(&database), entity_number_(entity_number) {}

  Connection* database_;
  int64_t entity_number_;
  std::unique_ptr<Statement> read_changes_;
  int64_t changes_ = -1;
  std::vector<BlindIndex> list_;
};

// Within a transaction: sets each ready index back to being built, since the
// key store is an older copy and entries made after it are missing.
absl::Status RebuildBlindIndexes(Connection& database, int64_t entity_number);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_BLIND_INDEXES_H_
