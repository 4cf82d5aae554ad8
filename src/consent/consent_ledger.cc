#include "src/consent/consent_ledger.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/consent/ledger_seal.h"
#include "src/consent/standing.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;

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

}  // namespace

struct ConsentLedger::Writer {
  std::unique_ptr<ConsumerHandle> consumer;  // Null: suppressed.
  std::unique_ptr<SecretKey> stable_secret;
  std::unique_ptr<SecretKey> key;
  ChoiceState state;
  v1::Standing standing;
  bool changed = false;
};

absl::StatusOr<std::unique_ptr<ConsentLedger>> ConsentLedger::Open(
    Vault& vault, const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(ChoiceStates states,
                           ChoiceStates::Open(vault.records()));
  std::unique_ptr<ConsentLedger> ledger(
      new ConsentLedger(vault, clock, std::move(states)));
  SUBROSA_RETURN_IF_ERROR(ledger->PrepareStatements());
  return ledger;
}

absl::Status ConsentLedger::PrepareStatements() {
  Connection& database = vault_.records().database();
  SUBROSA_ASSIGN_OR_RETURN(
      insert_, database.Prepare("INSERT INTO choice(entity, consumer_ref,"
                                " number, sealed) VALUES($1, $2, $3, $4)"));
  SUBROSA_ASSIGN_OR_RETURN(
      visit_, database.Prepare("SELECT number, sealed FROM choice"
                               " WHERE entity = $1 AND consumer_ref = $2"
                               " ORDER BY number"));
  SUBROSA_ASSIGN_OR_RETURN(last_row_,
                           database.Prepare("SELECT max(row) FROM choice"));
  SUBROSA_ASSIGN_OR_RETURN(changed_,
                           database.Prepare("SELECT consumer_ref FROM choice"
                                            " WHERE row > $1 AND row <= $2"
                                            " AND entity = $3"));
  return absl::OkStatus();
}

absl::Status ConsentLedger::ReadWriter(Writer* writer) {
  const ConsumerHandle& consumer = *writer->consumer;
  SUBROSA_ASSIGN_OR_RETURN(SecretKey secret,
                           vault_.keys().StableSecretOf(consumer));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, LedgerKeyOf(secret));
  writer->stable_secret = std::make_unique<SecretKey>(std::move(secret));
  writer->key = std::make_unique<SecretKey>(std::move(key));
  SUBROSA_ASSIGN_OR_RETURN(writer->state, states_.Read(consumer.consumer_ref));
  if (writer->state.standing.empty()) return absl::OkStatus();
  return OpenLedger(*writer->key, {vault_.entity(), consumer.consumer_ref, 0},
                    writer->state.standing, &writer->standing);
}

absl::StatusOr<std::vector<EntryResult>> ConsentLedger::Append(
    absl::Span<const v1::LedgerEntry* const> entries, EntryCheck check) {
  std::vector<EntryResult> results(entries.size());
  Writers writers;
  std::vector<std::string> consumers;
  for (size_t i = 0; i < entries.size(); ++i) {
    results[i].status = CheckShape(*entries[i]);
    if (results[i].status.ok() &&
        writers.try_emplace(entries[i]->consumer()).second) {
      consumers.push_back(entries[i]->consumer());
    }
  }
  if (consumers.empty()) return results;

  KeyStore& keys = vault_.keys();
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures, keys.ReadErasureCount());
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Resolved> resolved,
                           keys.FindOrCreate(consumers));
  for (size_t i = 0; i < consumers.size(); ++i) {
    writers[consumers[i]].consumer = std::move(resolved[i].consumer);
  }
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys.ReadIssued());

  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  for (auto& [consumer, writer] : writers) {
    if (writer.consumer == nullptr) continue;
    SUBROSA_RETURN_IF_ERROR(ReadWriter(&writer));
  }
  std::vector<std::string> leaves;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!results[i].status.ok()) continue;
    Writer& writer = writers[entries[i]->consumer()];
    if (writer.consumer == nullptr) {
      results[i].status = ErasedError();
      continue;
    }
    std::string leaf;
    SUBROSA_RETURN_IF_ERROR(
        AppendOne(*entries[i], check, &writer, &results[i], &leaf));
    if (results[i].status.ok()) leaves.push_back(std::move(leaf));
  }
  for (auto& [consumer, writer] : writers) {
    if (!writer.changed) continue;
    const std::string& ref = writer.consumer->consumer_ref;
    SUBROSA_ASSIGN_OR_RETURN(writer.state.standing,
                             SealLedger(*writer.key, {vault_.entity(), ref, 0},
                                        writer.standing.SerializeAsString()));
    SUBROSA_RETURN_IF_ERROR(states_.Write(ref, writer.state));
  }
  SUBROSA_RETURN_IF_ERROR(records.AppendEntries(leaves, keys_seen));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  SUBROSA_RETURN_IF_ERROR(Recheck(erasures, writers, entries, &results));
  return results;
}

absl::Status ConsentLedger::AppendOne(const v1::LedgerEntry& entry,
                                      EntryCheck check, Writer* writer,
                                      EntryResult* result, std::string* leaf) {
  const absl::Time now = clock_.Now();
  v1::Standing& standing = writer->standing;
  if (entry.answers_all()) {
    v1::Standing before;
    *before.mutable_facts() = standing.facts();
    result->status = check(entry, before);
    if (result->status.ok()) standing.clear_choice();
  } else {
    result->status = check(entry, standing);
  }
  if (!result->status.ok()) return absl::OkStatus();
  const uint64_t number = writer->state.choices + 1;
  if (entry.has_facts()) {
    *standing.mutable_facts() = entry.facts();
  } else {
    result->status = FoldChoice(entry.choice(), number, DayOf(now), &standing);
    if (!result->status.ok()) return absl::OkStatus();
  }

  // The entry as it was given, and when it was recorded.
  v1::LedgerEntry recorded;
  recorded.mutable_recorded_at()->set_seconds(absl::ToUnixSeconds(now));
  std::string content = entry.SerializeAsString();
  recorded.AppendToString(&content);
  const std::string& ref = writer->consumer->consumer_ref;
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string sealed,
      SealLedger(*writer->key, {vault_.entity(), ref, number}, content));
  SUBROSA_RETURN_IF_ERROR(Insert(ref, number, sealed));
  writer->state.choices = number;
  if (entry.answers_all()) writer->state.ask_again = false;
  writer->changed = true;
  result->number = number;
  SUBROSA_ASSIGN_OR_RETURN(*leaf, MakeLeaf(entry, content, number, writer));
  return absl::OkStatus();
}

absl::Status ConsentLedger::Insert(absl::string_view consumer_ref,
                                   uint64_t number, absl::string_view sealed) {
  insert_->BindInt(1, vault_.records().entity_number());
  insert_->BindBytes(2, consumer_ref);
  insert_->BindInt(3, static_cast<int64_t>(number));
  insert_->BindBytes(4, sealed);
  return insert_->Run();
}

absl::StatusOr<std::string> ConsentLedger::MakeLeaf(
    const v1::LedgerEntry& entry, absl::string_view content, uint64_t number,
    Writer* writer) {
  Leaf leaf = NewLeaf(LeafKind::kChoice, DayOf(clock_.Now()));
  leaf.numbers = {static_cast<uint64_t>(entry.choice().kind())};
  leaf.jurisdiction = entry.choice().jurisdiction();
  const Opening opening = DeriveOpening(*writer->stable_secret, leaf.tag);
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_consumer,
      Commit(opening, kLeafConsumerLabel, {entry.consumer()}));
  SUBROSA_ASSIGN_OR_RETURN(const Commitment to_content,
                           Commit(opening, kContentLabel, {content}));
  leaf.commitments = {to_consumer, to_content,
                      ChoiceTagOf(*writer->stable_secret, number)};
  return SerializeLeaf(leaf);
}

absl::Status ConsentLedger::Recheck(
    int64_t erasures, const Writers& writers,
    absl::Span<const v1::LedgerEntry* const> entries,
    std::vector<EntryResult>* results) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t now, vault_.keys().ReadErasureCount());
  if (now == erasures) return absl::OkStatus();
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!(*results)[i].status.ok()) continue;
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> found =
        vault_.keys().Find(entries[i]->consumer());
    if (found.ok()) continue;
    if (!absl::IsNotFound(found.status())) return found.status();
    SUBROSA_RETURN_IF_ERROR(ForgetChoices(
        vault_.records(),
        writers.at(entries[i]->consumer()).consumer->consumer_ref));
    (*results)[i].status = ErasedError();
  }
  return absl::OkStatus();
}

absl::StatusOr<StandingState> ConsentLedger::ReadStanding(
    absl::string_view consumer) {
  StandingState read;
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> found =
      vault_.keys().Find(consumer);
  if (absl::IsNotFound(found.status())) return read;
  SUBROSA_RETURN_IF_ERROR(found.status());
  read.consumer_ref = (*found)->consumer_ref;
  SUBROSA_ASSIGN_OR_RETURN(const ChoiceState state,
                           states_.Read(read.consumer_ref));
  read.choices = state.choices;
  read.ask_again = state.ask_again;
  if (state.standing.empty()) return read;
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           vault_.keys().StableSecretOf(**found));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key, LedgerKeyOf(secret));
  SUBROSA_RETURN_IF_ERROR(OpenLedger(key,
                                     {vault_.entity(), read.consumer_ref, 0},
                                     state.standing, &read.standing));
  return read;
}

absl::Status ConsentLedger::Visit(absl::string_view consumer,
                                  EntryVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           vault_.keys().Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           vault_.keys().StableSecretOf(*handle));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key, LedgerKeyOf(secret));
  visit_->BindInt(1, vault_.records().entity_number());
  visit_->BindBytes(2, handle->consumer_ref);
  absl::Status status;
  v1::LedgerEntry entry;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_->Step());
    if (!found) return absl::OkStatus();
    const auto number = static_cast<uint64_t>(visit_->ColumnInt(0));
    status = OpenLedger(key, {vault_.entity(), handle->consumer_ref, number},
                        visit_->ColumnBytes(1), &entry);
    if (status.ok()) status = visit(number, entry);
    if (!status.ok()) break;
  }
  visit_->Reset();
  return status;
}

absl::StatusOr<int64_t> ConsentLedger::ReadLastRow() {
  SUBROSA_RETURN_IF_ERROR(last_row_->Step().status());
  const int64_t row = last_row_->ColumnInt(0);
  last_row_->Reset();
  return row;
}

absl::Status ConsentLedger::VisitChanged(
    int64_t after, int64_t last,
    absl::FunctionRef<void(absl::string_view consumer_ref)> visit) {
  changed_->BindInt(1, after);
  changed_->BindInt(2, last);
  changed_->BindInt(3, vault_.records().entity_number());
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, changed_->Step());
    if (!found) return absl::OkStatus();
    visit(changed_->ColumnBytes(0));
  }
}

}  // namespace subrosa
