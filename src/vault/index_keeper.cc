#include "src/vault/index_keeper.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/blind_entries.h"
#include "src/vault/consumer_walk.h"
#include "src/vault/key_tables.h"
#include "src/vault/value_counter.h"

namespace subrosa {
namespace {

// What is gathered before it is committed: a transaction short enough that
// others do not wait for it.
constexpr size_t kEntriesAtOnce = 4096;
constexpr int64_t kConsumersAtOnce = 1024;

// What stays is made anew: before, it leads to the references that the consumer
// had before the part was erased.
absl::Status ReplaceEntries(int64_t index, const ConsumerHandle& consumer,
                            const std::set<std::string>& inner_tokens,
                            BlindEntries& entries) {
  SUBROSA_RETURN_IF_ERROR(entries.RemoveAll(index, consumer.key_ref.id));
  for (const std::string& inner_token : inner_tokens) {
    SUBROSA_RETURN_IF_ERROR(
        entries.Insert(index, PointerTo(consumer, inner_token)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<BlindIndex>> IndexKeeper::List() {
  SUBROSA_RETURN_IF_ERROR(writer_.indexes().Refresh());
  return writer_.indexes().list();
}

absl::StatusOr<const BlindIndex*> IndexKeeper::FindIndex(
    absl::string_view schema, absl::string_view field) {
  SUBROSA_RETURN_IF_ERROR(writer_.indexes().Refresh());
  return writer_.indexes().Find(schema, field);
}

absl::StatusOr<IndexVerdict> IndexKeeper::Plan(const IndexedField& field,
                                               const IndexLimits& limits,
                                               const OnProgress& on_progress) {
  // Values are counted by hashes that nobody can have chosen them for.
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey hash_key, SecretKey::Random());
  ValueCounter counter;
  int64_t walked = 0;
  SUBROSA_RETURN_IF_ERROR(WalkConsumers(
      keys_, "", [&](const ConsumerHandle& consumer) -> absl::Status {
        std::set<uint64_t> tokens;
        SUBROSA_RETURN_IF_ERROR(scan_(
            consumer, field.schema(),
            [&](const v1::HealthRecord& record) -> absl::Status {
              SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> values,
                                       field.ValuesIn(record));
              for (const std::string& value : values) {
                const auto hash = Prf(hash_key, "histogram", {value});
                uint64_t token = 0;
                for (size_t i = 0; i < sizeof(token); ++i) {
                  token = token << 8 | hash[i];
                }
                tokens.insert(token);
              }
              return absl::OkStatus();
            }));
        counter.AddConsumer(
            std::vector<uint64_t>(tokens.begin(), tokens.end()));
        if (on_progress != nullptr) on_progress(++walked);
        return absl::OkStatus();
      }));
  return PlanIndex(counter.Histogram(), field.facts(), limits);
}

absl::StatusOr<bool> IndexKeeper::CommitIfUnchanged(
    int64_t changes, absl::FunctionRef<absl::Status()> change) {
  const KeyTables tables = keys_.Tables();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(tables.database));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t now, writer_.indexes().ReadChanges());
  if (now != changes) return false;
  SUBROSA_RETURN_IF_ERROR(tables.epochs.Refresh().status());
  SUBROSA_RETURN_IF_ERROR(change());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::Status IndexKeeper::Add(const IndexedField& field,
                              const IndexVerdict& plan,
                              const OnProgress& on_progress) {
  BlindIndexes& indexes = writer_.indexes();
  walked_ = 0;
  for (;;) {
    SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
    const BlindIndex* const index = indexes.Find(field.schema(), field.path());
    if (index == nullptr) {
      // Somebody may have been faster: then it is looked at again.
      SUBROSA_RETURN_IF_ERROR(
          CommitIfUnchanged(indexes.changes(), [&]() {
            return indexes.Add(field.schema(), field.path(), plan).status();
          }).status());
      continue;
    }
    switch (index->state) {
      case IndexState::kBuilding:
        return Build(index->number, on_progress);
      case IndexState::kReady:
        return absl::AlreadyExistsError(absl::StrCat(
            "index: want a field that has none, got `", field.schema(), ":",
            field.path(), "`, which has one"));
      case IndexState::kDropping:
        return absl::FailedPreconditionError(
            "index: want one that is not being dropped; drop it again, which "
            "goes on with it");
    }
  }
}

absl::Status IndexKeeper::Build(int64_t number, const OnProgress& on_progress) {
  BlindIndexes& indexes = writer_.indexes();
  for (;;) {
    SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
    const auto found = std::find_if(
        indexes.list().begin(), indexes.list().end(),
        [&](const BlindIndex& each) { return each.number == number; });
    if (found == indexes.list().end() ||
        found->state == IndexState::kDropping) {
      return absl::FailedPreconditionError(
          "index: want one to build, got one that was dropped meanwhile");
    }
    if (found->state == IndexState::kReady) return absl::OkStatus();
    const BlindIndex index = *found;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_built, BuildOn(index, on_progress));
    if (!is_built) continue;
    SUBROSA_RETURN_IF_ERROR(CommitIfUnchanged(indexes.changes(), [&]() {
                              return indexes.SetState(number,
                                                      IndexState::kReady);
                            }).status());
  }
}

absl::StatusOr<bool> IndexKeeper::BuildOn(const BlindIndex& index,
                                          const OnProgress& on_progress) {
  BlindIndexes& indexes = writer_.indexes();
  const int64_t changes = indexes.changes();
  std::vector<IndexEntry> entries;
  int64_t consumers = 0;
  std::string last;
  bool is_changed = false;
  const auto commit = [&]() -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const bool is_committed,
                             CommitIfUnchanged(changes, [&]() -> absl::Status {
                               SUBROSA_RETURN_IF_ERROR(writer_.Insert(entries));
                               return indexes.SetBuiltTo(index.number, last);
                             }));
    is_changed = !is_committed;
    entries.clear();
    consumers = 0;
    // Ends the walk.
    return is_changed ? absl::AbortedError("") : absl::OkStatus();
  };
  absl::Status walked = WalkConsumers(
      keys_, index.built_to,
      [&](const ConsumerHandle& consumer) -> absl::Status {
        SUBROSA_RETURN_IF_ERROR(scan_(
            consumer, index.schema,
            [&](const v1::HealthRecord& record) -> absl::Status {
              SUBROSA_ASSIGN_OR_RETURN(
                  std::vector<std::string> tokens,
                  writer_.InnerTokens(index, {&consumer, &record}));
              for (std::string& token : tokens) {
                entries.push_back(
                    {index.number, PointerTo(consumer, std::move(token))});
              }
              return absl::OkStatus();
            }));
        last = std::string(
            reinterpret_cast<const char*>(consumer.key_ref.id.data()),
            consumer.key_ref.id.size());
        ++walked_;
        if (entries.size() >= kEntriesAtOnce ||
            ++consumers >= kConsumersAtOnce) {
          SUBROSA_RETURN_IF_ERROR(commit());
        }
        if (on_progress != nullptr) on_progress(walked_);
        return absl::OkStatus();
      });
  if (walked.ok() && !entries.empty()) walked = commit();
  if (is_changed) {
    // Read again what is built so far, which counts as no change.
    SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
    return false;
  }
  if (!walked.ok()) return walked;
  return true;
}

absl::Status IndexKeeper::Drop(absl::string_view schema,
                               absl::string_view field) {
  BlindIndexes& indexes = writer_.indexes();
  int64_t number = 0;
  for (;;) {
    SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
    const BlindIndex* const index = indexes.Find(schema, field);
    if (index == nullptr) {
      return absl::NotFoundError(
          "index: want a field that has one, got one that has none");
    }
    number = index->number;
    if (index->state == IndexState::kDropping) break;
    SUBROSA_RETURN_IF_ERROR(CommitIfUnchanged(indexes.changes(), [&]() {
                              return indexes.SetState(number,
                                                      IndexState::kDropping);
                            }).status());
  }
  for (;;) {
    int64_t removed = 0;
    SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
    SUBROSA_ASSIGN_OR_RETURN(
        const bool is_committed,
        CommitIfUnchanged(indexes.changes(), [&]() -> absl::Status {
          SUBROSA_ASSIGN_OR_RETURN(
              removed, writer_.entries().RemoveSome(
                           number, static_cast<int64_t>(kEntriesAtOnce)));
          return removed == 0 ? indexes.Remove(number) : absl::OkStatus();
        }));
    if (is_committed && removed == 0) return indexes.Refresh();
  }
}

absl::Status IndexKeeper::Reindex(const ConsumerHandle& consumer) {
  BlindIndexes& indexes = writer_.indexes();
  for (;;) {
    SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
    const std::vector<BlindIndex> list = indexes.list();
    if (list.empty()) return absl::OkStatus();
    std::vector<std::set<std::string>> kept(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      SUBROSA_RETURN_IF_ERROR(
          scan_(consumer, list[i].schema,
                [&](const v1::HealthRecord& record) -> absl::Status {
                  SUBROSA_ASSIGN_OR_RETURN(
                      const std::vector<std::string> tokens,
                      writer_.InnerTokens(list[i], {&consumer, &record}));
                  kept[i].insert(tokens.begin(), tokens.end());
                  return absl::OkStatus();
                }));
    }
    SUBROSA_ASSIGN_OR_RETURN(
        const bool is_committed,
        CommitIfUnchanged(indexes.changes(), [&]() -> absl::Status {
          for (size_t i = 0; i < list.size(); ++i) {
            SUBROSA_RETURN_IF_ERROR(ReplaceEntries(list[i].number, consumer,
                                                   kept[i], writer_.entries()));
          }
          return indexes.CountChange();
        }));
    if (is_committed) break;
  }
  // What was put while the records were read: see index_writer.h.
  SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
  const std::vector<BlindIndex> list = indexes.list();
  for (const BlindIndex& index : list) {
    SUBROSA_RETURN_IF_ERROR(
        scan_(consumer, index.schema,
              [&](const v1::HealthRecord& record) -> absl::Status {
                return writer_.AddMissing({{&consumer, &record}}).status();
              }));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
