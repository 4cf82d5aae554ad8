#include "src/request/request_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace subrosa {

std::string SlugOfName(absl::string_view name, absl::string_view prefix) {
  return absl::StrReplaceAll(
      absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", "-"}});
}

std::string RequestKindSlug(v1::RequestKind kind) {
  return SlugOfName(v1::RequestKind_Name(kind), "REQUEST_KIND_");
}

std::string RequestChannelSlug(v1::RequestChannel channel) {
  return SlugOfName(v1::RequestChannel_Name(channel), "REQUEST_CHANNEL_");
}

std::string RequesterKindSlug(v1::RequesterKind kind) {
  return SlugOfName(v1::RequesterKind_Name(kind), "REQUESTER_KIND_");
}

std::string CorrectionWaySlug(v1::CorrectionWay way) {
  return SlugOfName(v1::CorrectionWay_Name(way), "CORRECTION_WAY_");
}

std::string RequestStatusSlug(v1::RequestStatus status) {
  return SlugOfName(v1::RequestStatus_Name(status), "REQUEST_STATUS_");
}

std::string RequestEventSlug(v1::RequestEventKind kind) {
  return SlugOfName(v1::RequestEventKind_Name(kind), "REQUEST_EVENT_KIND_");
}

std::string RequestActorSlug(v1::RequestActor actor) {
  return SlugOfName(v1::RequestActor_Name(actor), "REQUEST_ACTOR_");
}

std::string DenialReasonSlug(v1::DenialReason reason) {
  return SlugOfName(v1::DenialReason_Name(reason), "DENIAL_REASON_");
}

std::string RequestPartStatusSlug(v1::RequestPartStatus status) {
  return SlugOfName(v1::RequestPartStatus_Name(status), "REQUEST_PART_STATUS_");
}

std::string ClockStepSlug(v1::ClockStep step) {
  return SlugOfName(v1::ClockStep_Name(step), "CLOCK_STEP_");
}

std::optional<v1::RequestKind> RequestKindOf(absl::string_view slug) {
  for (int i = 1; i <= v1::RequestKind_MAX; ++i) {
    const auto kind = static_cast<v1::RequestKind>(i);
    if (v1::RequestKind_IsValid(i) && RequestKindSlug(kind) == slug) {
      return kind;
    }
  }
  return std::nullopt;
}

std::optional<v1::DenialReason> DenialReasonOf(absl::string_view slug) {
  for (int i = 1; i <= v1::DenialReason_MAX; ++i) {
    const auto reason = static_cast<v1::DenialReason>(i);
    if (v1::DenialReason_IsValid(i) && DenialReasonSlug(reason) == slug) {
      return reason;
    }
  }
  return std::nullopt;
}

absl::string_view DenialGround(v1::DenialReason reason) {
  switch (reason) {
    case v1::DENIAL_REASON_NOT_AUTHENTICATED:
      return "not-verifiable";
    case v1::DENIAL_REASON_NOT_A_CONSUMER:
      return "not-by-a-consumer";
    case v1::DENIAL_REASON_EXEMPT:
      return "exempt";
    default:
      return "other";
  }
}

}  // namespace subrosa
