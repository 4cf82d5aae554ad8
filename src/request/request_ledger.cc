#include "src/request/request_ledger.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/request/request_counts.h"
#include "src/request/request_row.h"
#include "src/request/request_time.h"
#include "src/request/request_traits.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

constexpr PrfLabel kContentLabel("request step");
constexpr absl::CivilDay kEpoch(1970, 1, 1);

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
  RequestColumns columns;
  v1::StoredRequest stored;
  std::string sealed;
  std::vector<std::string> leaves;
  TraitCounts changes;
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
    --row.changes[{before.year, TraitsOf(before.request(), machine)}];
  }
  for (int i = before.request().event_size(); i < kept.event_size(); ++i) {
    v1::RequestEvent& event = *kept.mutable_event(i);
    // Steps of a clock that was ahead are followed by others at their time.
    if (RequestTimeOf(event.at()) > std::max(now, machine.last_at())) {
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
                                 ? RandomBytes(kRequestTagBytes)
                                 : RequestTagOf(year_key, kept.consumer());
  if (machine.status() == v1::REQUEST_STATUS_CLOSED) DropAnswered(&kept);
  ++row.changes[{row.columns.year, TraitsOf(kept, machine)}];
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key, RequestSealKeyOf(year_key));
  SUBROSA_ASSIGN_OR_RETURN(
      row.sealed, SealValue(key, RequestContextOf(vault_.entity(), row.columns),
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
  SUBROSA_RETURN_IF_ERROR(CountUncounted());
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, vault_.keys().ReadIssued());
  {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> write,
                             records.database().Prepare(sql));
    TraitCounts changes;
    for (const Row& row : rows) {
      SUBROSA_RETURN_IF_ERROR(Write(row, *write));
      SUBROSA_RETURN_IF_ERROR(records.AppendEntries(row.leaves, keys_seen));
      for (const auto& [traits, change] : row.changes) {
        changes[traits] += change;
      }
    }
    SUBROSA_RETURN_IF_ERROR(counts_.Add(changes));
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
                    row.columns.year, std::move(row.stored)});
  }
  return kept;
}

absl::Status RequestLedger::Update(const v1::Request& request,
                                   const RequestPlace& place,
                                   KeptRequest* kept) {
  if (request.event_size() <= kept->request().event_size()) return NoStep();
  SUBROSA_ASSIGN_OR_RETURN(Row row, MakeRow(request, place, *kept));
  return Replace(std::move(row), kept);
}

absl::Status RequestLedger::Move(const RequestPlace& place, KeptRequest* kept) {
  SUBROSA_ASSIGN_OR_RETURN(Row row, MakeRow(kept->request(), place, *kept));
  return Replace(std::move(row), kept);
}

absl::Status RequestLedger::Replace(Row row, KeptRequest* kept) {
  SUBROSA_RETURN_IF_ERROR(
      Commit({&row, 1},
             "UPDATE request SET is_open = $1, due_day = $2, year = $3,"
             " consumer_tag = $4, sealed = $5, revision = $6"
             " WHERE entity = $7 AND request_ref = $8 AND revision = $6 - 1"));
  kept->revision = row.columns.revision;
  kept->year = row.columns.year;
  kept->stored = std::move(row.stored);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RequestLedger::DeleteExpired() {
  RecordStore& records = vault_.records();
  const auto this_year =
      static_cast<int32_t>(CivilDayOf(DayOf(clock_.Now())).year());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> with_key,
                           evidence_keys_.ListYears());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  // With whether one is open.
  std::map<int32_t, bool> over;
  {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> list,
        records.database().Prepare("SELECT year, max(is_open) FROM request"
                                   " WHERE entity = $1 AND year < $2"
                                   " GROUP BY year"));
    list->BindInt(1, records.entity_number());
    list->BindInt(2, this_year);
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, list->Step());
      if (!found) break;
      over[static_cast<int32_t>(list->ColumnInt(0))] = list->ColumnInt(1) != 0;
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare(
          "DELETE FROM request WHERE entity = $1 AND year = $2"));
  int64_t removed = 0;
  for (const auto& [year, has_open] : over) {
    // What has no key is nobody's to open.
    if (has_open && absl::c_linear_search(with_key, year)) continue;
    remove->BindInt(1, records.entity_number());
    remove->BindInt(2, year);
    SUBROSA_RETURN_IF_ERROR(remove->Run());
    removed += records.database().Changes();
  }
  SUBROSA_RETURN_IF_ERROR(counts_.DropBefore(this_year));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return removed;
}

}  // namespace subrosa
