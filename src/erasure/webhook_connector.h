// Tells a store or recipient over HTTP: one POST of EraseMessageJson, signed as
// Standard Webhooks 1.0 has it (standardwebhooks.com): `webhook-id` is the
// erasure's name and the same each time, `webhook-timestamp` the seconds since
// 1970, `webhook-signature` "v1," and the base64 of HMAC-SHA256 over
// "id.timestamp.body".
//
//   200, 204        done
//   202             accepted: it is asked again, and says 200 once it is done
//   409, 422, 451   refused
//   anything else, nothing, or nothing within the bounds: silent
//
// A redirect is not followed, an answer is read up to 64 KiB, and addresses of
// our own network are refused unless the connector allows them (HttpClient).
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_WEBHOOK_CONNECTOR_H_
#define SUBROSA_SRC_ERASURE_WEBHOOK_CONNECTOR_H_

#include <string>

#include "src/base/clock.h"
#include "src/crypto/secret_buffer.h"
#include "src/erasure/connector.h"
#include "src/net/http_client.h"

namespace subrosa {

class WebhookCaller final : public Connector {
 public:
  // `clock` must outlive it.
  WebhookCaller(std::string url, SecretBuffer secret, HttpClientOptions options,
                const Clock& clock);

  PartyReply Tell(const EraseMessage& message) override;

 private:
  const std::string url_;
  const SecretBuffer secret_;
  const Clock& clock_;
  HttpClient client_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_WEBHOOK_CONNECTOR_H_
