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
#include "src/erasure/stored_erasure.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

constexpr size_t kRefBytes = 16;
constexpr absl::string_view kColumns =
    "SELECT erasure_ref, year, state, sealed, row FROM erasure"
    " WHERE entity = $1";

int32_t YearAfter(int32_t day) {
  return static_cast<int32_t>(absl::CivilYear(CivilDayOf(day)).year() + 1);
}

// The state is in clear, and changes: it is not part of the place.
std::string PlaceOf(absl::string_view entity, int32_t year,
                    absl::string_view ref) {
  return LengthPrefixed({"subrosa erasure", entity, absl::StrCat(year), ref});
}

// In the place of how many others there were.
constexpr absl::string_view kPart = "part";

// Of the erasure of `consumer` before which there were `time` others.
std::string RefOf(const SecretKey& key, absl::string_view consumer,
                  absl::string_view time) {
  const auto output = Prf(key, "erasure ref", {consumer, time});
  return std::string(reinterpret_cast<const char*>(output.data()), kRefBytes);
}

}  // namespace

ErasureState StateOf(const v1::StoredErasure& erasure) {
  if (HasOpenParty(erasure) || erasure.request_ref_size() > 0) {
    return ErasureState::kOpen;
  }
  if (erasure.certificate().stage() != v1::CERTIFICATE_STAGE_FINAL) {
    return ErasureState::kInterim;
  }
  return erasure.contact().empty() ? ErasureState::kFinal
                                   : ErasureState::kForOfficer;
}

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

absl::Status ErasureBook::MakeKeyFor(int32_t until_day) {
  return evidence_keys_.FindOrCreate(YearAfter(until_day)).status();
}

absl::StatusOr<std::optional<ErasureEntry>> ErasureBook::FindIn(
    int32_t year, absl::string_view consumer, int* times) {
  *times = 0;
  std::optional<ErasureEntry> newest;
  const absl::StatusOr<const YearKeys*> keys = KeysOf(year);
  if (absl::IsNotFound(keys.status())) return newest;
  if (!keys.ok()) return keys.status();
  for (;; ++*times) {
    absl::StatusOr<ErasureEntry> entry =
        Read(RefOf((*keys)->ref, consumer, absl::StrCat(*times)));
    if (absl::IsNotFound(entry.status())) return newest;
    if (!entry.ok()) return entry.status();
    newest = *std::move(entry);
  }
}

absl::StatusOr<ErasureBook::Places> ErasureBook::FindPlaces(
    absl::string_view consumer, int32_t until_day) {
  Places places;
  places.next.year = YearAfter(until_day);
  SUBROSA_ASSIGN_OR_RETURN(std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  std::reverse(years.begin(), years.end());
  for (const int32_t year : years) {
    if (places.newest.has_value() && year != places.next.year) continue;
    int times = 0;
    SUBROSA_ASSIGN_OR_RETURN(std::optional<ErasureEntry> newest,
                             FindIn(year, consumer, &times));
    if (year == places.next.year) {
      // Who came back and is erased again has an entry for each time.
      SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const keys, KeysOf(year));
      places.next.ref = RefOf(keys->ref, consumer, absl::StrCat(times));
    }
    if (!places.newest.has_value()) places.newest = std::move(newest);
  }
  if (places.next.ref.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("key store: want the key for the evidence of ",
                     places.next.year, ", got none"));
  }
  return places;
}

absl::StatusOr<ErasureBook::Places> ErasureBook::FindPart(
    absl::string_view consumer, int32_t until_day) {
  Places places;
  places.next.year = YearAfter(until_day);
  places.next.state = ErasureState::kForOfficer;
  SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const present,
                           KeysOf(places.next.year));
  places.next.ref = RefOf(present->ref, consumer, kPart);
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  for (const int32_t year : years) {
    const absl::StatusOr<const YearKeys*> keys = KeysOf(year);
    if (absl::IsNotFound(keys.status())) continue;
    if (!keys.ok()) return keys.status();
    absl::StatusOr<ErasureEntry> entry =
        Read(RefOf((*keys)->ref, consumer, kPart));
    if (absl::IsNotFound(entry.status())) continue;
    if (!entry.ok()) return entry.status();
    places.newest = *std::move(entry);
  }
  return places;
}

absl::Status ErasureBook::Remove(const ErasureEntry& entry) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare("DELETE FROM erasure"
                                 " WHERE entity = $1 AND erasure_ref = $2"));
  remove->BindInt(1, records.entity_number());
  remove->BindBytes(2, entry.ref);
  return remove->Run();
}

absl::StatusOr<std::string> ErasureBook::Seal(const ErasureEntry& entry) {
  SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const keys, KeysOf(entry.year));
  return SealValue(keys->seal, PlaceOf(vault_.entity(), entry.year, entry.ref),
                   entry.erasure.SerializeAsString());
}

absl::StatusOr<bool> ErasureBook::Insert(const ErasureEntry& entry) {
  RecordStore& records = vault_.records();
  if (insert_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(
        insert_,
        records.database().Prepare(
            "INSERT INTO erasure(entity, erasure_ref, year, state, sealed)"
            " VALUES($1, $2, $3, $4, $5)"
            " ON CONFLICT(entity, erasure_ref) DO NOTHING"));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::string sealed, Seal(entry));
  insert_->BindInt(1, records.entity_number());
  insert_->BindBytes(2, entry.ref);
  insert_->BindInt(3, entry.year);
  insert_->BindInt(4, static_cast<int64_t>(entry.state));
  insert_->BindBytes(5, sealed);
  SUBROSA_RETURN_IF_ERROR(insert_->Run());
  return records.database().Changes() > 0;
}

absl::StatusOr<bool> ErasureBook::Put(ErasureEntry* entry) {
  Connection& database = vault_.records().database();
  if (put_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(
        put_, database.Prepare("UPDATE erasure SET state = $1, sealed = $2"
                               " WHERE row = $3 AND sealed = $4"));
  }
  SUBROSA_ASSIGN_OR_RETURN(std::string sealed, Seal(*entry));
  put_->BindInt(1, static_cast<int64_t>(entry->state));
  put_->BindBytes(2, sealed);
  put_->BindInt(3, entry->row);
  put_->BindBytes(4, entry->sealed);
  SUBROSA_RETURN_IF_ERROR(put_->Run());
  if (database.Changes() == 0) return false;
  entry->sealed = std::move(sealed);
  return true;
}

absl::StatusOr<ErasureEntry> ErasureBook::Open(Statement& row) {
  ErasureEntry entry;
  entry.ref = std::string(row.ColumnBytes(0));
  entry.year = static_cast<int32_t>(row.ColumnInt(1));
  entry.state = static_cast<ErasureState>(row.ColumnInt(2));
  entry.sealed = std::string(row.ColumnBytes(3));
  entry.row = row.ColumnInt(4);
  SUBROSA_ASSIGN_OR_RETURN(const YearKeys* const keys, KeysOf(entry.year));
  const absl::StatusOr<std::string> bytes =
      OpenValue(keys->seal, PlaceOf(vault_.entity(), entry.year, entry.ref),
                entry.sealed);
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
    int times = 0;
    SUBROSA_ASSIGN_OR_RETURN(std::optional<ErasureEntry> newest,
                             FindIn(year, consumer, &times));
    if (newest.has_value()) return *std::move(newest);
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
                                               int64_t limit, int64_t* at,
                                               EntryVisitor visit) {
  RecordStore& records = vault_.records();
  if (visit_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(
        visit_, records.database().Prepare(
                    absl::StrCat(kColumns,
                                 " AND state = $2 AND state < 3"
                                 " AND row > $3 ORDER BY row LIMIT $4")));
  }
  // What is read is out of the statement before anything is written.
  std::vector<ErasureEntry> entries;
  visit_->BindInt(1, records.entity_number());
  visit_->BindInt(2, static_cast<int64_t>(state));
  visit_->BindInt(3, *at);
  visit_->BindInt(4, limit);
  int64_t last = *at;
  int64_t count = 0;
  for (;; ++count) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_->Step());
    if (!found) break;
    last = visit_->ColumnInt(4);
    absl::StatusOr<ErasureEntry> entry = Open(*visit_);
    // Its year is over.
    if (absl::IsNotFound(entry.status())) continue;
    if (!entry.ok()) {
      visit_->Reset();
      return entry.status();
    }
    entries.push_back(*std::move(entry));
  }
  *at = last;
  for (ErasureEntry& entry : entries) {
    SUBROSA_RETURN_IF_ERROR(visit(std::move(entry)));
  }
  return count;
}

absl::Status ErasureBook::VisitUnfinished(EntryVisitor visit) {
  constexpr int64_t kAtOnce = 1000;
  for (const ErasureState state :
       {ErasureState::kForOfficer, ErasureState::kOpen,
        ErasureState::kInterim}) {
    int64_t at = 0;
    int64_t count = 0;
    do {
      SUBROSA_ASSIGN_OR_RETURN(count, VisitSome(state, kAtOnce, &at, visit));
    } while (count > 0);
  }
  return absl::OkStatus();
}

absl::Status ErasureBook::ReadChanges(ErasureState state,
                                      std::vector<ErasureEntry>* entries) {
  if (entries->empty()) return absl::OkStatus();
  RecordStore& records = vault_.records();
  if (read_changes_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(
        read_changes_,
        records.database().Prepare("SELECT row, sealed FROM erasure"
                                   " WHERE entity = $1 AND state = $2"
                                   " AND state < 3 AND row >= $3 AND row <= $4"
                                   " ORDER BY row"));
  }
  read_changes_->BindInt(1, records.entity_number());
  read_changes_->BindInt(2, static_cast<int64_t>(state));
  read_changes_->BindInt(3, entries->front().row);
  read_changes_->BindInt(4, entries->back().row);
  std::vector<ErasureEntry*> changed;
  auto entry = entries->begin();
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read_changes_->Step());
    if (!found) break;
    // Between them are those that the caller left out.
    const int64_t row = read_changes_->ColumnInt(0);
    for (; entry->row < row; ++entry) changed.push_back(&*entry);
    if (entry->row > row) continue;
    if (entry->sealed != read_changes_->ColumnBytes(1)) {
      changed.push_back(&*entry);
    }
    ++entry;
  }
  for (; entry != entries->end(); ++entry) changed.push_back(&*entry);
  for (ErasureEntry* const each : changed) {
    absl::StatusOr<ErasureEntry> now = Read(each->ref);
    if (!now.ok() && !absl::IsNotFound(now.status())) return now.status();
    *each = now.ok() ? *std::move(now) : ErasureEntry();
  }
  entries->erase(
      std::remove_if(entries->begin(), entries->end(),
                     [](const ErasureEntry& each) { return each.row == 0; }),
      entries->end());
  return absl::OkStatus();
}

}  // namespace subrosa
