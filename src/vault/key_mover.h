// A KeyMover seals a key store's rows anew, from one open epoch into the next:
// the consumers' keys where they stand, the directory into its other table.
// Readers and writers go on meanwhile, and several movers may be at the same
// rows.
//
// Cost: some microseconds a row; memory for some hundred thousand rows, however
// many there are.
//
// Thread-compatible; works on all processors. Errors are those of Connection,
// and DATA_LOSS if a row does not open.
#ifndef SUBROSA_SRC_VAULT_KEY_MOVER_H_
#define SUBROSA_SRC_VAULT_KEY_MOVER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/crypto/envelope.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"

namespace subrosa {

class KeyMover {
 public:
  // What it works on must outlive it, and `from` and `to` stay open. `progress`
  // may be null; it is told how many rows were moved so far, after each
  // transaction and outside it.
  KeyMover(Connection& database, Epochs& epochs, int64_t entity_number,
           const EntityKeys& from, const EntityKeys& to,
           std::function<void(int64_t)> progress)
      : database_(database),
        epochs_(epochs),
        entity_number_(entity_number),
        from_(from),
        to_(to),
        progress_(std::move(progress)) {}

  // Moves what stands there now. Entries of the directory stay in the old table
  // besides, for whoever looks there first; a consumer who is erased meanwhile
  // is erased in both.
  absl::Status MoveConsumerKeys();
  absl::Status MoveDirectory();

  // By this object, so far.
  int64_t consumer_keys() const { return consumer_keys_; }
  int64_t directory_entries() const { return directory_entries_; }

 private:
  // As it was read, then as it will stand.
  struct Row {
    int64_t row = 0;
    std::string token;  // Of a directory entry.
    KeyRef key;         // Of a consumer's key.
    std::string sealed;
  };

  // Some rows of a table in their order, and how many erasures there were when
  // they were read. None if there is no more to do.
  struct Batch {
    std::vector<Row> rows;
    int64_t last_row = 0;
    int64_t erasures = 0;
  };

  // The next rows after row `after`, as they are.
  absl::StatusOr<Batch> ReadConsumerKeys(int64_t after);
  // The next entries after row `after` that were not moved yet.
  absl::StatusOr<Batch> ReadDirectory(int64_t after);
  absl::Status RewrapConsumerKeys(std::vector<Row>& rows) const;
  absl::Status ResealDirectory(std::vector<Row>& rows) const;
  absl::Status WriteConsumerKeys(const Batch& batch);
  absl::Status WriteDirectory(const Batch& batch);

  // Reads, seals and writes all. One batch is sealed while the one before it is
  // written.
  absl::Status MoveAll(
      absl::FunctionRef<absl::StatusOr<Batch>(int64_t after)> read,
      absl::FunctionRef<absl::Status(std::vector<Row>&)> seal,
      absl::FunctionRef<absl::Status(const Batch&)> write);

  // Within a transaction.
  absl::Status UpdateConsumerKeys(absl::Span<const Row> rows);
  absl::Status InsertEntries(absl::Span<const Row> rows, int64_t erasures);

  absl::StatusOr<int64_t> ReadErasures();
  absl::StatusOr<bool> IsUnderWay();
  void TellProgress() const;

  Connection& database_;
  Epochs& epochs_;
  const int64_t entity_number_;
  const EntityKeys& from_;
  const EntityKeys& to_;
  const std::function<void(int64_t)> progress_;
  int64_t consumer_keys_ = 0;
  int64_t directory_entries_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_MOVER_H_
