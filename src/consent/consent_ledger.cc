#include "src/consent/consent_ledger.h"

#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/consent/ledger_entry.h"
#include "src/consent/ledger_seal.h"
#include "src/consent/standing.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/vault/signal_counts.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

// From so many entries on, starting threads costs less than they save.
constexpr size_t kWorthThreads = 64;

// Whose an entry is that has not the shape of one.
constexpr size_t kNobody = std::numeric_limits<size_t>::max();

absl::Status ErasedError() {
  return absl::FailedPreconditionError(
      "entry.consumer: want one who was not erased, got one who was");
}

// Whether `entry`, the consumer's `number`-th, may be taken, after what stands:
// if so it is folded into `standing`.
absl::Status TakeIn(const v1::LedgerEntry& entry, uint64_t number,
                    int32_t today, ConsentLedger::EntryCheck check,
                    v1::Standing* standing) {
  v1::Standing anew;
  v1::Standing* after = standing;
  if (entry.answers_all()) {
    *anew.mutable_facts() = standing->facts();
    after = &anew;
  }
  SUBROSA_RETURN_IF_ERROR(check(entry, *after));
  if (entry.has_choice()) {
    SUBROSA_RETURN_IF_ERROR(FoldChoice(entry.choice(), number, today, after));
  }
  if (entry.has_facts()) *after->mutable_facts() = entry.facts();
  if (entry.answers_all()) standing->Swap(&anew);
  return absl::OkStatus();
}

}  // namespace

struct ConsentLedger::Writer {
  std::unique_ptr<ConsumerHandle> consumer;  // Null: suppressed or refused.
  bool is_refused = false;  // Is new, and none of their entries may be taken.
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
  int32_t day = 0;  // The leaf's.
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
    absl::Span<const v1::LedgerEntry* const> entries, EntryCheck check,
    StoreBeside beside) {
  Batch batch;
  batch.entries = entries;
  batch.results.resize(entries.size());
  batch.written.resize(entries.size());
  batch.writer_of.resize(entries.size(), kNobody);
  absl::flat_hash_map<absl::string_view, size_t> writers;
  for (size_t i = 0; i < entries.size(); ++i) {
    batch.results[i].status = CheckEntryShape(*entries[i]);
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
  SUBROSA_RETURN_IF_ERROR(Resolve(check, &batch));
  SUBROSA_RETURN_IF_ERROR(Write(check, beside, &batch));
  SUBROSA_RETURN_IF_ERROR(Recheck(&batch));
  return std::move(batch.results);
}

bool ConsentLedger::MayMake(const Writer& writer, EntryCheck check,
                            Batch* batch) const {
  for (const size_t i : writer.entries) {
    v1::Standing nothing;
    absl::Status& status = batch->results[i].status;
    status =
        TakeIn(*batch->entries[i], 1, DayOf(clock_.Now()), check, &nothing);
    if (status.ok()) return true;
  }
  return false;
}

absl::Status ConsentLedger::Resolve(EntryCheck check, Batch* batch) {
  KeyStore& keys = vault_.keys();
  SUBROSA_ASSIGN_OR_RETURN(batch->erasures, keys.ReadErasureCount());
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Resolved> resolved,
                           keys.FindOrCreate(batch->consumers, [&](size_t i) {
                             batch->writers[i].is_refused =
                                 !MayMake(batch->writers[i], check, batch);
                             return !batch->writers[i].is_refused;
                           }));
  for (size_t i = 0; i < resolved.size(); ++i) {
    Writer& writer = batch->writers[i];
    writer.consumer = std::move(resolved[i].consumer);
    if (writer.consumer != nullptr || writer.is_refused) continue;
    for (const size_t entry : writer.entries) {
      batch->results[entry].status = ErasedError();
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(batch->keys_seen, keys.ReadIssued());
  return absl::OkStatus();
}

absl::Status ConsentLedger::Write(EntryCheck check, StoreBeside beside,
                                  Batch* batch) {
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
  SUBROSA_RETURN_IF_ERROR(Store(sealing, beside, batch));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  // Otherwise somebody else's rows stand between.
  if (seen_row_ == before) seen_row_ = batch->last_row;
  return absl::OkStatus();
}

absl::Status ConsentLedger::Store(WorkAhead& sealing, StoreBeside beside,
                                  Batch* batch) {
  std::vector<std::string> leaves;
  leaves.reserve(batch->entries.size());
  NewSignals signals;
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
    const v1::Choice& choice = batch->entries[i]->choice();
    if (choice.kind() == v1::CHOICE_KIND_SIGNAL) {
      const absl::CivilDay day = CivilDayOf(batch->written[i].day);
      ++signals[{static_cast<int32_t>(day.year()), choice.jurisdiction()}];
    }
    SUBROSA_RETURN_IF_ERROR(beside(i, &leaves));
  }
  for (const Writer& writer : batch->writers) {
    if (!writer.changed) continue;
    SUBROSA_RETURN_IF_ERROR(
        states_.Write(writer.consumer->consumer_ref, writer.state));
  }
  SUBROSA_RETURN_IF_ERROR(rows_.WriteLast(batch->last_row));
  SUBROSA_RETURN_IF_ERROR(
      SignalCounts(vault_.records()).Add(signals, DayOf(clock_.Now())));
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
  const uint64_t number = writer->state.choices + 1;
  result->status = TakeIn(entry, number, moment.day, check, &writer->standing);
  if (!result->status.ok()) return absl::OkStatus();
  if (entry.answers_all()) writer->state.ask_again = false;

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
      LeafOfEntry(entry, content, tag, moment.day, *writer->stable_secret));
  written->day = moment.day;
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
