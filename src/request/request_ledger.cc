#include "src/request/request_ledger.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/length_prefixed.h"
#include "src/base/status_macros.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/request/request_time.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

constexpr PrfLabel kSealLabel("request seal");
constexpr PrfLabel kContentLabel("request step");
constexpr size_t kTagBytes = 16;
constexpr absl::CivilDay kEpoch(1970, 1, 1);

// Columns, as all statements here read them.
constexpr absl::string_view kColumns =
    "SELECT request_ref, revision, is_open, due_day, year, consumer_tag, sealed"
    " FROM request WHERE entity = $1";

std::string TagOf(const SecretKey& year_key, absl::string_view consumer) {
  const auto output = Prf(year_key, "request consumer", {consumer});
  return std::string(reinterpret_cast<const char*>(output.data()), kTagBytes);
}

// What is in clear of a request.
struct ClearColumns {
  std::string request_ref;
  int64_t revision = 0;
  bool is_open = false;
  int64_t due_day = 0;
  int32_t year = 0;
  std::string consumer_tag;
};

std::string ContextOf(absl::string_view entity, const ClearColumns& columns) {
  return LengthPrefixed({"subrosa request", entity, columns.request_ref,
                         absl::StrCat(columns.revision),
                         columns.is_open ? "open" : "answered",
                         absl::StrCat(columns.due_day),
                         absl::StrCat(columns.year), columns.consumer_tag});
}

ClearColumns ReadColumns(const Statement& row) {
  ClearColumns columns;
  columns.request_ref = std::string(row.ColumnBytes(0));
  columns.revision = row.ColumnInt(1);
  columns.is_open = row.ColumnInt(2) != 0;
  columns.due_day = row.ColumnInt(3);
  columns.year = static_cast<int32_t>(row.ColumnInt(4));
  columns.consumer_tag = std::string(row.ColumnBytes(5));
  return columns;
}

void DropReasons(v1::RequestEvent* event) {
  event->clear_reason();
  event->clear_authentication();
}

// All goes that 11 CCR 7101 does not ask for.
void DropAnswered(v1::Request* request) {
  request->clear_consumer();
  const v1::RequesterKind kind = request->requester().kind();
  request->clear_requester();
  request->mutable_requester()->set_kind(kind);
  request->clear_from_day();
  request->clear_to_day();
  for (v1::RequestEvent& event : *request->mutable_event()) {
    DropReasons(&event);
  }
}

LeafOutcome OutcomeOf(const v1::RequestEvent& event, v1::RequestStatus status) {
  if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED ||
      event.kind() == v1::REQUEST_EVENT_KIND_APPEAL_DENIED) {
    return LeafOutcome::kDenied;
  }
  return status == v1::REQUEST_STATUS_COMPLETED_IN_PART &&
                 event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED
             ? LeafOutcome::kInPart
             : LeafOutcome::kDone;
}

absl::Status NoStep() {
  return absl::InvalidArgumentError(
      "request.event: want a step more than there was, got none");
}

}  // namespace

struct RequestLedger::Row {
  ClearColumns columns;
  v1::StoredRequest stored;
  std::string sealed;
  std::vector<std::string> leaves;
};

absl::StatusOr<std::string> RequestLedger::MakeLeaf(
    const v1::Request& request, const v1::RequestEvent& event,
    v1::RequestStatus status, absl::string_view opening) const {
  Leaf leaf = NewLeaf(LeafKind::kRequestStep, DayOf(clock_.Now()));
  leaf.numbers = {static_cast<uint64_t>(request.kind()),
                  static_cast<uint64_t>(event.kind())};
  leaf.outcome = OutcomeOf(event, status);
  leaf.jurisdiction = request.residence();
  Opening bytes;
  std::copy(opening.begin(), opening.end(), bytes.begin());
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_consumer,
      subrosa::Commit(bytes, kLeafConsumerLabel, {request.consumer(), ""}));
  // To what stays of the step once the request is closed.
  v1::RequestEvent lasting = event;
  DropReasons(&lasting);
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_content,
      subrosa::Commit(bytes, kContentLabel, {lasting.SerializeAsString()}));
  leaf.commitments = {to_consumer, to_content};
  return SerializeLeaf(leaf);
}

absl::StatusOr<RequestLedger::Row> RequestLedger::MakeRow(
    const v1::Request& request, const RequestPlace& place,
    const KeptRequest& before) {
  const absl::Time now = clock_.Now();
  Row row;
  row.stored = before.stored;
  *row.stored.mutable_request() = request;
  v1::Request& kept = *row.stored.mutable_request();
  RequestMachine machine(request.kind(), request.without_authentication()
                                             ? Authenticating::kNotNeeded
                                             : Authenticating::kNeeded);
  if (before.revision > 0) {
    SUBROSA_ASSIGN_OR_RETURN(machine, MachineOf(before.request()));
  }
  for (int i = before.request().event_size(); i < kept.event_size(); ++i) {
    v1::RequestEvent& event = *kept.mutable_event(i);
    if (RequestTimeOf(event.at()) > now) {
      return absl::InvalidArgumentError(
          "request.event.at: want a time that is past, got one to come; is the "
          "clock right?");
    }
    SUBROSA_RETURN_IF_ERROR(machine.Apply(event));
    *event.mutable_recorded_at() = RequestTimestampOf(now);
    const std::string opening = RandomBytes(kSecretKeyBytes);
    SUBROSA_ASSIGN_OR_RETURN(row.leaves.emplace_back(),
                             MakeLeaf(kept, event, machine.status(), opening));
    row.stored.add_opening(opening);
    if (i == 0) row.stored.set_received_leaf(row.leaves.back());
  }

  row.columns.request_ref = before.request_ref;
  row.columns.revision = before.revision + 1;
  row.columns.is_open = machine.IsOpen();
  row.columns.due_day = place.due_on - kEpoch;
  row.columns.year = static_cast<int32_t>(place.keep_until.year());
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey year_key,
                           evidence_keys_.FindOrCreate(row.columns.year));
  // Of somebody who is not known it says nothing, as of others.
  row.columns.consumer_tag = kept.consumer().empty()
                                 ? RandomBytes(kTagBytes)
                                 : TagOf(year_key, kept.consumer());
  if (machine.status() == v1::REQUEST_STATUS_CLOSED) DropAnswered(&kept);
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                           DeriveKey(year_key, kSealLabel, {}));
  SUBROSA_ASSIGN_OR_RETURN(
      row.sealed, SealValue(key, ContextOf(vault_.entity(), row.columns),
                            row.stored.SerializeAsString()));
  return row;
}

absl::Status RequestLedger::Write(const Row& row, Statement& write) const {
  write.BindInt(1, row.columns.is_open ? 1 : 0);
  write.BindInt(2, row.columns.due_day);
  write.BindInt(3, row.columns.year);
  write.BindBytes(4, row.columns.consumer_tag);
  write.BindBytes(5, row.sealed);
  write.BindInt(6, row.columns.revision);
  write.BindInt(7, vault_.records().entity_number());
  write.BindBytes(8, row.columns.request_ref);
  SUBROSA_RETURN_IF_ERROR(write.Run());
  if (vault_.records().database().Changes() == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "request.revision: want the one that was read, got a later one: somebody "
      "took a step meanwhile; look at it again");
}

absl::Status RequestLedger::Commit(absl::Span<const Row> rows,
                                   absl::string_view sql) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, vault_.keys().ReadIssued());
  {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> write,
                             records.database().Prepare(sql));
    for (const Row& row : rows) {
      SUBROSA_RETURN_IF_ERROR(Write(row, *write));
      SUBROSA_RETURN_IF_ERROR(records.AppendEntries(row.leaves, keys_seen));
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  // The key store decides: a year that ended between the two commits has taken
  // its rows with it.
  for (const Row& row : rows) {
    const absl::Status has_key = evidence_keys_.Find(row.columns.year).status();
    if (absl::IsNotFound(has_key)) {
      return absl::FailedPreconditionError(
          "request: want a year that is not over to keep it in, got one whose "
          "key was destroyed");
    }
    SUBROSA_RETURN_IF_ERROR(has_key);
  }
  return absl::OkStatus();
}

absl::StatusOr<KeptRequest> RequestLedger::Add(const v1::Request& request,
                                               const RequestPlace& place) {
  const NewRequest added = {&request, place};
  SUBROSA_ASSIGN_OR_RETURN(std::vector<KeptRequest> kept, AddAll({added}));
  return std::move(kept[0]);
}

absl::StatusOr<std::vector<KeptRequest>> RequestLedger::AddAll(
    absl::Span<const NewRequest> requests) {
  std::vector<Row> rows;
  for (const NewRequest& added : requests) {
    if (added.request->event_size() == 0) return NoStep();
    KeptRequest before;
    before.request_ref = RandomBytes(kRequestRefBytes);
    SUBROSA_ASSIGN_OR_RETURN(rows.emplace_back(),
                             MakeRow(*added.request, added.place, before));
  }
  SUBROSA_RETURN_IF_ERROR(
      Commit(rows,
             "INSERT INTO request(is_open, due_day, year, consumer_tag, sealed,"
             " revision, entity, request_ref)"
             " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"));
  std::vector<KeptRequest> kept;
  for (Row& row : rows) {
    kept.push_back({std::move(row.columns.request_ref), row.columns.revision,
                    std::move(row.stored)});
  }
  return kept;
}

absl::Status RequestLedger::Update(const v1::Request& request,
                                   const RequestPlace& place,
                                   KeptRequest* kept) {
  if (request.event_size() <= kept->request().event_size()) return NoStep();
  SUBROSA_ASSIGN_OR_RETURN(Row row, MakeRow(request, place, *kept));
  SUBROSA_RETURN_IF_ERROR(
      Commit({&row, 1},
             "UPDATE request SET is_open = $1, due_day = $2, year = $3,"
             " consumer_tag = $4, sealed = $5, revision = $6"
             " WHERE entity = $7 AND request_ref = $8 AND revision = $6 - 1"));
  kept->revision = row.columns.revision;
  kept->stored = std::move(row.stored);
  return absl::OkStatus();
}

absl::Status RequestLedger::Visit(Statement& rows, RequestVisitor visit) {
  // By year; null where the year is over.
  std::map<int32_t, std::unique_ptr<SecretKey>> keys;
  absl::Status status;
  KeptRequest kept;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return absl::OkStatus();
    const ClearColumns columns = ReadColumns(rows);
    auto [key, is_new] = keys.try_emplace(columns.year);
    if (is_new) {
      absl::StatusOr<SecretKey> year_key = evidence_keys_.Find(columns.year);
      if (year_key.ok()) year_key = DeriveKey(*year_key, kSealLabel, {});
      if (year_key.ok()) {
        key->second = std::make_unique<SecretKey>(*std::move(year_key));
      } else if (!absl::IsNotFound(year_key.status())) {
        status = year_key.status();
        break;
      }
    }
    if (key->second == nullptr) continue;
    const absl::StatusOr<std::string> bytes = OpenValue(
        *key->second, ContextOf(vault_.entity(), columns), rows.ColumnBytes(6));
    if (!bytes.ok() || !kept.stored.ParseFromString(*bytes)) {
      status = absl::DataLossError(
          "record store: want a request as it was written, got one that does "
          "not open");
      break;
    }
    kept.request_ref = columns.request_ref;
    kept.revision = columns.revision;
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
                               kColumns, " AND request_ref = $2")));
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
          kColumns, " AND is_open = 1 ORDER BY due_day LIMIT $2")));
  rows->BindInt(1, records.entity_number());
  rows->BindInt(2, limit);
  return Visit(*rows, visit);
}

absl::Status RequestLedger::VisitAll(RequestVisitor visit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> rows,
                           records.database().Prepare(absl::StrCat(
                               kColumns, " ORDER BY request_ref")));
  rows->BindInt(1, records.entity_number());
  return Visit(*rows, visit);
}

absl::Status RequestLedger::VisitOf(absl::string_view consumer,
                                    RequestVisitor visit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> rows,
      records.database().Prepare(
          absl::StrCat(kColumns, " AND year = $2 AND consumer_tag = $3")));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                           evidence_keys_.ListYears());
  for (const int32_t year : years) {
    const absl::StatusOr<SecretKey> year_key = evidence_keys_.Find(year);
    if (absl::IsNotFound(year_key.status())) continue;
    SUBROSA_RETURN_IF_ERROR(year_key.status());
    const std::string tag = TagOf(*year_key, consumer);
    rows->BindInt(1, records.entity_number());
    rows->BindInt(2, year);
    rows->BindBytes(3, tag);
    SUBROSA_RETURN_IF_ERROR(Visit(*rows, visit));
  }
  return absl::OkStatus();
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

absl::StatusOr<int64_t> RequestLedger::DeleteExpired() {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare(
          "DELETE FROM request WHERE entity = $1 AND year < $2"));
  remove->BindInt(1, records.entity_number());
  remove->BindInt(2, CivilDayOf(DayOf(clock_.Now())).year());
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  return records.database().Changes();
}

}  // namespace subrosa
