// A RecordPutter puts records: it resolves their consumers, seals each record
// under the newest version of its consumer's key, and stores it, with what the
// log is told, in one transaction. Afterwards it sees whether one of the keys
// was destroyed or followed by another meanwhile, and does what is right then.
// For the vault.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_VAULT_RECORD_PUTTER_H_
#define SUBROSA_SRC_VAULT_RECORD_PUTTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/index_writer.h"
#include "src/vault/key_store.h"
#include "src/vault/new_row.h"
#include "src/vault/put_item.h"
#include "src/vault/put_leaves.h"
#include "src/vault/record_store.h"
#include "src/vault/resealer.h"
#include "src/vault/row_pipeline.h"

namespace subrosa {

class RecordPutter {
 public:
  // What it works on must outlive it.
  RecordPutter(KeyStore& keys, RecordStore& records, IndexWriter& index_writer,
               const Clock& clock)
      : keys_(keys),
        records_(records),
        index_writer_(index_writer),
        clock_(clock) {}

  // See Vault::PutBatch.
  absl::StatusOr<std::vector<PutOutcome>> PutBatch(
      absl::Span<const PutItem> items);

 private:
  // The consumers of one batch; those who are suppressed have none.
  using Handles =
      absl::flat_hash_map<absl::string_view, std::unique_ptr<ConsumerHandle>>;
  absl::StatusOr<Handles> Resolve(absl::Span<const PutItem> items);

  // See IndexWriter::AddMissing.
  absl::StatusOr<int64_t> AddToIndexes(absl::Span<const PutItem> items,
                                       const Handles& consumers);

  // Puts those of `items` whose consumers are among `consumers` in a
  // transaction: one outcome an item.
  absl::StatusOr<std::vector<PutOutcome>> PutAll(
      absl::Span<const PutItem> items, const Handles& consumers);
  absl::StatusOr<PutOutcome> PutOne(const NewPut& put, NewRow* made,
                                    PutLeaves* leaves, Resealer* resealer);
  // After a commit: takes back what was put for consumers erased meanwhile, and
  // puts again what was sealed under a version that was followed by another.
  absl::Status Recheck(absl::Span<const PutItem> items, int64_t erasures,
                       Handles* consumers, std::vector<PutOutcome>* outcomes);
  // Those of `consumers` whose keys changed; null for those who were erased.
  absl::StatusOr<Handles> FindChanged(const Handles& consumers);
  absl::Status DeleteRows(const ConsumerHandle& consumer);

  KeyStore& keys_;
  RecordStore& records_;
  IndexWriter& index_writer_;
  const Clock& clock_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_PUTTER_H_
