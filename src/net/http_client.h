// HttpClient asks other machines over HTTP and HTTPS, within bounds.
//
// It follows no redirect, sends no cookie, uses no proxy, unpacks nothing and
// keeps nothing but the connection. One request at a time.
//
// Thread-compatible: no function is const.
//
// Security: a URL that someone else chose must not lead into our own network.
// So the address that a connection really goes to is checked when its socket is
// made, after the name was looked up: names that lead to private, loopback,
// link-local or other reserved addresses are refused, unless
// `allow_private_addresses`. HTTPS wants TLS 1.2 or later and a certificate of
// that name by a known authority.
#ifndef SUBROSA_SRC_NET_HTTP_CLIENT_H_
#define SUBROSA_SRC_NET_HTTP_CLIENT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/net/http_message.h"

namespace subrosa {

struct HttpClientOptions {
  // The longest body of a response.
  size_t max_response_bytes = size_t{1} << 20;
  // For one request from the look-up of the name to the last byte.
  absl::Duration timeout = absl::Seconds(30);
  // For witnesses and logs on one's own network, and for tests.
  bool allow_private_addresses = false;
  // PEM file of the authorities that are trusted in place of the system's.
  // Empty: the system's.
  std::string authorities_file;
};

class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options = {});
  ~HttpClient();

  // Any status is a response and no error: callers look at it.
  //
  // INVALID_ARGUMENT for a URL that is not http or https, that carries a user
  // name, or a header that holds a control character; PERMISSION_DENIED if the
  // name leads to reserved addresses only; UNAVAILABLE if no response came, or
  // none within the bounds: no such name, no connection, a certificate that is
  // not trusted, time up, too long. Messages hold the URL's scheme and host and
  // nothing else of it.
  absl::StatusOr<HttpResponse> Get(const std::string& url,
                                   absl::Span<const HttpHeader> headers = {});
  absl::StatusOr<HttpResponse> Post(const std::string& url,
                                    absl::string_view body,
                                    absl::string_view content_type,
                                    absl::Span<const HttpHeader> headers = {});

 private:
  class Impl;  // Keeps libcurl out of this header.

  const std::unique_ptr<Impl> impl_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_HTTP_CLIENT_H_
