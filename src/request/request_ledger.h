// The RequestLedger keeps requests in the record store's table `request`, each
// with its steps. A step is never changed or taken out; the next one is added,
// in one transaction with its leaf, and only if the machine allows it.
//
// What a request is about outlives its consumer's erasure, so it is sealed
// under the evidence key of the year in which it need not be kept any more
// (src/vault/evidence_keys.h), and ends with that key. When it is closed, all
// goes but what 11 CCR 7101 asks for: contact, account id, permission, reasons
// and what was checked. It stands under a random reference; who has the account
// id finds it by a PRF under the same key, and nobody can go the other way.
//
// One that is open does not end with its year: it is moved into a later one
// (Move), and until then the year's key stays (src/vault/open_items.h).
//
// Thread-compatible. Any number of processes may use the same table. Errors are
// those of Connection and EvidenceKeys, besides what is said below; none holds
// anything of a request.
//
// Security: in clear rest whether it is open, the day on which it is due and
// the year of its key. All of that is bound to the seal: a row that was changed
// or moved does not open.
//
// Source: 11 CCR 7101; 4 CCR 904-3 Rule 6.11.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_LEDGER_H_
#define SUBROSA_SRC_REQUEST_REQUEST_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/request/request_counts.h"
#include "src/request/request_machine.h"
#include "src/request/request_traits.h"
#include "src/store/connection.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/vault.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

inline constexpr size_t kRequestRefBytes = 16;

// What follows from a request and the law, and rests beside it.
struct RequestPlace {
  // The last day on which what is due first can be done; kNoDueDay if nothing
  // is due.
  absl::CivilDay due_on;
  // Until when it is kept if nothing more happens.
  absl::CivilDay keep_until;
};

// After every other day.
inline constexpr absl::CivilDay kNoDueDay(9999, 12, 31);

// A request that is not kept yet. The pointer is read during the call.
struct NewRequest {
  const v1::Request* request;
  RequestPlace place;
};

// A request as it was read.
struct KeptRequest {
  std::string request_ref;   // kRequestRefBytes.
  int64_t revision = 0;      // Rises with every change, from 1.
  int32_t year = 0;          // Until which it is kept.
  v1::StoredRequest stored;  // With the openings of its leaves.

  const v1::Request& request() const { return stored.request(); }
};

// What the requests say beside what is counted of them (request_counts.h).
struct RequestCountsCheck {
  bool is_counted = true;  // Not so before an older store's first use.
  int64_t requests = 0;    // That are kept, and open.
  int64_t counted = 0;
  int64_t traits_off = 0;  // Of which the two say different numbers.
  int64_t lost = 0;        // Requests that do not open.
};

class RequestLedger {
 public:
  // Both must outlive it.
  RequestLedger(Vault& vault, const Clock& clock)
      : vault_(vault),
        clock_(clock),
        evidence_keys_(vault.keys().Tables()),
        counts_(vault.records().database(), vault.records().entity_number()) {}

  // Adds `request` with its first steps. OK means durable.
  //
  // Errors of RequestMachine for steps that do not follow on each other;
  // INVALID_ARGUMENT for one that lies in the future.
  absl::StatusOr<KeptRequest> Add(const v1::Request& request,
                                  const RequestPlace& place);

  // The same for several in one transaction: one result each, in order; on
  // error none was added. Some thousand make a good batch.
  absl::StatusOr<std::vector<KeptRequest>> AddAll(
      absl::Span<const NewRequest> requests);

  // Replaces `kept` by `request`, which is the same with more steps, and leaves
  // a leaf for each of these. OK means durable, and `kept` is as it now stands;
  // on error nothing changed.
  //
  // FAILED_PRECONDITION if it changed since it was read, so that of two
  // officers one is told to look again; else as Add.
  absl::Status Update(const v1::Request& request, const RequestPlace& place,
                      KeptRequest* kept);

  // Seals `kept`, of which nothing else changes, anew where `place` says; no
  // leaf tells of it. Errors as Update.
  absl::Status Move(const RequestPlace& place, KeptRequest* kept);

  // NOT_FOUND if there is none, or none any more; DATA_LOSS if it does not
  // open.
  absl::StatusOr<KeptRequest> Read(absl::string_view request_ref);

  // Hands requests over and stops at the first error of `visit`, which it
  // returns. `visit` must not write to the record store. One is in memory at a
  // time. Those whose year is over are left out.
  using RequestVisitor =
      absl::FunctionRef<absl::Status(const KeptRequest& kept)>;
  // The `limit` open ones that are due first, in that order.
  absl::Status VisitDue(int64_t limit, RequestVisitor visit);
  // Every one, in an order that tells nothing.
  absl::Status VisitAll(RequestVisitor visit);
  // Those of one consumer, closed ones among them, in no order.
  absl::Status VisitOf(absl::string_view consumer, RequestVisitor visit);

  // How many are open.
  absl::StatusOr<int64_t> CountOpen();

  // References of open ones whose year is over, in their order: at most `limit`
  // after `after`, which may be empty.
  absl::StatusOr<std::vector<std::string>> ListOpenPastYear(
      absl::string_view after, int64_t limit);

  // Hands over how many there are of each traits: as counted with every step,
  // so that none is opened. Those whose year is over are left out.
  using TraitsVisitor = absl::FunctionRef<absl::Status(
      const RequestTraits& traits, int64_t requests)>;
  absl::Status VisitCounts(TraitsVisitor visit);

  // Opens every request, and compares. One that does not open is no error.
  absl::StatusOr<RequestCountsCheck> CheckCounts();
  // Counts from the requests what CheckCounts finds wrong, in one transaction.
  // What does not open is left out.
  absl::Status CountAnew();

  // Deletes those whose year is over, but for years in which one is open that
  // has its key. Returns how many there were.
  absl::StatusOr<int64_t> DeleteExpired();

 private:
  // A row to be written: sealed, with its leaves.
  struct Row;

  absl::StatusOr<Row> MakeRow(const v1::Request& request,
                              const RequestPlace& place,
                              const KeptRequest& before);
  absl::StatusOr<std::string> MakeLeaf(const v1::Request& request,
                                       const v1::RequestEvent& event,
                                       v1::RequestStatus status,
                                       absl::string_view opening) const;
  absl::Status Write(const Row& row, Statement& write) const;
  absl::Status Commit(absl::Span<const Row> rows, absl::string_view sql);
  absl::Status Replace(Row row, KeptRequest* kept);
  // Where `lost` is null, one that does not open is an error; else it is
  // counted there.
  absl::Status Visit(Statement& rows, RequestVisitor visit,
                     int64_t* lost = nullptr);
  absl::StatusOr<TraitCounts> CountAll(int64_t* lost);
  // Counts once what an older version took in.
  absl::Status CountUncounted();
  absl::Status VisitKeptCounts(RequestCounts::CountVisitor visit);

  Vault& vault_;
  const Clock& clock_;
  EvidenceKeys evidence_keys_;
  RequestCounts counts_;
  bool all_counted_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_LEDGER_H_
