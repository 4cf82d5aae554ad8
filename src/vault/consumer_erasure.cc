#include "src/vault/consumer_erasure.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_directory.h"
#include "src/vault/stable_secret.h"
#include "src/vault/tombstones.h"

namespace subrosa {
namespace {

// How long whoever reads may keep the journal from being emptied.
constexpr absl::Duration kEmptyingPatience = absl::Seconds(10);

}  // namespace

absl::StatusOr<PreparedErasure> ConsumerErasure::Prepare(
    absl::string_view consumer, const ConsumerHandle& handle) const {
  Leaf leaf = NewLeaf(LeafKind::kConsumerKeyDestroyed, DayOf(clock_.Now()));
  PreparedErasure prepared;
  prepared.consumer = std::string(consumer);
  prepared.key_id = handle.key_ref.id;
  prepared.consumer_ref = handle.consumer_ref;
  prepared.opening = DeriveOpening(*handle.key, leaf.tag);
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           StableSecretOf(entity_, handle));
  leaf.commitments.push_back(TombstoneOf(secret));
  SUBROSA_ASSIGN_OR_RETURN(
      leaf.commitments.emplace_back(),
      Commit(prepared.opening, kLeafConsumerLabel, {consumer, ""}));
  SUBROSA_ASSIGN_OR_RETURN(prepared.leaf, SerializeLeaf(leaf));
  return prepared;
}

absl::StatusOr<std::optional<DestroyedKey>> ConsumerErasure::EraseOne(
    const PreparedErasure& erasure, ConsumerRemoval& removal) {
  const absl::StatusOr<DirectoryPointer> pointer = tables_.directory.Find(
      tables_.epochs.enabled().InnerToken(erasure.consumer));
  if (absl::IsNotFound(pointer.status())) return std::nullopt;
  if (!pointer.ok()) return pointer.status();
  if (pointer->key_id != erasure.key_id) return std::nullopt;
  DestroyedKey destroyed;
  SUBROSA_ASSIGN_OR_RETURN(destroyed.data_refs,
                           removal.Remove(*pointer, erasure.suppression));
  destroyed.consumer_ref = pointer->consumer_ref;
  destroyed.leaf = erasure.leaf;
  destroyed.opening = erasure.opening;
  return destroyed;
}

absl::StatusOr<std::vector<std::optional<DestroyedKey>>> ConsumerErasure::Run(
    Chooser choose, int64_t records_seen) {
  std::vector<std::optional<DestroyedKey>> destroyed;
  {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(tables_.database));
    SUBROSA_ASSIGN_OR_RETURN(const absl::Span<const PreparedErasure> erasures,
                             choose());
    if (erasures.empty()) return destroyed;
    // A rotation may have copied an entry into an epoch that is new to us.
    SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
    SUBROSA_ASSIGN_OR_RETURN(
        ConsumerRemoval removal,
        ConsumerRemoval::Begin(tables_, DayOf(clock_.Now())));
    std::vector<std::string> leaves;
    for (const PreparedErasure& erasure : erasures) {
      SUBROSA_ASSIGN_OR_RETURN(destroyed.emplace_back(),
                               EraseOne(erasure, removal));
      if (destroyed.back().has_value()) leaves.push_back(erasure.leaf);
    }
    SUBROSA_RETURN_IF_ERROR(removal.Finish());
    SUBROSA_ASSIGN_OR_RETURN(int64_t entry,
                             outbox_.Append(leaves, records_seen));
    entry -= static_cast<int64_t>(leaves.size());
    for (std::optional<DestroyedKey>& each : destroyed) {
      if (each.has_value()) each->entry = ++entry;
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  SUBROSA_RETURN_IF_ERROR(Annotate(
      tables_.database.FlushJournal(kEmptyingPatience),
      "key store: the keys are gone, but its journal could not be emptied"));
  return destroyed;
}

}  // namespace subrosa
