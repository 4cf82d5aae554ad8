// A RequestErasure has done what requests to delete ask for: it orders the
// erasure that a request wants, and tells the request how far each store and
// recipient is. A request is answered by an officer, and only once none of them
// is silent.
//
// The request is made to wait before its erasure is ordered, so that a kill at
// any moment leaves it open; whoever calls again goes on.
//
// Thread-compatible. Errors are those of ErasureRun and RequestDesk, besides
// what is said below.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto erasures, RequestErasure::Open(*steward));
//   SUBROSA_ASSIGN_OR_RETURN(const auto order, erasures->OrderFor(ref));
//   SUBROSA_RETURN_IF_ERROR(erasures->Order(order));
//   SUBROSA_RETURN_IF_ERROR(erasures->Continue().status());
#ifndef SUBROSA_SRC_ERASURE_REQUEST_ERASURE_H_
#define SUBROSA_SRC_ERASURE_REQUEST_ERASURE_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_progress.h"
#include "src/erasure/erasure_run.h"
#include "src/request/request_desk.h"
#include "src/steward/steward.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

class RequestErasure {
 public:
  // `steward` must outlive it.
  static absl::StatusOr<std::unique_ptr<RequestErasure>> Open(Steward& steward);

  ErasureRun& run() { return *run_; }
  RequestDesk& desk() { return *desk_; }

  // Whether the request of `view` is one that an erasure does:
  // FAILED_PRECONDITION unless it is one to delete, or a withdrawal where a
  // rule that applies has what was collected by consent erased; and unless it
  // is being worked on.
  absl::Status CheckErases(const RequestView& view) const;

  // What the request `request_ref` asks for. Errors of CheckErases.
  absl::StatusOr<ErasureOrder> OrderFor(absl::string_view request_ref);

  // Orders an erasure, durably; if it is for a request, that one waits from
  // then on for every party of it. Ordered twice is once. NOT_FOUND where the
  // consumer is not held, and never was.
  absl::Status Order(const ErasureOrder& order);

  // Does what can be done now (ErasureRun::Continue), then tells requests. One
  // that cannot be told stops no other, and is counted.
  absl::StatusOr<ErasureProgress> Continue();

 private:
  RequestErasure(Steward& steward, std::unique_ptr<ErasureRun> run,
                 std::unique_ptr<RequestDesk> desk)
      : steward_(steward), run_(std::move(run)), desk_(std::move(desk)) {}

  // Gives the request of `order` a part that is silent.
  absl::Status LockRequest(const ErasureOrder& order);

  // Whether the request knows all that there is to know of `erasure` now.
  absl::StatusOr<bool> Report(absl::string_view request_ref,
                              const v1::StoredErasure& erasure);

  Steward& steward_;
  const std::unique_ptr<ErasureRun> run_;
  const std::unique_ptr<RequestDesk> desk_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_REQUEST_ERASURE_H_
