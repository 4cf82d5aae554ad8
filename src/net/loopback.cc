#include "src/net/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"

namespace subrosa {
namespace {

sockaddr_in LoopbackAddress(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

UniqueFd ConnectToLoopback(uint16_t port) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = LoopbackAddress(port);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) != 0) {
    std::abort();
  }
  return fd;
}

void SendBytes(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

std::string ReadToEnd(int fd) {
  std::string all;
  char bytes[4096];
  for (;;) {
    const ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
    if (got <= 0) return all;
    all.append(bytes, static_cast<size_t>(got));
  }
}

std::string ExchangeBytes(uint16_t port, absl::string_view bytes) {
  const UniqueFd fd = ConnectToLoopback(port);
  SendBytes(fd.get(), bytes);
  return ReadToEnd(fd.get());
}

CannedServer::CannedServer(std::string bytes)
    : bytes_(std::move(bytes)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = LoopbackAddress(0);
  socklen_t size = sizeof(address);
  if (bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address),
           size) != 0 ||
      listen(listener_.get(), 1) != 0 ||
      getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address),
                  &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

CannedServer::~CannedServer() {
  shutdown(listener_.get(), SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
}

std::string CannedServer::Request() {
  if (thread_.joinable()) thread_.join();
  return request_;
}

void CannedServer::Serve() {
  const UniqueFd fd(accept(listener_.get(), nullptr, nullptr));
  if (fd.get() < 0) return;
  char bytes[4096];
  while (!absl::StrContains(request_, "\r\n\r\n")) {
    const ssize_t got = recv(fd.get(), bytes, sizeof(bytes), 0);
    if (got <= 0) return;
    request_.append(bytes, static_cast<size_t>(got));
  }
  SendBytes(fd.get(), bytes_);
  // Who says nothing waits for the peer to give up.
  if (bytes_.empty()) ReadToEnd(fd.get());
}

}  // namespace subrosa
