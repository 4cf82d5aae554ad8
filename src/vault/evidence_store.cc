#include "src/vault/evidence_store.h"

#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/length_prefixed.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope_context.h"
#include "src/crypto/prf.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/sealed_value.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/vault/open_items.h"

namespace subrosa {
namespace {

constexpr absl::Duration kJournalPatience = absl::Seconds(10);

constexpr size_t kMaxConsumerBytes = 256;

// A transaction short enough that others do not wait for it.
constexpr int64_t kItemsDeletedAtOnce = 1000;

constexpr PrfLabel kSealLabel("evidence seal");

int32_t YearOf(int32_t day) {
  return static_cast<int32_t>(CivilDayOf(day).year());
}

absl::Status CheckSize(absl::string_view field, size_t least, size_t most,
                       size_t got) {
  if (got >= least && got <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": want ", least, " to ", most, " bytes, got ", got));
}

absl::Status CheckClause(absl::string_view clause) {
  SUBROSA_RETURN_IF_ERROR(
      CheckSize("evidence.clause", 1, kMaxEvidenceClauseBytes, clause.size()));
  for (size_t i = 0; i < clause.size(); ++i) {
    const char c = clause[i];
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' &&
        c != '/') {
      return absl::InvalidArgumentError(absl::StrCat(
          "evidence.clause: want only a-z, 0-9, -, . and /, got another byte "
          "at ",
          i));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckItem(absl::string_view consumer, const EvidenceItem& item,
                       int32_t today) {
  SUBROSA_RETURN_IF_ERROR(
      CheckSize("evidence.consumer", 1, kMaxConsumerBytes, consumer.size()));
  SUBROSA_RETURN_IF_ERROR(CheckSlug("evidence.kind", item.label.kind));
  SUBROSA_RETURN_IF_ERROR(CheckClause(item.label.clause));
  SUBROSA_RETURN_IF_ERROR(
      CheckSize("evidence.content", 0, kMaxEvidenceBytes, item.content.size()));
  const int32_t expires_day = item.label.expires_day;
  if (expires_day < today) {
    return absl::InvalidArgumentError(
        absl::StrCat("evidence.expires_day: want today or later, got ",
                     today - expires_day, " days ago"));
  }
  if (YearOf(expires_day) - YearOf(today) > kMaxEvidenceYears) {
    return absl::InvalidArgumentError(absl::StrCat(
        "evidence.expires_day: want a year at most ", kMaxEvidenceYears,
        " ahead, got one ", YearOf(expires_day) - YearOf(today), " ahead"));
  }
  return absl::OkStatus();
}

std::string RefOf(const SecretKey& key, absl::string_view consumer) {
  const auto output = Prf(key, "evidence ref", {consumer});
  return std::string(reinterpret_cast<const char*>(output.data()),
                     kReferenceBytes);
}

std::string PlaceOf(absl::string_view entity, int32_t year,
                    absl::string_view evidence_ref, absl::string_view item_ref,
                    const EvidenceLabel& label) {
  return LengthPrefixed({"subrosa evidence", entity, absl::StrCat(year),
                         evidence_ref, item_ref, label.kind, label.clause,
                         absl::StrCat(label.expires_day)});
}

absl::StatusOr<std::string> LeafOf(LeafKind kind, int32_t today,
                                   std::vector<uint64_t> numbers,
                                   absl::string_view text) {
  Leaf leaf = NewLeaf(kind, today);
  leaf.numbers = std::move(numbers);
  leaf.text = std::string(text);
  return SerializeLeaf(leaf);
}

constexpr absl::string_view kReadItems =
    "SELECT item_ref, kind, clause, expires_day, sealed FROM evidence"
    " WHERE entity = $1 AND year = $2 AND evidence_ref = $3";
constexpr absl::string_view kReadLabels =
    "SELECT item_ref, kind, clause, expires_day, '' FROM evidence"
    " WHERE entity = $1 AND year = $2 AND evidence_ref = $3";

}  // namespace

absl::Status EvidenceStore::Keep(absl::string_view consumer,
                                 const EvidenceItem& item) {
  SUBROSA_ASSIGN_OR_RETURN(const SealedEvidence sealed, Seal(consumer, item));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_.ReadIssued());
  {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records_.Begin());
    SUBROSA_RETURN_IF_ERROR(Insert(sealed));
    SUBROSA_RETURN_IF_ERROR(records_.AppendEntries({sealed.leaf}, keys_seen));
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  return Settle(sealed);
}

absl::StatusOr<SealedEvidence> EvidenceStore::Seal(absl::string_view consumer,
                                                   const EvidenceItem& item) {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_RETURN_IF_ERROR(CheckItem(consumer, item, today));
  SealedEvidence made;
  made.label = item.label;
  made.year = YearOf(item.label.expires_day);
  made.item_ref = RandomBytes(kReferenceBytes);
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                           evidence_keys_.FindOrCreate(made.year));
  made.evidence_ref = RefOf(key, consumer);
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey sealing,
                           DeriveKey(key, kSealLabel, {}));
  SUBROSA_ASSIGN_OR_RETURN(
      made.sealed,
      SealValue(sealing,
                PlaceOf(keys_.entity(), made.year, made.evidence_ref,
                        made.item_ref, made.label),
                item.content));
  SUBROSA_ASSIGN_OR_RETURN(
      made.leaf, LeafOf(LeafKind::kEvidenceKept, today,
                        {static_cast<uint64_t>(made.year)}, made.label.clause));
  return made;
}

absl::Status EvidenceStore::Insert(const SealedEvidence& item) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      records_.database().Prepare(
          "INSERT INTO evidence(entity, year, evidence_ref, item_ref, kind,"
          " clause, expires_day, sealed)"
          " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"));
  insert->BindInt(1, records_.entity_number());
  insert->BindInt(2, item.year);
  insert->BindBytes(3, item.evidence_ref);
  insert->BindBytes(4, item.item_ref);
  insert->BindText(5, item.label.kind);
  insert->BindText(6, item.label.clause);
  insert->BindInt(7, item.label.expires_day);
  insert->BindBytes(8, item.sealed);
  return insert->Run();
}

absl::Status EvidenceStore::Settle(const SealedEvidence& item) {
  // The key store decides: a year that ended between the two commits has taken
  // this item with it.
  const absl::Status has_key = evidence_keys_.Find(item.year).status();
  if (!absl::IsNotFound(has_key)) return has_key;
  SUBROSA_RETURN_IF_ERROR(TakeBack(item));
  return absl::FailedPreconditionError(
      "evidence.expires_day: want a year that is not over, got one whose key "
      "was destroyed meanwhile");
}

absl::Status EvidenceStore::TakeBack(const SealedEvidence& item) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records_.database().Prepare("DELETE FROM evidence WHERE entity = $1"
                                  " AND year = $2 AND item_ref = $3"));
  remove->BindInt(1, records_.entity_number());
  remove->BindInt(2, item.year);
  remove->BindBytes(3, item.item_ref);
  return remove->Run();
}

absl::Status EvidenceStore::VisitSealed(absl::string_view consumer,
                                        absl::string_view sql,
                                        SealedVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> read,
                           records_.database().Prepare(sql));
  EvidenceItem item;
  for (const int32_t year : years) {
    const absl::StatusOr<SecretKey> key = evidence_keys_.Find(year);
    // Its year ended since.
    if (absl::IsNotFound(key.status())) continue;
    if (!key.ok()) return key.status();
    const std::string evidence_ref = RefOf(*key, consumer);
    read->BindInt(1, records_.entity_number());
    read->BindInt(2, year);
    read->BindBytes(3, evidence_ref);
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) break;
      const std::string item_ref(read->ColumnBytes(0));
      item.label.kind = std::string(read->ColumnBytes(1));
      item.label.clause = std::string(read->ColumnBytes(2));
      item.label.expires_day = static_cast<int32_t>(read->ColumnInt(3));
      item.content = std::string(read->ColumnBytes(4));
      SUBROSA_RETURN_IF_ERROR(visit(
          *key,
          PlaceOf(keys_.entity(), year, evidence_ref, item_ref, item.label),
          item));
    }
  }
  return absl::OkStatus();
}

absl::Status EvidenceStore::Visit(absl::string_view consumer,
                                  ItemVisitor visit) {
  return VisitSealed(
      consumer, kReadItems,
      [&](const SecretKey& key, absl::string_view place,
          EvidenceItem& item) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const SecretKey sealing,
                                 DeriveKey(key, kSealLabel, {}));
        absl::StatusOr<std::string> opened =
            OpenValue(sealing, place, item.content);
        if (absl::IsInvalidArgument(opened.status())) {
          return absl::DataLossError(
              "record store: an item of evidence does not open at its place; "
              "the file was changed or damaged");
        }
        if (!opened.ok()) return opened.status();
        item.content = *std::move(opened);
        return visit(item);
      });
}

absl::StatusOr<std::vector<EvidenceLabel>> EvidenceStore::ListKinds(
    absl::string_view consumer) {
  std::vector<EvidenceLabel> labels;
  SUBROSA_RETURN_IF_ERROR(
      VisitSealed(consumer, kReadLabels,
                  [&](const SecretKey&, absl::string_view, EvidenceItem& item) {
                    labels.push_back(item.label);
                    return absl::OkStatus();
                  }));
  return labels;
}

absl::StatusOr<std::vector<int32_t>> EvidenceStore::ListDue() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  const int32_t this_year = YearOf(DayOf(clock_.Now()));
  std::vector<int32_t> due;
  for (const int32_t year : years) {
    if (year >= this_year) break;
    SUBROSA_ASSIGN_OR_RETURN(const OpenItems open,
                             CountOpenItems(records_, year));
    if (open.empty()) due.push_back(year);
  }
  return due;
}

absl::StatusOr<int64_t> EvidenceStore::CountItems(int32_t year) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      records_.database().Prepare("SELECT count(*) FROM evidence"
                                  " WHERE entity = $1 AND year = $2"));
  count->BindInt(1, records_.entity_number());
  count->BindInt(2, year);
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  return count->ColumnInt(0);
}

absl::StatusOr<bool> EvidenceStore::HasItemsBefore(int32_t year) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> find,
      records_.database().Prepare("SELECT 1 FROM evidence WHERE entity = $1"
                                  " AND year < $2 LIMIT 1"));
  find->BindInt(1, records_.entity_number());
  find->BindInt(2, year);
  return find->Step();
}

absl::StatusOr<std::vector<DestroyedEvidence>> EvidenceStore::DestroyKeys(
    const std::vector<int32_t>& years, int32_t today) {
  std::vector<DestroyedEvidence> destroyed;
  if (years.empty()) return destroyed;
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen, records_.ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(Outbox outbox, Outbox::Open(keys_.database()));
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(keys_.database()));
  std::vector<std::string> entries;
  for (const int32_t year : years) {
    // What was opened again since it was listed.
    SUBROSA_ASSIGN_OR_RETURN(const OpenItems open,
                             CountOpenItems(records_, year));
    if (!open.empty()) continue;
    SUBROSA_ASSIGN_OR_RETURN(const bool was_there,
                             evidence_keys_.Destroy(year));
    // Another process was faster.
    if (!was_there) continue;
    SUBROSA_ASSIGN_OR_RETURN(const int64_t items, CountItems(year));
    destroyed.push_back({year, items});
    SUBROSA_ASSIGN_OR_RETURN(
        entries.emplace_back(),
        LeafOf(LeafKind::kEvidenceKeysDestroyed, today,
               {static_cast<uint64_t>(year), static_cast<uint64_t>(items)},
               ""));
  }
  SUBROSA_RETURN_IF_ERROR(outbox.Append(entries, records_seen).status());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return destroyed;
}

absl::Status EvidenceStore::DeleteItemsBefore(int32_t year) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records_.database().Prepare(
          "DELETE FROM evidence WHERE (entity, year, evidence_ref, item_ref) IN"
          " (SELECT entity, year, evidence_ref, item_ref FROM evidence"
          " WHERE entity = $1 AND year < $2 LIMIT $3)"));
  do {
    remove->BindInt(1, records_.entity_number());
    remove->BindInt(2, year);
    remove->BindInt(3, kItemsDeletedAtOnce);
    SUBROSA_RETURN_IF_ERROR(remove->Run());
  } while (records_.database().Changes() > 0);
  // A reader who is under way keeps what no key opens, and no longer than it
  // reads.
  const absl::Status flushed = records_.FlushJournal(absl::ZeroDuration());
  return absl::IsUnavailable(flushed) ? absl::OkStatus() : flushed;
}

absl::StatusOr<std::vector<DestroyedEvidence>> EvidenceStore::DestroyDue() {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> due, ListDue());
  SUBROSA_ASSIGN_OR_RETURN(std::vector<DestroyedEvidence> destroyed,
                           DestroyKeys(due, today));
  SUBROSA_ASSIGN_OR_RETURN(const bool has_items, HasItemsBefore(YearOf(today)));
  if (destroyed.empty() && !has_items) return destroyed;
  // Items that stand say that an earlier call may have been stopped before the
  // keys were out of the journal: they go last, so that the next call is told.
  SUBROSA_RETURN_IF_ERROR(Annotate(
      keys_.FlushJournal(kJournalPatience),
      "key store: the keys are gone, but its journal could not be emptied"));
  SUBROSA_RETURN_IF_ERROR(DeleteItemsBefore(YearOf(today)));
  return destroyed;
}

}  // namespace subrosa
