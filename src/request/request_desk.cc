#include "src/request/request_desk.h"

#include <algorithm>
#include <limits>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/request/request_authentication.h"
#include "src/request/request_check.h"
#include "src/request/request_choice.h"
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
    const Clock& clock, OwedPartsReader read_owed) {
  SUBROSA_ASSIGN_OR_RETURN(RequestLaw law, RequestLaw::Create(book, policy));
  return std::unique_ptr<RequestDesk>(new RequestDesk(
      std::move(vault), std::move(law), clock, std::move(read_owed)));
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
  SUBROSA_ASSIGN_OR_RETURN(const v1::ConsumerFacts facts,
                           ReadFacts(request.consumer()));
  AddFacts(facts, &request);
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

absl::Status RequestDesk::Apply(const std::vector<v1::RequestEvent>& events,
                                Teller teller, v1::Request* request,
                                RequestView* view) {
  for (v1::RequestEvent event : events) {
    if (!event.has_at()) {
      // Of a clock that was ahead when the last step was taken.
      *event.mutable_at() =
          RequestTimestampOf(std::max(clock_.Now(), view->machine.last_at()));
    }
    // What the machine refuses is refused for that, whatever the law says.
    SUBROSA_RETURN_IF_ERROR(view->machine.Check(event));
    SUBROSA_RETURN_IF_ERROR(CheckByLaw(*view, event));
    if (teller == Teller::kByHand) {
      SUBROSA_RETURN_IF_ERROR(CheckPart(*request, event));
    }
    SUBROSA_RETURN_IF_ERROR(view->machine.Apply(event));
    *request->add_event() = std::move(event);
  }
  return absl::OkStatus();
}

absl::StatusOr<RequestView> RequestDesk::TakeAll(
    const KeptRequest& kept, v1::Request request,
    const std::vector<v1::RequestEvent>& events, Teller teller) {
  SUBROSA_ASSIGN_OR_RETURN(RequestView view, ViewOf(kept));
  *view.kept.stored.mutable_request() = request;
  SUBROSA_RETURN_IF_ERROR(Apply(events, teller, &request, &view));
  SUBROSA_ASSIGN_OR_RETURN(const RequestPlace place,
                           PlaceOf(request, view.machine));
  KeptRequest updated = kept;
  SUBROSA_RETURN_IF_ERROR(ledger_.Update(request, place, &updated));
  return ViewOf(updated);
}

absl::StatusOr<RequestView> RequestDesk::Take(absl::string_view request_ref,
                                              v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
  const bool chooses = event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED &&
                       IsDoneByChoice(view.machine.kind());
  if (!chooses) {
    return TakeAll(view.kept, view.request(), {std::move(event)},
                   Teller::kByHand);
  }
  const std::vector<v1::RequestEvent> steps = StepsOf(view, std::move(event));
  RequestView tried = view;
  v1::Request request = view.request();
  SUBROSA_RETURN_IF_ERROR(Apply(steps, Teller::kProgram, &request, &tried));
  SUBROSA_ASSIGN_OR_RETURN(ConsentLedger* const choices, OpenChoices());
  SUBROSA_RETURN_IF_ERROR(
      RecordChoice(law_, view.kept, clock_.Now(), *choices));
  return TakeAll(view.kept, view.request(), steps, Teller::kProgram);
}

absl::StatusOr<RequestView> RequestDesk::CheckStep(
    absl::string_view request_ref, v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
  RequestView tried = view;
  v1::Request request = view.request();
  const bool has_part = !event.part().empty();
  SUBROSA_RETURN_IF_ERROR(Apply(StepsOf(view, std::move(event)),
                                has_part ? Teller::kByHand : Teller::kProgram,
                                &request, &tried));
  return view;
}

absl::StatusOr<RequestView> RequestDesk::TakeOfErasure(
    absl::string_view request_ref,
    const std::vector<v1::RequestEvent>& events) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
  return TakeAll(view.kept, view.request(), events, Teller::kProgram);
}

absl::StatusOr<RequestView> RequestDesk::Authenticate(
    absl::string_view request_ref, absl::string_view consumer,
    v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
  SUBROSA_ASSIGN_OR_RETURN(v1::Request request,
                           About(consumer, view.request()));
  event.set_kind(v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  return TakeAll(view.kept, std::move(request), {std::move(event)},
                 Teller::kByHand);
}

absl::StatusOr<RequestView> RequestDesk::Identify(absl::string_view request_ref,
                                                  absl::string_view consumer,
                                                  v1::RequestEvent event) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
  SUBROSA_ASSIGN_OR_RETURN(v1::Request request,
                           About(consumer, view.request()));
  if (!view.request().consumer().empty()) {
    return absl::AlreadyExistsError(
        "request.consumer: want a request of which it was not known whose data "
        "it is about, got one of which it is");
  }
  event.set_kind(v1::REQUEST_EVENT_KIND_IDENTIFIED);
  return TakeAll(view.kept, std::move(request), {std::move(event)},
                 Teller::kByHand);
}

absl::StatusOr<RequestView> RequestDesk::MarkLateParts(
    absl::string_view request_ref) {
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view, Read(request_ref));
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
  return TakeAll(view.kept, view.request(), events, Teller::kProgram);
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
