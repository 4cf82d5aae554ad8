#include "src/erasure/request_erasure.h"

#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/erasure/owed_parts.h"
#include "src/erasure/request_parts.h"
#include "src/request/request_erasing.h"
#include "src/request/request_machine.h"
#include "src/steward/consent_gate.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

// Whether it is a request's own state or content that was refused, which says
// nothing of others.
bool IsOfOneRequest(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsDataLoss(status);
}

ErasureOrder OrderOf(const RequestView& view) {
  const v1::Request& request = view.request();
  ErasureOrder order;
  order.consumer = request.consumer();
  order.times.requested_at = view.machine.received_at();
  order.times.authenticated_at = view.machine.is_authenticated()
                                     ? view.machine.authenticated_at()
                                     : view.machine.received_at();
  // A certificate proves by it that deletion was asked for, and nothing else.
  if (request.kind() == v1::REQUEST_KIND_DELETE) {
    order.requested_leaf = view.kept.stored.received_leaf();
  }
  order.contact = request.requester().contact();
  order.facts.set_residence(request.residence());
  *order.facts.mutable_place_of_collection() = request.place_of_collection();
  order.request_ref = view.kept.request_ref;
  return order;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RequestErasure>> RequestErasure::Open(
    Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<ErasureRun> run,
                           ErasureRun::Open(steward));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<RequestDesk> desk,
      RequestDesk::Open(std::move(vault), steward.gate().law(),
                        steward.gate().policy().proto(), steward.clock(),
                        ReadOwedParts));
  return std::unique_ptr<RequestErasure>(
      new RequestErasure(steward, std::move(run), std::move(desk)));
}

absl::Status RequestErasure::CheckErases(const RequestView& view) const {
  if (!IsErasing(desk_->law(), view.request())) {
    return absl::FailedPreconditionError(
        "request.kind: want a request to delete, or a withdrawal where a "
        "statute that applies has what was collected erased, got another");
  }
  if (view.machine.status() != v1::REQUEST_STATUS_WORKING) {
    return absl::FailedPreconditionError(
        "request.status: want one whose requester was authenticated and that "
        "is not answered, got another");
  }
  return absl::OkStatus();
}

absl::StatusOr<ErasureOrder> RequestErasure::OrderFor(
    absl::string_view request_ref) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, desk_->Read(request_ref));
  SUBROSA_RETURN_IF_ERROR(CheckErases(view));
  return OrderOf(view);
}

absl::Status RequestErasure::LockRequest(const ErasureOrder& order) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view,
                           desk_->Read(order.request_ref));
  SUBROSA_RETURN_IF_ERROR(CheckErases(view));
  // What cannot be ordered leaves the request as it is.
  absl::Status may = run_->planner().Draft(order).status();
  // Or they were held, and are erased: it waits for what is left of that.
  if (absl::IsNotFound(may) && run_->Find(order.consumer).ok()) {
    may = absl::OkStatus();
  }
  SUBROSA_RETURN_IF_ERROR(may);
  const std::vector<v1::RequestEvent> steps =
      MissingPartSteps(view, v1::StoredErasure());
  if (steps.empty()) return absl::OkStatus();
  return desk_->TakeOfErasure(order.request_ref, steps).status();
}

absl::Status RequestErasure::Order(const ErasureOrder& order) {
  // A silent part first: nobody answers the request while it is ordered.
  if (!order.request_ref.empty()) {
    SUBROSA_RETURN_IF_ERROR(LockRequest(order));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<absl::Status> ordered,
                           run_->Order({order}));
  SUBROSA_RETURN_IF_ERROR(ordered.front());
  if (order.request_ref.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const v1::StoredErasure erasure,
                           run_->Find(order.consumer));
  return Report(order.request_ref, erasure).status();
}

absl::StatusOr<bool> RequestErasure::Report(absl::string_view request_ref,
                                            const v1::StoredErasure& erasure) {
  const absl::StatusOr<RequestView> view = desk_->Read(request_ref);
  // Its year is over, or somebody answered it all the same.
  if (absl::IsNotFound(view.status())) return true;
  if (!view.ok()) return view.status();
  if (view->machine.status() != v1::REQUEST_STATUS_WORKING) return true;
  const std::vector<v1::RequestEvent> steps = MissingPartSteps(*view, erasure);
  absl::Status told = absl::OkStatus();
  if (!steps.empty()) told = desk_->TakeOfErasure(request_ref, steps).status();
  if (told.ok()) told = desk_->MarkLateParts(request_ref).status();
  // An officer took a step meanwhile: the next time, then.
  if (absl::IsFailedPrecondition(told)) return false;
  if (!told.ok()) return told;
  return true;
}

absl::StatusOr<ErasureProgress> RequestErasure::Continue() {
  SUBROSA_ASSIGN_OR_RETURN(ErasureProgress progress, run_->Continue());
  // Nothing is said to be done before the log's checkpoint says so.
  if (progress.keys_destroyed + progress.issued > 0) {
    SUBROSA_RETURN_IF_ERROR(steward_.AwaitCheckpoint());
  }
  SUBROSA_RETURN_IF_ERROR(run_->ReportToRequests(
      [&](absl::string_view ref,
          const v1::StoredErasure& erasure) -> absl::StatusOr<bool> {
        absl::StatusOr<bool> told = Report(ref, erasure);
        if (told.ok() || !IsOfOneRequest(told.status())) return told;
        ++progress.requests_refused;
        progress.why_refused = std::move(told).status();
        return false;
      }));
  return progress;
}

}  // namespace subrosa
