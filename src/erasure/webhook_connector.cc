#include "src/erasure/webhook_connector.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/crypto/base64.h"
#include "src/crypto/secret_hmac.h"
#include "src/net/http_message.h"

namespace subrosa {
namespace {

constexpr size_t kMaxAnswerBytes = size_t{64} << 10;

HttpClientOptions Bounded(HttpClientOptions options) {
  options.max_response_bytes = kMaxAnswerBytes;
  return options;
}

}  // namespace

WebhookCaller::WebhookCaller(std::string url, SecretBuffer secret,
                             HttpClientOptions options, const Clock& clock)
    : url_(std::move(url)),
      secret_(std::move(secret)),
      clock_(clock),
      client_(Bounded(std::move(options))) {}

PartyReply WebhookCaller::Tell(const EraseMessage& message) {
  const std::string body = EraseMessageJson(message);
  const std::string timestamp = absl::StrCat(absl::ToUnixSeconds(clock_.Now()));
  const std::string signature = SecretHmacSha256(
      secret_, absl::StrCat(message.erasure, ".", timestamp, ".", body));
  const absl::StatusOr<HttpResponse> response = client_.Post(
      url_, body, "application/json",
      {{"webhook-id", message.erasure},
       {"webhook-timestamp", timestamp},
       {"webhook-signature",
        absl::StrCat("v1,", EncodeBase64(signature, Base64Padding::kEquals))}});
  if (!response.ok()) return {PartyAnswer::kSilent, response.status()};
  switch (response->status) {
    case 200:
    case 204:
      return {PartyAnswer::kDone, absl::OkStatus()};
    case 202:
      return {PartyAnswer::kAccepted, absl::OkStatus()};
    case 409:
    case 422:
    case 451:
      return {PartyAnswer::kRefused, absl::OkStatus()};
    default:
      return {PartyAnswer::kSilent,
              absl::UnavailableError(absl::StrCat(
                  "webhook: want a status of 200, 202, 204, 409, 422 or 451, "
                  "got ",
                  response->status)),
              /*is_reached=*/true};
  }
}

}  // namespace subrosa
