// An IndexMover seals the entries of blind indexes anew, from one open epoch's
// table into the next's, sorted by their new tokens: as KeyMover does with the
// directory, and with the same guarantees. Entries whose consumer is erased
// meanwhile, or that are taken out, are not copied.
//
// Cost: some microseconds an entry; memory for a hundred thousand.
//
// Thread-compatible; works on all processors. Errors are those of Connection,
// and DATA_LOSS if an entry does not open.
#ifndef SUBROSA_SRC_VAULT_INDEX_MOVER_H_
#define SUBROSA_SRC_VAULT_INDEX_MOVER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"

namespace subrosa {

class IndexMover {
 public:
  // As KeyMover.
  IndexMover(Connection& database, Epochs& epochs, int64_t entity_number,
             const EntityKeys& from, const EntityKeys& to,
             std::function<void(int64_t)> progress)
      : database_(database),
        epochs_(epochs),
        entity_number_(entity_number),
        from_(from),
        to_(to),
        progress_(std::move(progress)) {}

  // Moves what stands there now; it stays in the old table besides.
  absl::Status Move();

  // By this object, so far.
  int64_t entries() const { return entries_; }

 private:
  // As it was read, then as it will stand.
  struct Row {
    int64_t row = 0;
    int64_t index = 0;
    std::string token;
    std::string owner;
    std::string sealed;
  };

  absl::StatusOr<std::vector<Row>> ReadRows();
  absl::Status Renew(Row* row) const;
  // Within a transaction.
  absl::Status Insert(absl::Span<const Row> rows);

  Connection& database_;
  Epochs& epochs_;
  const int64_t entity_number_;
  const EntityKeys& from_;
  const EntityKeys& to_;
  const std::function<void(int64_t)> progress_;
  int64_t entries_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEX_MOVER_H_
