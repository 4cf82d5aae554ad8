#include "src/request/request_steps.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/slug.h"
#include "src/request/request_text.h"
#include "src/request/request_time.h"

namespace subrosa {
namespace {

constexpr size_t kMaxReasonBytes = 2048;

// Of google.protobuf.Timestamp: the last of the year 9999.
constexpr int64_t kLastSecond = 253402300799;

constexpr uint32_t Bit(int value) { return uint32_t{1} << value; }

constexpr uint32_t kNothing = Bit(v1::REQUEST_STATUS_UNSPECIFIED);
constexpr uint32_t kReceived = Bit(v1::REQUEST_STATUS_RECEIVED);
constexpr uint32_t kWorking = Bit(v1::REQUEST_STATUS_WORKING);
constexpr uint32_t kCompleted = Bit(v1::REQUEST_STATUS_COMPLETED);
constexpr uint32_t kInPart = Bit(v1::REQUEST_STATUS_COMPLETED_IN_PART);
constexpr uint32_t kDenied = Bit(v1::REQUEST_STATUS_DENIED);
constexpr uint32_t kAppealed = Bit(v1::REQUEST_STATUS_APPEALED);

constexpr uint32_t kRequester = Bit(v1::REQUEST_ACTOR_REQUESTER);
constexpr uint32_t kOfficer = Bit(v1::REQUEST_ACTOR_OFFICER);
constexpr uint32_t kService = Bit(v1::REQUEST_ACTOR_SERVICE);

// When a step may be taken, and by whom: docs/requests.md. By its number.
struct Step {
  uint32_t from;
  uint32_t by;
  bool has_reason = false;
  bool is_of_part = false;
};

constexpr Step kSteps[] = {
    {0, 0},
    {kNothing, kRequester | kOfficer | kService},           // received
    {kReceived | kWorking, kOfficer | kService},            // acknowledged
    {kReceived, kOfficer | kService},                       // authenticated
    {kReceived | kWorking, kOfficer, true},                 // extended
    {kReceived | kWorking, kOfficer, true},                 // denied
    {kWorking, kOfficer | kService, false, true},           // part sent
    {kWorking, kOfficer | kService, false, true},           // part acknowledged
    {kWorking, kOfficer | kService, false, true},           // part overdue
    {kWorking, kOfficer | kService, false, true},           // part done
    {kWorking, kOfficer | kService, false, true},           // part refused
    {kWorking, kOfficer | kService},                        // completed
    {kReceived | kWorking, kRequester},                     // taken back
    {kCompleted | kInPart | kDenied, kRequester},           // appealed
    {kAppealed, kOfficer, true},                            // appeal granted
    {kAppealed, kOfficer, true},                            // appeal denied
    {kCompleted | kInPart | kDenied, kOfficer | kService},  // closed
    {kReceived | kWorking, kOfficer | kService},            // identified
};
static_assert(std::size(kSteps) == v1::RequestEventKind_ARRAYSIZE,
              "a step for every kind");

// "received or working".
std::string StatusesText(uint32_t statuses) {
  if (statuses == kNothing) return "a request without steps";
  std::string text;
  for (int i = 1; i < v1::RequestStatus_ARRAYSIZE; ++i) {
    if ((statuses & Bit(i)) == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " or ",
                    RequestStatusSlug(static_cast<v1::RequestStatus>(i)));
  }
  return text;
}

std::string ActorsText(uint32_t actors) {
  std::string text;
  for (int i = 1; i < v1::RequestActor_ARRAYSIZE; ++i) {
    if ((actors & Bit(i)) == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " or ",
                    RequestActorSlug(static_cast<v1::RequestActor>(i)));
  }
  return text;
}

bool SaysAnything(const v1::RequestAuthentication& authentication) {
  return authentication.account_login() || authentication.matched_size() > 0 ||
         authentication.signed_declaration() ||
         authentication.permission_seen() ||
         authentication.permission_confirmed() ||
         authentication.power_of_attorney() ||
         authentication.guardianship_seen();
}

}  // namespace

absl::Status CheckStepFrom(v1::RequestEventKind kind,
                           v1::RequestStatus status) {
  const uint32_t from = kSteps[kind].from;
  if ((from & Bit(status)) != 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "request.status: want ", StatusesText(from), " for ",
      RequestEventSlug(kind), ", got ", StatusesText(Bit(status))));
}

absl::Status CheckStepForm(const v1::RequestEvent& event, absl::Time last_at,
                           StepForm form) {
  if (event.kind() <= v1::REQUEST_EVENT_KIND_UNSPECIFIED ||
      !v1::RequestEventKind_IsValid(event.kind())) {
    return absl::InvalidArgumentError(
        "request.event.kind: want a kind of step, got none that is known");
  }
  const Step& step = kSteps[event.kind()];
  if (!v1::RequestActor_IsValid(event.by()) ||
      (step.by & Bit(event.by())) == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("request.event.by: want ", ActorsText(step.by), " for ",
                     RequestEventSlug(event.kind()), ", got another"));
  }
  const absl::Time at = RequestTimeOf(event.at());
  if (at <= absl::UnixEpoch() || at < last_at) {
    return absl::InvalidArgumentError(
        "request.event.at: want a time that is not before the last step's, got "
        "an earlier one; is the clock right?");
  }
  if (event.at().seconds() > kLastSecond) {
    return absl::InvalidArgumentError(
        "request.event.at: want a time before the year 10000, got a later one");
  }
  const bool may_lack = form == StepForm::kMayLackDropped;
  if ((step.has_reason != !event.reason().empty() &&
       !(may_lack && event.reason().empty())) ||
      event.reason().size() > kMaxReasonBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "request.event.reason: want ",
        step.has_reason ? absl::StrCat("1 to ", kMaxReasonBytes) : "0",
        " bytes, got ", event.reason().size()));
  }
  if ((event.kind() == v1::REQUEST_EVENT_KIND_DENIED) !=
          (event.denial() != v1::DENIAL_REASON_UNSPECIFIED) ||
      !v1::DenialReason_IsValid(event.denial())) {
    return absl::InvalidArgumentError(
        "request.event.denial: want a reason for a denial, and for nothing "
        "else, got another");
  }
  if (event.kind() == v1::REQUEST_EVENT_KIND_AUTHENTICATED
          ? !SaysAnything(event.authentication()) && !may_lack
          : event.has_authentication()) {
    return absl::InvalidArgumentError(
        "request.event.authentication: want what was checked when somebody was "
        "authenticated, and only then");
  }
  if (!step.is_of_part && !event.part().empty()) {
    return absl::InvalidArgumentError(
        "request.event.part: want none but for a part's steps, got one");
  }
  const bool names_kind = event.kind() == v1::REQUEST_EVENT_KIND_PART_SENT;
  if (names_kind != (event.part_kind() != 0) ||
      !v1::RequestPartKind_IsValid(event.part_kind())) {
    return absl::InvalidArgumentError(
        "request.event.part_kind: want one where a part is sent, and only "
        "there");
  }
  if (event.not_reached() && !names_kind) {
    return absl::InvalidArgumentError(
        "request.event.not_reached: want it where a part is sent, and only "
        "there");
  }
  if (event.corrected_by() != v1::CORRECTION_WAY_UNSPECIFIED &&
      (event.kind() != v1::REQUEST_EVENT_KIND_COMPLETED ||
       !v1::CorrectionWay_IsValid(event.corrected_by()))) {
    return absl::InvalidArgumentError(
        "request.event.corrected_by: want it where a correction is completed, "
        "and only there");
  }
  return step.is_of_part ? CheckSlug("request.event.part", event.part())
                         : absl::OkStatus();
}

}  // namespace subrosa
