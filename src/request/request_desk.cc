#include "src/request/request_desk.h"

#include <algorithm>
#include <limits>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/request/request_authentication.h"
#include "src/request/request_check.h"
#include "src/request/request_time.h"
#include "src/request/request_traits.h"
#include "src/vault/deletion_clock.h"
#include "src/vault/key_store.h"

namespace subrosa {
namespace {

// A request that is not closed is kept at least so long after its last step,
// whatever the statutes say: a place whose statutes have no record kept must
// not lose one that is open.
constexpr int kDaysUnlessClosed = 366;

EarlierRequest EarlierOf(const v1::Request& request,
                         const RequestMachine& machine) {
  EarlierRequest earlier;
  earlier.kind = request.kind();
  earlier.received_at = machine.received_at();
  earlier.answered_at = machine.answered_at();
  for (const v1::RequestEvent& event : request.event()) {
    earlier.was_complied_with |=
        event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED;
    earlier.was_denied |= event.kind() == v1::REQUEST_EVENT_KIND_DENIED;
  }
  return earlier;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RequestDesk>> RequestDesk::Open(
    std::unique_ptr<Vault> vault, const LawBook& book, const v1::Policy& policy,
    const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(RequestLaw law, RequestLaw::Create(book, policy));
  return std::unique_ptr<RequestDesk>(
      new RequestDesk(std::move(vault), std::move(law), clock));
}

absl::StatusOr<RequestView> RequestDesk::ViewOf(const KeptRequest& kept) const {
  SUBROSA_ASSIGN_OR_RETURN(RequestMachine machine, MachineOf(kept.request()));
  SUBROSA_ASSIGN_OR_RETURN(std::vector<RequestClock> clocks,
                           ClocksOf(law_, kept.request(), machine));
  return RequestView{kept, std::move(machine), std::move(clocks),
                     law_.LeftOutFor(kept.request())};
}

absl::StatusOr<RequestPlace> RequestDesk::PlaceOf(
    const v1::Request& request, const RequestMachine& machine) const {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RequestClock> clocks,
                           ClocksOf(law_, request, machine));
  const RequestClock* strictest = StrictestOf(clocks);
  const absl::CivilDay today = CivilDayOf(DayOf(clock_.Now()));
  SUBROSA_ASSIGN_OR_RETURN(RecordKeeping keeping,
                           KeepingOf(law_, request, today));
  if (machine.status() != v1::REQUEST_STATUS_CLOSED) {
    keeping.until = std::max(keeping.until, today + kDaysUnlessClosed);
  }
  return RequestPlace{strictest == nullptr ? kNoDueDay : strictest->last_day,
                      keeping.until};
}

absl::StatusOr<RequestView> RequestDesk::Receive(v1::Request request) {
  SUBROSA_RETURN_IF_ERROR(CheckNewRequest(request, clock_.Now()));
  SUBROSA_RETURN_IF_ERROR(law_.CheckPlaces(request));
  // By a clock that nobody believes nothing is let go, and all else goes on.
  const absl::Status may_delete =
      DeletionClock(vault_->keys().Tables(), clock_).Check();
  if (may_delete.ok()) {
    SUBROSA_RETURN_IF_ERROR(ledger_.DeleteExpired().status());
  } else if (!absl::IsFailedPrecondition(may_delete)) {
    return may_delete;
  }
  request.set_without_authentication(WantedOf(law_, request).needed ==
                                     Authenticating::kNotNeeded);
  v1::RequestEvent& received = *request.add_event();
  received.set_kind(v1::REQUEST_EVENT_KIND_RECEIVED);
  *received.mutable_at() = request.received_at();
  received.set_by(v1::REQUEST_ACTOR_REQUESTER);
  SUBROSA_ASSIGN_OR_RETURN(const RequestMachine machine, MachineOf(request));
  SUBROSA_ASSIGN_OR_RETURN(const RequestPlace place, PlaceOf(request, machine));
  SUBROSA_ASSIGN_OR_RETURN(const KeptRequest kept, ledger_.Add(request, place));
  return ViewOf(kept);
}

absl::Status RequestDesk::CheckByLaw(const RequestView& view,
                                     const v1::RequestEvent& event) {
  switch (event.kind()) {
    case v1::REQUEST_EVENT_KIND_AUTHENTICATED:
      return CheckAuthentication(WantedOf(law_, view.request()),
                                 view.request().requester().kind(),
                                 event.authentication());
    case v1::REQUEST_EVENT_KIND_EXTENDED:
      return CheckExtension(view.clocks, RequestTimeOf(event.at()));
    case v1::REQUEST_EVENT_KIND_DENIED: {
      SUBROSA_ASSIGN_OR_RETURN(const std::vector<EarlierRequest> earlier,
                               EarlierThan(view));
      return CheckDenialReason(law_, view.request(), event.denial(), earlier);
    }
    default:
      return absl::OkStatus();
  }
}

absl::Status RequestDesk::Apply(const std::vector<v1::RequestEvent>& events,
                                v1::Request* request, RequestView* view) {
  for (v1::RequestEvent event : events) {
    if (!event.has_at()) {
      // Of a clock that was ahead when the last step was taken.
      *event.mutable_at() =
          RequestTimestampOf(std::max(clock_.Now(), view->machine.last_at()));
    }
    // What the machine refuses is refused for that, whatever the law says.
    SUBROSA_RETURN_IF_ERROR(view->machine.Check(event));
    SUBROSA_RETURN_IF_ERROR(CheckByLaw(*view, event));
    SUBROSA_RETURN_IF_ERROR(view->machine.Apply(event));
    *request->add_event() = std::move(event);
  }
  return absl::OkStatus();
}

absl::StatusOr<RequestView> RequestDesk::TakeAll(
    RequestView view, const std::vector<v1::RequestEvent>& events) {
  v1::Request request = view.request();
  SUBROSA_RETURN_IF_ERROR(Apply(events, &request, &view));
  SUBROSA_ASSIGN_OR_RETURN(const RequestPlace place,
                           PlaceOf(request, view.machine));
  SUBROSA_RETURN_IF_ERROR(ledger_.Update(request, place, &view.kept));
  return ViewOf(view.kept);
}

absl::StatusOr<RequestView> RequestDesk::Take(absl::string_view request_ref,
                                              v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(RequestView view, Read(request_ref));
  return TakeAll(std::move(view), {std::move(event)});
}

absl::StatusOr<RequestView> RequestDesk::CheckStep(
    absl::string_view request_ref, v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
  RequestView tried = view;
  v1::Request request = view.request();
  SUBROSA_RETURN_IF_ERROR(Apply({std::move(event)}, &request, &tried));
  return view;
}

absl::StatusOr<RequestView> RequestDesk::TakeSteps(
    absl::string_view request_ref,
    const std::vector<v1::RequestEvent>& events) {
  SUBROSA_ASSIGN_OR_RETURN(RequestView view, Read(request_ref));
  return TakeAll(std::move(view), events);
}

absl::StatusOr<RequestView> RequestDesk::Authenticate(
    absl::string_view request_ref, absl::string_view consumer,
    v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(RequestView view, Read(request_ref));
  v1::Request& request = *view.kept.stored.mutable_request();
  if (!consumer.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckConsumerId(consumer));
    if (!request.consumer().empty() && request.consumer() != consumer) {
      return absl::InvalidArgumentError(
          "request.consumer: want the one that the request is about, got "
          "another");
    }
    request.set_consumer(std::string(consumer));
  }
  if (request.consumer().empty()) {
    return absl::InvalidArgumentError(
        "request.consumer: want whose data it is about once the requester is "
        "authenticated, got nobody");
  }
  event.set_kind(v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  return TakeAll(std::move(view), {std::move(event)});
}

absl::StatusOr<RequestView> RequestDesk::MarkLateParts(
    absl::string_view request_ref) {
  SUBROSA_ASSIGN_OR_RETURN(RequestView view, Read(request_ref));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<std::string> late,
      FindLateParts(law_, view.request(), view.machine, clock_.Now()));
  if (late.empty()) return view;
  std::vector<v1::RequestEvent> events;
  for (const std::string& part : late) {
    v1::RequestEvent& event = events.emplace_back();
    event.set_kind(v1::REQUEST_EVENT_KIND_PART_OVERDUE);
    event.set_by(v1::REQUEST_ACTOR_SERVICE);
    event.set_part(part);
  }
  return TakeAll(std::move(view), events);
}

absl::StatusOr<int64_t> RequestDesk::KeepOpen() {
  constexpr int64_t kAtOnce = 1000;
  int64_t moved = 0;
  std::string last;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> refs,
                             ledger_.ListOpenPastYear(last, kAtOnce));
    for (const std::string& ref : refs) {
      absl::StatusOr<KeptRequest> kept = ledger_.Read(ref);
      // What does not open stays where it is, and so does its year's key.
      if (absl::IsDataLoss(kept.status()) || absl::IsNotFound(kept.status())) {
        continue;
      }
      if (!kept.ok()) return kept.status();
      SUBROSA_ASSIGN_OR_RETURN(const RequestMachine machine,
                               MachineOf(kept->request()));
      SUBROSA_ASSIGN_OR_RETURN(const RequestPlace place,
                               PlaceOf(kept->request(), machine));
      const absl::Status status = ledger_.Move(place, &*kept);
      // A step that somebody took meanwhile moved it.
      if (absl::IsFailedPrecondition(status)) continue;
      SUBROSA_RETURN_IF_ERROR(status);
      ++moved;
    }
    if (refs.empty()) return moved;
    last = refs.back();
  }
}

absl::StatusOr<RequestView> RequestDesk::Read(absl::string_view request_ref) {
  SUBROSA_ASSIGN_OR_RETURN(const KeptRequest kept, ledger_.Read(request_ref));
  return ViewOf(kept);
}

absl::Status RequestDesk::VisitDue(int64_t limit, ViewVisitor visit) {
  return ledger_.VisitDue(limit, [&](const KeptRequest& kept) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const RequestView view, ViewOf(kept));
    return visit(view);
  });
}

absl::Status RequestDesk::VisitAll(ViewVisitor visit) {
  return ledger_.VisitAll([&](const KeptRequest& kept) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const RequestView view, ViewOf(kept));
    return visit(view);
  });
}

absl::StatusOr<RequestTally> RequestDesk::Tally(int64_t from, int64_t to) {
  RequestTally tally;
  const auto is_in = [&](int64_t year) { return from <= year && year <= to; };
  SUBROSA_RETURN_IF_ERROR(
      VisitCounts([&](const RequestTraits& traits, int64_t requests) {
        if (is_in(traits.received_year)) tally.Add(traits, requests);
        return absl::OkStatus();
      }));
  const absl::Time now = clock_.Now();
  SUBROSA_RETURN_IF_ERROR(VisitDue(
      std::numeric_limits<int64_t>::max(), [&](const RequestView& view) {
        const RequestClock* const due = StrictestOf(view.clocks);
        if (due != nullptr && due->IsLate(now) &&
            is_in(TraitsOf(view.request(), view.machine).received_year)) {
          tally.AddLate(view.machine.kind());
        }
        return absl::OkStatus();
      }));
  return tally;
}

absl::Status RequestDesk::VisitOf(absl::string_view consumer,
                                  ViewVisitor visit) {
  return ledger_.VisitOf(
      consumer, [&](const KeptRequest& kept) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const RequestView view, ViewOf(kept));
        return visit(view);
      });
}

absl::StatusOr<std::vector<EarlierRequest>> RequestDesk::EarlierThan(
    const RequestView& view) {
  std::vector<EarlierRequest> earlier;
  if (view.request().consumer().empty()) return earlier;
  SUBROSA_RETURN_IF_ERROR(ledger_.VisitOf(
      view.request().consumer(), [&](const KeptRequest& kept) -> absl::Status {
        if (kept.request_ref == view.kept.request_ref) return absl::OkStatus();
        SUBROSA_ASSIGN_OR_RETURN(const RequestMachine machine,
                                 MachineOf(kept.request()));
        earlier.push_back(EarlierOf(kept.request(), machine));
        return absl::OkStatus();
      }));
  return earlier;
}

}  // namespace subrosa
