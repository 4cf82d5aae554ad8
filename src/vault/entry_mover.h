// An EntryMover seals the entries of a directory or of blind indexes anew, from
// one open epoch's table into the next's, in the order of their new tokens.
// They stay in the old table besides, for whoever looks there first. Readers
// and writers go on meanwhile, and several movers may be at the same rows; an
// entry that is taken out of the old table meanwhile, because its consumer is
// erased say, is not copied.
//
// Cost: some microseconds an entry; memory for half a million, however many
// there are.
//
// Thread-compatible; works on all processors. Errors are those of Connection,
// and DATA_LOSS if an entry does not open.
#ifndef SUBROSA_SRC_VAULT_ENTRY_MOVER_H_
#define SUBROSA_SRC_VAULT_ENTRY_MOVER_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"
#include "src/vault/move_rows.h"

namespace subrosa {

// What there is to say of either table; for entry_mover.cc only.
struct MovingDirectoryEntry;
struct MovingBlindEntry;

template <typename Entry>
class EntryMover {
 public:
  // What it works on must outlive it, and `from` and `to` stay open. `progress`
  // may be null; it is told how many entries were moved so far, after each
  // transaction and outside it.
  EntryMover(Connection& database, Epochs& epochs, int64_t entity_number,
             const EntityKeys& from, const EntityKeys& to,
             std::function<void(int64_t)> progress)
      : database_(database),
        epochs_(epochs),
        entity_number_(entity_number),
        from_(from),
        to_(to),
        progress_(std::move(progress)) {}

  // Moves what stands there now.
  absl::Status Move();

  // By this object, so far.
  int64_t moved() const { return moved_; }

 private:
  // The next entries after row `after` that were not moved yet.
  absl::StatusOr<RowBatch<Entry>> Read(int64_t after);
  absl::Status Write(const RowBatch<Entry>& batch);
  // Within a transaction.
  absl::Status Insert(absl::Span<const Entry> entries, int64_t erasures);

  Connection& database_;
  Epochs& epochs_;
  const int64_t entity_number_;
  const EntityKeys& from_;
  const EntityKeys& to_;
  const std::function<void(int64_t)> progress_;
  int64_t moved_ = 0;
};

using DirectoryMover = EntryMover<MovingDirectoryEntry>;
using IndexMover = EntryMover<MovingBlindEntry>;

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_ENTRY_MOVER_H_
