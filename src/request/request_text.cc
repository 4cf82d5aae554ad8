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

absl::string_view RequestKindWords(v1::RequestKind kind) {
  switch (kind) {
    case v1::REQUEST_KIND_KNOW:
      return "to know what is held about you";
    case v1::REQUEST_KIND_ACCESS:
      return "to have a copy of your data";
    case v1::REQUEST_KIND_THIRD_PARTIES:
      return "to know who was given your data";
    case v1::REQUEST_KIND_CORRECT:
      return "to have your data corrected";
    case v1::REQUEST_KIND_DELETE:
      return "to have your data deleted";
    case v1::REQUEST_KIND_OPT_OUT:
      return "not to have your data sold or shared";
    case v1::REQUEST_KIND_LIMIT:
      return "to have the use of your sensitive data limited";
    case v1::REQUEST_KIND_WITHDRAW:
      return "to withdraw your consent";
    case v1::REQUEST_KIND_CEASE:
      return "to stop the collecting, sharing or selling of your data";
    case v1::REQUEST_KIND_ACCESS_ADMT:
      return "to know how automated decisions about you are made";
    case v1::REQUEST_KIND_OPT_OUT_ADMT:
      return "to opt out of automated decisions";
    case v1::REQUEST_KIND_APPEAL:
      return "to have a refusal looked at again";
    default:
      return "about your data";
  }
}

absl::string_view DenialReasonWords(v1::DenialReason reason) {
  switch (reason) {
    case v1::DENIAL_REASON_NOT_AUTHENTICATED:
      return "we could not establish, with reasonable efforts, that the "
             "request "
             "comes from you or from somebody who may act for you";
    case v1::DENIAL_REASON_NOT_A_CONSUMER:
      return "it was not made by, or for, a consumer whom these statutes "
             "protect";
    case v1::DENIAL_REASON_EXEMPT:
      return "the law leaves what it asks for out, or has us keep it";
    case v1::DENIAL_REASON_EXCESSIVE:
      return "it is manifestly unfounded, excessive or repetitive";
    case v1::DENIAL_REASON_REPEATED_CORRECTION:
      return "we denied the same correction before, and nothing new came with "
             "this request";
    case v1::DENIAL_REASON_HELD_TO_BE_RIGHT:
      return "on all that we know, what we hold is more likely right than "
             "wrong";
    case v1::DENIAL_REASON_FRAUDULENT:
      return "we have good reason to hold it to be fraudulent or abusive";
    case v1::DENIAL_REASON_NO_SUCH_RIGHT:
      return "we know of no law that has us do it for you";
    case v1::DENIAL_REASON_REFUSED_BY_ALL:
      return "none of those who would have to act would do so";
    default:
      return "no reason was recorded";
  }
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
