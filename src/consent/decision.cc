#include "src/consent/decision.h"

namespace subrosa {

absl::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPermit:
      return "permit";
    case Verdict::kNeedsConsent:
      return "needs consent";
    case Verdict::kNeedsAuthorization:
      return "needs authorization";
    case Verdict::kDeny:
      return "deny";
  }
  return "deny";
}

absl::string_view ReasonText(Reason reason) {
  switch (reason) {
    case Reason::kUnknownPurpose:
      return "the policy names no such purpose";
    case Reason::kActionNotOfPurpose:
      return "the policy does not name this action for the purpose";
    case Reason::kCategoryNotOfPurpose:
      return "the policy does not name these data for the purpose";
    case Reason::kUnknownRecipient:
      return "no such recipient is recorded";
    case Reason::kRecipientMayNotReceive:
      return "the recipient may be given nothing today";
    case Reason::kPurposeNotOfRecipient:
      return "the recipient is not recorded for this purpose";
    case Reason::kCategoryNotOfRecipient:
      return "the recipient is not recorded for these data";
    case Reason::kAskAgain:
      return "choices were lost in a restore: ask the consumer again";
    case Reason::kOptedOut:
      return "the consumer said stop";
    case Reason::kLimited:
      return "the consumer limits use to what the service needs";
    case Reason::kBanned:
      return "a rule forbids it whatever the consumer says";
    case Reason::kRefused:
      return "the consumer said no";
    case Reason::kNoGround:
      return "it has not the ground that a rule asks for, and consent is none";
    case Reason::kAuthorizationMissing:
      return "the consumer has not signed an authorization for it";
    case Reason::kConsentMissing:
      return "the consumer has not consented to it";
    case Reason::kGranted:
      return "every rule that applies has its ground";
    case Reason::kNoRule:
      return "no pack speaks of it, and the policy has a ground";
  }
  return "";
}

}  // namespace subrosa
