#include "src/vault/choice_restore.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/choice_states.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

using TagSet = absl::flat_hash_set<Commitment>;

// Each consumer, with the newest version of their key. An entry without a key
// is damage, for CheckKeys to tell.
using ConsumerVisitor =
    absl::FunctionRef<absl::Status(const ConsumerHandle& consumer)>;
absl::Status VisitConsumers(const KeyTables& tables, ConsumerVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> find,
      tables.database.Prepare(
          "SELECT version, epoch, wrapped, carried FROM consumer_key"
          " WHERE entity = $1 AND key_id = $2 ORDER BY version DESC LIMIT 1"));
  return VisitDirectory(
      tables, [&](const DirectoryPointer& pointer) -> absl::Status {
        find->BindInt(1, tables.entity_number);
        find->BindBytes(2, absl::string_view(reinterpret_cast<const char*>(
                                                 pointer.key_id.data()),
                                             pointer.key_id.size()));
        SUBROSA_ASSIGN_OR_RETURN(const bool found, find->Step());
        if (!found) return absl::OkStatus();
        ConsumerHandle consumer;
        consumer.data_ref = pointer.data_ref;
        consumer.consumer_ref = pointer.consumer_ref;
        consumer.key_ref.id = pointer.key_id;
        consumer.key_ref.version = static_cast<uint32_t>(find->ColumnInt(0));
        const auto epoch = static_cast<uint32_t>(find->ColumnInt(1));
        const std::string wrapped(find->ColumnBytes(2));
        consumer.carried = std::string(find->ColumnBytes(3));
        find->Reset();
        const EntityKeys* const keys = tables.epochs.Find(epoch);
        if (keys == nullptr) {
          return absl::DataLossError(absl::StrCat(
              "key store: a consumer's key: want an open epoch, got ", epoch));
        }
        SUBROSA_ASSIGN_OR_RETURN(
            SecretKey key, keys->UnwrapConsumerKey(consumer.key_ref, wrapped));
        consumer.key = std::make_shared<const SecretKey>(std::move(key));
        return visit(consumer);
      });
}

// The last number after `known` whose tag is in `tags`; `known` if there is
// none.
uint64_t LastTold(const SecretKey& secret, uint64_t known, const TagSet& tags) {
  uint64_t last = known;
  for (uint64_t number = known + 1; number <= last + kChoiceLookAhead;
       ++number) {
    if (tags.contains(ChoiceTagOf(secret, number))) last = number;
  }
  return last;
}

absl::Status MarkThoseIn(const TagSet& tags, const KeyTables& tables,
                         RecordStore& records) {
  const std::string& entity = tables.epochs.enabled().entity();
  SUBROSA_ASSIGN_OR_RETURN(ChoiceStates states, ChoiceStates::Open(records));
  return VisitConsumers(
      tables, [&](const ConsumerHandle& consumer) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(ChoiceState state,
                                 states.Read(consumer.consumer_ref));
        SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                                 StableSecretOf(entity, consumer));
        const uint64_t last = LastTold(secret, state.choices, tags);
        if (last == state.choices) return absl::OkStatus();
        state.choices = last;
        state.ask_again = true;
        return states.Write(consumer.consumer_ref, state);
      });
}

absl::StatusOr<int64_t> CountMarked(RecordStore& records) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      records.database().Prepare("SELECT count(*) FROM choice_state"
                                 " WHERE entity = $1 AND ask_again = 1"));
  count->BindInt(1, records.entity_number());
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  return count->ColumnInt(0);
}

}  // namespace

absl::StatusOr<int64_t> MarkOutdatedChoices(const KeyTables& tables,
                                            RecordStore& records,
                                            LogReader& log, uint64_t from,
                                            uint64_t to, size_t tags_at_once) {
  TagSet tags;
  SUBROSA_RETURN_IF_ERROR(log.VisitEntries(
      from, to, [&](uint64_t, absl::string_view entry) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(entry));
        if (leaf.kind != LeafKind::kChoice) return absl::OkStatus();
        tags.insert(leaf.commitments[kChoiceTagPlace]);
        if (tags.size() < tags_at_once) return absl::OkStatus();
        const absl::Status marked = MarkThoseIn(tags, tables, records);
        tags.clear();
        return marked;
      }));
  if (!tags.empty()) {
    SUBROSA_RETURN_IF_ERROR(MarkThoseIn(tags, tables, records));
  }
  return CountMarked(records);
}

}  // namespace subrosa
