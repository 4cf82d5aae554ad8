// A ConsumerErasure takes consumers out of the key store, many in one
// transaction: their keys, their entries, and what the log is told of it.
//
// It has two steps. Prepare makes what the log will be told, with the opening
// that proves to the consumer that it is about them; whoever keeps that before
// the keys are destroyed can prove the erasure even if they are stopped in the
// middle of it. Afterwards nobody can make it again.
//
// Thread-compatible. Errors are those of Connection and KeyProvider, besides
// what is said below.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_ERASURE_H_
#define SUBROSA_SRC_VAULT_CONSUMER_ERASURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/crypto/commitment.h"
#include "src/crypto/envelope.h"
#include "src/store/outbox.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_removal.h"
#include "src/vault/key_tables.h"

namespace subrosa {

// An erasure that is about to be.
struct PreparedErasure {
  std::string consumer;      // An account id.
  KeyId key_id = {};         // Of the consumer that it was prepared for.
  std::string consumer_ref;  // Of the same.
  std::string leaf;          // The log's entry about it.
  Opening opening = {};      // Of the leaf's commitment to the consumer.
  // Whether the id is kept from being put again.
  Suppression suppression = Suppression::kKept;
};

// What an erasure leaves in the hands of its caller.
struct DestroyedKey {
  std::vector<std::string> data_refs;  // Whose rows are due for deletion.
  std::string consumer_ref;
  std::string leaf;   // The log's entry about it.
  Opening opening;    // Of the leaf's commitment to the consumer; the last
                      // copy, for whoever is given the receipt.
  int64_t entry = 0;  // The leaf's number in the key store's outbox.
};

class ConsumerErasure {
 public:
  // What it works on must outlive it; `entity` is the tables'.
  ConsumerErasure(const KeyTables& tables, Outbox& outbox, const Clock& clock,
                  absl::string_view entity)
      : tables_(tables), outbox_(outbox), clock_(clock), entity_(entity) {}

  // Changes nothing. `handle` is the consumer's.
  absl::StatusOr<PreparedErasure> Prepare(absl::string_view consumer,
                                          const ConsumerHandle& handle) const;

  // Erases each of those that `choose` returns and that is there still: one
  // result each, in order, and none where the consumer that it was prepared for
  // is gone. `choose` is called once nobody else can write to the key store,
  // and what it returns has to live until this returns; nothing is erased if it
  // fails. Once this is OK the keys are gone for good, from the database's
  // journal too.
  //
  // UNAVAILABLE after the keys are gone if the journal could not be emptied.
  // `records_seen` is the record store outbox's ReadIssued from before.
  using Chooser =
      absl::FunctionRef<absl::StatusOr<absl::Span<const PreparedErasure>>()>;
  absl::StatusOr<std::vector<std::optional<DestroyedKey>>> Run(
      Chooser choose, int64_t records_seen);

 private:
  absl::StatusOr<std::optional<DestroyedKey>> EraseOne(
      const PreparedErasure& erasure, ConsumerRemoval& removal);

  const KeyTables tables_;
  Outbox& outbox_;
  const Clock& clock_;
  const std::string entity_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_ERASURE_H_
