#include "src/erasure/erasure_book.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/length_prefixed.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/crypto/sealed_value.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

constexpr size_t kRefBytes = 16;
constexpr absl::string_view kColumns =
    "SELECT erasure_ref, year, state, sealed FROM erasure WHERE entity = $1";

int32_t YearAfter(int32_t day) {
  return static_cast<int32_t>(absl::CivilYear(CivilDayOf(day)).year() + 1);
}

// The state is in clear, and changes: it is not part of the place.
std::string PlaceOf(absl::string_view entity, int32_t year,
                    absl::string_view ref) {
  return LengthPrefixed({"subrosa erasure", entity, absl::StrCat(year), ref});
}

// Of the erasure of `consumer` before which there were `time` others.
std::string RefOf(const SecretKey& key, absl::string_view consumer, int time) {
  const auto output = Prf(key, "erasure ref", {consumer, absl::StrCat(time)});
  return std::string(reinterpret_cast<const char*>(output.data()), kRefBytes);
}

}  // namespace

absl::StatusOr<const ErasureBook::YearKeys*> ErasureBook::KeysOf(int32_t year) {
  std::unique_ptr<YearKeys>& keys = keys_[year];
  if (keys == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(const SecretKey year_key,
                             evidence_keys_.Find(year));
    SUBROSA_ASSIGN_OR_RETURN(SecretKey seal,
                             DeriveKey(year_key, "erasure seal", {}));
    SUBROSA_ASSIGN_OR_RETURN(SecretKey ref,
                             DeriveKey(year_key, "erasure ref", {}));
    keys =
        std::make_unique<YearKeys>(YearKeys{std::move(seal), std::move(ref)});
  }
  return keys.get();
}

absl::StatusOr<ErasureEntry> ErasureBook::NewEntry(absl::string_view consumer,
                                                   int32_t until_day) {
  ErasureEntry entry;
  entry.year = YearAfter(until_day);
  if (keys_[entry.year] == nullptr) {
    SUBROSA_RETURN_IF_ERROR(evidence_keys_.FindOrCreate(entry.year).status());
  }
  SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const keys, KeysOf(entry.year));
  // Who came back and is erased again has an entry for each time.
  for (int time = 0;; ++time) {
    entry.ref = RefOf(keys->ref, consumer, time);
    const absl::StatusOr<ErasureEntry> taken = Read(entry.ref);
    if (absl::IsNotFound(taken.status())) return entry;
    if (!taken.ok()) return taken.status();
    if (!taken->erasure.keys_destroyed()) return entry;
  }
}

absl::Status ErasureBook::Put(const ErasureEntry& entry) {
  RecordStore& records = vault_.records();
  if (put_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(
        put_, records.database().Prepare(
                  "INSERT INTO erasure(entity, erasure_ref, year, state,"
                  " sealed) VALUES($1, $2, $3, $4, $5)"
                  " ON CONFLICT(entity, erasure_ref) DO UPDATE SET"
                  " state = excluded.state, sealed = excluded.sealed"));
  }
  SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const keys, KeysOf(entry.year));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string sealed,
      SealValue(keys->seal, PlaceOf(vault_.entity(), entry.year, entry.ref),
                entry.erasure.SerializeAsString()));
  put_->BindInt(1, records.entity_number());
  put_->BindBytes(2, entry.ref);
  put_->BindInt(3, entry.year);
  put_->BindInt(4, static_cast<int64_t>(entry.state));
  put_->BindBytes(5, sealed);
  return put_->Run();
}

absl::StatusOr<ErasureEntry> ErasureBook::Open(Statement& row) {
  ErasureEntry entry;
  entry.ref = std::string(row.ColumnBytes(0));
  entry.year = static_cast<int32_t>(row.ColumnInt(1));
  entry.state = static_cast<ErasureState>(row.ColumnInt(2));
  SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const keys, KeysOf(entry.year));
  const absl::StatusOr<std::string> bytes =
      OpenValue(keys->seal, PlaceOf(vault_.entity(), entry.year, entry.ref),
                row.ColumnBytes(3));
  if (!bytes.ok() || !entry.erasure.ParseFromString(*bytes)) {
    return absl::DataLossError(
        "record store: want an erasure as it was written, got one that does "
        "not open");
  }
  return entry;
}

absl::StatusOr<ErasureEntry> ErasureBook::Read(absl::string_view ref) {
  RecordStore& records = vault_.records();
  if (read_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(read_, records.database().Prepare(absl::StrCat(
                                        kColumns, " AND erasure_ref = $2")));
  }
  read_->BindInt(1, records.entity_number());
  read_->BindBytes(2, ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_->Step());
  if (!found) {
    return absl::NotFoundError("erasure: want one of this account, got none");
  }
  absl::StatusOr<ErasureEntry> entry = Open(*read_);
  read_->Reset();
  return entry;
}

absl::StatusOr<ErasureEntry> ErasureBook::Find(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  std::reverse(years.begin(), years.end());
  for (const int32_t year : years) {
    const absl::StatusOr<const YearKeys*> keys = KeysOf(year);
    if (absl::IsNotFound(keys.status())) continue;
    if (!keys.ok()) return keys.status();
    absl::StatusOr<ErasureEntry> newest = absl::NotFoundError("");
    for (int time = 0;; ++time) {
      absl::StatusOr<ErasureEntry> entry =
          Read(RefOf((*keys)->ref, consumer, time));
      if (absl::IsNotFound(entry.status())) break;
      if (!entry.ok()) return entry.status();
      newest = std::move(entry);
    }
    if (newest.ok()) return newest;
  }
  return absl::NotFoundError("erasure: want one of this account, got none");
}

absl::StatusOr<std::string> ErasureBook::FindHold(absl::string_view consumer) {
  const absl::StatusOr<ErasureEntry> order = Find(consumer);
  if (absl::IsNotFound(order.status())) return std::string();
  if (!order.ok()) return order.status();
  return order->erasure.keys_destroyed() ? std::string()
                                         : order->erasure.hold_rule();
}

absl::StatusOr<int64_t> ErasureBook::VisitSome(ErasureState state,
                                               int64_t limit, std::string* at,
                                               EntryVisitor visit) {
  RecordStore& records = vault_.records();
  if (visit_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(visit_, records.database().Prepare(absl::StrCat(
                                         kColumns,
                                         " AND state = $2 AND erasure_ref > $3"
                                         " ORDER BY erasure_ref LIMIT $4")));
  }
  // What is read is out of the statement before anything is written.
  std::vector<ErasureEntry> entries;
  visit_->BindInt(1, records.entity_number());
  visit_->BindInt(2, static_cast<int64_t>(state));
  visit_->BindBytes(3, *at);
  visit_->BindInt(4, limit);
  std::string last = *at;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_->Step());
    if (!found) break;
    last = std::string(visit_->ColumnBytes(0));
    absl::StatusOr<ErasureEntry> entry = Open(*visit_);
    // Its year is over.
    if (absl::IsNotFound(entry.status())) continue;
    if (!entry.ok()) {
      visit_->Reset();
      return entry.status();
    }
    entries.push_back(*std::move(entry));
  }
  *at = std::move(last);
  const auto count = static_cast<int64_t>(entries.size());
  for (ErasureEntry& entry : entries) {
    SUBROSA_RETURN_IF_ERROR(visit(std::move(entry)));
  }
  return count;
}

absl::StatusOr<int64_t> ErasureBook::DeleteExpired() {
  RecordStore& records = vault_.records();
  const int32_t year = YearAfter(DayOf(clock_.Now())) - 1;
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      records.database().Prepare("SELECT count(*) FROM erasure"
                                 " WHERE entity = $1 AND year < $2"
                                 " AND state <> 3"));
  count->BindInt(1, records.entity_number());
  count->BindInt(2, year);
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  const int64_t open = count->ColumnInt(0);
  count->Reset();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare(
          "DELETE FROM erasure WHERE entity = $1 AND year < $2"));
  remove->BindInt(1, records.entity_number());
  remove->BindInt(2, year);
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  return open;
}

}  // namespace subrosa
