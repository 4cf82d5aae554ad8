#include "src/net/http_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "httplib.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/net/connection_queue.h"
#include "src/net/listen_address.h"
#include "src/net/request_check.h"
#include "src/net/request_socket.h"

namespace subrosa {
namespace {

// The library adds these to what was sent.
constexpr absl::string_view kAddedHeaders[] = {"REMOTE_ADDR", "REMOTE_PORT",
                                               "LOCAL_ADDR", "LOCAL_PORT"};

constexpr int kBacklog = 64;

// What the library reads a request from and writes a response to. It never sees
// a body.
class SocketStream final : public httplib::Stream {
 public:
  explicit SocketStream(RequestSocket& socket) : socket_(socket) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* bytes, size_t /*size*/) override {
    if (!escape_.empty()) {
      *bytes = escape_.front();
      escape_.remove_prefix(1);
      return 1;
    }
    const int got = socket_.ReadHead(bytes, 1);
    if (got != 1) return got;
    // The library decodes percent signs in headers' values; nobody else does.
    if (in_value_ && *bytes == '%') escape_ = "25";
    if (in_headers_ && *bytes == ':') in_value_ = true;
    if (*bytes == '\n') {
      in_headers_ = true;
      in_value_ = false;
    }
    return 1;
  }
  ssize_t write(const char* bytes, size_t size) override {
    has_written_ = true;
    return socket_.Write(absl::string_view(bytes, size))
               ? static_cast<ssize_t>(size)
               : -1;
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_.fd(); }

  bool has_written() const { return has_written_; }

 private:
  RequestSocket& socket_;
  bool in_headers_ = false;
  bool in_value_ = false;
  absl::string_view escape_;  // What is still to be read of an escape.
  bool has_written_ = false;
};

class LibraryQueue final : public httplib::TaskQueue {
 public:
  explicit LibraryQueue(int threads) : queue_(threads) {}
  void enqueue(std::function<void()> serve) override {
    queue_.Add(std::move(serve));
  }
  void shutdown() override { queue_.Finish(); }

 private:
  ConnectionQueue queue_;
};

absl::Status CheckLimits(const HttpServerLimits& limits) {
  if (limits.max_head_bytes == 0 || limits.threads <= 0 ||
      limits.max_requests_per_connection <= 0 ||
      limits.idle_timeout <= absl::ZeroDuration() ||
      limits.request_timeout <= absl::ZeroDuration() ||
      limits.response_timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("limits: want each above zero");
  }
  return absl::OkStatus();
}

HttpRequest FromLibrary(const httplib::Request& from) {
  HttpRequest request;
  request.method = from.method;
  const size_t question = from.target.find('?');
  request.path = from.target.substr(0, question);
  if (question != std::string::npos) {
    request.query = from.target.substr(question + 1);
  }
  for (const auto& [name, value] : from.headers) {
    if (!absl::c_linear_search(kAddedHeaders, name)) {
      request.headers.push_back({name, value});
    }
  }
  request.body = from.body;
  return request;
}

}  // namespace

class HttpServer::Impl final : public httplib::Server {
 public:
  Impl(HttpHandler handler, const HttpServerLimits& limits)
      : handler_(std::move(handler)), limits_(limits) {
    set_keep_alive_max_count(limits.max_requests_per_connection);
    set_keep_alive_timeout(absl::ToInt64Seconds(limits.idle_timeout));
    set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          Answer(request, response);
          return HandlerResponse::Handled;
        });
    // The library's own would let another process listen on the same port.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
  }

  absl::Status Listen(const ListenAddress& address) {
    const int port = address.port == 0 ? bind_to_any_port(address.ip)
                                       : (bind_to_port(address.ip, address.port)
                                              ? static_cast<int>(address.port)
                                              : -1);
    if (port <= 0) {
      return absl::UnavailableError(
          absl::StrCat("listen_address: want a free address of this machine, "
                       "got ",
                       address.ip, " port ", address.port));
    }
    port_ = static_cast<uint16_t>(port);
    // The library lets five connections wait at the system, too few for a
    // moment's rush.
    ::listen(svr_sock_, kBacklog);
    // Called by the thread that listens, once it can be stopped.
    new_task_queue = [this] {
      auto* queue = new LibraryQueue(limits_.threads);
      const std::lock_guard<std::mutex> lock(mutex_);
      listening_ = true;
      changed_.notify_all();
      return queue;
    };
    thread_ = std::thread([this] { listen_after_bind(); });
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return listening_; });
    return absl::OkStatus();
  }

  void Stop() {
    const std::lock_guard<std::mutex> stop_lock(stop_mutex_);
    if (!thread_.joinable()) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
      // Who waits for a request sees an end; who answers one goes on.
      for (const int fd : open_) shutdown(fd, SHUT_RD);
    }
    stop();
    thread_.join();
  }

  uint16_t port() const { return port_; }

 private:
  // Called by the library, on a thread of the queue.
  bool process_and_close_socket(socket_t fd) override {
    RequestSocket socket(UniqueFd(fd), limits_.max_head_bytes);
    if (!Register(fd)) return false;
    for (int left = limits_.max_requests_per_connection;
         left > 0 &&
         socket.WaitForRequest(limits_.idle_timeout, limits_.request_timeout);
         --left) {
      if (!ServeOne(socket, left == 1)) break;
    }
    Unregister(fd);
    socket.Finish();
    return true;
  }

  // False if the connection cannot go on.
  bool ServeOne(RequestSocket& socket, bool is_last) {
    socket.BeginResponse(limits_.request_timeout + limits_.response_timeout);
    SocketStream stream(socket);
    bool closing = false;
    bool is_whole = false;
    const bool answered = process_request(
        stream, is_last, closing, [&](httplib::Request& request) {
          is_whole = ReadBody(socket, request);
          if (!is_whole) {
            request.headers.erase("Connection");
            request.set_header("Connection", "close");
          }
          // The library would cut and compress what the handler answers.
          request.ranges.clear();
          request.headers.erase("Accept-Encoding");
          socket.BeginResponse(limits_.response_timeout);
        });
    if (!answered && !stream.has_written()) {
      // The library does not answer what is no request line.
      socket.Write(
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
          "Content-Length: 0\r\n\r\n");
    }
    return answered && !closing && is_whole && !is_last;
  }

  // Reads the body that the head announces, if that is not refused. The library
  // finds nothing left of it.
  bool ReadBody(RequestSocket& socket, httplib::Request& request) {
    const HttpRequest head = FromLibrary(request);
    if (RefusalOf(head, limits_.max_body_bytes) != 0) return false;
    const uint64_t size = *BodySizeOf(head);
    const bool wants_go_ahead = absl::EqualsIgnoreCase(
        FindHeader(head.headers, "Expect").value_or(""), "100-continue");
    request.headers.erase("Expect");
    if (wants_go_ahead && size > 0 &&
        !socket.Write("HTTP/1.1 100 Continue\r\n\r\n")) {
      return false;
    }
    return socket.ReadBody(size, &request.body);
  }

  void Answer(const httplib::Request& from, httplib::Response& to) {
    const HttpRequest request = FromLibrary(from);
    int refusal = RefusalOf(request, limits_.max_body_bytes);
    if (refusal == 0 && request.body.size() != *BodySizeOf(request)) {
      refusal = 400;
    }
    HttpResponse response =
        refusal != 0 ? PlainTextResponse(refusal, "the request is refused")
                     : handler_(request);
    to.status = response.status;
    for (const HttpHeader& header : response.headers) {
      to.set_header(header.name, header.value);
    }
    to.set_header("Accept-Ranges", "none");
    if (!response.content_type.empty()) {
      to.set_header("Content-Type", response.content_type);
    }
    to.body = std::move(response.body);
  }

  bool Register(int fd) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!stopping_) open_.insert(fd);
    return !stopping_;
  }

  void Unregister(int fd) {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_.erase(fd);
  }

  const HttpHandler handler_;
  const HttpServerLimits limits_;
  uint16_t port_ = 0;
  std::thread thread_;
  std::mutex stop_mutex_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool listening_ = false;  // Guarded by mutex_.
  bool stopping_ = false;   // Guarded by mutex_.
  std::set<int> open_;      // Guarded by mutex_.
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    absl::string_view listen_address, HttpHandler handler,
    const HttpServerLimits& limits) {
  SUBROSA_RETURN_IF_ERROR(CheckLimits(limits));
  SUBROSA_ASSIGN_OR_RETURN(const ListenAddress address,
                           ParseListenAddress(listen_address));
  auto impl = std::make_unique<Impl>(std::move(handler), limits);
  SUBROSA_RETURN_IF_ERROR(impl->Listen(address));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

uint16_t HttpServer::port() const { return impl_->port(); }

void HttpServer::Stop() { impl_->Stop(); }

}  // namespace subrosa
