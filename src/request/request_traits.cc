#include "src/request/request_traits.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/request/request_text.h"

namespace subrosa {
namespace {

constexpr int32_t kMostDays = 3650;

bool HasRefusedPart(const RequestMachine& machine) {
  return std::any_of(
      machine.parts().begin(), machine.parts().end(), [](const auto& part) {
        return part.second.status == v1::REQUEST_PART_STATUS_REFUSED;
      });
}

}  // namespace

RequestTraits TraitsOf(const v1::Request& request,
                       const RequestMachine& machine) {
  RequestTraits traits;
  traits.received_year =
      absl::ToCivilYear(machine.received_at(), absl::UTCTimeZone()).year();
  traits.kind = machine.kind();
  traits.residence = request.residence();
  traits.is_open = machine.IsOpen();
  traits.is_extended = machine.is_extended();
  traits.appeals = machine.appeals();
  traits.is_granted = machine.is_granted();
  v1::DenialReason reason = v1::DENIAL_REASON_UNSPECIFIED;
  for (const v1::RequestEvent& event : request.event()) {
    switch (event.kind()) {
      case v1::REQUEST_EVENT_KIND_COMPLETED:
        traits.answer = HasRefusedPart(machine)
                            ? RequestAnswer::kCompletedInPart
                            : RequestAnswer::kCompleted;
        break;
      case v1::REQUEST_EVENT_KIND_DENIED:
        traits.answer = RequestAnswer::kDenied;
        reason = event.denial();
        break;
      case v1::REQUEST_EVENT_KIND_TAKEN_BACK:
        traits.answer = RequestAnswer::kTakenBack;
        break;
      case v1::REQUEST_EVENT_KIND_APPEAL_GRANTED:
        traits.answer = RequestAnswer::kNone;
        break;
      default:
        break;
    }
  }
  if (traits.answer == RequestAnswer::kDenied) {
    traits.ground = std::string(DenialGround(reason));
  }
  if (traits.answer != RequestAnswer::kNone &&
      traits.answer != RequestAnswer::kTakenBack) {
    traits.days = std::min(
        DayOf(machine.answered_at()) - DayOf(machine.received_at()), kMostDays);
  }
  return traits;
}

}  // namespace subrosa
