// What the vault does with blind indexes.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/vault/blind_index.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/entity_keys.h"
#include "src/vault/index_keys.h"
#include "src/vault/indexed_field.h"
#include "src/vault/key_tables.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

absl::Status NoReadyIndex(absl::string_view schema, absl::string_view field) {
  return absl::FailedPreconditionError(absl::StrCat(
      "index: want one about `", schema, ":", field,
      "` that is ready, got none; `subrosa store index list` says what there "
      "is, and `store index add` makes one or goes on with it"));
}

}  // namespace

IndexKeeper Vault::Indexes() {
  return IndexKeeper(
      *keys_, *index_writer_,
      [this](const ConsumerHandle& consumer, absl::string_view schema,
             absl::FunctionRef<absl::Status(const v1::HealthRecord&)> visit) {
        return ScanIndexed({/*inner_token=*/"", consumer.data_ref,
                            consumer.consumer_ref, consumer.key_ref.id},
                           schema,
                           [&](const v1::HealthRecord& record,
                               const RowFacts&) { return visit(record); });
      });
}

absl::Status Vault::ScanIndexed(const DirectoryPointer& pointer,
                                absl::string_view schema, RecordVisitor visit) {
  // The rows of one instant, and the keys as they are after it: records that
  // are resealed meanwhile are found where they were.
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           records_->BeginReading());
  const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
      keys_->Resolve(pointer);
  // Erased meanwhile.
  if (absl::IsNotFound(consumer.status())) return absl::OkStatus();
  if (!consumer.ok()) return consumer.status();
  return ScanRecords(**consumer, schema, visit);
}

absl::Status Vault::Reindex(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_->Find(consumer));
  return Indexes().Reindex(*handle);
}

absl::StatusOr<Resealing> Vault::ErasePart(absl::string_view consumer,
                                           const PartSelection& selection) {
  SUBROSA_ASSIGN_OR_RETURN(const Resealing begun,
                           Parts().Begin(consumer, selection));
  SUBROSA_RETURN_IF_ERROR(Reindex(consumer));
  return begun;
}

absl::Status Vault::FinishPartErasures() {
  SUBROSA_RETURN_IF_ERROR(Parts().FinishDeletions());
  SUBROSA_RETURN_IF_ERROR(FinishReindexing());
  return Parts().Continue(std::numeric_limits<int64_t>::max()).status();
}

absl::Status Vault::FinishReindexing() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<BlindIndex> indexes,
                           Indexes().List());
  if (indexes.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiringKey> retiring,
                           keys_->Tables().consumer_keys.ReadRetiring());
  std::set<KeyId> resealing;
  for (const RetiringKey& key : retiring) {
    if (key.destroy_day == 0) resealing.insert(key.ref.id);
  }
  if (resealing.empty()) return absl::OkStatus();
  // Only the directory leads from a key to all of its consumer's references.
  std::vector<DirectoryPointer> pointers;
  SUBROSA_RETURN_IF_ERROR(VisitDirectory(
      keys_->Tables(), [&](const DirectoryPointer& pointer) -> absl::Status {
        if (resealing.count(pointer.key_id) > 0) pointers.push_back(pointer);
        return absl::OkStatus();
      }));
  for (const DirectoryPointer& pointer : pointers) {
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        keys_->Resolve(pointer);
    if (absl::IsNotFound(consumer.status())) continue;
    if (!consumer.ok()) return consumer.status();
    SUBROSA_RETURN_IF_ERROR(Indexes().Reindex(**consumer));
  }
  return absl::OkStatus();
}

absl::Status Vault::Find(absl::string_view schema, absl::string_view field,
                         absl::string_view value, RecordVisitor visit) {
  BlindIndexes& indexes = index_writer_->indexes();
  SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
  const BlindIndex* const found = indexes.Find(schema, field);
  if (found == nullptr || found->state != IndexState::kReady) {
    return NoReadyIndex(schema, field);
  }
  const BlindIndex index = *found;
  SUBROSA_ASSIGN_OR_RETURN(const IndexedField* const indexed,
                           index_writer_->FieldOf(index));
  SUBROSA_ASSIGN_OR_RETURN(const std::string wanted, indexed->Normalize(value));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string token,
      keys_->Tables().epochs.enabled().index().ValueToken(index, wanted));
  std::vector<IndexPointer> pointers;
  for (int partition = 0; partition < index.partitions; ++partition) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::vector<IndexPointer> some,
        index_writer_->entries().FindAll(
            index.number, IndexKeys::InnerToken(index, token, partition)));
    pointers.insert(pointers.end(), some.begin(), some.end());
  }
  // It may have been dropped, or begun anew, while its entries were read.
  SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
  const BlindIndex* const still = indexes.Find(schema, field);
  if (still == nullptr || still->number != index.number ||
      still->state != IndexState::kReady) {
    return NoReadyIndex(schema, field);
  }
  for (const IndexPointer& pointer : pointers) {
    SUBROSA_RETURN_IF_ERROR(ScanIndexed(
        {/*inner_token=*/"", pointer.data_ref, pointer.consumer_ref,
         pointer.key_id},
        schema,
        [&](const v1::HealthRecord& record,
            const RowFacts& facts) -> absl::Status {
          SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> values,
                                   indexed->ValuesIn(record));
          if (!std::binary_search(values.begin(), values.end(), wanted)) {
            return absl::OkStatus();
          }
          return visit(record, facts);
        }));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
