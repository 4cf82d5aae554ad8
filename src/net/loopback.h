// Both ends of a connection on this machine, for tests: what a peer sends that
// no library would.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_NET_LOOPBACK_H_
#define SUBROSA_SRC_NET_LOOPBACK_H_

#include <cstdint>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "src/base/file.h"

namespace subrosa {

// Connects to `port` of 127.0.0.1. Aborts if nobody listens.
UniqueFd ConnectToLoopback(uint16_t port);

// Writes `bytes` to `fd`, as far as the peer takes them.
void SendBytes(int fd, absl::string_view bytes);

// All that comes until the peer closes.
std::string ReadToEnd(int fd);

// Sends `bytes` to `port` of 127.0.0.1 and returns all that comes back.
std::string ExchangeBytes(uint16_t port, absl::string_view bytes);

// Listens on 127.0.0.1, and answers the first connection's request with
// `bytes`, whatever it is; then closes. With no bytes it says nothing until it
// ends.
class CannedServer {
 public:
  explicit CannedServer(std::string bytes);
  ~CannedServer();

  uint16_t port() const { return port_; }

  // What was asked. Waits until somebody did.
  std::string Request();

 private:
  void Serve();

  const std::string bytes_;
  UniqueFd listener_;
  uint16_t port_ = 0;
  std::string request_;
  std::thread thread_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_LOOPBACK_H_
