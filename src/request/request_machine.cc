#include "src/request/request_machine.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/request/request_steps.h"
#include "src/request/request_text.h"
#include "src/request/request_time.h"

namespace subrosa {
namespace {

absl::Status Said(absl::string_view field, absl::string_view what) {
  return absl::AlreadyExistsError(absl::StrCat(
      field, ": want what was not said before, got ", what, " once more"));
}

// The status that a part's step leads to.
v1::RequestPartStatus PartStatusAfter(v1::RequestEventKind kind) {
  switch (kind) {
    case v1::REQUEST_EVENT_KIND_PART_SENT:
      return v1::REQUEST_PART_STATUS_SENT;
    case v1::REQUEST_EVENT_KIND_PART_ACKNOWLEDGED:
      return v1::REQUEST_PART_STATUS_ACKNOWLEDGED;
    case v1::REQUEST_EVENT_KIND_PART_OVERDUE:
      return v1::REQUEST_PART_STATUS_OVERDUE;
    case v1::REQUEST_EVENT_KIND_PART_DONE:
      return v1::REQUEST_PART_STATUS_DONE;
    case v1::REQUEST_EVENT_KIND_PART_REFUSED:
      return v1::REQUEST_PART_STATUS_REFUSED;
    default:
      return v1::REQUEST_PART_STATUS_UNSPECIFIED;
  }
}

// Whether the step only says that a part, which had to act, was reached.
bool TellsOfReaching(const RequestPart& part, const v1::RequestEvent& event) {
  return event.kind() == v1::REQUEST_EVENT_KIND_PART_SENT && part.IsSilent() &&
         !part.is_told() && !event.not_reached() &&
         part.kind == event.part_kind();
}

// Whether a part may go from one status to another. A late acknowledgement
// makes nothing that is overdue less so.
bool MayFollow(v1::RequestPartStatus from, v1::RequestPartStatus to) {
  switch (to) {
    case v1::REQUEST_PART_STATUS_SENT:
      return from == v1::REQUEST_PART_STATUS_UNSPECIFIED ||
             from == v1::REQUEST_PART_STATUS_REFUSED;
    case v1::REQUEST_PART_STATUS_ACKNOWLEDGED:
      return from == v1::REQUEST_PART_STATUS_SENT;
    case v1::REQUEST_PART_STATUS_OVERDUE:
      return from == v1::REQUEST_PART_STATUS_SENT ||
             from == v1::REQUEST_PART_STATUS_ACKNOWLEDGED;
    case v1::REQUEST_PART_STATUS_DONE:
    case v1::REQUEST_PART_STATUS_REFUSED:
      return from == v1::REQUEST_PART_STATUS_SENT ||
             from == v1::REQUEST_PART_STATUS_ACKNOWLEDGED ||
             from == v1::REQUEST_PART_STATUS_OVERDUE;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<RequestMachine> MachineOf(const v1::Request& request) {
  RequestMachine machine(request.kind(), request.without_authentication()
                                             ? Authenticating::kNotNeeded
                                             : Authenticating::kNeeded);
  const int steps = request.event_size();
  const bool is_closed =
      steps > 0 &&
      (request.event(steps - 1).kind() == v1::REQUEST_EVENT_KIND_CLOSED ||
       request.event(steps - 1).kind() == v1::REQUEST_EVENT_KIND_TAKEN_BACK);
  for (const v1::RequestEvent& event : request.event()) {
    const absl::Status may = machine.CheckAs(
        event, is_closed ? StepForm::kMayLackDropped : StepForm::kWhole);
    if (!may.ok()) {
      return absl::DataLossError(absl::StrCat(
          "record store: want a request whose steps follow on each other, got "
          "another: ",
          may.message()));
    }
    machine.Take(event);
  }
  return machine;
}

bool IsDoneByParts(v1::RequestKind kind) {
  switch (kind) {
    case v1::REQUEST_KIND_CORRECT:
    case v1::REQUEST_KIND_DELETE:
    case v1::REQUEST_KIND_OPT_OUT:
    case v1::REQUEST_KIND_LIMIT:
    case v1::REQUEST_KIND_WITHDRAW:
    case v1::REQUEST_KIND_CEASE:
    case v1::REQUEST_KIND_OPT_OUT_ADMT:
      return true;
    default:
      return false;
  }
}

bool RequestPart::IsSilent() const {
  return status == v1::REQUEST_PART_STATUS_SENT ||
         status == v1::REQUEST_PART_STATUS_ACKNOWLEDGED ||
         status == v1::REQUEST_PART_STATUS_OVERDUE;
}

bool RequestMachine::IsOpen() const {
  return status_ == v1::REQUEST_STATUS_RECEIVED ||
         status_ == v1::REQUEST_STATUS_WORKING ||
         status_ == v1::REQUEST_STATUS_APPEALED;
}

int RequestMachine::CountSilent() const {
  int silent = 0;
  for (const auto& [slug, part] : parts_) silent += part.IsSilent() ? 1 : 0;
  return silent;
}

int RequestMachine::CountDone() const {
  int done = 0;
  for (const auto& [slug, part] : parts_) {
    done += part.status == v1::REQUEST_PART_STATUS_DONE ? 1 : 0;
  }
  return done;
}

bool RequestMachine::HasRefusal() const {
  for (const auto& [slug, part] : parts_) {
    if (part.status == v1::REQUEST_PART_STATUS_REFUSED) return true;
  }
  return false;
}

absl::Status RequestMachine::CheckOnce(const v1::RequestEvent& event) const {
  if (event.kind() == v1::REQUEST_EVENT_KIND_ACKNOWLEDGED &&
      is_acknowledged()) {
    return Said("request.event", "an acknowledgement");
  }
  if (event.kind() == v1::REQUEST_EVENT_KIND_AUTHENTICATED &&
      is_authenticated()) {
    return Said("request.event", "an authentication");
  }
  if (event.kind() == v1::REQUEST_EVENT_KIND_EXTENDED && is_extended()) {
    return Said("request.event", "an extension");
  }
  const v1::RequestPartStatus to = PartStatusAfter(event.kind());
  const auto part = parts_.find(event.part());
  if (part != parts_.end() && part->second.status == to &&
      !TellsOfReaching(part->second, event)) {
    return Said("request.part", "its status");
  }
  return absl::OkStatus();
}

absl::Status RequestMachine::CheckStatus(const v1::RequestEvent& event) const {
  SUBROSA_RETURN_IF_ERROR(CheckStepFrom(event.kind(), status_));
  if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) {
    const bool is_unknown =
        event.denial() == v1::DENIAL_REASON_NOT_AUTHENTICATED;
    if (is_granted_ && !is_unknown) {
      return absl::FailedPreconditionError(
          "request.status: want one whose appeal was not granted for a denial, "
          "got one to be complied with");
    }
    if (is_unknown && status_ != v1::REQUEST_STATUS_RECEIVED) {
      return absl::FailedPreconditionError(
          "request.event.denial: want another reason than not-authenticated "
          "where the requester was authenticated, or need not be");
    }
  }
  if (event.kind() == v1::REQUEST_EVENT_KIND_APPEALED && is_refusal_final_) {
    return absl::FailedPreconditionError(
        "request.status: want a refusal that was not appealed, got one whose "
        "appeal was denied; what is left is the regulator");
  }
  return absl::OkStatus();
}

absl::Status RequestMachine::CheckParts(const v1::RequestEvent& event) const {
  const bool ends = event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED ||
                    event.kind() == v1::REQUEST_EVENT_KIND_DENIED ||
                    event.kind() == v1::REQUEST_EVENT_KIND_TAKEN_BACK ||
                    event.kind() == v1::REQUEST_EVENT_KIND_CLOSED;
  if (!ends) return absl::OkStatus();
  if (const int silent = CountSilent(); silent > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("request.part: want an answer of every part first, got ",
                     silent, " that are silent"));
  }
  const int done = CountDone();
  if (event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED && done == 0 &&
      (IsDoneByParts(kind_) || !parts_.empty())) {
    return absl::FailedPreconditionError(
        "request.part: want at least one that did what was asked, got none");
  }
  if ((event.kind() == v1::REQUEST_EVENT_KIND_DENIED ||
       event.kind() == v1::REQUEST_EVENT_KIND_TAKEN_BACK) &&
      done > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("request.part: want none that did what was asked, got ",
                     done, "; such a request is completed, if only in part"));
  }
  if (event.denial() == v1::DENIAL_REASON_REFUSED_BY_ALL && parts_.empty()) {
    return absl::FailedPreconditionError(
        "request.part: want one that refused for the reason refused-by-all, "
        "got none");
  }
  return absl::OkStatus();
}

absl::Status RequestMachine::CheckPartStep(
    const v1::RequestEvent& event) const {
  const v1::RequestPartStatus to = PartStatusAfter(event.kind());
  if (to == v1::REQUEST_PART_STATUS_UNSPECIFIED) return absl::OkStatus();
  const auto part = parts_.find(event.part());
  if (part == parts_.end()) {
    if (to != v1::REQUEST_PART_STATUS_SENT) {
      return absl::FailedPreconditionError(
          "request.part: want one that was sent, got another");
    }
    if (parts_.size() == kMaxRequestParts) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "request.part: want at most ", kMaxRequestParts, ", got more"));
    }
    return absl::OkStatus();
  }
  if (MayFollow(part->second.status, to) ||
      TellsOfReaching(part->second, event)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "request.part: want one that may become ", RequestPartStatusSlug(to),
      ", got one that is ", RequestPartStatusSlug(part->second.status)));
}

absl::Status RequestMachine::Check(const v1::RequestEvent& event) const {
  return CheckAs(event, StepForm::kWhole);
}

absl::Status RequestMachine::CheckAs(const v1::RequestEvent& event,
                                     StepForm form) const {
  SUBROSA_RETURN_IF_ERROR(CheckStepForm(event, last_at_, form));
  SUBROSA_RETURN_IF_ERROR(CheckOnce(event));
  SUBROSA_RETURN_IF_ERROR(CheckStatus(event));
  SUBROSA_RETURN_IF_ERROR(CheckPartStep(event));
  SUBROSA_RETURN_IF_ERROR(CheckParts(event));
  if (events_ == kMaxRequestEvents) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "request.event: want at most ", kMaxRequestEvents, ", got more"));
  }
  return absl::OkStatus();
}

void RequestMachine::ApplyToPart(const v1::RequestEvent& event, absl::Time at) {
  const v1::RequestPartStatus to = PartStatusAfter(event.kind());
  if (to == v1::REQUEST_PART_STATUS_UNSPECIFIED) return;
  RequestPart& part = parts_[event.part()];
  // What is overdue is so still once it is reached.
  const bool is_overdue = part.status == v1::REQUEST_PART_STATUS_OVERDUE &&
                          to == v1::REQUEST_PART_STATUS_SENT;
  part.status = is_overdue ? part.status : to;
  part.changed_at = at;
  if (to == v1::REQUEST_PART_STATUS_SENT) {
    part.kind = event.part_kind();
    part.sent_at = at;
  }
  // Who answers was reached, whoever told them.
  const bool is_reached = !event.not_reached() &&
                          event.kind() != v1::REQUEST_EVENT_KIND_PART_OVERDUE;
  if (is_reached && !part.is_told()) part.told_at = at;
}

absl::Status RequestMachine::Apply(const v1::RequestEvent& event) {
  SUBROSA_RETURN_IF_ERROR(Check(event));
  Take(event);
  return absl::OkStatus();
}

void RequestMachine::Take(const v1::RequestEvent& event) {
  const absl::Time at = RequestTimeOf(event.at());
  ++events_;
  last_at_ = at;
  ApplyToPart(event, at);
  switch (event.kind()) {
    case v1::REQUEST_EVENT_KIND_RECEIVED:
      received_at_ = at;
      status_ = authenticating_ == Authenticating::kNeeded
                    ? v1::REQUEST_STATUS_RECEIVED
                    : v1::REQUEST_STATUS_WORKING;
      break;
    case v1::REQUEST_EVENT_KIND_ACKNOWLEDGED:
      acknowledged_at_ = at;
      break;
    case v1::REQUEST_EVENT_KIND_AUTHENTICATED:
      authenticated_at_ = at;
      status_ = v1::REQUEST_STATUS_WORKING;
      break;
    case v1::REQUEST_EVENT_KIND_EXTENDED:
      extended_at_ = at;
      break;
    case v1::REQUEST_EVENT_KIND_DENIED:
      answered_at_ = at;
      status_ = v1::REQUEST_STATUS_DENIED;
      break;
    case v1::REQUEST_EVENT_KIND_COMPLETED:
      answered_at_ = at;
      status_ = HasRefusal() ? v1::REQUEST_STATUS_COMPLETED_IN_PART
                             : v1::REQUEST_STATUS_COMPLETED;
      break;
    case v1::REQUEST_EVENT_KIND_TAKEN_BACK:
      answered_at_ = at;
      status_ = v1::REQUEST_STATUS_CLOSED;
      break;
    case v1::REQUEST_EVENT_KIND_APPEALED:
      appealed_at_ = at;
      ++appeals_;
      refused_as_ = status_;
      status_ = v1::REQUEST_STATUS_APPEALED;
      break;
    case v1::REQUEST_EVENT_KIND_APPEAL_GRANTED:
      // Whom nobody has authenticated yet still has to be: an appeal shows
      // that a refusal was wrong, not who is asking.
      is_granted_ = true;
      appeal_decided_at_ = at;
      answered_at_ = absl::Time();
      status_ =
          authenticating_ == Authenticating::kNeeded && !is_authenticated()
              ? v1::REQUEST_STATUS_RECEIVED
              : v1::REQUEST_STATUS_WORKING;
      break;
    case v1::REQUEST_EVENT_KIND_APPEAL_DENIED:
      is_refusal_final_ = true;
      appeal_decided_at_ = at;
      status_ = refused_as_;
      break;
    case v1::REQUEST_EVENT_KIND_CLOSED:
      status_ = v1::REQUEST_STATUS_CLOSED;
      break;
    default:
      break;
  }
}

}  // namespace subrosa
