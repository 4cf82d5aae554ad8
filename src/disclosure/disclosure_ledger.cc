#include "src/disclosure/disclosure_ledger.h"

#include <utility>

#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/disclosure/disclosure_check.h"
#include "src/disclosure/disclosure_seal.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// What commitments to an entry's content are made for.
constexpr PrfLabel kContentLabel("grant content");

int32_t EntryDay(const v1::Disclosure& entry) {
  return DayOf(absl::FromUnixSeconds(entry.at().seconds()));
}

// Without what was filled in as it stood then: a recipient may have been
// renamed since, and the rules may be others.
std::string DeclaredBytes(v1::Disclosure entry) {
  entry.clear_recipient_name();
  entry.clear_recipient_contact();
  entry.clear_rule();
  return entry.SerializeAsString();
}

bool IsSameDeclaration(const v1::Disclosure& a, const v1::Disclosure& b) {
  return DeclaredBytes(a) == DeclaredBytes(b);
}

absl::Status ErasedError() {
  return absl::FailedPreconditionError(
      "disclosure.consumer: want one who was not erased, got one who was");
}

}  // namespace

struct DisclosureLedger::Writer {
  std::unique_ptr<ConsumerHandle> consumer;  // Null: suppressed.
  std::unique_ptr<SecretKey> stable_secret;
  std::unique_ptr<SecretKey> key;
  uint64_t last_number = 0;
};

absl::StatusOr<std::unique_ptr<DisclosureLedger>> DisclosureLedger::Open(
    Vault& vault, const Clock& clock) {
  std::unique_ptr<DisclosureLedger> ledger(new DisclosureLedger(vault, clock));
  SUBROSA_RETURN_IF_ERROR(ledger->PrepareStatements());
  return ledger;
}

absl::Status DisclosureLedger::PrepareStatements() {
  Connection& database = vault_.records().database();
  SUBROSA_ASSIGN_OR_RETURN(
      insert_,
      database.Prepare("INSERT INTO disclosure(entity, consumer_ref, number,"
                       " recipient, day, sealed)"
                       " VALUES($1, $2, $3, $4, $5, $6)"));
  SUBROSA_ASSIGN_OR_RETURN(last_number_,
                           database.Prepare("SELECT max(number) FROM disclosure"
                                            " WHERE entity = $1"
                                            " AND consumer_ref = $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      visit_, database.Prepare("SELECT number, recipient, day, sealed"
                               " FROM disclosure WHERE entity = $1"
                               " AND consumer_ref = $2 ORDER BY number"));
  SUBROSA_ASSIGN_OR_RETURN(
      visit_recipient_,
      database.Prepare("SELECT number, recipient, day, sealed FROM disclosure"
                       " WHERE entity = $1 AND consumer_ref = $2"
                       " AND recipient = $3 ORDER BY number"));
  SUBROSA_ASSIGN_OR_RETURN(
      visit_day_,
      database.Prepare("SELECT number, sealed FROM disclosure WHERE entity = $1"
                       " AND consumer_ref = $2 AND recipient = $3"
                       " AND day = $4"));
  SUBROSA_ASSIGN_OR_RETURN(
      has_entries_, database.Prepare("SELECT 1 FROM disclosure"
                                     " WHERE entity = $1 AND recipient = $2"
                                     " AND consumer_ref = $3 LIMIT 1"));
  return absl::OkStatus();
}

absl::Status DisclosureLedger::ReadWriter(Writer* writer) {
  const ConsumerHandle& consumer = *writer->consumer;
  SUBROSA_ASSIGN_OR_RETURN(SecretKey secret,
                           vault_.keys().StableSecretOf(consumer));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, DisclosureKeyOf(secret));
  writer->stable_secret = std::make_unique<SecretKey>(std::move(secret));
  writer->key = std::make_unique<SecretKey>(std::move(key));
  last_number_->BindInt(1, vault_.records().entity_number());
  last_number_->BindBytes(2, consumer.consumer_ref);
  SUBROSA_RETURN_IF_ERROR(last_number_->Step().status());
  writer->last_number = static_cast<uint64_t>(last_number_->ColumnInt(0));
  last_number_->Reset();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DisclosureResult>> DisclosureLedger::Append(
    absl::Span<const v1::Disclosure* const> entries) {
  std::vector<DisclosureResult> results(entries.size());
  Writers writers;
  std::vector<std::string> consumers;
  for (size_t i = 0; i < entries.size(); ++i) {
    results[i].status = CheckDisclosure(*entries[i], clock_.Now());
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
    SUBROSA_RETURN_IF_ERROR(
        AppendOne(*entries[i], &writer, &leaves, &results[i]));
  }
  SUBROSA_RETURN_IF_ERROR(records.AppendEntries(leaves, keys_seen));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  SUBROSA_RETURN_IF_ERROR(Recheck(erasures, writers, entries, &results));
  return results;
}

absl::Status DisclosureLedger::AppendOne(const v1::Disclosure& entry,
                                         Writer* writer,
                                         std::vector<std::string>* leaves,
                                         DisclosureResult* result) {
  if (entry.kind() == v1::DISCLOSURE_KIND_DECLARED) {
    SUBROSA_ASSIGN_OR_RETURN(
        const bool is_on_record,
        HasDeclared(entry, writer->consumer->consumer_ref, *writer->key));
    if (is_on_record) {
      result->status = absl::AlreadyExistsError(
          "disclosure: want one that is not on record, got one that is");
      return absl::OkStatus();
    }
  }
  const DisclosurePlace place = {
      vault_.entity(), writer->consumer->consumer_ref, writer->last_number + 1,
      entry.recipient(), EntryDay(entry)};
  SUBROSA_ASSIGN_OR_RETURN(const std::string sealed,
                           SealDisclosure(*writer->key, place, entry));
  insert_->BindInt(1, vault_.records().entity_number());
  insert_->BindBytes(2, place.consumer_ref);
  insert_->BindInt(3, static_cast<int64_t>(place.number));
  insert_->BindText(4, place.recipient);
  insert_->BindInt(5, place.day);
  insert_->BindBytes(6, sealed);
  SUBROSA_RETURN_IF_ERROR(insert_->Run());

  Leaf made = NewLeaf(LeafKind::kGrant, DayOf(clock_.Now()));
  made.numbers = {static_cast<uint64_t>(entry.action())};
  // The stable secret and the leaf's tag give the opening again, for a receipt
  // that the consumer asks for later.
  const Opening opening = DeriveOpening(*writer->stable_secret, made.tag);
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_consumer,
      Commit(opening, kLeafConsumerLabel, {entry.consumer(), ""}));
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_content,
      Commit(opening, kContentLabel, {entry.SerializeAsString()}));
  made.commitments = {to_consumer, to_content};
  SUBROSA_ASSIGN_OR_RETURN(leaves->emplace_back(), SerializeLeaf(made));
  writer->last_number = place.number;
  result->number = place.number;
  return absl::OkStatus();
}

absl::StatusOr<bool> DisclosureLedger::HasDeclared(
    const v1::Disclosure& entry, absl::string_view consumer_ref,
    const SecretKey& key) {
  const int32_t day = EntryDay(entry);
  visit_day_->BindInt(1, vault_.records().entity_number());
  visit_day_->BindBytes(2, consumer_ref);
  visit_day_->BindText(3, entry.recipient());
  visit_day_->BindInt(4, day);
  v1::Disclosure held;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_day_->Step());
    if (!found) return false;
    const absl::Status opened =
        OpenDisclosure(key,
                       {vault_.entity(), consumer_ref,
                        static_cast<uint64_t>(visit_day_->ColumnInt(0)),
                        entry.recipient(), day},
                       visit_day_->ColumnBytes(1), &held);
    if (opened.ok() && !IsSameDeclaration(held, entry)) continue;
    visit_day_->Reset();
    SUBROSA_RETURN_IF_ERROR(opened);
    return true;
  }
}

absl::StatusOr<bool> DisclosureLedger::IsOnRecord(const v1::Disclosure& entry) {
  const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
      vault_.keys().Find(entry.consumer());
  if (absl::IsNotFound(consumer.status())) return false;
  SUBROSA_RETURN_IF_ERROR(consumer.status());
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           vault_.keys().StableSecretOf(**consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key, DisclosureKeyOf(secret));
  return HasDeclared(entry, (*consumer)->consumer_ref, key);
}

// After a commit: takes back what was appended for who was erased meanwhile.
absl::Status DisclosureLedger::Recheck(
    int64_t erasures, const Writers& writers,
    absl::Span<const v1::Disclosure* const> entries,
    std::vector<DisclosureResult>* results) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t now, vault_.keys().ReadErasureCount());
  if (now == erasures) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      vault_.records().database().Prepare("DELETE FROM disclosure WHERE"
                                          " entity = $1 AND consumer_ref = $2"
                                          " AND number = $3"));
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!(*results)[i].status.ok()) continue;
    const ConsumerHandle& before = *writers.at(entries[i]->consumer()).consumer;
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> found =
        vault_.keys().Find(entries[i]->consumer());
    if (found.ok() && (*found)->consumer_ref == before.consumer_ref) continue;
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    remove->BindInt(1, vault_.records().entity_number());
    remove->BindBytes(2, before.consumer_ref);
    remove->BindInt(3, static_cast<int64_t>((*results)[i].number));
    SUBROSA_RETURN_IF_ERROR(remove->Run());
    (*results)[i] = {ErasedError(), 0};
  }
  return absl::OkStatus();
}

absl::Status DisclosureLedger::Visit(absl::string_view consumer,
                                     EntryVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           vault_.keys().Find(consumer));
  return VisitOf(*handle, "", visit);
}

absl::Status DisclosureLedger::VisitOf(const ConsumerHandle& consumer,
                                       absl::string_view recipient,
                                       EntryVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           vault_.keys().StableSecretOf(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key, DisclosureKeyOf(secret));
  Statement& read = recipient.empty() ? *visit_ : *visit_recipient_;
  read.BindInt(1, vault_.records().entity_number());
  read.BindBytes(2, consumer.consumer_ref);
  if (!recipient.empty()) read.BindText(3, recipient);
  v1::Disclosure entry;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read.Step());
    if (!found) return absl::OkStatus();
    const auto number = static_cast<uint64_t>(read.ColumnInt(0));
    absl::Status status = OpenDisclosure(
        key,
        {vault_.entity(), consumer.consumer_ref, number, read.ColumnBytes(1),
         static_cast<int32_t>(read.ColumnInt(2))},
        read.ColumnBytes(3), &entry);
    if (status.ok()) status = visit(number, entry);
    if (!status.ok()) {
      read.Reset();
      return status;
    }
  }
}

}  // namespace subrosa
