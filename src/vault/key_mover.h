// A KeyMover wraps consumers' keys anew, from one open epoch into the next,
// where they stand. Readers and writers go on meanwhile, and several movers may
// be at the same rows.
//
// Cost: some microseconds a key; memory for some ten thousand, however many
// there are.
//
// Thread-compatible; works on all processors. Errors are those of Connection,
// and DATA_LOSS if a key does not open.
#ifndef SUBROSA_SRC_VAULT_KEY_MOVER_H_
#define SUBROSA_SRC_VAULT_KEY_MOVER_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/crypto/envelope.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/move_rows.h"

namespace subrosa {

class KeyMover {
 public:
  // What it works on must outlive it, and `from` and `to` stay open. `progress`
  // may be null; it is told how many keys were moved so far, after each
  // transaction and outside it.
  KeyMover(Connection& database, int64_t entity_number, const EntityKeys& from,
           const EntityKeys& to, std::function<void(int64_t)> progress)
      : database_(database),
        entity_number_(entity_number),
        from_(from),
        to_(to),
        progress_(std::move(progress)) {}

  // Moves what stands there now.
  absl::Status Move();

  // By this object, so far.
  int64_t moved() const { return moved_; }

 private:
  // As it was read, then as it will stand.
  struct Row {
    int64_t row = 0;
    KeyRef key;
    WrappedConsumerKey wrapped;
  };

  // The next rows after row `after`, as they are.
  absl::StatusOr<RowBatch<Row>> Read(int64_t after);
  absl::Status Write(const RowBatch<Row>& batch);
  // Within a transaction.
  absl::Status Update(absl::Span<const Row> rows);

  Connection& database_;
  const int64_t entity_number_;
  const EntityKeys& from_;
  const EntityKeys& to_;
  const std::function<void(int64_t)> progress_;
  int64_t moved_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_MOVER_H_
