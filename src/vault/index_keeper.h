// The IndexKeeper makes, builds and drops blind indexes, and plans them from
// what is held.
//
// Others go on reading and writing. A kill at any moment leaves an index that
// is being built or dropped: calling again goes on.
//
// Cost: opens every record of the field's message once, some microseconds each;
// slow indexes cost SlowToken for each value. Memory: that of a ValueCounter
// and of a walk (consumer_walk.h), 70 MB, however many records there are; and
// the values of one consumer.
//
// Thread-compatible. Errors are those of the stores, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_INDEX_KEEPER_H_
#define SUBROSA_SRC_VAULT_INDEX_KEEPER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/vault/blind_index.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/index_planner.h"
#include "src/vault/index_writer.h"
#include "src/vault/indexed_field.h"
#include "src/vault/key_store.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class IndexKeeper {
 public:
  // Hands each record of a consumer that is of one schema, its newest revision,
  // to a visitor, and stops at its first error.
  using RecordScan = std::function<absl::Status(
      const ConsumerHandle& consumer, absl::string_view schema,
      absl::FunctionRef<absl::Status(const v1::HealthRecord&)> visit)>;

  // Told how many consumers were gone through. May be null.
  using OnProgress = std::function<void(int64_t consumers)>;

  // What it works on must outlive it.
  IndexKeeper(KeyStore& keys, IndexWriter& writer, RecordScan scan)
      : keys_(keys), writer_(writer), scan_(std::move(scan)) {}

  // Upwards by number.
  absl::StatusOr<std::vector<BlindIndex>> List();

  // What the planner says to an index about `field`, from all that is held.
  absl::StatusOr<IndexVerdict> Plan(const IndexedField& field,
                                    const IndexLimits& limits,
                                    const OnProgress& on_progress);

  // Makes an index as `plan`, which is no refusal, says, and builds it; goes on
  // with one that is being built, as it was planned then.
  //
  // ALREADY_EXISTS if there is one that is ready; FAILED_PRECONDITION if one is
  // being dropped, or is dropped while this goes on.
  absl::Status Add(const IndexedField& field, const IndexVerdict& plan,
                   const OnProgress& on_progress);
  // The index about `field`, if there is one, whatever its state.
  absl::StatusOr<const BlindIndex*> FindIndex(absl::string_view schema,
                                              absl::string_view field);

  // Drops an index with all its entries. NOT_FOUND if there is none.
  absl::Status Drop(absl::string_view schema, absl::string_view field);

  // After a part of what is held of `consumer` was erased: takes out the
  // entries whose value no record says any more.
  absl::Status Reindex(const ConsumerHandle& consumer);

 private:
  absl::Status Build(int64_t number, const OnProgress& on_progress);
  // Adds consumers above the index's built_to; false if something changed and
  // it is to be called again.
  absl::StatusOr<bool> BuildOn(const BlindIndex& index,
                               const OnProgress& on_progress);
  // In one transaction, unless indexes changed since `changes`: then false.
  absl::StatusOr<bool> CommitIfUnchanged(
      int64_t changes, absl::FunctionRef<absl::Status()> change);

  KeyStore& keys_;
  IndexWriter& writer_;
  const RecordScan scan_;
  int64_t walked_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEX_KEEPER_H_
