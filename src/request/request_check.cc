#include "src/request/request_check.h"

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/law/law_file.h"
#include "src/law/place.h"
#include "src/request/request_time.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;
constexpr size_t kMaxLocaleBytes = 35;
constexpr int kMaxPlaces = 16;

absl::Status CheckText(absl::string_view field, absl::string_view text,
                       size_t limit) {
  if (text.size() > limit) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ": want at most ", limit, " bytes, got ", text.size()));
  }
  for (const char c : text) {
    // A line of a letter's own, or of an e-mail's head, is nobody else's to
    // add.
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": want no control characters, got one"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRequester(const v1::Requester& requester) {
  const bool is_known = requester.kind() != v1::REQUESTER_KIND_UNSPECIFIED &&
                        v1::RequesterKind_IsValid(requester.kind());
  if (!is_known) {
    return absl::InvalidArgumentError(
        "request.requester.kind: want self, agent or guardian, got none of "
        "them");
  }
  SUBROSA_RETURN_IF_ERROR(CheckText("request.requester.contact",
                                    requester.contact(), kMaxContactBytes));
  SUBROSA_RETURN_IF_ERROR(CheckText("request.requester.locale",
                                    requester.locale(), kMaxLocaleBytes));
  SUBROSA_RETURN_IF_ERROR(CheckText("request.requester.permission",
                                    requester.permission(),
                                    kMaxPermissionBytes));
  if ((requester.kind() == v1::REQUESTER_KIND_SELF) !=
      requester.permission().empty()) {
    return absl::InvalidArgumentError(
        "request.requester.permission: want one of an agent or guardian, and "
        "of nobody else");
  }
  return absl::OkStatus();
}

absl::Status CheckDays(const v1::Request& request) {
  if (request.from_day().empty() && request.to_day().empty()) {
    return absl::OkStatus();
  }
  if (request.kind() != v1::REQUEST_KIND_KNOW &&
      request.kind() != v1::REQUEST_KIND_ACCESS) {
    return absl::InvalidArgumentError(
        "request.from_day: want days asked about by know or access alone, got "
        "another kind");
  }
  absl::CivilDay from = absl::CivilDay::min();
  absl::CivilDay to = absl::CivilDay::max();
  for (const bool is_from : {true, false}) {
    const std::string& text = is_from ? request.from_day() : request.to_day();
    if (text.empty()) continue;
    const absl::StatusOr<absl::CivilDay> day = ParseLawDay(text);
    if (!day.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(is_from ? "request.from_day" : "request.to_day",
                       ": want YYYY-MM-DD, got another"));
    }
    (is_from ? from : to) = *day;
  }
  return from <= to ? absl::OkStatus()
                    : absl::InvalidArgumentError(
                          "request.to_day: want a day that is not before "
                          "from_day, got an earlier one");
}

absl::Status CheckPlaces(const v1::Request& request) {
  if (!request.residence().empty()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckPlace("request.residence", request.residence()));
  }
  if (request.place_of_collection_size() > kMaxPlaces) {
    return absl::InvalidArgumentError(
        absl::StrCat("request.place_of_collection: want at most ", kMaxPlaces,
                     ", got ", request.place_of_collection_size()));
  }
  for (int i = 0; i < request.place_of_collection_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        CheckPlace(absl::StrCat("request.place_of_collection[", i, "]"),
                   request.place_of_collection(i)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckConsumerId(absl::string_view consumer) {
  if (!consumer.empty() && consumer.size() <= kMaxConsumerBytes) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("request.consumer: want 1 to ", kMaxConsumerBytes,
                   " bytes, got ", consumer.size()));
}

absl::Status CheckNewRequest(const v1::Request& request, absl::Time now) {
  if (request.kind() == v1::REQUEST_KIND_UNSPECIFIED ||
      !v1::RequestKind_IsValid(request.kind())) {
    return absl::InvalidArgumentError(
        "request.kind: want what is asked for, got nothing that is known");
  }
  if (request.kind() == v1::REQUEST_KIND_APPEAL) {
    return absl::InvalidArgumentError(
        "request.kind: want a request, got an appeal, which is a step of the "
        "request that it is about");
  }
  if (request.channel() == v1::REQUEST_CHANNEL_UNSPECIFIED ||
      !v1::RequestChannel_IsValid(request.channel())) {
    return absl::InvalidArgumentError(
        "request.channel: want the way by which it came, got none that is "
        "known");
  }
  if (!request.consumer().empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckConsumerId(request.consumer()));
  }
  SUBROSA_RETURN_IF_ERROR(CheckRequester(request.requester()));
  SUBROSA_RETURN_IF_ERROR(CheckPlaces(request));
  SUBROSA_RETURN_IF_ERROR(CheckDays(request));
  const absl::Time received_at = RequestTimeOf(request.received_at());
  if (received_at <= absl::UnixEpoch() || received_at > now) {
    return absl::InvalidArgumentError(
        "request.received_at: want when it was received, got none or a time "
        "to come");
  }
  if (request.event_size() > 0 || request.without_authentication()) {
    return absl::InvalidArgumentError(
        "request.event: want none of a request that is received, got what is "
        "for the entity to say");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
