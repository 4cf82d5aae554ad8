#include "src/net/request_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace subrosa {
namespace {

// An instant by a clock that nobody sets; only its differences mean anything.
absl::Time SteadyNow() {
  return absl::UnixEpoch() +
         absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// Waits until `fd` is ready for `events`. False if it is not by `until`.
bool WaitFor(int fd, bool to_read, absl::Time until) {
  for (;;) {
    const absl::Duration left = until - SteadyNow();
    if (left <= absl::ZeroDuration()) return false;
    // Rounded up, so that the last wait does not become a busy loop.
    const int64_t milliseconds = std::min<int64_t>(
        absl::ToInt64Milliseconds(left) + 1, int64_t{1} << 30);
    pollfd wanted = {};
    wanted.fd = fd;
    wanted.events = to_read ? POLLIN : POLLOUT;
    const int ready = poll(&wanted, 1, static_cast<int>(milliseconds));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// What is taken in at the end, for the peer to notice the response.
constexpr absl::Duration kFinishTime = absl::Seconds(1);
constexpr size_t kFinishBytes = size_t{1} << 20;

}  // namespace

RequestSocket::RequestSocket(UniqueFd fd, size_t max_head_bytes)
    : fd_(std::move(fd)),
      max_head_bytes_(max_head_bytes),
      head_(max_head_bytes) {}

bool RequestSocket::WaitForRequest(absl::Duration idle,
                                   absl::Duration request) {
  if (begin_ == end_ && !Fill(SteadyNow() + idle)) return false;
  read_until_ = SteadyNow() + request;
  head_ = HeadScanner(max_head_bytes_);
  return true;
}

int RequestSocket::ReadHead(char* bytes, size_t size) {
  int read = 0;
  while (static_cast<size_t>(read) < size && !head_.done()) {
    if (begin_ == end_) {
      // What has come is handed out before more is waited for.
      if (read > 0) break;
      if (!Fill(read_until_)) return -1;
    }
    const char byte = buffer_[begin_++];
    if (!head_.Accept(byte)) return -1;
    bytes[read++] = byte;
  }
  return read;
}

bool RequestSocket::ReadBody(size_t size, std::string* body) {
  body->clear();
  while (body->size() < size) {
    if (begin_ == end_ && !Fill(read_until_)) return false;
    const size_t taken = std::min(size - body->size(), end_ - begin_);
    body->append(buffer_ + begin_, taken);
    begin_ += taken;
  }
  return true;
}

void RequestSocket::BeginResponse(absl::Duration response) {
  write_until_ = SteadyNow() + response;
}

bool RequestSocket::Fill(absl::Time until) {
  while (WaitFor(fd_.get(), /*to_read=*/true, until)) {
    const ssize_t got = recv(fd_.get(), buffer_, sizeof(buffer_), MSG_DONTWAIT);
    if (got > 0) {
      begin_ = 0;
      end_ = static_cast<size_t>(got);
      return true;
    }
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) return false;
  }
  return false;
}

bool RequestSocket::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    if (!WaitFor(fd_.get(), /*to_read=*/false, write_until_)) return false;
    const ssize_t sent = send(fd_.get(), bytes.data(), bytes.size(),
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EINTR && errno != EAGAIN) return false;
      continue;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RequestSocket::Finish() {
  if (shutdown(fd_.get(), SHUT_WR) == 0) {
    const absl::Time until = SteadyNow() + kFinishTime;
    for (size_t taken = 0; taken < kFinishBytes && Fill(until);) {
      taken += end_ - begin_;
    }
  }
  fd_.Close();
}

}  // namespace subrosa
