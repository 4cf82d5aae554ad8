// How many erasures a key store has seen, of consumers and of parts, and
// versions of keys destroyed. While it stays the same, every key that was found
// since is still there.
//
// Thread-compatible. Errors are those of Connection.
#ifndef SUBROSA_SRC_VAULT_ERASURE_COUNT_H_
#define SUBROSA_SRC_VAULT_ERASURE_COUNT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "src/store/connection.h"

namespace subrosa {

class ErasureCount {
 public:
  // `database` must outlive it.
  static absl::StatusOr<ErasureCount> Open(Connection& database,
                                           int64_t entity_number);

  // As committed now, by whatever connection; within a transaction, as it sees
  // it. Costs next to nothing if nothing was committed since the last call.
  // DATA_LOSS if the entity is gone.
  absl::StatusOr<int64_t> Read();

 private:
  ErasureCount(Connection& database, int64_t entity_number,
               std::unique_ptr<Statement> read)
      : database_(&database),
        entity_number_(entity_number),
        read_(std::move(read)) {}

  Connection* database_;
  int64_t entity_number_;
  std::unique_ptr<Statement> read_;
  // What was read last, and the state that it was read in or after.
  int64_t count_ = 0;
  std::optional<ChangeMark> counted_at_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_ERASURE_COUNT_H_
