// RequestCounts keep, in the record store's table `request_count`, how many
// requests there are of each traits (request_traits.h), so that a report reads
// some thousand rows and opens no request. The ledger changes them in the
// transaction in which a request changes, and whoever checks a store counts
// again (RequestLedger::CheckCounts).
//
// Counts are kept by the year until which a request is kept, so that they end
// with it.
//
// Thread-compatible. Errors are those of Connection.
//
// Security: in clear, as the log's leaves say the same of each step: kind,
// place, day and outcome, of nobody. docs/threat_model.md has more.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_COUNTS_H_
#define SUBROSA_SRC_REQUEST_REQUEST_COUNTS_H_

#include <cstdint>
#include <map>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/request/request_traits.h"
#include "src/store/connection.h"

namespace subrosa {

// By the year until which they are kept, and traits: how many there are, or how
// many more.
using TraitCounts = std::map<std::pair<int32_t, RequestTraits>, int64_t>;

class RequestCounts {
 public:
  // Of the entity with the number `entity`. `database` must outlive this.
  RequestCounts(Connection& database, int64_t entity)
      : database_(database), entity_(entity) {}

  // Within a transaction.
  absl::Status Add(const TraitCounts& changes);
  // The same: of the years before `year` of which no request is left.
  absl::Status DropBefore(int32_t year);

  // Hands over each that is not 0. Stops at the first error of `visit` and
  // returns it; `visit` must not write to this database.
  using CountVisitor = absl::FunctionRef<absl::Status(
      int32_t kept_until, const RequestTraits& traits, int64_t requests)>;
  absl::Status Visit(CountVisitor visit);

  // Whether requests stand there that were taken in before they were counted.
  absl::StatusOr<bool> HasUncounted();
  // Within a transaction: `counts` are all there are.
  absl::Status Replace(const TraitCounts& counts);

 private:
  Connection& database_;
  int64_t entity_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_COUNTS_H_
