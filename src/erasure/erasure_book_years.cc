// What becomes of entries whose year is over.
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_book.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

// How many references are in memory together.
constexpr int64_t kAtOnce = 1000;

int32_t YearOf(int32_t day) {
  return static_cast<int32_t>(CivilDayOf(day).year());
}

}  // namespace

absl::StatusOr<bool> ErasureBook::Move(const ErasureEntry& entry,
                                       int32_t today) {
  const std::string& consumer = entry.erasure.consumer();
  if (consumer.empty()) return false;
  const bool is_part = !entry.erasure.part().empty();
  SUBROSA_ASSIGN_OR_RETURN(Places places, is_part
                                              ? FindPart(consumer, today)
                                              : FindPlaces(consumer, today));
  // Of several the newest is found, and has to stay it.
  if (!places.newest.has_value() || places.newest->ref != entry.ref) {
    return false;
  }
  ErasureEntry next = std::move(places.next);
  next.state = is_part ? ErasureState::kForOfficer : entry.state;
  next.erasure = entry.erasure;
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare("DELETE FROM erasure"
                                 " WHERE row = $1 AND sealed = $2"));
  remove->BindInt(1, entry.row);
  remove->BindBytes(2, entry.sealed);
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  // Another process kept it otherwise meanwhile: the next time, then.
  if (records.database().Changes() == 0) return false;
  SUBROSA_ASSIGN_OR_RETURN(const bool is_kept, Insert(next));
  if (!is_kept) return false;
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::StatusOr<int64_t> ErasureBook::KeepOpen() {
  RecordStore& records = vault_.records();
  const int32_t today = DayOf(clock_.Now());
  int64_t moved = 0;
  int64_t last = 0;
  for (;;) {
    std::vector<std::string> refs;
    {
      SUBROSA_ASSIGN_OR_RETURN(
          const std::unique_ptr<Statement> list,
          records.database().Prepare(
              "SELECT row, erasure_ref FROM erasure WHERE entity = $1"
              " AND year < $2 AND state <> 3 AND row > $3"
              " ORDER BY row LIMIT $4"));
      list->BindInt(1, records.entity_number());
      list->BindInt(2, YearOf(today));
      list->BindInt(3, last);
      list->BindInt(4, kAtOnce);
      for (;;) {
        SUBROSA_ASSIGN_OR_RETURN(const bool found, list->Step());
        if (!found) break;
        last = list->ColumnInt(0);
        refs.emplace_back(list->ColumnBytes(1));
      }
    }
    if (refs.empty()) return moved;
    SUBROSA_RETURN_IF_ERROR(MakeKeyFor(today));
    for (const std::string& ref : refs) {
      const absl::StatusOr<ErasureEntry> entry = Read(ref);
      // What does not open stays where it is, and so does its year's key.
      if (absl::IsDataLoss(entry.status()) ||
          absl::IsNotFound(entry.status())) {
        continue;
      }
      if (!entry.ok()) return entry.status();
      SUBROSA_ASSIGN_OR_RETURN(const bool is_moved, Move(*entry, today));
      moved += is_moved ? 1 : 0;
    }
  }
}

absl::Status ErasureBook::DeleteExpired() {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> with_key,
                           evidence_keys_.ListYears());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  // With whether one is not final.
  std::map<int32_t, bool> over;
  {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> list,
        records.database().Prepare("SELECT year, max(state <> 3) FROM erasure"
                                   " WHERE entity = $1 AND year < $2"
                                   " GROUP BY year"));
    list->BindInt(1, records.entity_number());
    list->BindInt(2, YearOf(DayOf(clock_.Now())));
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, list->Step());
      if (!found) break;
      over[static_cast<int32_t>(list->ColumnInt(0))] = list->ColumnInt(1) != 0;
    }
  }
  if (over.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare(
          "DELETE FROM erasure WHERE entity = $1 AND year = $2"));
  for (const auto& [year, has_open] : over) {
    // What has no key is nobody's to open.
    if (has_open && absl::c_linear_search(with_key, year)) continue;
    remove->BindInt(1, records.entity_number());
    remove->BindInt(2, year);
    SUBROSA_RETURN_IF_ERROR(remove->Run());
  }
  return transaction.Commit();
}

absl::StatusOr<int64_t> ErasureBook::Count(ErasureState state) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      records.database().Prepare("SELECT count(*) FROM erasure"
                                 " WHERE entity = $1 AND state = $2"
                                 " AND state < 3"));
  count->BindInt(1, records.entity_number());
  count->BindInt(2, static_cast<int64_t>(state));
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  return count->ColumnInt(0);
}

}  // namespace subrosa
