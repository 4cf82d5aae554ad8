// What a step has to agree with besides the machine's table: the law, what is
// on record of the consumer, and what an erasure has still to do.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/request/request_authentication.h"
#include "src/request/request_check.h"
#include "src/request/request_choice.h"
#include "src/request/request_desk.h"
#include "src/request/request_time.h"

namespace subrosa {
namespace {

absl::Status NobodyKnown() {
  return absl::InvalidArgumentError(
      "request.consumer: want whose data it is about once that is found out, "
      "got nobody");
}

}  // namespace

absl::StatusOr<ConsentLedger*> RequestDesk::OpenChoices() {
  if (choices_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(choices_, ConsentLedger::Open(*vault_, clock_));
  }
  return choices_.get();
}

absl::StatusOr<v1::ConsumerFacts> RequestDesk::ReadFacts(
    const std::string& consumer) {
  if (consumer.empty()) return v1::ConsumerFacts();
  SUBROSA_ASSIGN_OR_RETURN(ConsentLedger* const choices, OpenChoices());
  SUBROSA_ASSIGN_OR_RETURN(const StandingState state,
                           choices->ReadStanding(consumer));
  return state.standing.facts();
}

absl::Status RequestDesk::CheckAuthenticated(const v1::Request& request,
                                             const v1::RequestEvent& event) {
  if (request.consumer().empty()) return NobodyKnown();
  SUBROSA_ASSIGN_OR_RETURN(const v1::ConsumerFacts facts,
                           ReadFacts(request.consumer()));
  const auto& guardians = facts.guardian();
  AuthenticationWanted wanted = WantedOf(law_, request);
  wanted.guardian_is_on_record =
      std::find(guardians.begin(), guardians.end(),
                request.requester().permission()) != guardians.end();
  return CheckAuthentication(wanted, request.requester().kind(),
                             event.authentication());
}

absl::Status RequestDesk::CheckPart(const v1::Request& request,
                                    const v1::RequestEvent& event) {
  if (event.part().empty()) return absl::OkStatus();
  if (IsDoneByChoice(request.kind()) && event.part() == kChoicesPart) {
    return absl::FailedPreconditionError(
        "request.part: want another than `choices`, which is recorded when the "
        "request is completed, got it by hand");
  }
  if (!IsErasing(law_, request)) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const ErasingState state,
                           ReadErasing(request, read_owed_, clock_, *vault_));
  return CheckPartByHand(event, state);
}

absl::Status RequestDesk::CheckCompletion(const RequestView& view,
                                          const v1::RequestEvent& event) {
  const v1::Request& request = view.request();
  if (IsDoneByChoice(request.kind()) && request.consumer().empty()) {
    return absl::FailedPreconditionError(
        "request.consumer: want whose choice it is before it is recorded, got "
        "nobody who is known; `request identify` says who it is");
  }
  if ((request.kind() == v1::REQUEST_KIND_CORRECT) !=
      (event.corrected_by() != v1::CORRECTION_WAY_UNSPECIFIED)) {
    return absl::FailedPreconditionError(
        "request.event.corrected_by: want by what a correction was made "
        "(revision, statement, elsewhere), and of a correction alone, got "
        "another; `ingest` takes the record again, corrected, and `request "
        "statement` what the consumer says of it");
  }
  if (!IsErasing(law_, request)) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const ErasingState state,
                           ReadErasing(request, read_owed_, clock_, *vault_));
  return CheckErased(view.machine, state);
}

absl::Status RequestDesk::CheckByLaw(const RequestView& view,
                                     const v1::RequestEvent& event) {
  switch (event.kind()) {
    case v1::REQUEST_EVENT_KIND_AUTHENTICATED:
      return CheckAuthenticated(view.request(), event);
    case v1::REQUEST_EVENT_KIND_IDENTIFIED:
      return view.request().consumer().empty() ? NobodyKnown()
                                               : absl::OkStatus();
    case v1::REQUEST_EVENT_KIND_COMPLETED:
      return CheckCompletion(view, event);
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

std::vector<v1::RequestEvent> RequestDesk::StepsOf(
    const RequestView& view, v1::RequestEvent event) const {
  std::vector<v1::RequestEvent> steps;
  if (event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED &&
      IsDoneByChoice(view.machine.kind()) &&
      view.machine.parts().count(kChoicesPart) == 0) {
    v1::RequestEvent part;
    part.set_by(v1::REQUEST_ACTOR_SERVICE);
    part.set_part(kChoicesPart);
    if (event.has_at()) *part.mutable_at() = event.at();
    part.set_kind(v1::REQUEST_EVENT_KIND_PART_SENT);
    part.set_part_kind(v1::REQUEST_PART_KIND_STORE);
    steps.push_back(part);
    part.set_kind(v1::REQUEST_EVENT_KIND_PART_DONE);
    part.clear_part_kind();
    steps.push_back(std::move(part));
  }
  steps.push_back(std::move(event));
  return steps;
}

absl::StatusOr<v1::Request> RequestDesk::About(absl::string_view consumer,
                                               v1::Request request) {
  if (!consumer.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckConsumerId(consumer));
    if (!request.consumer().empty() && request.consumer() != consumer) {
      return absl::InvalidArgumentError(
          "request.consumer: want the one that the request is about, got "
          "another");
    }
    request.set_consumer(std::string(consumer));
  }
  SUBROSA_ASSIGN_OR_RETURN(const v1::ConsumerFacts facts,
                           ReadFacts(request.consumer()));
  AddFacts(facts, &request);
  return request;
}

}  // namespace subrosa
