// How the ledger reads and counts; how it writes is in request_ledger.cc.
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/request/request_counts.h"
#include "src/request/request_ledger.h"
#include "src/request/request_row.h"
#include "src/request/request_traits.h"
#include "src/vault/record_store.h"

namespace subrosa {

absl::Status RequestLedger::Visit(Statement& rows, RequestVisitor visit,
                                  int64_t* lost) {
  // By year; null where the year is over.
  std::map<int32_t, std::unique_ptr<SecretKey>> keys;
  absl::Status status;
  KeptRequest kept;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return absl::OkStatus();
    const RequestColumns columns = ReadRequestColumns(rows);
    auto [key, is_new] = keys.try_emplace(columns.year);
    if (is_new) {
      absl::StatusOr<SecretKey> year_key = evidence_keys_.Find(columns.year);
      if (year_key.ok()) year_key = RequestSealKeyOf(*year_key);
      if (year_key.ok()) {
        key->second = std::make_unique<SecretKey>(*std::move(year_key));
      } else if (!absl::IsNotFound(year_key.status())) {
        status = year_key.status();
        break;
      }
    }
    if (key->second == nullptr) continue;
    const absl::StatusOr<std::string> bytes =
        OpenValue(*key->second, RequestContextOf(vault_.entity(), columns),
                  rows.ColumnBytes(kSealedRequestColumn));
    if (!bytes.ok() || !kept.stored.ParseFromString(*bytes)) {
      if (lost != nullptr) {
        ++*lost;
        continue;
      }
      status = absl::DataLossError(
          "record store: want a request as it was written, got one that does "
          "not open");
      break;
    }
    kept.request_ref = columns.request_ref;
    kept.revision = columns.revision;
    kept.year = columns.year;
    status = visit(kept);
    if (!status.ok()) break;
  }
  rows.Reset();
  return status;
}

absl::StatusOr<KeptRequest> RequestLedger::Read(absl::string_view request_ref) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> rows,
                           records.database().Prepare(absl::StrCat(
                               kSelectRequests, " AND request_ref = $2")));
  rows->BindInt(1, records.entity_number());
  rows->BindBytes(2, request_ref);
  KeptRequest read;
  SUBROSA_RETURN_IF_ERROR(Visit(*rows, [&](const KeptRequest& kept) {
    read = kept;
    return absl::OkStatus();
  }));
  if (read.revision > 0) return read;
  return absl::NotFoundError(
      "request: want the reference of one that is kept, got another");
}

absl::Status RequestLedger::VisitDue(int64_t limit, RequestVisitor visit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> rows,
      records.database().Prepare(absl::StrCat(
          kSelectRequests, " AND is_open = 1 ORDER BY due_day LIMIT $2")));
  rows->BindInt(1, records.entity_number());
  rows->BindInt(2, limit);
  return Visit(*rows, visit);
}

absl::Status RequestLedger::VisitAll(RequestVisitor visit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> rows,
                           records.database().Prepare(absl::StrCat(
                               kSelectRequests, " ORDER BY request_ref")));
  rows->BindInt(1, records.entity_number());
  return Visit(*rows, visit);
}

absl::Status RequestLedger::VisitOf(absl::string_view consumer,
                                    RequestVisitor visit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> rows,
      records.database().Prepare(absl::StrCat(
          kSelectRequests, " AND year = $2 AND consumer_tag = $3")));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  for (const int32_t year : years) {
    const absl::StatusOr<SecretKey> year_key = evidence_keys_.Find(year);
    if (absl::IsNotFound(year_key.status())) continue;
    SUBROSA_RETURN_IF_ERROR(year_key.status());
    const std::string tag = RequestTagOf(*year_key, consumer);
    rows->BindInt(1, records.entity_number());
    rows->BindInt(2, year);
    rows->BindBytes(3, tag);
    SUBROSA_RETURN_IF_ERROR(Visit(*rows, visit));
  }
  return absl::OkStatus();
}

absl::StatusOr<TraitCounts> RequestLedger::CountAll(int64_t* lost) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> rows,
                           records.database().Prepare(kSelectRequests));
  rows->BindInt(1, records.entity_number());
  TraitCounts counts;
  SUBROSA_RETURN_IF_ERROR(Visit(
      *rows,
      [&](const KeptRequest& kept) {
        const absl::StatusOr<RequestMachine> machine =
            MachineOf(kept.request());
        if (machine.ok()) {
          ++counts[{kept.year, TraitsOf(kept.request(), *machine)}];
        } else {
          ++*lost;
        }
        return absl::OkStatus();
      },
      lost));
  return counts;
}

absl::Status RequestLedger::CountUncounted() {
  if (all_counted_) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(bool has_uncounted, counts_.HasUncounted());
  if (has_uncounted) SUBROSA_RETURN_IF_ERROR(CountAnew());
  all_counted_ = true;
  return absl::OkStatus();
}

absl::Status RequestLedger::CountAnew() {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_.records().Begin());
  int64_t lost = 0;
  SUBROSA_ASSIGN_OR_RETURN(const TraitCounts counts, CountAll(&lost));
  SUBROSA_RETURN_IF_ERROR(counts_.Replace(counts));
  return transaction.Commit();
}

absl::Status RequestLedger::VisitKeptCounts(RequestCounts::CountVisitor visit) {
  // By year: whether it is not over.
  std::map<int32_t, bool> is_kept;
  return counts_.Visit([&](int32_t year, const RequestTraits& traits,
                           int64_t requests) -> absl::Status {
    auto [kept, is_new] = is_kept.try_emplace(year);
    if (is_new) {
      const absl::Status has_key = evidence_keys_.Find(year).status();
      if (!has_key.ok() && !absl::IsNotFound(has_key)) return has_key;
      kept->second = has_key.ok();
    }
    return kept->second ? visit(year, traits, requests) : absl::OkStatus();
  });
}

absl::Status RequestLedger::VisitCounts(TraitsVisitor visit) {
  SUBROSA_RETURN_IF_ERROR(CountUncounted());
  return VisitKeptCounts(
      [&](int32_t, const RequestTraits& traits, int64_t requests) {
        return visit(traits, requests);
      });
}

absl::StatusOr<RequestCountsCheck> RequestLedger::CheckCounts() {
  RequestCountsCheck check;
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           vault_.records().BeginReading());
  SUBROSA_ASSIGN_OR_RETURN(const bool has_uncounted, counts_.HasUncounted());
  SUBROSA_ASSIGN_OR_RETURN(TraitCounts counts, CountAll(&check.lost));
  for (const auto& [key, requests] : counts) check.requests += requests;
  check.is_counted = !has_uncounted;
  if (has_uncounted) return check;
  SUBROSA_RETURN_IF_ERROR(VisitKeptCounts(
      [&](int32_t year, const RequestTraits& traits, int64_t requests) {
        check.counted += requests;
        counts[{year, traits}] -= requests;
        return absl::OkStatus();
      }));
  for (const auto& [key, difference] : counts) {
    if (difference != 0) ++check.traits_off;
  }
  return check;
}

absl::StatusOr<int64_t> RequestLedger::CountOpen() {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      records.database().Prepare("SELECT count(*) FROM request"
                                 " WHERE entity = $1 AND is_open = 1"));
  count->BindInt(1, records.entity_number());
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  return count->ColumnInt(0);
}

absl::StatusOr<std::vector<std::string>> RequestLedger::ListOpenPastYear(
    absl::string_view after, int64_t limit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> list,
      records.database().Prepare(
          "SELECT request_ref FROM request WHERE entity = $1 AND is_open = 1"
          " AND year < $2 AND request_ref > $3"
          " ORDER BY request_ref LIMIT $4"));
  list->BindInt(1, records.entity_number());
  list->BindInt(2, CivilDayOf(DayOf(clock_.Now())).year());
  list->BindBytes(3, after);
  list->BindInt(4, limit);
  std::vector<std::string> refs;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, list->Step());
    if (!found) return refs;
    refs.emplace_back(list->ColumnBytes(0));
  }
}

}  // namespace subrosa
