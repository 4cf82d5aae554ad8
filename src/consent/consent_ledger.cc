#include "src/consent/consent_ledger.h"

#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/consent/ledger_seal.h"
#include "src/consent/standing.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;

// From so many entries on, starting threads costs less than they save.
constexpr size_t kWorthThreads = 64;

// Whose an entry is that has not the shape of one.
constexpr size_t kNobody = std::numeric_limits<size_t>::max();

// What commitments to an entry's content are made for.
constexpr PrfLabel kContentLabel("choice content");

absl::Status CheckShape(const v1::LedgerEntry& entry) {
  const size_t id = entry.consumer().size();
  if (id == 0 || id > kMaxConsumerBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry.consumer: want 1 to ", kMaxConsumerBytes, " bytes, got ", id));
  }
  if (entry.entry_case() == v1::LedgerEntry::ENTRY_NOT_SET) {
    return absl::InvalidArgumentError(
        "entry: want a choice or facts, got neither");
  }
  const size_t bytes = entry.ByteSizeLong();
  if (bytes > kMaxLedgerEntryBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry: want at most ", kMaxLedgerEntryBytes, " bytes, got ", bytes));
  }
  return absl::OkStatus();
}

absl::Status ErasedError() {
  return absl::FailedPreconditionError(
      "entry.consumer: want one who was not erased, got one who was");
}

// Its commitments are to the consumer, to `content`, the entry's bytes, and the
// tag.
absl::StatusOr<std::string> MakeLeaf(const v1::LedgerEntry& entry,
                                     absl::string_view content,
                                     const Commitment& tag, int32_t day,
                                     const SecretKey& stable_secret) {
  Leaf leaf = NewLeaf(LeafKind::kChoice, day);
  leaf.numbers = {static_cast<uint64_t>(entry.choice().kind())};
  leaf.jurisdiction = entry.choice().jurisdiction();
  const Opening opening = DeriveOpening(stable_secret, leaf.tag);
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_consumer,
      Commit(opening, kLeafConsumerLabel, {entry.consumer(), ""}));
  SUBROSA_ASSIGN_OR_RETURN(const Commitment to_content,
                           Commit(opening, kContentLabel, {content}));
  leaf.commitments = {to_consumer, to_content, tag};
  return SerializeLeaf(leaf);
}

}  // namespace

struct ConsentLedger::Writer {
  std::unique_ptr<ConsumerHandle> consumer;  // Null: suppressed.
  std::unique_ptr<SecretKey> stable_secret;
  std::unique_ptr<SecretKey> key;
  ChoiceState state;
  v1::Standing standing;
  bool changed = false;
  std::vector<size_t> entries;  // Places in the batch.
  absl::Status sealed;          // What SealOf returned.
};

struct ConsentLedger::Written {
  std::string sealed;
  std::string leaf;
};

// The time of a batch, in the forms that its entries need.
struct ConsentLedger::Moment {
  explicit Moment(absl::Time now) : day(DayOf(now)) {
    v1::LedgerEntry entry;
    entry.mutable_recorded_at()->set_seconds(absl::ToUnixSeconds(now));
    recorded_at = entry.SerializeAsString();
  }

  int32_t day;
  std::string recorded_at;  // Its field of an entry, as bytes of the message.
};

struct ConsentLedger::Batch {
  absl::Span<const v1::LedgerEntry* const> entries;
  std::vector<EntryResult> results;  // As the entries, as are the next two.
  std::vector<Written> written;
  std::vector<size_t> writer_of;  // Places in `writers`, or kNobody.
  // In the order of their first entries, as are their ids.
  std::vector<Writer> writers;
  std::vector<std::string> consumers;
  int64_t last_row = 0;  // That was given.
  // Of the key store: erasures and outbox, before anything was written.
  int64_t erasures = 0;
  int64_t keys_seen = 0;
};

absl::StatusOr<std::unique_ptr<ConsentLedger>> ConsentLedger::Open(
    Vault& vault, const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(ChoiceStates states,
                           ChoiceStates::Open(vault.records()));
  SUBROSA_ASSIGN_OR_RETURN(ChoiceRows rows, ChoiceRows::Open(vault.records()));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t seen_row, rows.ReadLast());
  return std::unique_ptr<ConsentLedger>(new ConsentLedger(
      vault, clock, std::move(states), std::move(rows), seen_row));
}

absl::StatusOr<std::vector<EntryResult>> ConsentLedger::Append(
    absl::Span<const v1::LedgerEntry* const> entries, EntryCheck check) {
  Batch batch;
  batch.entries = entries;
  batch.results.resize(entries.size());
  batch.written.resize(entries.size());
  batch.writer_of.resize(entries.size(), kNobody);
  absl::flat_hash_map<absl::string_view, size_t> writers;
  for (size_t i = 0; i < entries.size(); ++i) {
    batch.results[i].status = CheckShape(*entries[i]);
    if (!batch.results[i].status.ok()) continue;
    const auto [place, is_new] =
        writers.try_emplace(entries[i]->consumer(), batch.writers.size());
    if (is_new) {
      batch.consumers.push_back(entries[i]->consumer());
      batch.writers.emplace_back();
    }
    batch.writers[place->second].entries.push_back(i);
    batch.writer_of[i] = place->second;
  }
  if (batch.writers.empty()) return std::move(batch.results);
  SUBROSA_RETURN_IF_ERROR(Resolve(&batch));
  SUBROSA_RETURN_IF_ERROR(Write(check, &batch));
  SUBROSA_RETURN_IF_ERROR(Recheck(&batch));
  return std::move(batch.results);
}

absl::Status ConsentLedger::Resolve(Batch* batch) {
  KeyStore& keys = vault_.keys();
  SUBROSA_ASSIGN_OR_RETURN(batch->erasures, keys.ReadErasureCount());
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Resolved> resolved,
                           keys.FindOrCreate(batch->consumers));
  for (size_t i = 0; i < resolved.size(); ++i) {
    batch->writers[i].consumer = std::move(resolved[i].consumer);
    if (batch->writers[i].consumer != nullptr) continue;
    for (const size_t entry : batch->writers[i].entries) {
      batch->results[entry].status = ErasedError();
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(batch->keys_seen, keys.ReadIssued());
  return absl::OkStatus();
}

absl::Status ConsentLedger::Write(EntryCheck check, Batch* batch) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  for (Writer& writer : batch->writers) {
    if (writer.consumer == nullptr) continue;
    SUBROSA_ASSIGN_OR_RETURN(writer.state,
                             states_.Read(writer.consumer->consumer_ref));
  }
  SUBROSA_ASSIGN_OR_RETURN(const int64_t before, rows_.ReadLast());
  batch->last_row = before;
  // Sealing takes as long as storing, which only one thread can do.
  WorkAhead sealing(
      batch->writers.size(),
      batch->entries.size() < kWorthThreads ? 0 : ProcessorCount() - 1,
      [&](size_t i) {
        Writer& writer = batch->writers[i];
        if (writer.consumer == nullptr) return;
        writer.sealed = SealOf(&writer, check, batch);
      });
  SUBROSA_RETURN_IF_ERROR(Store(sealing, batch));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  // Otherwise somebody else's rows stand between.
  if (seen_row_ == before) seen_row_ = batch->last_row;
  return absl::OkStatus();
}

absl::Status ConsentLedger::Store(WorkAhead& sealing, Batch* batch) {
  std::vector<std::string> leaves;
  leaves.reserve(batch->entries.size());
  for (size_t i = 0; i < batch->entries.size(); ++i) {
    const size_t of = batch->writer_of[i];
    if (of == kNobody) continue;
    Writer& writer = batch->writers[of];
    if (writer.consumer == nullptr) continue;
    sealing.WaitFor(of);
    SUBROSA_RETURN_IF_ERROR(writer.sealed);
    if (!batch->results[i].status.ok()) continue;
    SUBROSA_RETURN_IF_ERROR(
        rows_.Insert({++batch->last_row, writer.consumer->consumer_ref,
                      batch->results[i].number, writer.state.last_row,
                      batch->written[i].sealed}));
    writer.state.last_row = batch->last_row;
    leaves.push_back(std::move(batch->written[i].leaf));
  }
  for (const Writer& writer : batch->writers) {
    if (!writer.changed) continue;
    SUBROSA_RETURN_IF_ERROR(
        states_.Write(writer.consumer->consumer_ref, writer.state));
  }
  SUBROSA_RETURN_IF_ERROR(rows_.WriteLast(batch->last_row));
  return vault_.records().AppendEntries(leaves, batch->keys_seen);
}

absl::Status ConsentLedger::SealOf(Writer* writer, EntryCheck check,
                                   Batch* batch) const {
  const LedgerPlace place = {vault_.entity(), writer->consumer->consumer_ref,
                             0};
  SUBROSA_ASSIGN_OR_RETURN(SecretKey secret,
                           StableSecretOf(vault_.entity(), *writer->consumer));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, LedgerKeyOf(secret));
  writer->stable_secret = std::make_unique<SecretKey>(std::move(secret));
  writer->key = std::make_unique<SecretKey>(std::move(key));
  if (!writer->state.standing.empty()) {
    SUBROSA_RETURN_IF_ERROR(OpenLedger(
        *writer->key, place, writer->state.standing, &writer->standing));
  }
  const Moment moment(clock_.Now());
  for (const size_t i : writer->entries) {
    SUBROSA_RETURN_IF_ERROR(SealEntry(*batch->entries[i], check, moment, writer,
                                      &batch->results[i], &batch->written[i]));
  }
  if (!writer->changed) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      writer->state.standing,
      SealLedger(*writer->key, place, writer->standing.SerializeAsString()));
  return absl::OkStatus();
}

absl::Status ConsentLedger::SealEntry(const v1::LedgerEntry& entry,
                                      EntryCheck check, const Moment& moment,
                                      Writer* writer, EntryResult* result,
                                      Written* written) const {
  v1::Standing anew;
  v1::Standing* standing = &writer->standing;
  if (entry.answers_all()) {
    *anew.mutable_facts() = writer->standing.facts();
    standing = &anew;
  }
  const uint64_t number = writer->state.choices + 1;
  result->status = check(entry, *standing);
  if (result->status.ok() && entry.has_choice()) {
    result->status = FoldChoice(entry.choice(), number, moment.day, standing);
  }
  if (!result->status.ok()) return absl::OkStatus();
  if (entry.has_facts()) *standing->mutable_facts() = entry.facts();
  if (entry.answers_all()) {
    writer->standing.Swap(&anew);
    writer->state.ask_again = false;
  }

  // The entry as it was given, and when it was recorded.
  std::string content = entry.SerializeAsString();
  content += moment.recorded_at;
  SUBROSA_ASSIGN_OR_RETURN(
      written->sealed,
      SealLedger(*writer->key,
                 {vault_.entity(), writer->consumer->consumer_ref, number},
                 content));
  const Commitment tag = ChoiceTagOf(*writer->stable_secret, number);
  SUBROSA_ASSIGN_OR_RETURN(
      written->leaf,
      MakeLeaf(entry, content, tag, moment.day, *writer->stable_secret));
  writer->state.choices = number;
  writer->changed = true;
  result->number = number;
  if (entry.choice().kind() == v1::CHOICE_KIND_CONSENT) {
    result->consent_ref = ConsentRefOf(tag);
  }
  return absl::OkStatus();
}

absl::Status ConsentLedger::Recheck(Batch* batch) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t now, vault_.keys().ReadErasureCount());
  if (now == batch->erasures) return absl::OkStatus();
  for (size_t i = 0; i < batch->writers.size(); ++i) {
    const Writer& writer = batch->writers[i];
    if (writer.consumer == nullptr) continue;
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> found =
        vault_.keys().Find(batch->consumers[i]);
    // Whoever was erased and taken in again has another reference.
    if (found.ok() && (*found)->consumer_ref == writer.consumer->consumer_ref) {
      continue;
    }
    if (!found.ok() && !absl::IsNotFound(found.status())) {
      return found.status();
    }
    SUBROSA_RETURN_IF_ERROR(
        ForgetChoices(vault_.records(), {writer.consumer->consumer_ref}));
    for (const size_t entry : writer.entries) {
      batch->results[entry].status = ErasedError();
    }
  }
  return absl::OkStatus();
}

absl::Status ConsentLedger::Visit(absl::string_view consumer,
                                  EntryVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           vault_.keys().Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           vault_.keys().StableSecretOf(*handle));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key, LedgerKeyOf(secret));
  SUBROSA_ASSIGN_OR_RETURN(const ChoiceState state,
                           states_.Read(handle->consumer_ref));
  v1::LedgerEntry entry;
  return rows_.Visit(
      handle->consumer_ref, state.last_row,
      [&](uint64_t number, absl::string_view sealed) -> absl::Status {
        SUBROSA_RETURN_IF_ERROR(
            OpenLedger(key, {vault_.entity(), handle->consumer_ref, number},
                       sealed, &entry));
        return visit(number, entry);
      });
}

absl::Status ConsentLedger::VisitChanged(
    absl::FunctionRef<void(absl::string_view consumer_ref)> visit) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t last, rows_.ReadLast());
  if (last <= seen_row_) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(rows_.VisitConsumers(seen_row_, last, visit));
  seen_row_ = last;
  return absl::OkStatus();
}

}  // namespace subrosa
