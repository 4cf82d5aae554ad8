// HttpServer answers HTTP/1.1 on one address of this machine, within bounds.
//
// It speaks plain HTTP only and is meant to stand behind a proxy that ends TLS
// and knows its clients: the bounds below keep memory and threads in check, but
// whoever may connect can keep all `threads` busy. Bodies come with a
// Content-Length (411 otherwise), are not compressed (415), and nothing is
// decoded: the handler sees the path as it was sent.
//
// Thread-safe. The handler is called from several threads at once, and from the
// server's own threads only; it must not call Stop. SIGPIPE is ignored in the
// process from the first Start on.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       std::unique_ptr<HttpServer> server,
//       HttpServer::Start("127.0.0.1:8443", [&](const HttpRequest& request) {
//         return log_server.Handle(request);
//       }));
#ifndef SUBROSA_SRC_NET_HTTP_SERVER_H_
#define SUBROSA_SRC_NET_HTTP_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/net/http_message.h"

namespace subrosa {

struct HttpServerLimits {
  // The request line and the headers of one request, together. Beyond: 400.
  size_t max_head_bytes = size_t{8} << 10;
  // Beyond: 413, without reading it.
  size_t max_body_bytes = size_t{1} << 20;
  // Connections that are served at once, and as many again that wait. Others
  // stay with the system, which turns them away in time.
  int threads = 4;
  // Requests on one connection, before it is closed.
  int max_requests_per_connection = 100;
  // Bounds on the silence before a request, on a whole request from its first
  // byte, and on a whole response. Beyond: the connection is closed.
  absl::Duration idle_timeout = absl::Seconds(5);
  absl::Duration request_timeout = absl::Seconds(10);
  absl::Duration response_timeout = absl::Seconds(60);
};

// Answers one request. The response to HEAD is the one to GET; the server
// leaves its body out.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

class HttpServer {
 public:
  // Listens on `listen_address`, "127.0.0.1:8080" or "[::1]:8080"; port 0 has
  // the system choose one.
  //
  // INVALID_ARGUMENT if that is no numeric address with a port, or a limit is
  // not above zero; UNAVAILABLE if the address cannot be had: another process
  // listens there, or it is not this machine's.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      absl::string_view listen_address, HttpHandler handler,
      const HttpServerLimits& limits = {});

  // Stops.
  ~HttpServer();

  uint16_t port() const;

  // Takes no more connections, lets the requests that have been read be
  // answered, and returns when all threads have ended. Further calls do
  // nothing.
  void Stop();

 private:
  class Impl;  // Keeps the library out of this header.
  explicit HttpServer(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_HTTP_SERVER_H_
