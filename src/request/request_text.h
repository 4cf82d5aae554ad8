// What people and files call kinds, channels, reasons and states of requests:
// slugs of lower case letters and hyphens, made of the names of the enums.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_TEXT_H_
#define SUBROSA_SRC_REQUEST_REQUEST_TEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// "REQUEST_KIND_THIRD_PARTIES" after "REQUEST_KIND_": "third-parties".
std::string SlugOfName(absl::string_view name, absl::string_view prefix);

// "third-parties", "opt-out-admt".
std::string RequestKindSlug(v1::RequestKind kind);
// "form", "post".
std::string RequestChannelSlug(v1::RequestChannel channel);
// "self", "agent", "guardian".
std::string RequesterKindSlug(v1::RequesterKind kind);
// "revision".
std::string CorrectionWaySlug(v1::CorrectionWay way);
// "received", "completed-in-part".
std::string RequestStatusSlug(v1::RequestStatus status);
// "part-sent", "appeal-granted".
std::string RequestEventSlug(v1::RequestEventKind kind);
// "officer".
std::string RequestActorSlug(v1::RequestActor actor);
// "not-authenticated".
std::string DenialReasonSlug(v1::DenialReason reason);
// "silent" is none of them: "sent", "acknowledged", "overdue".
std::string RequestPartStatusSlug(v1::RequestPartStatus status);
// "acknowledge", "delete-backups".
std::string ClockStepSlug(v1::ClockStep step);

// The other way about; empty for what is none, the unspecified among them.
std::optional<v1::RequestKind> RequestKindOf(absl::string_view slug);
std::optional<v1::DenialReason> DenialReasonOf(absl::string_view slug);

// The ground that 11 CCR 7102(a)(2) counts a denial under, by the key of rule
// ca-ccpa/denial-grounds: "not-verifiable", "not-by-a-consumer", "exempt",
// "other".
absl::string_view DenialGround(v1::DenialReason reason);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_TEXT_H_
