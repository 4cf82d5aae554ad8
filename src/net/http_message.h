// What HTTP carries: a request and a response, whole, as the server and the
// client of this room hand them out.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_NET_HTTP_MESSAGE_H_
#define SUBROSA_SRC_NET_HTTP_MESSAGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace subrosa {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method;  // As sent, such as "GET".
  std::string path;    // As sent, from "/" up to "?": nothing is decoded.
  std::string query;   // What follows "?", not decoded either.
  std::vector<HttpHeader> headers;
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::vector<HttpHeader> headers;  // Others than the type and the length.
  std::string body;
};

// The value of the header `name`, whose case does not count. Nothing where it
// is absent, and where it stands more than once: readers that take the first
// and readers that take the last would not agree.
absl::optional<absl::string_view> FindHeader(
    absl::Span<const HttpHeader> headers, absl::string_view name);

// A response of one line of plain text that is not to be kept by caches.
HttpResponse PlainTextResponse(int status, absl::string_view line);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_HTTP_MESSAGE_H_
